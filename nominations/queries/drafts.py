"""What was begun and not sent yet."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from charter.models import Cycle
from common import prepared
from common.joined import Joined
from nominations import states
from nominations.models import Hold, Nomination
from people.queries import normalise_email, person_of


def drafts_of(user: Any, *, held: Iterable[str]) -> QuerySet[Nomination]:
    """What this browser (by the keys that its session holds) or this person began to write, sent or not."""
    person = person_of(user)
    own = Q(draft_by=person) if person is not None else Q(pk__in=[])
    return (
        Nomination.objects.filter(own | Q(key__in=list(held)))
        .select_related("cycle", "hold")
        .order_by("-saved_at")
    )


DRAFT = Joined(nomination=Nomination, cycle=Cycle, hold=Hold)

READ_DRAFT = f"""
    SELECT {DRAFT.columns}
    FROM nominations_nomination AS nomination
    JOIN charter_cycle AS cycle ON cycle.id = nomination.cycle_id
    LEFT JOIN nominations_hold AS hold ON hold.nomination_id = nomination.id
    WHERE nomination.key = %s AND (%s::boolean OR nomination.draft_by_id = %s::bigint)
"""  # noqa: S608  names of columns


def draft_of(user: Any, key: str, *, held: Iterable[str]) -> Nomination | None:
    """One of those, by its key."""
    person = person_of(user)
    return _draft(READ_DRAFT, [key, key in held, person.pk if person is not None else None])


def locked_draft(draft: Nomination) -> Nomination:
    """A draft as it is now, with cycle and hold; its row locked until the transaction ends."""
    found = _draft(f"{READ_DRAFT} FOR UPDATE OF nomination", [draft.key, True, None])
    if found is None:
        raise Nomination.DoesNotExist
    return found


def _draft(statement: str, values: list[Any]) -> Nomination | None:
    rows = prepared.fetch(statement, values)
    if not rows:
        return None
    draft, cycle, hold = DRAFT.split(rows[0])
    draft.cycle = cycle
    draft._state.fields_cache["hold"] = hold
    found: Nomination = draft
    return found


def open_drafts_of(user: Any, *, held: Iterable[str]) -> list[Nomination]:
    """What can still be gone on with."""
    if not held and person_of(user) is None:
        return []
    return list(drafts_of(user, held=held).filter(state=states.DRAFT, hold=None)[:20])


def drafts_typed_under(email: str) -> list[Nomination]:
    """What somebody who gave this address began to write and has not sent, the newest first, at most five."""
    typed = Nomination.objects.filter(state=states.DRAFT, hold=None).annotate(
        typed=Lower(KT("draft__answers__email"))
    )
    return list(typed.filter(typed=normalise_email(email)).order_by("-saved_at")[:5])


def drafts_about(emails: Iterable[str]) -> QuerySet[Nomination]:
    """Drafts, held ones included, in which one of these addresses stands as the nominee's."""
    typed = Lower(KT("draft__answers__nominee_email"))
    wanted = [normalise_email(email) for email in emails]
    drafts = Nomination.objects.filter(state=states.DRAFT).annotate(typed=typed)
    return drafts.filter(Q(typed__in=wanted) | Q(nominee_email__in=wanted))
