"""What can go into the letters after a no: reasons, reviewers' comments, and how each case stood."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from charter.models import Category, Cycle, ReasonCode
from nominations.models import Support
from people.queries import person_of
from selection import states
from selection.models import Decision, Feedback, ReleasedComment, Review
from selection.queries.cases import outcomes_visible_to, without_own_missing
from selection.queries.one import keys_for
from selection.queries.releases import known_to, pending_decisions

TOLD_WHY = (states.NOT_THIS_TIME, states.RESERVE)  # outcomes whose letters say how the case stood
SHORTEST_NAME = 4  # letters; shorter words of a name are words of other things


@dataclass
class Comment:
    """A reviewer's comment that may go into a letter. ``text``: as the office edited it, else as it was written."""

    review: Review
    text: str
    chosen: bool
    names: list[str]  # people whom it seems to name


@dataclass
class Row:
    """A pending no with what its letter may say."""

    decision: Decision
    comments: list[Comment] = field(default_factory=list)
    quoted: int = 0  # of the comments, as it is stored


def decisions_to_explain(
    user: Any,
    cycle: Cycle,
    *,
    category: Category | None = None,
    without_reason: bool = False,
    keys: Sequence[str] | None = None,
) -> QuerySet[Decision]:
    """Decisions not released yet whose letter says more than "yes", in the order of their random keys; none of a case
    of which this user's own review is missing: the page quotes the others'."""

    def read() -> QuerySet[Any]:
        rows: Any = without_own_missing(outcomes_visible_to(user), person_of(user))
        return rows.filter(own_missing=False)

    in_release = Q(release__cycle=cycle) & ~Q(release__state__in=(states.RELEASED, states.CANCELLED))
    rows = Decision.objects.filter(
        Q(pk__in=pending_decisions(cycle).values("pk")) | in_release,
        candidacy__in=keys_for(user, "outcomes of what was read", read),
        outcome__in=(*TOLD_WHY, states.INELIGIBLE),
    )
    rows = known_to(user, rows)
    if category is not None:
        rows = rows.filter(candidacy__nomination__category=category)
    if keys is not None:
        rows = rows.filter(candidacy__key__in=keys)
    if without_reason:
        rows = rows.filter(reason_code="", outcome=states.NOT_THIS_TIME)
    return rows.select_related(
        "candidacy__nomination__nominee", "candidacy__nomination__category", "candidacy__stage", "release"
    ).order_by("candidacy__key")


def rows_of(decisions: Sequence[Decision]) -> list[Row]:
    """Each with the comments of the case's reviews in this cycle, in five statements."""
    rows = {one.candidacy.nomination_id: Row(one) for one in decisions}
    reviews = list(reviews_of(decisions))
    kept = {
        (one.decision_id, one.review_id): one.text
        for one in ReleasedComment.objects.filter(decision__in=decisions)
    }
    names = _names_of(decisions, reviews)
    for review in reviews:
        case = review.assignment.candidacy.nomination_id
        row = rows[case]
        text = kept.get((row.decision.pk, review.pk))
        shown = review.comment if text is None else text
        row.comments.append(Comment(review, shown, text is not None, names_in(shown, names[case])))
        row.quoted += text is not None
    return [rows[one.candidacy.nomination_id] for one in decisions]


def reviews_of(decisions: Sequence[Decision]) -> QuerySet[Review]:
    """The reviews with a comment that were handed in on these cases in the cycles of their decisions."""
    return (
        Review.objects.filter(
            assignment__candidacy__nomination__in=[one.candidacy.nomination_id for one in decisions],
            assignment__candidacy__stage__cycle__in={one.candidacy.stage.cycle_id for one in decisions},
            assignment__state=states.DONE,
            state=states.REVIEW_SUBMITTED,
        )
        .exclude(comment="")
        .select_related("assignment__candidacy__stage", "assignment__reviewer")
        .order_by("assignment__candidacy__stage__number", "assignment__candidacy__round", "pk")
    )


def _names_of(decisions: Sequence[Decision], reviews: Iterable[Review]) -> dict[int, set[str]]:
    """Case → the names of those who reviewed, nominated or endorsed it."""
    names: dict[int, set[str]] = defaultdict(set)
    for review in reviews:
        names[review.assignment.candidacy.nomination_id].add(review.assignment.reviewer.name)
    supports = Support.objects.filter(nomination__in=[one.candidacy.nomination_id for one in decisions])
    for case, name in supports.values_list("nomination_id", "name"):
        names[case].add(name)
    return names


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` of which a word of some length stands in the text."""
    words = set(re.findall(r"\w+", text.casefold()))
    return sorted(
        name
        for name in names
        if any(len(part) >= SHORTEST_NAME and part in words for part in re.findall(r"\w+", name.casefold()))
    )


def reasons_for(outcome: str) -> list[ReasonCode]:
    """The reasons that may be given for an outcome."""
    return list(ReasonCode.objects.filter(use=_use_of(outcome)).order_by("label"))


class Reasons:
    """Every reason in one reading: which may be given, and what a stored code says."""

    def __init__(self) -> None:
        self._all = list(ReasonCode.objects.order_by("label"))

    def given_for(self, outcome: str) -> list[ReasonCode]:
        return [one for one in self._all if one.use == _use_of(outcome)]

    def words_of(self, decision: Decision) -> str:
        """A case that failed a screen keeps the reason of the screen."""
        uses = (_use_of(decision.outcome), ReasonCode.Use.SCREEN_FAIL)
        found = {one.use: one.label for one in self._all if one.code == decision.reason_code}
        return next((found[use] for use in uses if use in found), decision.reason_code)


def _use_of(outcome: str) -> ReasonCode.Use:
    return ReasonCode.Use.INELIGIBLE if outcome == states.INELIGIBLE else ReasonCode.Use.NOT_AWARDED


def categories_of(cycle: Cycle) -> QuerySet[Category]:
    """The categories that a cycle has places in."""
    return Category.objects.filter(pk__in=cycle.places.values("category")).order_by("position")


def feedback_of(decision: Decision) -> tuple[Feedback | None, list[str]]:
    """How a case stood, and the words of its reviewers: for a released decision alone."""
    if decision.release is None or decision.release.released_at is None:
        return None, []
    found = Feedback.objects.filter(decision=decision).first()
    return found, list(ReleasedComment.objects.filter(decision=decision).values_list("text", flat=True))
