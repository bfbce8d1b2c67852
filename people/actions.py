"""What changes who someone is.

``Address`` is the truth that sign-in follows.
"""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions import open_account
from common import clock, history, registry
from common.actor import Actor
from common.errors import RuleBroken
from people import names
from people.models import Address, Person
from people.queries import normalise_email, person_by_address, take_slug


@transaction.atomic
def create_person(
    *,
    name: str,
    by: Actor | None,
    email: str | None = None,
    country: str = "",
    latin_name: str = "",
    short_name: str = "",
    language: str = "en",
) -> Person:
    """A new row for a human nobody knew yet. ``email`` is noted, not confirmed."""
    person = Person(
        short_name=short_name,
        country=country,
        mail_language=language,
    )
    names.set_name(person, name, latin_name)
    person.slug = take_slug(person.name, person.latin_name)
    person.save()
    history.record("person", person.key, "create_person", by=by)
    if email:
        Address.objects.create(person=person, email=normalise_email(email), primary=True)
    return person


@transaction.atomic
def find_or_create_person(
    *, name: str, email: str, by: Actor | None, country: str = "", language: str = "en"
) -> Person:
    """The person of an address, made if nobody is known by it. Two at once get the same row."""
    _lock_address(email)
    known = person_by_address(email)
    if known is not None:
        return known
    return create_person(name=name, email=email, country=country, language=language, by=by)


@transaction.atomic
def confirm_address(person: Person, email: str, *, by: Actor | None = None) -> Person:
    """Somebody has shown that they read mail at ``email``: confirm it, open the account, return whose it is.

    One confirmed address is one person. Callers go on with the person returned: it is another row than the
    one given where two rows turn out to be one human.
    """
    email = normalise_email(email)
    _lock_address(email)
    owner = person_by_address(email, confirmed_only=True)
    if owner is not None and owner.pk != person.pk:
        raise RuleBroken(_("This address belongs to somebody else."))
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    address, _made = Address.objects.get_or_create(person=person, email=email)
    if address.confirmed_at is None:
        address.confirmed_at = clock.now()
        if not person.addresses.filter(primary=True, confirmed_at__isnull=False).exists():
            person.addresses.filter(primary=True).update(primary=False)
            address.primary = True
        address.save(update_fields=["confirmed_at", "primary"])
        history.record("person", person.key, "confirm_address", by=by)
        registry.call(registry.on_ties_changed, person)
    if person.user is None:
        person.user = open_account(email)
        person.save(update_fields=["user"])
    return person


def _lock_address(email: str) -> None:
    """One at a time for this address, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"address:{normalise_email(email)}"]
        )
