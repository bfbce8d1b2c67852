"""What of somebody's log others may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from common import clock
from contributions.models import Contribution
from people.models import Person, Visibility
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
