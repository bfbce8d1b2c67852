"""The releases of a cycle: what one says or would say, how far its mail is, which went out, which was held.

Counts leave out the cases in which the reader has a tie, as everything beside them does.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Role, User
from charter.models import Cycle
from common.actor import pseudonym
from common.models import OutboxMail
from common.queries import history_of
from nominations import states as cases
from nominations.models import Conflict
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Decision, Release
from selection.queries.one import outcomes_known_to

SUPPORTER = "selection.supporter"  # the kind of mail that nominators and endorsers get


WAITING = (cases.IN_REVIEW, cases.ON_RESERVE, cases.SECOND_LOOK)  # cases that a release settles


def pending_decisions_visible_to(user: Any, cycle: Cycle) -> QuerySet[Decision]:
    """Those of cases whose outcome this user may know as yet."""
    return known_to(user, pending_decisions(cycle))


def known_to(user: Any, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those of ``rows`` that this user may read: what is out, and of what is pending no case with a tie in the
    category, nor one that they were to review and have not, as long as nobody has excused them."""
    known = rows.filter(candidacy__in=outcomes_known_to(user))
    return known.filter(Q(release__released_at__isnull=False) | ~Exists(unread_by(person_of(user))))


def unread_by(person: Person | None) -> QuerySet[Assignment]:
    """Of a decision the tasks on its case that ``person`` still has open, where others' marks stay hidden until then."""
    return Assignment.objects.filter(
        reviewer=person,
        state=states.ASSIGNED,
        candidacy__nomination=OuterRef("candidacy__nomination"),
        candidacy__stage__cycle=OuterRef("candidacy__stage__cycle"),
        candidacy__stage__hide_others_until_own=True,
    )


def count_unread(user: Any, cycle: Cycle) -> int:
    """How many pending decisions of a cycle a page leaves out because this user's own review never came."""
    rows = Decision.objects.filter(
        Exists(unread_by(person_of(user))), candidacy__stage__cycle=cycle, release__released_at=None
    )
    return rows.filter(candidacy__in=outcomes_known_to(user)).count()


def pending_decisions(cycle: Cycle) -> QuerySet[Decision]:
    """Decisions of a cycle that no release holds, of cases that still wait for their outcome."""
    return Decision.objects.filter(
        candidacy__stage__cycle=cycle, release=None, candidacy__nomination__state__in=WAITING
    ).exclude(candidacy__state=states.LEFT)


def releases_visible_to(user: Any) -> QuerySet[Release]:
    """The office prepares and confirms releases, the auditor follows them; nobody else knows of them.

    A later release that holds only cases with a tie of the reader does not exist for them: it would say that one
    of these is decided.
    """
    if not user.is_authenticated or not (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR)):
        return Release.objects.none()
    held = Decision.objects.filter(release=OuterRef("pk"))
    known = without_conflicts(held, person_of(user), case="candidacy__nomination")
    return Release.objects.filter(Q(kind=Release.Kind.MAIN) | Exists(known) | ~Exists(held)).select_related(
        "cycle", "prepared_by", "confirmed_by"
    )


def visible_release_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these releases may this user read the history?"""
    return set(releases_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def main_release(cycle: Cycle) -> Release | None:
    """The main release of a cycle, unless it was called off."""
    return (
        Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN)
        .exclude(state=states.CANCELLED)
        .select_related("prepared_by", "confirmed_by", "cycle")
        .first()
    )


def current_release(user: Any, cycle: Cycle) -> Release | None:
    """The release that is under way, else the last one that went out."""
    rows = releases_visible_to(user).filter(cycle=cycle).exclude(state=states.CANCELLED)
    return (
        rows.exclude(state=states.RELEASED).order_by("-pk").first() or rows.order_by("-released_at").first()
    )


def release_shown(user: Any, cycle: Cycle) -> Release | None:
    """The release whose decisions a page shows; ``None`` where the pending ones are in no release yet."""
    release = current_release(user, cycle)
    done = release is None or release.state == states.RELEASED
    return None if done and pending_decisions_visible_to(user, cycle).exists() else release


def decisions_told(
    user: Any, cycle: Cycle, release: Release | None, *, outcome: str = ""
) -> QuerySet[Decision]:
    """The decisions that a release tells, or would if it were prepared now, in the order of their random keys."""
    rows = known_to(user, Decision.objects.filter(release=release) if release else pending_decisions(cycle))
    rows = rows.filter(outcome=outcome) if outcome else rows
    return rows.select_related(
        "candidacy__nomination__nominee",
        "candidacy__nomination__category",
        "candidacy__stage__cycle",
        "release",
        "award",
    ).order_by("candidacy__key")


@dataclass(frozen=True)
class Preview:
    """What a release says, or would say if it were prepared now."""

    outcomes: dict[str, int]
    total: int
    supporters_told: int
    supporters_not_told: int
    samples: list[Decision]
    mails: dict[str, int]


def preview_of(user: Any, cycle: Cycle, release: Release | None) -> Preview:
    """Counts by outcome, one real case of each, and how far the mail is."""
    decisions = decisions_told(user, cycle, release)
    may_learn = Q(candidacy__nomination__nominator_may_learn_outcome=True)
    counts = decisions.order_by().values_list("outcome")
    counted = {
        outcome: (count, told)
        for outcome, count, told in counts.annotate(Count("pk"), told=Count("pk", filter=may_learn))
    }
    total, told = (sum(one[place] for one in counted.values()) for place in (0, 1))
    return Preview(
        outcomes={outcome: counted.get(outcome, (0, 0))[0] for outcome in Decision.Outcome.values},
        total=total,
        supporters_told=told,
        supporters_not_told=total - told,
        samples=_samples(decisions) if total else [],
        mails=mails_of(user, release) if release else {},
    )


def _samples(decisions: QuerySet[Decision]) -> list[Decision]:
    """One case for each outcome that occurs: the first in the order of the random keys."""
    first = decisions.order_by("outcome", "candidacy__key").distinct("outcome")
    found = {one.outcome: one for one in first}
    return [found[outcome] for outcome in Decision.Outcome.values if outcome in found]


def mails_of(user: Any, release: Release) -> dict[str, int]:
    """How many letters of a release are in which state: to nominees, to supporters, and to others, of no case."""
    person = person_of(user)
    tied = Conflict.objects.filter(
        person=person, strength=Conflict.Strength.HARD, nomination__cycle=release.cycle_id
    )
    keys = list(tied.values_list("nomination__key", flat=True)) if person else []
    rows = OutboxMail.objects.filter(keys__release=release.key).exclude(keys__nomination__in=keys)
    to_supporters = Q(kind=SUPPORTER)
    to_nominees = Q(keys__has_key="nomination") & ~to_supporters
    to_others = ~Q(keys__has_key="nomination")
    sent = Q(state=OutboxMail.State.SENT)
    return rows.aggregate(
        nominees=Count("pk", filter=to_nominees),
        nominees_sent=Count("pk", filter=to_nominees & sent),
        supporters=Count("pk", filter=to_supporters),
        supporters_sent=Count("pk", filter=to_supporters & sent),
        others=Count("pk", filter=to_others),
        others_sent=Count("pk", filter=to_others & sent),
        failed=Count("pk", filter=Q(state=OutboxMail.State.FAILED)),
    )


def awards_written(user: Any, release: Release) -> int:
    """How many decisions of a release point at their award."""
    rows = Decision.objects.filter(release=release, candidacy__in=outcomes_known_to(user))
    return rows.filter(award__isnull=False).count()


@dataclass(frozen=True)
class WentOut:
    """One release that is out, and how many of its decisions the reader may know of."""

    release: Release
    decisions: int


def releases_out(user: Any, cycle: Cycle) -> list[WentOut]:
    """The newest first, in two statements."""
    rows = (
        releases_visible_to(user).filter(cycle=cycle, state=states.RELEASED).order_by("-released_at", "-pk")
    )
    told = Decision.objects.filter(release__cycle=cycle, candidacy__in=outcomes_known_to(user))
    counts = dict(told.order_by().values_list("release").annotate(count=Count("pk")))
    return [WentOut(one, counts.get(one.pk, 0)) for one in rows]


def release_asked(user: Any, cycle: Cycle, key: str) -> Release | None:
    """One that went out, by its key; else the one that the page shows by itself."""
    out = releases_visible_to(user).filter(cycle=cycle, state=states.RELEASED, key=key) if key else None
    return (out.first() if out is not None else None) or release_shown(user, cycle)


@dataclass(frozen=True)
class Held:
    """The main release that was held last: when, by whom, and the reason that they wrote."""

    at: dt.datetime
    by: str
    reason: str


def last_held(cycle: Cycle) -> Held | None:
    """Read off the history; later releases stay unsaid, they may hold cases in which the reader has a tie."""
    release = (
        Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN, state=states.CANCELLED)
        .order_by("-pk")
        .first()
    )
    act = history_of("release", release.key).filter(verb="cancel").first() if release else None
    if act is None:
        return None
    office = User.objects.filter(grants__role=Role.PROGRAM_OFFICE).select_related("person").distinct()
    names = {pseudonym(user): user.person.name for user in office if hasattr(user, "person")}
    return Held(act.at, names.get(act.actor, ""), act.text.text if hasattr(act, "text") else "")
