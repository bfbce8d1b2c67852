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
from people.models import Address, Deletion, Person
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


@transaction.atomic
def rename_person(person: Person, *, name: str, by: Actor | None, country: str = "") -> Person:
    """Set right how a name is written, and what is computed from it. The address of the profile stays."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    names.set_name(person, name, person.latin_name)
    person.country = country or person.country
    person.save(update_fields=[*names.NAME_FIELDS, "country"])
    history.record("person", person.key, "rename_person", by=by)
    return person


@transaction.atomic
def forget_person(person: Person, *, by: Actor | None) -> bool:
    """Blank the row of somebody who has no account and was known for one reason that is gone.

    The caller has made sure that nothing else is held on them. The row stays as an empty shell for the keys
    that point to it. Returns whether anything was forgotten.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.user_id is not None or person.erased_at is not None:
        return False
    rows = {"address": person.addresses.count(), "employer": person.employers.count()}
    person.addresses.all().delete()
    person.employers.all().delete()
    person.links.all().delete()
    for name in (
        "name",
        "latin_name",
        "short_name",
        "sort_key",
        "search_text",
        "country",
        "city",
        "headline",
    ):
        setattr(person, name, "")
    person.slug, person.biography, person.erased_at = f"erased-{person.key.lower()}", "", clock.now()
    person.save()
    Deletion.objects.create(mode=Deletion.Mode.SHELL, at=clock.now(), rows={"person": 1, **rows})
    history.record("person", person.key, "forget_person", by=by)
    return True
