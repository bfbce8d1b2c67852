"""What the office puts into the letters after a no, and how each case stood: frozen when the letters go out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history
from common.errors import Outdated, RuleBroken
from common.saving import save_many
from nominations.queries import without_conflicts
from selection import bands, states
from selection.actions.locks import acting_person
from selection.actions.means import counting_reviews
from selection.models import Candidacy, Criterion, Decision, Feedback, ReleasedComment, Score, Stage
from selection.queries.feedback import TOLD_WHY, reasons_for, reviews_of
from selection.queries.kept import without_kept

LONGEST_COMMENT = 5000


@transaction.atomic
def write_letters(letters: Sequence[tuple[Decision, str, Mapping[int, str]]], *, by: User) -> int:
    """Set what letters say: the code of the reason and the comments that are quoted, review → text as the office
    edited it; all other comments stay inside. All letters or none; returns how many changed.

    An empty reason leaves the reason as it is.
    """
    open_ones = _still_open([decision for decision, _reason, _texts in letters], by=by)
    changed = 0
    for decision, reason, texts in letters:
        one = open_ones[decision.pk]
        new_reason = bool(reason) and _set_reasons([one], by=by, reason_code=reason) > 0
        new_words = _choose_comments(one, by=by, texts=texts)
        changed += new_reason or new_words
    return changed


@transaction.atomic
def set_reason(decisions: Sequence[Decision], *, by: User, reason_code: str) -> int:
    """Give all these decisions the reason that their letters say; return how many changed."""
    return _set_reasons(list(_still_open(decisions, by=by).values()), by=by, reason_code=reason_code)


def _still_open(decisions: Sequence[Decision], *, by: User) -> dict[int, Decision]:
    """The decisions, locked, as long as their letters may change: a confirmed release is as its second person
    read it."""
    person = acting_person(by)
    rows = Decision.objects.filter(pk__in=[one.pk for one in decisions])
    rows = without_kept(
        without_conflicts(rows, person, case="candidacy__nomination"), person, at="candidacy__"
    )
    found = {
        one.pk: one
        for one in rows.select_for_update(of=("self",))
        .select_related("release", "candidacy__stage", "candidacy__nomination")
        .order_by("pk")
    }
    if len(found) < len({one.pk for one in decisions}):
        raise Outdated(_("One of these cases is not waiting for its letter any more."))
    fates = {one.release.state for one in found.values() if one.release}
    if states.RELEASED in fates:
        raise Outdated(_("These letters have gone out already."))
    if states.CONFIRMED in fates:
        raise RuleBroken(_("The release is confirmed, its letters are fixed. Hold it first."))
    return found


def _set_reasons(decisions: Sequence[Decision], *, by: User, reason_code: str) -> int:
    known = {
        outcome: {reason.code for reason in reasons_for(outcome)}
        for outcome in {d.outcome for d in decisions}
    }
    changed = [one for one in decisions if one.reason_code != reason_code]
    if any(reason_code not in known[one.outcome] for one in changed):
        raise RuleBroken(_("This reason is not one for this outcome."))
    for one in changed:
        one.reason_code = reason_code
    save_many(changed, ["reason_code"])
    history.record_many(
        history.Event("decision", one.candidacy.key, "set_reason", by, codes={"reason_code": reason_code})
        for one in changed
    )
    return len(changed)


def _choose_comments(decision: Decision, *, by: User, texts: Mapping[int, str]) -> bool:
    known = {review.pk for review in reviews_of([decision])}
    chosen = {pk: text.replace("\x00", "").strip() for pk, text in texts.items() if pk in known}
    if any(not text for text in chosen.values()):
        raise RuleBroken(_("A comment that goes into the letter cannot be empty."))
    if any(len(text) > LONGEST_COMMENT for text in chosen.values()):
        raise RuleBroken(_("A comment in a letter has at most 5,000 signs."))
    before = ReleasedComment.objects.filter(decision=decision)
    if dict(before.values_list("review_id", "text")) == chosen:
        return False
    before.delete()
    now, person = clock.now(), acting_person(by)
    ReleasedComment.objects.bulk_create(
        ReleasedComment(decision=decision, review_id=pk, text=text, edited_by=person, edited_at=now)
        for pk, text in sorted(chosen.items())
    )
    codes = {"comments": len(chosen)}
    history.record("decision", decision.candidacy.key, "choose_comments", by=by, codes=codes)
    return True


def freeze_standings(decisions: Sequence[Decision]) -> int:
    """Write in which third of its category each case of a release stands; return for how many. Six statements."""
    return len(Feedback.objects.bulk_create(_standings(decisions), batch_size=2000))


class _Place(NamedTuple):
    """A candidacy in a stage with marks."""

    pk: int
    stage: int
    category: int | None
    case: int
    round: int
    rubric: int | None
    reviews_in: int


def _standings(decisions: Sequence[Decision]) -> list[Feedback]:
    """By the exact means per criterion of the reviews that count, in the last stage with marks that the case was in.

    A case that was read anew is held against the first reading of the others.
    """
    told = [one for one in decisions if one.outcome in TOLD_WHY]
    if not told:
        return []
    rows = Candidacy.objects.filter(
        stage__cycle__in={one.candidacy.stage.cycle_id for one in told},
        stage__kind=Stage.Kind.SCORE,
        nomination__category__in={one.candidacy.nomination.category_id for one in told},
    ).exclude(state=states.LEFT)
    columns = (
        "pk", "stage_id", "nomination__category_id", "nomination_id", "round", "stage__rubric_id", "reviews_in",
    )  # fmt: skip
    places = [_Place(*row) for row in rows.order_by("stage__number", "round", "pk").values_list(*columns)]
    last = {one.case: one for one in places if one.reviews_in}
    groups: dict[tuple[int, int | None], list[_Place]] = defaultdict(list)
    for one in places:
        if one.round == 1:
            groups[one.stage, one.category].append(one)
    means, criteria = _means_of(rows), list(Criterion.objects.order_by("position"))
    thirds = _Thirds(groups, means)
    found = []
    for decision in told:
        place = last.get(decision.candidacy.nomination_id)
        if place is None or place.reviews_in < bands.REVIEWS_NEEDED:
            continue
        of_rubric = [one for one in criteria if one.rubric_id == place.rubric]
        stands = [
            {"code": one.code, "name": one.name, "band": band}
            for one in of_rubric
            if (band := thirds.of(place, one.pk))
        ]
        if stands:
            found.append(Feedback(decision=decision, bands=stands, reviews_in=place.reviews_in))
    return found


class _Thirds:
    """The thirds of each category and criterion, computed once."""

    def __init__(
        self,
        groups: Mapping[tuple[int, int | None], Sequence[_Place]],
        means: Mapping[tuple[int, int], Fraction],
    ) -> None:
        self.groups, self.means = groups, means
        self._known: dict[tuple[int, int | None, int], Mapping[int, str]] = {}

    def of(self, place: _Place, criterion: int) -> str:
        if place.round > 1:
            others = [one for one in self.groups[place.stage, place.category] if one.case != place.case]
            return self._thirds([*others, place], criterion).get(place.pk, "")
        key = (place.stage, place.category, criterion)
        if key not in self._known:
            self._known[key] = self._thirds(self.groups[place.stage, place.category], criterion)
        return self._known[key].get(place.pk, "")

    def _thirds(self, places: Sequence[_Place], criterion: int) -> dict[int, str]:
        given = {one.pk: self.means[one.pk, criterion] for one in places if (one.pk, criterion) in self.means}
        return bands.thirds(given)


def _means_of(rows: QuerySet[Candidacy]) -> dict[tuple[int, int], Fraction]:
    """(candidacy, criterion) → the exact mean of the marks that count."""
    marks = Score.objects.filter(review__in=counting_reviews(rows), mark__isnull=False)
    sums = marks.values_list("review__assignment__candidacy_id", "criterion_id").annotate(
        total=Sum("mark"), number=Count("pk")
    )
    return {(pk, criterion): Fraction(total, number) for pk, criterion, total, number in sums.order_by()}
