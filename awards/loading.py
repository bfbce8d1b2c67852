"""The roster's columns and words, read from the database once and kept as long as nothing has changed.

Triggers note each statement that changes an award, a person or what the charter calls things, in
``awards_rosterchange``. How many rows that table has and which is the last is the version of what was read: a row that
was written earlier and committed later changes it too. A small roster is read again at once. A large one, which takes
seconds, is read beside the requests, at most every ``APART_SECONDS``; until then pages show the one before and say as of
when.
"""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.translation import get_language, override
from django_countries import countries

from awards import columns as cols
from awards import states
from awards.columns import Array, Columns
from awards.wordlist import WordList, word_list
from charter.models import Area, Category, CountryAlias, Program, Region
from charter.queries import areas_named, areas_with_successors, program
from common import clock, prepared
from people import names
from people.models import Visibility

SMALL_ROWS = 60_000  # read within a request
APART_SECONDS = 20
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
_LEVEL = "CASE coalesce(visibility->>'{0}', 'everyone') WHEN 'everyone' THEN '0' WHEN 'holders' THEN '1' ELSE '2' END"
_PEOPLE = f"""
    COPY (
        SELECT id, deceased::int, {_LEVEL.format("city")}, {_LEVEL.format("languages")}, city,
            array_to_string(languages, ' '), search_text
        FROM people_person
        WHERE erased_at IS NULL AND NOT hidden AND id IN (SELECT person_id FROM awards_award WHERE state = '{states.GRANTED}')
        ORDER BY sort_key, id
    ) TO STDOUT
"""  # noqa: S608 - constants
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

    @cached_property
    def slugs(self) -> dict[str, dict[int, str]]:
        """Question → key of a row → slug."""
        tables = (("area", self.areas), ("category", self.categories), ("region", self.regions))
        return {name: {row.pk: slug for slug, row in rows.items()} for name, rows in tables}


@dataclass(frozen=True, eq=False)
class Loaded:
    """All that a search needs, as of a moment. ``cities`` and ``spoken`` have the level that is needed to see them."""

    version: tuple[int, int]
    at: dt.datetime
    program: Program
    words: Vocabulary
    columns: Columns
    names: WordList
    cities: WordList
    city_levels: Array  # by place
    spoken: tuple[Array, Array, Array]  # place, number of the language, level
    languages: list[str]
    remembered: dict[Any, Any] = field(default_factory=dict)  # what is asked for again and again
    counted: dict[Any, dict[str, dict[str, int]]] = field(default_factory=dict)  # by search, the oldest first


_lock = threading.Lock()
_kept: Loaded | None = None
_reading: threading.Thread | None = None


def loaded(version: tuple[int, int]) -> Loaded:
    """What is kept, if it is of the version there is now or was read a moment ago; else read anew."""
    global _kept
    kept = _kept
    if kept is not None and kept.version == version:
        return kept
    if kept is None or len(kept.columns.people) <= SMALL_ROWS:
        _kept = kept = read(version)
    elif (clock.now() - kept.at).total_seconds() >= APART_SECONDS:
        _read_beside(version)
    return kept


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


def _read(version: tuple[int, int]) -> Loaded:
    at, now = clock.now(), program()
    people = [line.split("\t") for line in _copied(_PEOPLE).decode().splitlines()]
    ids = np.fromiter((int(row[0]) for row in people), np.int64, len(people))
    levels = np.array([(int(row[2]), int(row[3])) for row in people], np.int8).reshape(-1, 2)
    languages: dict[str, int] = {}
    spoken = [
        (place, languages.setdefault(code, len(languages)))
        for place, row in enumerate(people)
        for code in dict.fromkeys(row[5].split())
    ]
    pairs = np.array(spoken, np.int32).reshape(-1, 2)
    folded = lru_cache(maxsize=None)(names.fold)
    deceased = np.array([row[1] == "1" for row in people], bool)
    return Loaded(
        version=version,
        at=at,
        program=now,
        words=vocabulary(),
        columns=_columns(ids, deceased, now.current_year),
        names=word_list(row[6] for row in people),
        cities=word_list(folded(row[4]) for row in people),
        city_levels=levels[:, 0],
        spoken=(pairs[:, 0], pairs[:, 1], levels[pairs[:, 0], 1]),
        languages=list(languages),
    )


def _columns(ids: Array, deceased: Array, current: int) -> Columns:
    read = dict(zip(_COLUMN_NAMES, _numbers(_copied(_AWARDS), len(_COLUMN_NAMES)), strict=True))
    by_key = np.argsort(ids)
    people = by_key[np.searchsorted(ids, read["person"], sorter=by_key)].astype(np.int32)
    order = np.lexsort((read["first"], read["area"], people))
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


def _copied(statement: str) -> bytes:
    """What COPY sends."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(bytes(part) for part in copy)


def _numbers(data: bytes, columns: int) -> Iterator[Array]:
    """The columns of a binary COPY of eight-byte numbers without nulls.

    Format: PostgreSQL's manual, COPY, "Binary Format": a header of 11 bytes, flags and the length of an extension, then
    for each row the number of fields and for each field its length and value, all in network order; -1 ends.
    """
    row = np.dtype([("fields", ">i2"), *((f"{part}{n}", ">i4" if part == "size" else ">i8")
        for n in range(columns) for part in ("size", "value"))])  # fmt: skip
    start = 19 + int.from_bytes(data[15:19], "big")
    count = (len(data) - start - 2) // row.itemsize
    rows = np.frombuffer(data, row, count=count, offset=start)
    if len(data) != start + count * row.itemsize + 2:
        raise RuntimeError("the awards were not copied as numbers")
    return (rows[f"value{n}"].astype(np.int64) for n in range(columns))
