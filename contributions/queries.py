"""Somebody's log: what they see of it themselves, and what others may see."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from common import clock
from contributions.models import Contribution, ContributionType
from people.models import Person, Visibility
from people.queries import person_of
from people.visibility import parts_shown, seen_by


@dataclass(frozen=True)
class Activity:
    """One kind of contribution, month by month, the oldest first."""

    name: str
    months: list[int]
    entries: int

    @property
    def total(self) -> int:
        return sum(self.months)


def last_months(number: int = 12) -> list[dt.date]:
    """The first days of the last months, the present one included, the oldest first."""
    months = [clock.today().replace(day=1)]
    while len(months) < number:
        months.append((months[-1] - dt.timedelta(days=1)).replace(day=1))
    return months[::-1]


def contributions_shown(person: Person, *, viewer: Visibility) -> QuerySet[Contribution]:
    """Those that a viewer may read: each says who sees it, and the profile whether it shows any."""
    if "contributions" not in parts_shown(person, viewer):
        return Contribution.objects.none()
    return Contribution.objects.filter(
        person=person, visibility__in=seen_by(viewer), starts__lte=clock.today()
    )


def activity(contributions: QuerySet[Contribution]) -> list[Activity]:
    """The last 12 months by kind, the most frequent first. A contribution without a quantity counts as one."""
    months = last_months()
    rows: list[Any] = list(
        contributions.filter(starts__gte=months[0])
        .order_by()
        .values("type__name", month=TruncMonth("starts"))
        .annotate(number=Sum(Coalesce("quantity", 1)), entries=Count("pk"))
    )
    kinds = {
        name: Activity(
            name,
            [
                sum(row["number"] for row in rows if (row["type__name"], row["month"]) == (name, month))
                for month in months
            ],
            sum(row["entries"] for row in rows if row["type__name"] == name),
        )
        for name in {row["type__name"] for row in rows}
    }
    return sorted(kinds.values(), key=lambda kind: (-kind.entries, kind.name))


def contributions_visible_to(user: Any) -> QuerySet[Contribution]:
    """One's own log. What others may see of it is shown by profile and dossier, each with its own rule."""
    person = person_of(user)
    return contributions_of(person) if person is not None else Contribution.objects.none()


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Which of these contributions' history may the user read? That of one's own."""
    return set(contributions_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def contributions_of(person: Person) -> QuerySet[Contribution]:
    """A person's whole log, newest first."""
    return (
        Contribution.objects.filter(person=person).select_related("type", "area").order_by("-starts", "-id")
    )


def contributions_between(person: Person, first: dt.date, last: dt.date) -> QuerySet[Contribution]:
    """Those of which any day lies between two days, both inclusive."""
    return (
        contributions_of(person)
        .annotate(last_day=Coalesce(F("ends"), F("starts")))
        .filter(Q(starts__lte=last), Q(last_day__gte=first))
    )


def types_in_use() -> QuerySet[ContributionType]:
    """The types that can be chosen for something new."""
    return ContributionType.objects.filter(retired=False)
