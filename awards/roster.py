"""The roster's search: who holds or held the award, by text, technology, place, year and years held.

A person is on the list if one award answers all questions together, on the values of that award's day. The
counts beside a question's answers leave that question itself out, so they say what choosing one more would give.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import (
    Aggregate,
    BooleanField,
    CharField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Min,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Least
from django.utils.translation import get_language, override
from django_countries import countries

from awards.models import Award
from awards.queries import awards_visible_to, holders_visible_to, of_year, on_roster
from charter.models import Area, Category, CountryAlias, Region
from charter.queries import areas_named, areas_with_successors
from common import clock
from common.textsearch import PlainText
from people import names
from people.models import Person, Visibility
from people.visibility import shows

QUESTIONS = ("area", "category", "region", "country", "year", "tenure", "language")
TENURES = {
    "first-year": (1, 1),
    "2-to-4-years": (2, 4),
    "5-to-9-years": (5, 9),
    "10-years-or-more": (10, 999),
}
KEPT_SECONDS = 60
SORTS = ("current", "name", "years", "newest")


@dataclass(frozen=True)
class Vocabulary:
    """The technologies, categories and regions that exist, by slug, and which areas followed which."""

    areas: dict[str, Area]
    categories: dict[str, Category]
    regions: dict[str, Region]
    successors: dict[int, set[int]]

    @cached_property
    def area_names(self) -> list[tuple[int, str]]:
        """Every name that an area has or had, as a search compares it."""
        return [(pk, names.fold(name)) for pk, name in areas_named()]

    @cached_property
    def country_names(self) -> list[tuple[str, str]]:
        """Every name of a country in the reader's language, and the other spellings that the site knows."""
        aliases = CountryAlias.objects.values_list("country", "alias")
        named = _folded_countries(get_language() or "en")
        return [*named, *((str(code), names.fold(alias)) for code, alias in aliases)]

    def areas_meant(self, slugs: Iterable[str]) -> set[int]:
        """The keys of areas and of all that followed them."""
        chosen = [self.areas[slug].pk for slug in slugs]
        return {member for pk in chosen for member in self.successors.get(pk, {pk})}


def vocabulary() -> Vocabulary:
    """Read in four statements."""
    return Vocabulary(
        {area.slug: area for area in Area.objects.all()},
        {category.slug: category for category in Category.objects.all()},
        {region.slug: region for region in Region.objects.all()},
        areas_with_successors(),
    )


@lru_cache(maxsize=16)
def _folded_countries(language: str) -> list[tuple[str, str]]:
    with override(language):
        return [(code, names.fold(str(name))) for code, name in countries]


@dataclass(frozen=True)
class Search:
    """What somebody asks of the roster. Answers to one question are alternatives; every value is known."""

    user: Any
    viewer: Visibility
    current: int
    words: Vocabulary
    text: str = ""
    sort: str = "current"
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Nothing is asked."""
        return not self.text and not any(self.answers.values())

    @property
    def year(self) -> int:
        """The year as of which years held are counted: the newest one chosen, else the current one."""
        return max(map(int, self.answers.get("year", ())), default=self.current)

    def without(self, question: str) -> "Search":
        return replace(self, answers={**self.answers, question: ()})


class Unnest(Func):
    """A row for each member of an array."""

    function = "unnest"
    output_field = CharField()
    set_returning = True


class AwardYears(Aggregate):
    """How many award years a group of awards covers up to ``at``; two areas in one year are one award year.

    Only for awards that began by then.
    """

    template = "(SELECT sum(upper(span) - lower(span)) FROM unnest(range_agg(int4range(%(expressions)s, '[]'))) AS span)"
    output_field = IntegerField()

    def __init__(self, at: int) -> None:
        super().__init__(F("first_year"), Least(Coalesce("last_year", at), at))


def matching(search: Search) -> QuerySet[Award]:
    """The awards that answer every question."""
    conditions = [_CONDITIONS[name](search, values) for name, values in search.answers.items() if values]
    conditions += [_word(word, search) for word in names.query_words(search.text)]
    return on_roster(awards_visible_to(search.user)).order_by().filter(*conditions)


def count_people(search: Search) -> int:
    """How many people are on the list."""
    return matching(search).values("person_id").distinct().count()


def sorted_people(search: Search) -> QuerySet[Any, Any]:
    """The list: one row a person, with ``person_id`` alone to be read.

    Who holds the award now comes first, then the others; both by name, unless another order is asked for.
    """
    found = matching(search).values("person_id")
    awards = on_roster(awards_visible_to(search.user)).order_by()
    if search.sort == "years":
        held = awards.filter(person__in=found, first_year__lte=search.current).values("person_id")
        years = AwardYears(search.current)
        return held.annotate(rank=years).order_by("-rank", "person__sort_key", "person_id")
    if search.sort == "newest":
        held = awards.filter(person__in=found).values("person_id")
        return held.annotate(rank=Min("first_year")).order_by("-rank", "person__sort_key", "person_id")
    people = Person.objects.filter(pk__in=found).values(person_id=F("pk"))
    if search.sort == "name":
        return people.order_by("sort_key", "pk")
    holding = Q(pk__in=of_year(awards, search.current).values("person_id"))
    rank = ExpressionWrapper(holding, output_field=BooleanField())
    return people.annotate(rank=rank).order_by("-rank", "sort_key", "pk")


def people_with_awards(person_ids: Iterable[int]) -> list[Person]:
    """People in the order given, each with ``roster_awards``, the newest first."""
    ids = list(person_ids)
    awards = on_roster(Award.objects.order_by("-first_year", "area_name"))
    people = Person.objects.prefetch_related(Prefetch("awards", awards, to_attr="roster_awards")).in_bulk(ids)
    return [people[pk] for pk in ids]


def similar_people(search: Search, *, limit: int = 5) -> list[Person]:
    """People whose name resembles the text, for a search that found nobody."""
    text = " ".join(names.query_words(search.text))
    if len(text) < 3:
        return []
    alike = holders_visible_to(None).filter(search_text__trigram_word_similar=text)
    return list(alike.order_by("sort_key")[:limit])


def counts(search: Search) -> dict[str, dict[str, int]]:
    """Question → answer → people, in one statement; each question without its own filter.

    Every person of the list is counted once an answer, however many awards they have. Beside an area stand
    the people that choosing it gives: its own and its successors'.
    """
    parts, parameters, tables = [], [], {}
    for question in QUESTIONS:
        asked = bool(search.answers.get(question))
        table = f"but_{question}" if asked else "every"
        tables[table] = search.without(question) if asked else search
        sql, values = _COUNTED[question](search, table)
        parts.append(
            f"SELECT '{question}', answer::text, count(*) FROM ({sql}) AS counted GROUP BY answer"  # noqa: S608
        )
        parameters += values
    named = [(table, *_rows(narrowed).query.sql_with_params()) for table, narrowed in tables.items()]
    bases = ", ".join(f"{table} AS MATERIALIZED ({sql})" for table, sql, _values in named)
    before = [value for _table, _sql, values in named for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {bases} {' UNION ALL '.join(parts)}", [*before, *parameters])
        rows = cursor.fetchall()
    result: dict[str, dict[str, int]] = {question: {} for question in QUESTIONS}
    for question, answer, number in rows:
        if answer:
            result[question][answer] = number
    return _under_slugs(result, search.words)


@dataclass(frozen=True)
class Overview:
    """How many people a search finds and what choosing one more answer would give, as of a moment."""

    people: int
    counts: dict[str, dict[str, int]]
    at: dt.datetime
    is_kept: bool = False
    holders: int = 0  # of those found, in the current year


def overview(search: Search) -> Overview:
    """Counted afresh; those of the whole roster, which nearly everybody asks for, are kept for a minute."""
    if not search.is_open:
        return _count(search)
    key = f"roster.overview.{search.viewer}.{search.current}"
    kept = cache.get(key)
    if kept is None:
        kept = replace(_count(search), is_kept=True)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _count(search: Search) -> Overview:
    numbers = counts(search)
    holders = numbers["year"].get(str(search.current), 0)
    return Overview(count_people(search), numbers, clock.now(), holders=holders)


def _under_slugs(result: dict[str, dict[str, int]], words: Vocabulary) -> dict[str, dict[str, int]]:
    """Keys of rows become slugs, numbers of years become the names of their span."""
    for question, rows in (("area", words.areas), ("category", words.categories), ("region", words.regions)):
        slugs = {str(row.pk): slug for slug, row in rows.items()}
        result[question] = {slugs[pk]: number for pk, number in result[question].items() if pk in slugs}
    spans = dict.fromkeys(TENURES, 0)
    for years, number in result["tenure"].items():
        for name, (low, high) in TENURES.items():
            spans[name] += number if low <= int(years) <= high else 0
    result["tenure"] = {name: number for name, number in spans.items() if number}
    return result


def _rows(search: Search) -> QuerySet[Any, Any]:
    return matching(search).values(
        "person_id",
        "category_id",
        "area_id",
        "region_id",
        "country",
        "first_year",
        last=Coalesce("last_year", search.current),
    )


# One condition a question.


def _word(word: str, search: Search) -> Q:
    """A word of the text: in the name, the technology, the country or, where the viewer may know it, the city."""
    city_shown = shows("city", search.viewer)
    people = Person.objects.annotate(plain_city=PlainText("city")).filter(
        _holds("search_text", word) | (_holds("plain_city", word) & city_shown)
    )
    condition = Q(person__in=people.values("pk"))
    if areas := _areas_called(word, search.words):
        condition |= Q(area__in=areas)
    if codes := _countries_called(word, search.words):
        condition |= Q(country__in=codes)
    return condition


def _holds(name: str, word: str) -> Q:
    """Inside a word; one or two plain letters only at its beginning, where an index can help."""
    if len(word) > 2 or not word.isascii():
        return Q(**{f"{name}__contains": word})
    return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})


def _areas_called(word: str, words: Vocabulary) -> set[int]:
    """Areas with a word that begins so; four letters and more may stand anywhere in a name."""
    begins = f" {word}"
    return {pk for pk, name in words.area_names if begins in f" {name}" or (len(word) > 3 and word in name)}


def _countries_called(word: str, words: Vocabulary) -> set[str]:
    """Countries with a word that begins so; two letters must be the whole name, such as UK."""
    if len(word) < 3:
        return {code for code, name in words.country_names if name == word}
    return {code for code, name in words.country_names if f" {word}" in f" {name}"}


def _tenure(search: Search, answers: Iterable[str]) -> Q:
    held = on_roster(Award.objects.order_by()).filter(first_year__lte=search.year)
    spans = [Q(years__range=TENURES[answer]) for answer in answers]
    people = held.values("person_id").annotate(years=AwardYears(search.year)).filter(reduce(or_, spans))
    return Q(person__in=people.values("person_id"))


def _year(search: Search, answers: Iterable[str]) -> Q:
    open_ended = Q(last_year=None)
    return reduce(or_, (Q(first_year__lte=y) & (open_ended | Q(last_year__gte=y)) for y in map(int, answers)))


def _language(search: Search, answers: Iterable[str]) -> Q:
    return Q(person__languages__overlap=list(answers)) & shows("languages", search.viewer, path="person__")


_CONDITIONS = {
    "area": lambda search, answers: Q(area__in=search.words.areas_meant(answers)),
    "category": lambda search, answers: Q(category__slug__in=answers),
    "region": lambda search, answers: Q(region__slug__in=answers),
    "country": lambda search, answers: Q(country__in=answers),
    "year": _year,
    "tenure": _tenure,
    "language": _language,
}


# What is counted for each question: one row for each person and answer. ``table`` holds the awards.

Counted = tuple[str, list[Any]]


def _count_column(column: str) -> Any:
    def counted(search: Search, table: str) -> Counted:
        return f"SELECT DISTINCT person_id, {column} AS answer FROM {table}", []  # noqa: S608

    return counted


def _count_areas(search: Search, table: str) -> Counted:
    pairs = [
        (a.pk, m) for a in search.words.areas.values() for m in search.words.successors.get(a.pk, {a.pk})
    ]
    sql = (
        f"SELECT DISTINCT person_id, chosen AS answer FROM {table} "  # noqa: S608
        "JOIN unnest(%s::bigint[], %s::bigint[]) AS meant (chosen, member) ON member = area_id"
    )
    return sql, [[chosen for chosen, _member in pairs], [member for _chosen, member in pairs]]


def _count_years(search: Search, table: str) -> Counted:
    return f"SELECT DISTINCT person_id, generate_series(first_year, last) AS answer FROM {table}", []  # noqa: S608


def _count_tenures(search: Search, table: str) -> Counted:
    people = RawSQL(f"SELECT person_id FROM {table}", [])  # noqa: S608, S611
    held = on_roster(Award.objects.order_by()).filter(first_year__lte=search.year, person__in=people)
    sql, parameters = (
        held.values("person_id").annotate(answer=AwardYears(search.year)).query.sql_with_params()
    )
    return sql, list(parameters)


def _count_languages(search: Search, table: str) -> Counted:
    people = RawSQL(f"SELECT person_id FROM {table}", [])  # noqa: S608, S611
    spoken = Person.objects.order_by().filter(shows("languages", search.viewer), pk__in=people)
    sql, parameters = spoken.values("pk", answer=Unnest("languages")).query.sql_with_params()
    return sql, list(parameters)


_COUNTED = {
    "area": _count_areas,
    "category": _count_column("category_id"),
    "region": _count_column("region_id"),
    "country": _count_column("country"),
    "year": _count_years,
    "tenure": _count_tenures,
    "language": _count_languages,
}
