"""The numbers of a decision group are computed by the worker and stored, so that a page only reads them."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from scipy import special

from charter.models import Category
from common import clock
from selection import agreement, calibration, scoring
from selection.actions.means import counting_reviews
from selection.bulk import CaseNumbersRow, copy_case_numbers
from selection.models import Candidacy, GroupNumbers, ReviewerOffset, Score, Stage
from selection.queries.numbers import digest_of, group_of, sets_to_compute

CHANCES_AT_MOST = 4_000_000  # cells of a table of cases × places that is held in memory
_HALF = float(special.ndtri((1 + calibration.COVERAGE) / 2))


@dataclass(frozen=True, eq=False)
class Heard:
    """The marks that count in a group, one entry a review, in the order of candidacy and reviewer.

    ``total``: weighted totals; ``marks`` by the criterion's name, nan for "not applicable".
    """

    candidacy: NDArray[np.int64]
    reviewer: NDArray[np.int64]
    total: NDArray[np.float64]
    marks: dict[str, NDArray[np.float64]]

    def of(self, candidacies: set[int]) -> "Heard":
        """Those of some cases."""
        kept = np.isin(self.candidacy, np.fromiter(candidacies, np.int64, len(candidacies)))
        marks = {name: marks[kept] for name, marks in self.marks.items()}
        return Heard(self.candidacy[kept], self.reviewer[kept], self.total[kept], marks)


@transaction.atomic
def compute_numbers(stage: Stage, category: Category) -> int:
    """Compute and store the numbers of a group afresh; return for how many sets of its cases.

    The same marks give the same rows, but for ``computed_at``: seeds are fixed and so is every order. Two at
    once for one group wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7204003))",
            [f"numbers {stage.pk} {category.pk}"],
        )
    GroupNumbers.objects.filter(stage=stage, category=category).delete()
    if stage.kind != Stage.Kind.SCORE:
        return 0
    heard = _heard(group_of(stage, category))
    sets = sets_to_compute(stage, category)
    for place, seen in enumerate(sets):
        _store(stage, category, heard.of(seen), seen=digest_of(seen), is_whole=place == 0)
    return len(sets)


def _heard(candidacies: set[int]) -> Heard:
    """Every counting review of some cases, in one statement."""
    rows = Score.objects.filter(
        review__in=counting_reviews(Candidacy.objects.filter(pk__in=candidacies))
    ).order_by("review__assignment__candidacy_id", "review__assignment__reviewer_id", "criterion__position")
    columns = (
        "review__assignment__candidacy_id",
        "review__assignment__reviewer_id",
        "criterion__name",
        "criterion__weight",
        "mark",
    )
    reviews: dict[tuple[int, int], dict[str, tuple[int, int | None]]] = defaultdict(dict)
    for candidacy, reviewer, name, weight, mark in rows.values_list(*columns):
        reviews[candidacy, reviewer][name] = (weight, mark)
    names = list(dict.fromkeys(name for given in reviews.values() for name in given))
    return Heard(
        candidacy=np.array([candidacy for candidacy, _ in reviews], dtype=np.int64),
        reviewer=np.array([reviewer for _, reviewer in reviews], dtype=np.int64),
        total=np.array([float(scoring.weighted_total(given.values())) for given in reviews.values()]),
        marks={name: np.array([_mark(given.get(name)) for given in reviews.values()]) for name in names},
    )


def _mark(given: tuple[int, int | None] | None) -> float:
    return float(given[1]) if given is not None and given[1] is not None else np.nan


def _store(stage: Stage, category: Category, heard: Heard, *, seen: str, is_whole: bool) -> None:
    """Fit, and write one group with its cases and reviewers in four statements."""
    candidacies, case = np.unique(heard.candidacy, return_inverse=True)
    people, reviewer = np.unique(heard.reviewer, return_inverse=True)
    fitted, against = _fitted(case, reviewer, heard.total)
    group = GroupNumbers(
        stage=stage,
        category=category,
        seen=seen,
        is_whole=is_whole,
        computed_at=clock.now(),
        cases=candidacies.size,
        reviews=heard.total.size,
        reviewers=people.size,
        against_model=against,
        variances=list(fitted.variances) if fitted and not against else [],
        **_agreement(heard, case),
    )
    plain = calibration.plain(case, heard.total)
    group.pooled_sd = _known(plain.sd)
    shown = fitted if not against else None
    drawn = _draws(plain, shown)
    group.places_known = _known_places(candidacies.size) if drawn is not None else 0
    group.save()
    copy_case_numbers(_rows(group, candidacies, plain, shown, drawn))
    if shown is not None:
        counts = np.bincount(reviewer)
        ReviewerOffset.objects.bulk_create(
            ReviewerOffset(
                group=group,
                reviewer_id=int(person),
                offset=float(shown.reviewer_offset[code]),
                se=float(shown.reviewer_se[code]),
                reviews=int(counts[code]),
            )
            for code, person in enumerate(people)
        )


def _fitted(case: Any, reviewer: Any, total: Any) -> tuple[calibration.Calibration | None, list[str]]:
    """The model, and why it is not shown; it is not even fitted where the marks can't bear it."""
    against = calibration.reasons_not_to_show(case, reviewer)
    if against:
        return None, against
    fitted = calibration.calibrate(case, reviewer, total)
    return fitted, calibration.reasons_not_to_show(case, reviewer, case_variance=fitted.variances[0])


def _agreement(heard: Heard, case: Any) -> dict[str, Any]:
    """α on totals and on each criterion with its interval, and ICC(1), where there is enough to say it."""
    totals = _table(case, heard.total)
    against = agreement.reasons_not_to_show(totals)
    if against:
        return {"against_agreement": against}
    low, high = agreement.alpha_interval(totals)
    return {
        "alpha": _known(agreement.krippendorff_alpha(totals)),
        "alpha_low": _known(low),
        "alpha_high": _known(high),
        "icc": _known(agreement.icc1(totals)),
        "criteria": [_of_criterion(name, _table(case, marks)) for name, marks in heard.marks.items()],
    }


def _of_criterion(name: str, table: Any) -> dict[str, Any]:
    low, high = agreement.alpha_interval(table, "ordinal")
    alpha = agreement.krippendorff_alpha(table, "ordinal")
    return {"name": name, "alpha": _known(alpha), "low": _known(low), "high": _known(high)}


def _table(case: Any, values: Any) -> NDArray[np.float64]:
    """Cases × their first, second, third … review; who gave a mark is of no matter to agreement.

    The entries of a case follow each other.
    """
    if case.size == 0:
        return np.empty((0, 0))
    sizes = np.bincount(case)
    place = np.arange(case.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    table = np.full((sizes.size, int(sizes.max())), np.nan)
    table[case, place] = values
    return table


def _draws(plain: calibration.Plain, shown: calibration.Calibration | None) -> Any:
    """Joint draws of the model, else of the means; none where not even the spread within cases is known."""
    if shown is not None:
        return calibration.draws(shown)
    return calibration.plain_draws(plain.mean, plain.se) if np.isfinite(plain.se).all() else None


def _known_places(cases: int) -> int:
    """Up to how many places chances are computed: all, but for groups of thousands."""
    return min(cases, CHANCES_AT_MOST // max(cases, 1))


def _rows(
    group: GroupNumbers,
    candidacies: Any,
    plain: calibration.Plain,
    shown: calibration.Calibration | None,
    drawn: Any,
) -> list[CaseNumbersRow]:
    """One row a case."""
    if shown is not None:
        score, se, interval = shown.case_score, shown.case_se, shown.case_interval
    else:
        score, se = plain.mean, plain.se
        interval = np.column_stack([score - _HALF * se, score + _HALF * se])
    counts = _counts(drawn, group.places_known) if group.places_known else None
    return [
        CaseNumbersRow(
            group_id=group.pk,
            candidacy_id=int(pk),
            score=scoring.stored(Fraction(float(score[place]))),
            se=_known(se[place]),
            low=_known(interval[place, 0]),
            high=_known(interval[place, 1]),
            **_chances(counts[place] if counts is not None else None),
        )
        for place, pk in enumerate(candidacies)
    ]


def _counts(drawn: Any, places: int) -> Any:
    """In how many draws each case is in, for 0, 1, 2 … places."""
    return np.rint(calibration.chances_in(drawn, places) * drawn.shape[0]).astype(int)


def _chances(counts: Any) -> dict[str, Any]:
    """Without the zeros before and the repetitions after what says something."""
    if counts is None:
        return {}
    first = int(np.argmax(counts > 0)) if counts.any() else counts.size - 1
    last = int(np.argmax(counts == counts[-1]))
    return {"chances_from": first, "chances": counts[first : last + 1].tolist()}


def _known(value: float) -> float | None:
    """No number is none, not nan: the table's figures can be compared."""
    return float(value) if np.isfinite(value) else None
