"""What cases hold on somebody; see ``common.held``. A case that they are no party to does not exist here."""

from collections.abc import Iterator

from django.db.models import Q

from common.held import Reader, Row, facts, rows
from common.models import HistoryText
from contributions.held import FACTS
from nominations import states
from nominations.models import (
    AccessLink,
    Conflict,
    DossierItem,
    Hold,
    InvitationStop,
    Nomination,
    Sending,
    Support,
    TriageBatch,
)
from nominations.queries import nominations_of
from nominations.stops import digest_of
from people.models import Person

CASE = (
    "key", "cycle", "state", "is_renewal", "area_name", "nominee_name", "nominee_email", "country", "region",
    "nominator_may_learn_outcome", "attested_not_employee", "attested_adult", "created_at", "invited_at",
    "accepted_at", "completed_at", "ended_at", "second_look_at", "erase_at",
)  # fmt: skip


def nominee_of(person: Person):  # type: ignore[no-untyped-def]
    return nominations_of(person).filter(nominee=person)


def cases(person: Person) -> Iterator[Row]:
    """Their own as the nominee, whole; their drafts as they were typed."""
    yield from rows(nominee_of(person).select_related("cycle", "region").order_by("pk"), *CASE)
    yield from rows(Nomination.objects.filter(draft_by=person).order_by("pk"), "key", "draft", "saved_at")


def supports(person: Person) -> Iterator[Row]:
    """What they wrote for others, and what was written for them; of its author the name, where they gave it."""
    own = Support.objects.filter(person=person).order_by("pk")
    for row in own:
        yield {"written_by_you": True} | facts(
            row,
            "kind",
            "name",
            "email",
            "relation",
            "employer",
            "language",
            "statement",
            "links",
            "asked_at",
            "given_at",
            "declined_at",
        )
    about = Support.objects.filter(nomination__in=nominee_of(person)).exclude(person=person).order_by("pk")
    for row in about:
        named = {"name": row.name if row.named else ""}
        yield (
            {"written_by_you": False}
            | facts(row, "kind", "relation", "statement", "links", "given_at")
            | named
        )


def dossier(person: Person) -> Iterator[Row]:
    found = DossierItem.objects.filter(nomination__in=nominee_of(person)).select_related(
        "nomination", "type", "area"
    )
    names = ("nomination__key", *FACTS, "high_impact", "frozen_at")
    return rows(found.order_by("nomination_id", "position", "pk"), *names)


def emails_of(person: Person) -> list[str]:
    return list(person.addresses.exclude(confirmed_at=None).values_list("email", flat=True))


def links(person: Person) -> Iterator[Row]:
    found = AccessLink.objects.filter(email__in=emails_of(person)).order_by("pk")
    return rows(found, "purpose", "email", "made_at", "ends_at", "used_at")


def stops(person: Person) -> Iterator[Row]:
    digests = [digest_of(email) for email in emails_of(person)]
    return rows(InvitationStop.objects.filter(digest__in=digests), "made_at", "until")


def ties(person: Person) -> Iterator[Row]:
    """Ties to cases that they are a party to, and those that they declared: another would tell of a case."""
    known = Q(nomination__in=nominations_of(person)) | Q(source=Conflict.Source.DECLARED)
    found = Conflict.objects.filter(known, person=person).order_by("pk")
    return rows(found, "kind", "strength", "source", "found_at", "dismissed_at")


def holds(person: Person) -> Iterator[Row]:
    """Of what they sent: that it waits, or waited, for a person. Why an invitation waits is about somebody else."""
    found = Hold.objects.filter(nomination__draft_by=person, nomination__state=states.DRAFT).order_by("pk")
    return rows(found, "nomination__key", "reasons", "made_at", "decision", "decided_at")


def decisions(person: Person) -> Iterator[Row]:
    """What they decided for the office."""
    found = TriageBatch.objects.filter(by__person=person).order_by("pk")
    return rows(found, "key", "decision", "reason_code", "made_at", "undone_at")


def sendings(person: Person) -> Iterator[Row]:
    """That places were noted, for a day; what is kept of a place is a keyed digest that says nothing."""
    return rows(Sending.objects.filter(nomination__draft_by=person).order_by("pk"), "nomination__key", "at")


def sentences(person: Person) -> Iterator[Row]:
    """What was noted for the nominee to read."""
    keys = nominee_of(person).values("key")
    found = HistoryText.objects.filter(row__kind="nomination", row__key__in=keys, for_nominee=True)
    return rows(found.select_related("row").order_by("pk"), "row__at", "row__verb", "text")


HELD: dict[str, Reader] = {
    "nominations.Nomination": cases,
    "nominations.Support": supports,
    "nominations.DossierItem": dossier,
    "nominations.AccessLink": links,
    "nominations.InvitationStop": stops,
    "nominations.Conflict": ties,
    "nominations.Hold": holds,
    "nominations.TriageBatch": decisions,
    "nominations.Sending": sendings,
    "common.HistoryText": sentences,
}
