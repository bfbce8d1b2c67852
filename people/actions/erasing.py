"""Taking somebody out of the records. What stays says nothing about whom."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.actions import close_account
from accounts.models import Role, User
from accounts.queries import users_holding
from common import clock, delivery, history, registry
from common.actor import Actor
from common.errors import RuleBroken
from people.actions.merging import lock_persons
from people.actions.mirroring import locked
from people.actions.seeking import forget_pairs
from people.models import Deletion, OldSlug, Person, Photo, Tombstone, person_key
from people.queries import slug_digest

BLANKED = (
    "name", "latin_name", "short_name", "sort_key", "search_text", "country", "city", "headline", "biography", "zone",
)  # fmt: skip


@transaction.atomic
def erase_person(person: Person, *, by: Actor | None) -> None:
    """Erase somebody at their request, or because the time to keep them is over. Twice is once.

    In this order: the upper rooms erase what hangs on the person (``registry.on_erase``; one that must not
    raises, and nothing happens), tombstones for the addresses of the profile, the account, mail, history's free
    texts, then the row, of which an empty shell stays for the keys that point to it. Rows that were found to be the
    same human go with it: each holds a name and the address of a profile.
    """
    lock_persons(*_rows_of(person))  # all at once, in the order in which a merge locks them
    person = locked(person)
    if person.erased_at is not None:
        return
    for absorbed in person.absorbed.filter(erased_at=None).order_by("pk"):
        erase_person(absorbed, by=by)
    registry.call(registry.on_erase, person, by=by)
    _put_up_tombstones(person)
    emails = list(person.addresses.values_list("email", flat=True))
    rows = {
        "mail": delivery.forget_recipient(person.key, emails),
        "text": history.forget_texts("person", [person.key]),
    }
    if person.user is not None:
        EmailAddress.objects.filter(user=person.user).delete()
        close_account(person.user, by=by)
    log_deletion(Deletion.Mode.PERSON, rows | _blank(person))
    history.record("person", person.key, "erase_person", by=by)


@transaction.atomic
def erase_oneself(person: Person, *, by: User) -> None:
    """Somebody asks for it themselves. The program is never left without an office."""
    if by.holds(Role.PROGRAM_OFFICE) and not users_holding(Role.PROGRAM_OFFICE).exclude(pk=by.pk).exists():
        raise RuleBroken(_("You are the only one in the program office. Give that role to somebody first."))
    erase_person(person, by=by)


@transaction.atomic
def forget_person(person: Person, *, by: Actor | None) -> bool:
    """Blank the row of somebody who has no account and was known for one reason that is gone.

    The caller has made sure that nothing else is held on them. Returns whether anything was forgotten.
    """
    lock_persons(*_rows_of(person))
    person = locked(person)
    if person.user_id is not None or person.erased_at is not None:
        return False
    for absorbed in person.absorbed.filter(erased_at=None).order_by("pk"):
        forget_person(absorbed, by=by)
    log_deletion(Deletion.Mode.SHELL, _blank(person))
    history.record("person", person.key, "forget_person", by=by)
    return True


def make_stand_in() -> Person:
    """A row that is nobody: for a case that must have a nominee and must not say who it was."""
    key = person_key()
    return Person.objects.create(key=key, slug=f"erased-{key.lower()}", listed=False, erased_at=clock.now())


def _rows_of(person: Person) -> list[Person]:
    """The row and all that were joined with it, one after another."""
    rows, found = [person], list(person.absorbed.all())
    while found:
        rows += found
        found = list(Person.objects.filter(merged_into__in=found))
    return rows


def _put_up_tombstones(person: Person) -> None:
    slugs = [person.slug, *OldSlug.objects.filter(person=person).values_list("slug", flat=True)]
    Tombstone.objects.bulk_create(
        [Tombstone(slug_digest=slug_digest(slug), erased_on=clock.today()) for slug in slugs],
        ignore_conflicts=True,
    )


def _blank(person: Person) -> dict[str, int]:
    """Empty the row and take away what hangs on it; return how many rows of which kind went."""
    rows = {
        "person": 1,
        "address": _delete(person.addresses.all()),
        "employer": _delete(person.employers.all()),
        "link": _delete(person.links.all()),
        "photo": _delete(Photo.objects.filter(person=person)),
        "old slug": _delete(person.old_slugs.all()),
        "export": _delete(person.exports.all()),
        "choice about mail": _delete(person.mail_choices.all()),
        "like name": forget_pairs(person),
        "joining": _delete(person.merges.all()) + _delete(person.merged_by.all()),
    }
    for field in BLANKED:
        setattr(person, field, "")
    person.languages, person.visibility, person.listed, person.user = [], {}, False, None
    person.hidden, person.profile_confirmed_at, person.profile_asked_at = False, None, None
    person.slug, person.erased_at = f"erased-{person.key.lower()}", clock.now()
    person.save()
    return rows


def _delete(rows: QuerySet[Model]) -> int:
    return rows.delete()[0]


def log_deletion(mode: str, rows: dict[str, int]) -> None:
    """Note what was erased: how many rows of which kind, and nothing about whom."""
    Deletion.objects.create(
        mode=mode, at=clock.now(), rows={kind: count for kind, count in rows.items() if count}
    )
