"""The numbers of a decision group as one person may see them, and who else needs numbers of their own.

A number that is computed over many cases says something of each of them. So everybody is shown numbers over the
cases that they may see, and no others: ``digest_of`` those is the key under which they are stored.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Role, User
from charter.models import Category, CyclePlaces
from nominations.queries import without_conflicts
from people.queries import person_of
from selection import states
from selection.models import Candidacy, CaseNumbers, GroupNumbers, Stage
from selection.queries.cases import IN_STAGE, candidacies_visible_to, without_own_missing
from selection.standing import line_between

DECIDING = (Role.TECHNOLOGY_LEAD, Role.PROGRAM_OFFICE)


def digest_of(candidacies: Iterable[int]) -> str:
    """The name of a set of candidacies, whatever their order."""
    return hashlib.sha256(",".join(map(str, sorted(candidacies))).encode()).hexdigest()


def group_of(stage: Stage, category: Category) -> set[int]:
    """All candidacies that are decided together."""
    rows = Candidacy.objects.filter(IN_STAGE, stage=stage, category=category).exclude(state=states.LEFT)
    return set(rows.values_list("pk", flat=True))


def seen_of_group(user: Any, stage: Stage, category: Category) -> set[int]:
    """Those of them whose marks this user may see: no tie, and no review of their own that is missing."""
    cases = candidacies_visible_to(user).filter(IN_STAGE, stage=stage, category=category)
    rows: Any = without_own_missing(cases.exclude(state=states.LEFT), person_of(user))
    return set(rows.filter(own_missing=False).values_list("pk", flat=True))


def sets_to_compute(stage: Stage, category: Category) -> list[set[int]]:
    """All cases of the group first, then each smaller set that one of those who decide here may see."""
    whole = group_of(stage, category)
    sets = [whole]
    for user in User.objects.filter(is_active=True, grants__role__in=DECIDING).distinct().order_by("pk"):
        if user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.TECHNOLOGY_LEAD, category=category):
            seen = seen_of_group(user, stage, category)
            if seen and seen not in sets:
                sets.append(seen)
    return sets


def group_numbers_visible_to(user: Any) -> QuerySet[GroupNumbers]:
    """Numbers into which no mark went that is hidden from this user."""
    hidden = hidden_lines(user, CaseNumbers.objects.filter(group=OuterRef("pk")))
    return GroupNumbers.objects.filter(~Exists(hidden))


def hidden_lines(user: Any, lines: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows that point to a candidacy those whose case this user may not judge; for use with ``Exists``."""
    seen: Any = without_own_missing(candidacies_visible_to(user), person_of(user))
    return lines.exclude(candidacy__in=seen.filter(own_missing=False).values("pk"))


class Scored(NamedTuple):
    """What the marks of a case say: calibrated score (none where the model is not shown), interval, mean, and the
    line of its category by the means."""

    score: Decimal | None
    low: float | None
    high: float | None
    line: Decimal | None


def scores_before(user: Any, stage: Stage, nominations: Iterable[int]) -> dict[int, Scored]:
    """Nomination → what the last scored stage before this one says of it; four statements.

    For whoever sees cases in ``stage`` and may not see that one, such as a council. Only from numbers of whole
    categories: those in which the user has a tie, or a review of their own that is missing, are left out.
    """
    before = (
        Stage.objects.filter(cycle=stage.cycle_id, kind=Stage.Kind.SCORE, number__lt=stage.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return {}
    person = person_of(user)
    free = without_conflicts(Candidacy.objects.filter(stage=before), person, case="nomination")
    open_to: Any = without_own_missing(free, person)
    held_back = CaseNumbers.objects.filter(group=OuterRef("pk")).exclude(
        candidacy__in=open_to.filter(own_missing=False).values("pk")
    )
    groups = GroupNumbers.objects.filter(~Exists(held_back), stage=before, is_whole=True)
    lines = _lines_of(stage, groups)
    rows = CaseNumbers.objects.filter(group__in=groups, candidacy__nomination__in=list(nominations))
    columns = (
        "candidacy__nomination_id", "group__category_id", "group__against_model", "score", "low", "high",
    )  # fmt: skip
    return {
        case: Scored(None if against else score, low, high, lines.get(category))
        for case, category, against, score, low, high in rows.values_list(*columns)
    }


def _lines_of(stage: Stage, groups: QuerySet[GroupNumbers]) -> dict[int, Decimal | None]:
    """Category → its line, by the means of the cases that have numbers."""
    means: dict[int, list[Decimal]] = defaultdict(list)
    rows = CaseNumbers.objects.filter(group__in=groups)
    ranked = rows.order_by("-candidacy__mean").values_list("group__category_id", "candidacy__mean")
    for category, mean in ranked:
        if mean is not None:
            means[category].append(mean)
    places = CyclePlaces.objects.filter(cycle=stage.cycle_id).values_list("category_id", "places")
    return {category: line_between(means[category], count) for category, count in places}
