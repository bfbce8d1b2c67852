"""What accounts, people, history and the outbox hold on somebody; see ``common.held``."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from accounts.models import AgreementSignature, ApiToken, RoleGrant, Session
from common.actor import pseudonym
from common.held import Reader, Row, facts, rows
from common.models import Bounce, HistoryRow, HistoryText, OutboxMail
from people.models import Merge, Person, Photo

PERSON = (
    "key", "name", "latin_name", "short_name", "slug", "country", "city", "headline", "biography", "languages",
    "mail_language", "zone", "visibility", "listed", "hidden", "profile_confirmed_at",
    "profile_asked_at", "deceased", "deceased_on", "left_for_organiser_on",
    "created_at",
)  # fmt: skip
SAYS_OF_A_CASE = ("nomination", "candidacy", "assignment", "review", "override", "decision", "conflict")


def person(person: Person) -> Iterable[Row]:
    return [facts(person, *PERSON)]


def user(person: Person) -> Iterable[Row]:
    if person.user is None:
        return []
    return [
        facts(person.user, "email", "is_active", "date_joined", "last_login")
        | {"has_password": person.user.has_usable_password()}
    ]


def sessions(person: Person) -> Iterator[Row]:
    return rows(Session.objects.filter(user=person.user_id), "device", "signed_in_at", "used_at")


def tokens(person: Person) -> Iterator[Row]:
    found = ApiToken.objects.filter(user=person.user_id)
    return rows(found, "name", "start", "may_write", "made_at", "ends_on", "used_on")


def roles(person: Person) -> Iterator[Row]:
    found = RoleGrant.objects.filter(user=person.user_id).select_related("region", "category")
    return rows(found, "role", "region", "category", "starts", "ends", "reason")


def signatures(person: Person) -> Iterator[Row]:
    found = AgreementSignature.objects.filter(user=person.user_id).select_related("agreement")
    return rows(found, "agreement__title", "agreement__version", "signed_at")


def mails(person: Person) -> Iterator[Row]:
    """Which letters went where. What opens something, such as a code, stands in none of these columns."""
    emails = person.addresses.exclude(confirmed_at=None).values("email")
    found = OutboxMail.objects.filter(Q(person_key=person.key) | Q(to__in=emails)).order_by("id")
    return rows(found, "kind", "to", "language", "state", "created_at", "sent_at")


def returned(person: Person) -> Iterator[Row]:
    """Reports of mail to their addresses that came back."""
    found = Bounce.objects.filter(email__in=person.addresses.values("email")).order_by("id")
    return rows(found, "email", "kind", "reason", "noted_at", "lifted_at")


def history(person: Person) -> Iterator[Row]:
    """What was noted about the person, and what they did themselves: of a case no more than the verb and the time."""
    about = Q(kind="person", key=person.key)
    if person.user is not None:
        name = pseudonym(person.user)
        about |= Q(kind="user", key=name) | Q(actor=name)
    for row in HistoryRow.objects.filter(about).order_by("id"):
        of_a_case = row.kind in SAYS_OF_A_CASE
        yield {"at": row.at, "kind": row.kind, "verb": row.verb, "key": "" if of_a_case else row.key}


def texts(person: Person) -> Iterator[Row]:
    """What they wrote when they did something."""
    if person.user is None:
        return iter(())
    found = HistoryText.objects.filter(row__actor=pseudonym(person.user)).select_related("row").order_by("pk")
    return rows(found, "row__at", "row__verb", "text")


HELD: dict[str, Reader] = {
    "people.Person": person,
    "people.Address": lambda person: rows(
        person.addresses.order_by("id"), "email", "primary", "confirmed_at", "bounced_at"
    ),
    "people.Employer": lambda person: rows(person.employers.order_by("id"), "name", "starts", "ends"),
    "people.PersonLink": lambda person: rows(person.links.all(), "kind", "url", "checked_at", "verified_at"),
    "people.Photo": lambda person: rows(Photo.objects.filter(person=person), "digest", "changed_at"),
    "people.OldSlug": lambda person: rows(person.old_slugs.order_by("slug"), "slug"),
    "people.MailChoice": lambda person: rows(
        person.mail_choices.order_by("id"), "group", "when", "chosen_at"
    ),
    "people.DataExport": lambda person: rows(person.exports.order_by("id"), "asked_at", "made_at", "ends_at"),
    "people.Merge": lambda person: rows(
        Merge.objects.filter(Q(kept=person) | Q(absorbed=person)).order_by("id"), "at", "undone_at"
    ),
    "accounts.User": user,
    "accounts.Session": sessions,
    "accounts.ApiToken": tokens,
    "accounts.RoleGrant": roles,
    "accounts.AgreementSignature": signatures,
    "common.OutboxMail": mails,
    "common.Bounce": returned,
    "common.HistoryRow": history,
    "common.HistoryText": texts,
}
