"""One typed line as an activity: ``talk 8 Nov Name resolution, 64 attendees, https://ug.example/0811``.

Pure: words and types in, a proposal out. What is not understood stays in the title, so nothing typed is lost.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?!\w)\.?"
)
# The other languages of the site; a month has several names where people shorten it in several ways.
_MONTHS_ELSEWHERE = (
    "januar jänner|enero ene", "februar|febrero", "märz mär mrz|marzo", "april|abril abr", "mai|mayo", "juni|junio",
    "juli|julio", "august|agosto ago", "september|septiembre setiembre", "oktober okt|octubre", "november|noviembre",
    "dezember dez|diciembre dic",
)  # fmt: skip
_ELSEWHERE = {
    name: month for month, names in enumerate(_MONTHS_ELSEWHERE, start=1) for name in re.split(r"[ |]", names)
}
_LOCAL_MONTH = rf"(?:{'|'.join(sorted(_ELSEWHERE, key=len, reverse=True))})(?!\w)\.?"
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_END = r"(?!\w)"
_DATES = (
    re.compile(r"(?<![\w/.-])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})" + _END),
    re.compile(r"(?<![\w/.-])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}))?" + _END),
    re.compile(rf"(?<![\w/.-])(?P<d>\d{{1,2}})\.?\s+(?P<name>{_MONTH})(?:,?\s+(?P<y>\d{{4}})(?!\w))?", re.I),
    re.compile(
        rf"(?<![\w/.-])(?P<d>\d{{1,2}})\.?\s+(?:de\s+)?(?P<name>{_LOCAL_MONTH}|{_MONTH})"
        r"(?:\s+(?:de\s+)?(?P<y>\d{4})(?!\w))?",
        re.I,
    ),
    re.compile(rf"(?<![\w/.-])(?P<name>{_MONTH})\s+(?P<d>\d{{1,2}})(?:,?\s+(?P<y>\d{{4}}))?{_END}", re.I),
)
_SLASHES = re.compile(
    r"(?<![\w/.-])\d{1,2}/\d{1,2}/\d{2,4}(?![\w/])"
)  # the 4th of March, or the 3rd of April?
_DAY_WORDS = {"today": 0, "heute": 0, "hoy": 0, "yesterday": 1, "gestern": 1, "ayer": 1}
_HOURS = re.compile(r"(?<!\w)(\d{1,4})\s*(?:hours?|h|stunden?|std\.?|horas?)" + _END, re.IGNORECASE)
_EDGES = " ,;:|–—-"


@dataclass(frozen=True)
class Kind:
    """A type: its code, what it may be called, and the words of its numbers."""

    code: str
    names: tuple[str, ...]
    labels: tuple[tuple[str, str], ...] = ()  # ("reach", "views"), ("reach", "Aufrufe")


@dataclass
class Line:
    """What a line says; no ``starts`` where it names no day, an empty ``code`` where it names no type.

    ``guessed``: the type is a word of the title alone, so somebody has to look at it; ``no_day``: what looks like a day and
    is none, or may be two.
    """

    title: str = ""
    url: str = ""
    code: str = ""
    guessed: bool = False
    starts: dt.date | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    no_day: str = ""


def read_line(text: str, *, kinds: Sequence[Kind], today: dt.date) -> Line:
    """Take link, day, type and numbers out of a line; the rest is the title."""
    line = Line()
    text = _take_link(" ".join(text.split()), line)
    text = _take_day(text, line, today)
    text, kind = _take_kind(text, line, kinds)
    text = _take_numbers(text, line, kind)
    line.code = kind.code if kind else ""
    line.title = re.sub(r"\s*,(?:\s*[,;])+\s*|\s+,\s*", ", ", re.sub(r"\s{2,}", " ", text)).strip(_EDGES)
    return line


def _take_link(text: str, line: Line) -> str:
    found = _LINK.search(text)
    if not found:
        return text
    url = found[0].rstrip(".,;)>\"'")
    line.url = url if "://" in url else f"https://{url}"
    return _without(text, *found.span())


def _take_day(text: str, line: Line, today: dt.date) -> str:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            day = _day(found, today)
            if day is not None:
                line.starts = day
                return _without(text, *found.span())
    for word, days in _DAY_WORDS.items():
        apart = rf"^{word}(?!\w)|(?<!\w){word}$|(?<=[,;]\s){word}(?=\s*[,;])"
        if whole := re.search(apart, text.strip(), re.IGNORECASE):
            line.starts = today - dt.timedelta(days=days)
            return _without(text.strip(), *whole.span())
    like_days = (pattern.search(text) for pattern in (*_DATES, _SLASHES))
    line.no_day = next((found[0] for found in like_days if found), "")
    return text


def _day(found: re.Match[str], today: dt.date) -> dt.date | None:
    """The day that was named; without a year the last one that lies not in the future."""
    parts = found.groupdict()
    month = _month(parts["name"]) if parts.get("name") else int(parts["m"])
    years = [int(parts["y"])] if parts.get("y") else range(today.year, today.year - 9, -1)
    for year in years:
        try:
            day = dt.date(year, month, int(parts["d"]))
        except ValueError:
            continue
        if day <= today or parts.get("y"):
            return day
    return None


def _month(name: str) -> int:
    name = name.lower().removesuffix(".")
    return _ELSEWHERE.get(name) or MONTHS.index(name[:3]) + 1


def _take_kind(text: str, line: Line, kinds: Iterable[Kind]) -> tuple[str, Kind | None]:
    """The longest name of a type that stands apart at an end of the line goes; as a word of the title it stays."""
    names = sorted(((name, kind) for kind in kinds for name in kind.names), key=lambda pair: -len(pair[0]))
    bare = text.strip(_EDGES)
    for name, kind in names:
        if begins := re.match(rf"{re.escape(name)}\s*[,:;–—]|{re.escape(name)}\s+-\s", bare, re.IGNORECASE):
            return bare[begins.end() :], kind
        if ends := re.search(rf"[,;]\s*{re.escape(name)}$", bare, re.IGNORECASE):
            return bare[: ends.start()], kind
    for name, kind in names:
        if re.search(rf"(?<!\w){re.escape(name)}s?(?!\w)", bare, re.IGNORECASE):
            line.guessed = True
            return bare, kind
    return bare, None


def _without(text: str, start: int, end: int) -> str:
    """What is left stands apart, as if a comma had been typed."""
    return f"{text[:start]}, {text[end:]}"


def _take_numbers(text: str, line: Line, kind: Kind | None) -> str:
    for name, label in kind.labels if kind else ():
        if name in line.numbers:
            continue
        words = "|".join(re.escape(word) for word in {label, label.removesuffix("s")})
        number = r"(?<![\w.,-])(?:(\d{1,3}(?:[,.]\d{1,2})?)\s?k|(\d{1,3}(?:[,.]\d{3})+|\d+))"
        if found := re.search(rf"{number}\s+(?:{words})(?!\w)", text, re.IGNORECASE):
            line.numbers[name] = _thousands(found[1]) if found[1] else int(re.sub(r"\D", "", found[2]))
            text = _without(text, *found.span())
    if found := _HOURS.search(text):
        line.numbers["hours"] = int(found[1])
        text = _without(text, *found.span())
    return text


def _thousands(text: str) -> int:
    """The 1.2 of "1.2k views"."""
    whole, _point, part = text.replace(",", ".").partition(".")
    return int(whole) * 1000 + int(part.ljust(3, "0"))
