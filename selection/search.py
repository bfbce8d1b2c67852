"""What somebody types into the search of cases, taken apart. Pure: no Django, no database, no sentences.

A query is words, phrases in quotation marks and fields, all of which must hold::

    vitolbergs "windows server" reviews:>=2 spread:>2.5 status:open area:excel unreviewed:me

What makes no sense becomes a ``Problem``: a code that the page puts into words. Nothing here knows who asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 200  # signs of a query
MOST_PARTS = 12  # words, phrases and fields of a query

NUMBERS = {"reviews": Decimal(1000), "spread": Decimal(10)}  # field → the largest number that it takes
STATUSES = ("open", "closed", "forward", "stopped", "decided", "carried", "left")
FIELDS = ("reviews", "spread", "status", "area", "unreviewed")

_OPENING, _CLOSING = '"“”„«»', '"“”«»'
_PART = re.compile(
    rf"""(?P<field>[^\W\d_]\w*):(?P<compare>>=|<=|≥|≤|>|<|=)?\s?(?:[{_OPENING}](?P<quoted>[^{_CLOSING}]*)[{_CLOSING}]?|(?P<value>\S*))
    |[{_OPENING}](?P<phrase>[^{_CLOSING}]*)[{_CLOSING}]?
    |(?P<word>\S+)""",
    re.VERBOSE,
)
_COMPARISONS = {"": "=", "≥": ">=", "≤": "<="}
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Comparison:
    """``reviews`` or ``spread`` against a number; ``sign`` is =, <, <=, > or >=."""

    field: str
    sign: str
    number: Decimal


@dataclass(frozen=True)
class Problem:
    """Why a part of a query means nothing: ``unknown``, ``number``, ``range``, ``whole``, ``status``, ``area``,
    ``compared``, ``me``, ``signs``, ``many`` or ``long``. ``part`` is the field or the value that was typed."""

    code: str
    part: str = ""


@dataclass(frozen=True)
class Query:
    """What was asked. With problems it is not carried out."""

    text: str = ""
    words: tuple[str, ...] = ()  # a phrase is one word with spaces in it
    comparisons: tuple[Comparison, ...] = ()
    statuses: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    unreviewed: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was asked, and nothing wrong either."""
        asked = (self.words, self.comparisons, self.statuses, self.areas, self.problems)
        return not (self.unreviewed or any(asked))

    @property
    def asks_for_numbers(self) -> bool:
        """Whether cases whose numbers somebody may not see yet are left out."""
        return bool(self.comparisons)


def parse(text: str) -> Query:
    """Take a query apart. Anything may be typed; this never raises.

    >>> parse('ilmars reviews:>=2').comparisons
    (Comparison(field='reviews', sign='>=', number=Decimal('2')),)
    >>> parse("score:5").problems
    (Problem(code='unknown', part='score'),)
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return Query(text[:LONGEST], problems=(Problem("long"),))
    parts = list(_PART.finditer(text))
    if len(parts) > MOST_PARTS:
        return Query(text, problems=(Problem("many"),))
    found: list[object] = [one for part in parts for one in _meaning(part)]
    return Query(
        text=text,
        words=tuple(one for one in found if isinstance(one, str)),
        comparisons=tuple(one for one in found if isinstance(one, Comparison)),
        statuses=tuple(value for field, value in _terms(found) if field == "status"),
        areas=tuple(value for field, value in _terms(found) if field == "area"),
        unreviewed=any(field == "unreviewed" for field, _value in _terms(found)),
        problems=tuple(dict.fromkeys(one for one in found if isinstance(one, Problem))),
    )


def _terms(found: list[object]) -> Iterator[tuple[str, str]]:
    return (one for one in found if isinstance(one, tuple))


def _meaning(part: re.Match[str]) -> Iterator[object]:
    """A word, a comparison, a pair of field and value, or a problem; an empty phrase is nothing."""
    if part["field"] is None:
        word = part["word"] or (part["phrase"] or "").strip()
        if word:
            yield word if any(map(str.isalnum, word)) else Problem("signs", word)
        return
    field, value = part["field"].casefold(), (part["quoted"] or part["value"] or "").strip()
    if field not in FIELDS:
        yield Problem("unknown", part["field"])
    elif field in NUMBERS:
        yield _comparison(field, part["compare"] or "", value)
    elif part["compare"] and part["compare"] != "=":
        yield Problem("compared", field)
    elif field == "status":
        known = value.casefold()
        yield (field, known) if known in STATUSES else Problem("status", value)
    elif field == "area":
        yield (field, value) if value else Problem("area")
    else:
        yield (field, value) if value.casefold() == "me" else Problem("me")


def _comparison(field: str, sign: str, value: str) -> Comparison | Problem:
    if not _NUMBER.fullmatch(value):
        return Problem("number", field)
    number = Decimal(value.replace(",", "."))
    if number > NUMBERS[field]:
        return Problem("range", field)
    if field == "reviews" and number != int(number):
        return Problem("whole", field)
    return Comparison(field, _COMPARISONS.get(sign, sign), number)
