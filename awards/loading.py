"""The roster's columns and words, read from the database once and kept as long as nothing has changed.

Triggers note each statement that changes an award, a person or what the charter calls things, in
``awards_rosterchange``. How many rows that table has and which is the last is the version of what was read: a row that
was written earlier and committed later changes it too. A small roster is read again at once. A large one, which takes
seconds, is read beside the requests, at most every ``APART_SECONDS`` and more seldom where it takes long; until then pages
show the one before and say as of when, less than a minute late.
"""

import datetime as dt
import logging
import threading
import time
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np
from django.db import DatabaseError, connection, transaction
from django.utils.translation import get_language, override
from django_countries import countries

from awards import columns as cols
from awards import states
from awards.columns import Array, Columns
from awards.facets import Facets, Spoken, facets_of
from awards.wordlist import WordList, spread, word_list
from charter.models import Area, Category, CountryAlias, Program, Region
from charter.queries import areas_named, areas_with_successors, program
from common import clock, prepared
from people import names
from people.models import Visibility

SMALL_ROWS = 60_000  # read within a request
APART_SECONDS, LATE_SECONDS = 20, 60
LEVELS = {Visibility.EVERYONE: 0, Visibility.HOLDERS: 1, Visibility.OFFICE: 2}
_VERSION = "SELECT count(*), coalesce(max(id), 0) FROM awards_rosterchange"
_AWARDS = f"""
    COPY (
        SELECT a.person_id::bigint, a.area_id::bigint, a.category_id::bigint, coalesce(a.region_id, 0)::bigint,
            (CASE WHEN a.country ~ '^[A-Z][A-Z]$'
                THEN ascii(a.country) * 256 + ascii(substr(a.country, 2)) ELSE 0 END)::bigint,
            a.first_year::bigint, coalesce(a.last_year, {cols.OPEN_END})::bigint, l.number::bigint,
            a.good_standing::int::bigint
        FROM awards_award a
        JOIN people_person p ON p.id = a.person_id
        JOIN (SELECT area_name, row_number() OVER (ORDER BY area_name) - 1 AS number
            FROM (SELECT DISTINCT area_name FROM awards_award) AS named) AS l ON l.area_name = a.area_name
        WHERE a.state = '{states.GRANTED}' AND p.erased_at IS NULL AND NOT p.hidden
    ) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - constants
_LABELS = "SELECT DISTINCT area_name FROM awards_award ORDER BY area_name"
_LEVEL = (
    "CASE coalesce(visibility->>'{0}', 'everyone') WHEN 'everyone' THEN 0 WHEN 'holders' THEN 1 ELSE 2 END"
)
_PEOPLE = f"""
    COPY (
        SELECT id, deceased::int + 2 * ({_LEVEL.format("city")}) + 6 * ({_LEVEL.format("languages")}), city,
            array_to_string(languages, ' '), search_text
        FROM people_person
        WHERE erased_at IS NULL AND NOT hidden AND id IN (SELECT person_id FROM awards_award WHERE state = '{states.GRANTED}')
        ORDER BY sort_key, id
    ) TO STDOUT
"""  # noqa: S608 - constants
_AT_ONCE = 20_000  # rows; what was read of a million people is never in memory as text
_COLUMN_NAMES = ("person", "area", "category", "region", "country", "first", "last", "label", "standing")


@dataclass(frozen=True)
class Vocabulary:
    """The technologies, categories and regions that exist, by slug, and which areas followed which."""

    areas: dict[str, Area]
    categories: dict[str, Category]
    regions: dict[str, Region]
    successors: dict[int, set[int]]
    area_names: list[tuple[int, str]]  # every name that an area has or had, as a search compares it
    aliases: list[tuple[str, str]]  # other spellings of countries

    @property
    def country_names(self) -> list[tuple[str, str]]:
        """Every name of a country in the reader's language, and the other spellings that the site knows."""
        return [*_folded_countries(get_language() or "en"), *self.aliases]

    def areas_meant(self, slugs: Iterable[str]) -> set[int]:
        """The keys of areas and of all that followed them."""
        chosen = [self.areas[slug].pk for slug in slugs]
        return {member for pk in chosen for member in self.successors.get(pk, {pk})}

    @property
    def meant(self) -> dict[str, dict[str, set[int]]]:
        """Question → slug → the keys of the rows that are meant by it."""
        return {
            "area": {slug: self.areas_meant([slug]) for slug in self.areas},
            "category": {slug: {row.pk} for slug, row in self.categories.items()},
            "region": {slug: {row.pk} for slug, row in self.regions.items()},
        }

    @cached_property
    def slugs(self) -> dict[str, dict[int, str]]:
        """Question → key of a row → slug."""
        tables = (("area", self.areas), ("category", self.categories), ("region", self.regions))
        return {name: {row.pk: slug for slug, row in rows.items()} for name, rows in tables}


@dataclass(frozen=True, eq=False)
class Loaded:
    """All that a search needs, as of a moment. ``cities`` and ``ways`` have the level that is needed to see them."""

    version: tuple[int, int]
    at: dt.datetime
    program: Program
    words: Vocabulary
    columns: Columns
    facets: Facets
    names: WordList
    cities: WordList
    city_levels: Array  # by place
    speaks: Array  # place → place in ``ways``
    ways: list[Spoken]
    seconds: float  # that reading took
    remembered: dict[Any, Any] = field(default_factory=dict)  # what is asked for again and again
    counted: dict[Any, dict[str, dict[str, int]]] = field(default_factory=dict)  # by search, the oldest first
    counted_beside: dict[Any, Array] = field(default_factory=dict)  # of one question beside one other

    def seen_languages(self, viewer: Visibility) -> list[tuple[str, ...]]:
        """Of each of ``ways`` what a viewer sees: all its languages or none."""
        return [spoken if level <= LEVELS[viewer] else () for spoken, level in self.ways]


logger = logging.getLogger(__name__)
_lock, _one_reads = threading.Lock(), threading.Lock()
_kept: Loaded | None = None
_reading: threading.Thread | None = None


def loaded(version: tuple[int, int]) -> Loaded:
    """What is kept, if it is of the version there is now or was read a moment ago; else read anew."""
    kept = _kept
    if kept is not None and kept.version == version:
        return kept
    if kept is None or len(kept.columns.people) <= SMALL_ROWS:
        return _read_once(kept, version)
    if (clock.now() - kept.at).total_seconds() >= _apart(kept.seconds):
        _read_beside(version)
    return kept


def _apart(seconds: float) -> float:
    """Between the beginnings of two readings: a third of the time at most is spent on them, unless they come too late."""
    return max(APART_SECONDS, min(3 * seconds, LATE_SECONDS - 2 * seconds))


def _read_once(before: Loaded | None, version: tuple[int, int]) -> Loaded:
    """Read anew, one thread at a time: whoever waited takes what was read meanwhile, which is no older than the question."""
    global _kept
    with _one_reads:
        if _kept is None or _kept is before:
            _kept = read(version)
        return _kept


def read_ahead() -> None:
    """Begin to read in a thread, when a process starts: at a million people its first visitor would wait."""
    threading.Thread(target=_ahead, daemon=True).start()


def _ahead() -> None:
    try:
        loaded(roster_version())
    except DatabaseError:
        logger.warning("The roster could not be read ahead; the first visitor will wait for it.")
    finally:
        connection.close()


def forget() -> None:
    """Let go of what is kept."""
    global _kept
    _kept = None


def roster_version() -> tuple[int, int]:
    """Changes with everything that a page of the roster shows."""
    count, last = prepared.fetch(_VERSION, [])[0]
    return int(count), int(last)


def _read_beside(version: tuple[int, int]) -> None:
    """Start one thread that reads; requests go on with what is kept."""
    global _reading
    with _lock:
        if _reading is None or not _reading.is_alive():
            _reading = threading.Thread(target=_read_and_keep, args=[version], daemon=True)
            _reading.start()


def _read_and_keep(version: tuple[int, int]) -> None:
    global _kept
    try:
        _kept = read(version)
    finally:
        connection.close()


def read(version: tuple[int, int]) -> Loaded:
    """``version`` was asked for before: what changes in between is read again the next time."""
    if connection.in_atomic_block:
        return _read(version)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )  # people and awards of one moment
        return _read(version)


class _People:
    """Who is on the roster, by place, as numbers; ``search_texts`` reads them and gives the one thing that is none."""

    def __init__(self) -> None:
        self.ids, self.marks = array("q"), array("b")
        self.cities: dict[str, int] = {}
        self.languages: dict[str, int] = {}  # several together: few ways of that are met
        self._city, self._spoken = array("i"), array("i")

    def search_texts(self) -> Iterator[str]:
        cities, languages = self.cities, self.languages
        for lines in _text_lines(_PEOPLE):
            for line in lines:
                pk, marks, city, spoken, text = line.split("\t")
                self.ids.append(int(pk))
                self.marks.append(int(marks))
                self._city.append(cities.setdefault(city, len(cities)))
                self._spoken.append(languages.setdefault(spoken, len(languages)))
                yield text

    def city_words(self) -> WordList:
        return spread(word_list(map(names.fold, self.cities)), np.array(self._city, np.int32))

    def ways(self) -> tuple[Array, list[Spoken]]:
        """Place → place in the list of languages that are spoken together, each with each level that sees them."""
        together = [tuple(dict.fromkeys(spoken.split())) for spoken in self.languages]
        levels = np.array(self.marks, np.int32) // 6
        speaks = np.array(self._spoken, np.int32) * len(LEVELS) + levels
        return speaks, [(spoken, level) for spoken in together for level in range(len(LEVELS))]


def _read(version: tuple[int, int]) -> Loaded:
    at, began, now, people = clock.now(), time.monotonic(), program(), _People()
    of_names = word_list(people.search_texts())
    marks = np.array(people.marks, np.int8)
    speaks, ways = people.ways()
    columns = _columns(np.array(people.ids, np.int64), marks % 2 == 1, now.current_year)
    words = vocabulary()
    return Loaded(
        version=version,
        at=at,
        program=now,
        words=words,
        columns=columns,
        facets=facets_of(columns, meant=words.meant, speaks=speaks, ways=ways, levels=len(LEVELS)),
        names=of_names,
        cities=people.city_words(),
        city_levels=marks // 2 % 3,
        speaks=speaks,
        ways=ways,
        seconds=time.monotonic() - began,
    )


def _columns(ids: Array, deceased: Array, current: int) -> Columns:
    read = dict(zip(_COLUMN_NAMES, _numbers(_AWARDS, len(_COLUMN_NAMES)), strict=True))
    by_key = np.argsort(ids)
    people = by_key[np.searchsorted(ids, read["person"], sorter=by_key)].astype(np.int32)
    order = np.lexsort((read["area"], read["first"], people))
    people = people[order]
    small = {name: read[name][order].astype(np.int16) for name in ("first", "last")}
    large = {
        name: read[name][order].astype(np.int32)
        for name in ("area", "category", "region", "country", "label")
    }
    with connection.cursor() as cursor:
        cursor.execute(_LABELS)
        labels = [name for (name,) in cursor.fetchall()]
    stands = _standing(people, small, read["standing"][order], deceased, current)
    return Columns(people, **large, **small, labels=labels, ids=ids, stands=stands, current=current)


def _standing(people: Array, years: dict[str, Array], good: Array, deceased: Array, current: int) -> Array:
    """Holders have an award of the current year; alumni had one and left in good standing."""
    stands = np.full(len(deceased), cols.ALUMNI, np.int8)
    by_end = np.argsort(years["last"], kind="stable")
    stands[people[by_end]] = np.where(good[by_end] == 1, cols.ALUMNI, cols.OTHER)  # the last one counts
    stands[people[(years["first"] <= current) & (years["last"] >= current)]] = cols.HOLDER
    stands[deceased] = cols.MEMORIAL
    return stands


def vocabulary() -> Vocabulary:
    """Read in seven statements."""
    aliases = CountryAlias.objects.values_list("country", "alias")
    return Vocabulary(
        {area.slug: area for area in Area.objects.all()},
        {category.slug: category for category in Category.objects.all()},
        {region.slug: region for region in Region.objects.all()},
        areas_with_successors(),
        [(pk, names.fold(name)) for pk, name in areas_named()],
        [(str(code), names.fold(alias)) for code, alias in aliases],
    )


@lru_cache(maxsize=16)
def _folded_countries(language: str) -> list[tuple[str, str]]:
    with override(language):
        return [(code, names.fold(str(name))) for code, name in countries]


def _copied(statement: str) -> Iterator[list[bytes]]:
    """What COPY sends, some rows at a time."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        while part := [bytes(row) for row in islice(copy, _AT_ONCE)]:
            yield part


def _text_lines(statement: str) -> Iterator[list[str]]:
    for rows in _copied(statement):
        yield (
            b"".join(rows).decode().removesuffix("\n").split("\n")
        )  # other ends of lines may stand in a text


def _numbers(statement: str, columns: int) -> list[Array]:
    """The columns of a binary COPY of eight-byte numbers without nulls; none of them needs more than four, but the first.

    Format: PostgreSQL's manual, COPY, "Binary Format": a header of 11 bytes, flags and the length of an extension, then
    for each row the number of fields and for each field its length and value, all in network order; -1 ends.
    """
    row = np.dtype([("fields", ">i2"), *((f"{part}{n}", ">i4" if part == "size" else ">i8")
        for n in range(columns) for part in ("size", "value"))])  # fmt: skip
    found: list[list[Array]] = [[] for _ in range(columns)]
    rest, is_first = b"", True
    for parts in _copied(statement):
        data = rest + b"".join(parts)
        start = 19 + int.from_bytes(data[15:19], "big") if is_first else 0
        is_first = False
        count = (len(data) - start) // row.itemsize
        rows = np.frombuffer(data, row, count=count, offset=start)
        rest = data[start + count * row.itemsize :]
        for n, column in enumerate(found):
            column.append(rows[f"value{n}"].astype(np.int32 if n else np.int64))
    if len(rest) != 2:
        raise RuntimeError("the awards were not copied as numbers")
    return [np.concatenate(column) for column in found]
