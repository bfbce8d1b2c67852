"""Somebody's log: what they see of it themselves, and what others may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, TruncMonth

from charter.queries import cycle_open_for_nominations, next_cycle
from common import clock
from common.languages import named
from common.prepared import Kept, KeptModels
from contributions.models import (
    Contribution,
    ContributionImport,
    ContributionType,
    DeletedContribution,
    ImportRow,
    LinkKey,
)
from contributions.quick import Kind
from people.models import Person, Visibility
from people.queries import person_of
from people.visibility import parts_shown, seen_by

GAPS = {
    "reach": Q(reach__isnull=True) & ~Q(type__reach_label=""),
    "link": Q(url=""),
    "dead": Q(link_answers=False),
}
NEWEST, OF_A_YEAR = 5, 50


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
    return _shown(person.pk, viewer, clock.today())


def _shown(person: int, viewer: Visibility, today: dt.date) -> QuerySet[Contribution]:
    return Contribution.objects.filter(person=person, visibility__in=seen_by(viewer), starts__lte=today)


def activity_shown(person: Person, *, viewer: Visibility) -> list[Activity]:
    """``activity`` of ``contributions_shown``."""
    if "contributions" not in parts_shown(person, viewer):
        return []
    months = last_months()
    return _activity(_months_shown(viewer).fetch(person.pk, clock.today(), months[0]), months)


def newest_shown(person: Person, *, viewer: Visibility) -> list[Contribution]:
    """The first few of ``contributions_shown``, each with its type."""
    if "contributions" not in parts_shown(person, viewer):
        return []
    return _newest_shown(viewer).fetch(person.pk, clock.today())


def contributions_of_the_year(person: Person, *, viewer: Visibility) -> list[Contribution]:
    """Those of ``contributions_shown`` in the last 12 months, at most so many, each with type and area."""
    if "contributions" not in parts_shown(person, viewer):
        return []
    return _year_shown(viewer).fetch(person.pk, clock.today(), last_months()[0])


@cache
def _year_shown(viewer: Visibility) -> KeptModels:
    shown = lambda: _shown(Kept.ANY, viewer, Kept.ANY_DAY).filter(starts__gte=Kept.ANY_OTHER_DAY)  # noqa: E731
    rows = lambda: shown().select_related("type", "area")[:OF_A_YEAR]  # noqa: E731
    return KeptModels(rows, Kept.ANY, Kept.ANY_DAY, Kept.ANY_OTHER_DAY)


@cache
def _months_shown(viewer: Visibility) -> Kept:
    rows = lambda: _by_month(_shown(Kept.ANY, viewer, Kept.ANY_DAY), Kept.ANY_OTHER_DAY)  # noqa: E731
    return Kept(rows, Kept.ANY, Kept.ANY_DAY, Kept.ANY_OTHER_DAY)


@cache
def _newest_shown(viewer: Visibility) -> KeptModels:
    rows = lambda: _shown(Kept.ANY, viewer, Kept.ANY_DAY).select_related("type")[:NEWEST]  # noqa: E731
    return KeptModels(rows, Kept.ANY, Kept.ANY_DAY)


def activity(contributions: QuerySet[Contribution]) -> list[Activity]:
    """The last 12 months by kind, the most frequent first. A contribution without a quantity counts as one."""
    months = last_months()
    return _activity(_by_month(contributions, months[0]), months)


def _by_month(contributions: QuerySet[Contribution], first: dt.date) -> QuerySet[Contribution, Any]:
    """``(type, month, number, entries)`` since a month."""
    grouped = (
        contributions.filter(starts__gte=first)
        .order_by()
        .values("type__name", month=Cast(TruncMonth("starts"), DateField()))
    )
    counts = grouped.annotate(number=Sum(Coalesce("quantity", 1)), entries=Count("pk"))
    return counts.values_list("type__name", "month", "number", "entries")


def _activity(rows: Iterable[tuple[str, dt.date, int, int]], months: list[dt.date]) -> list[Activity]:
    numbers: dict[str, dict[dt.date, int]] = defaultdict(dict)
    entries: dict[str, int] = defaultdict(int)
    for name, month, number, count in rows:
        numbers[name][month] = number
        entries[name] += count
    kinds = [Activity(name, [of.get(m, 0) for m in months], entries[name]) for name, of in numbers.items()]
    return sorted(kinds, key=lambda kind: (-kind.entries, kind.name))


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


def contributions_keyed(person: Person, keys: Iterable[str]) -> QuerySet[Contribution]:
    """Those of somebody's log that have these keys."""
    return contributions_of(person).filter(key__in=keys)


@dataclass(frozen=True)
class Counts:
    """A whole log in figures: entries by month (newest first), by type (code, name, number), by who sees them."""

    months: dict[dt.date, int]
    types: list[tuple[str, str, int]]
    seen: dict[str, int]

    @property
    def years(self) -> dict[int, int]:
        years: dict[int, int] = {}
        for month, number in self.months.items():
            years[month.year] = years.get(month.year, 0) + number
        return years

    @property
    def entries(self) -> int:
        return sum(self.months.values())


def counts_of(log: QuerySet[Contribution]) -> Counts:
    """Three grouped statements, whatever the length of the log."""
    bare = log.order_by()
    types = (
        bare.values_list("type__code", "type__name").annotate(number=Count("pk")).order_by("type__position")
    )
    seen = dict(bare.values_list("visibility").annotate(number=Count("pk")))
    return Counts(months_of(log), [*types], seen)


def months_of(log: QuerySet[Contribution]) -> dict[dt.date, int]:
    """First day of the month → entries, the newest first."""
    months = log.order_by().annotate(month=TruncMonth("starts")).values_list("month")
    return dict(months.annotate(number=Count("pk")).order_by("-month"))


def log_of(
    user: Any, *, year: int | None = None, kind: str = "", seen: str = "", gap: str = ""
) -> QuerySet[Contribution]:
    """One's own log, newest first, or the part of it with a year, a type, those who see it, or something missing."""
    log = contributions_visible_to(user)
    if year:
        log = log.filter(starts__gte=dt.date(year, 1, 1), starts__lte=dt.date(year, 12, 31))
    if kind:
        log = log.filter(type__code=kind)
    if gap:
        log = since(log, last_months()[0]).filter(GAPS[gap])
    return log.filter(visibility=seen) if seen else log


def since(log: QuerySet[Contribution], first: dt.date) -> QuerySet[Contribution]:
    """The entries of a log from a day on."""
    return log.filter(starts__gte=first)


@dataclass(frozen=True)
class Gaps:
    """How many entries of the last 12 months lack something; ``checked``: whose link answered; hours given in all."""

    entries: int
    reach: int
    link: int
    dead: int
    checked: int
    hours: int


def gaps_of(log: QuerySet[Contribution]) -> Gaps:
    """One statement, whatever the length of the log."""
    counted = {name: Count("pk", filter=gap) for name, gap in GAPS.items()}
    tried = Count("pk", filter=Q(link_answers=True))
    lately = since(log, last_months()[0]).order_by()
    hours = Coalesce(Sum("hours"), 0)
    return Gaps(**lately.aggregate(entries=Count("pk"), checked=tried, hours=hours, **counted))


def links_due(most: int) -> list[str]:
    """Links of the last 13 months to try: new ones first, then those longest ago; those that fail less often."""
    now, first = clock.now(), clock.today() - dt.timedelta(days=400)
    with_link = Contribution.objects.exclude(url="").filter(starts__gte=first)
    never = (
        with_link.filter(link_checked_at=None).order_by("-starts").values_list("url", flat=True)[: 3 * most]
    )
    urls = list(dict.fromkeys(never))[:most]
    if len(urls) == most:
        return urls
    due = Q(link_failures__lte=1, link_checked_at__lt=now - dt.timedelta(days=7))
    due |= Q(link_failures=2, link_checked_at__lt=now - dt.timedelta(days=14))
    due |= Q(link_failures__gte=3, link_checked_at__lt=now - dt.timedelta(days=28))
    again = with_link.filter(due).order_by("link_checked_at").values_list("url", flat=True)[: 3 * most]
    return list(dict.fromkeys([*urls, *again]))[:most]


def entries_with_link(url: str) -> QuerySet[Contribution]:
    """Every entry, of anybody, with exactly this link; found through the index of links."""
    return Contribution.objects.alias(link=LinkKey("url")).filter(link=LinkKey(Value(url)), url=url)


def tried_lately(url: str) -> Contribution | None:
    """An entry whose equal link was tried within a week."""
    week = clock.now() - dt.timedelta(days=7)
    return entries_with_link(url).filter(link_checked_at__gte=week).order_by("-link_checked_at").first()


def marked_in(log: QuerySet[Contribution]) -> list[Contribution]:
    """Those with the mark of high impact among the last 12 months."""
    return list(since(log, last_months()[0]).filter(high_impact=True)[:50])


def marks_at_most() -> int:
    """How many marks of high impact the dossier of the cycle at hand takes."""
    cycle = cycle_open_for_nominations() or next_cycle()
    return cycle.high_impact_at_most if cycle else 5


def deleted_visible_to(user: Any) -> QuerySet[DeletedContribution]:
    """What was lately deleted from one's own log."""
    person = person_of(user)
    return DeletedContribution.objects.filter(person=person) if person else DeletedContribution.objects.none()


def imports_visible_to(user: Any) -> QuerySet[ContributionImport]:
    """One's own imports, the newest first."""
    person = person_of(user)
    imports = ContributionImport.objects
    return imports.filter(person=person) if person is not None else imports.none()


def imports_to_show(user: Any) -> list[ContributionImport]:
    """Those that were taken over; what was only checked is found by its address."""
    return list(imports_visible_to(user).exclude(state=ContributionImport.State.CHECKED)[:20])


def import_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Which of these imports' history may the user read? That of one's own."""
    return set(imports_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def rows_of_import(made: ContributionImport, fate: str = "") -> QuerySet[ImportRow]:
    """The rows of a file, what was refused first, then what changes; or those with one fate."""
    rows = made.rows.select_related("type")
    if fate:
        return rows.filter(fate=fate).order_by("line")
    order = Case(
        *(When(fate=name, then=place) for place, name in enumerate(("refused", "changed", "new", "same"))),
        default=9,
        output_field=IntegerField(),
    )
    return rows.order_by(order, "line")


def suggestions_of(made: ContributionImport) -> list[tuple[ImportRow, Contribution]]:
    """Rows that may be an entry of the log, with that entry."""
    rows = list(made.rows.exclude(twin="").select_related("type").order_by("line"))
    keys = [row.twin for row in rows]
    entries = Contribution.objects.filter(person=made.person_id, key__in=keys).select_related("type", "area")
    twins = {entry.key: entry for entry in entries}
    return [(row, twins[row.twin]) for row in rows if row.twin in twins]


def more_areas_of(person: Person) -> dict[int, list[int]]:
    """Contribution → its further areas, of a whole log in one statement."""
    areas: dict[int, list[int]] = {}
    held = Contribution.more_areas.through.objects.filter(contribution__person=person)
    for pk, area in held.order_by("area_id").values_list("contribution_id", "area_id"):
        areas.setdefault(pk, []).append(area)
    return areas


def more_area_slugs(entries: Iterable[Contribution]) -> dict[int, list[str]]:
    """Contribution → slugs of its further areas."""
    slugs: dict[int, list[str]] = {}
    held = Contribution.more_areas.through.objects.filter(contribution__in=[entry.pk for entry in entries])
    for pk, slug in held.order_by("area_id").values_list("contribution_id", "area__slug"):
        slugs.setdefault(pk, []).append(slug)
    return slugs


def log_after(person: Person, last: Contribution | None, number: int) -> list[Contribution]:
    """The next entries of a log, the newest first; from its start without ``last``."""
    log = contributions_of(person)
    if last is not None:
        log = log.filter(Q(starts__lt=last.starts) | Q(starts=last.starts, pk__lt=last.pk))
    return list(log[:number])


def kinds_for_lines() -> list[Kind]:
    """The types as the reader of quick lines knows them, with the words for their numbers in English and in their language."""
    return [
        Kind(
            type_.code,
            tuple(dict.fromkeys([type_.name, str(type_), *type_.other_names])),
            tuple(
                (name, said)
                for name, label in (
                    ("quantity", type_.quantity_label),
                    ("second_quantity", type_.second_quantity_label),
                    ("reach", type_.reach_label),
                )
                if label
                for said in dict.fromkeys([label, named(label)])
            ),
        )
        for type_ in types_in_use()
    ]


def types_in_use() -> QuerySet[ContributionType]:
    """The types that can be chosen for something new."""
    return ContributionType.objects.filter(retired=False)
