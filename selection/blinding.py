"""Takes out of texts who somebody is, for stages that hide the nominee: on the server, so that no page holds it.

Pure: texts in, texts out. What is left in a text is a mark: ``[name]``, ``[address]``, ``[link]``, ``[handle]``,
``[employer]``, ``[place]``. Words are compared without case and accents, in any script; every link, mail address and
@handle goes, whosesoever it is. What somebody is known for still tells who it is: a person reads each copy.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from anyascii import anyascii

NAME, ADDRESS, LINK, HANDLE, EMPLOYER, PLACE = "name", "address", "link", "handle", "employer", "place"
KINDS = (NAME, ADDRESS, LINK, HANDLE, EMPLOYER, PLACE)
MARKS = re.compile(r"\[(" + "|".join(KINDS) + r")\]")

SHORTEST = {NAME: 3, EMPLOYER: 4, PLACE: 4}  # letters: shorter parts are common words
FIRST_UNSPACED = 0x0590  # from here on scripts join words, or hang prefixes and endings on them
SHORTEST_UNSPACED = 2
GLUED = 5  # letters from which a part is also found inside a longer word: an ending, a handle, a nationality

# Parts of the names of firms, towns and countries that say nothing by themselves.
COMMON = frozenset([
    "academy", "agency", "agricultural", "airlines", "association", "bank", "board", "books", "bureau", "business",
    "center", "central", "centre", "city", "clinic", "clinics", "college", "community", "company", "computing",
    "consulting", "corporation", "council", "data", "democratic", "department", "design", "development", "digital",
    "east", "eastern", "energy", "engineering", "federation", "foods", "foundation", "gmbh", "great", "group",
    "high", "holding", "hospital", "house", "industries", "information", "institute", "insurance", "international",
    "island", "islands", "kingdom", "labs", "libraries", "library", "limited", "lines", "logistics", "media",
    "mines", "ministry", "museum", "national", "network", "networks", "north", "northern", "office", "online",
    "page", "partners", "people", "peoples", "point", "port", "power", "press", "printing", "program", "public",
    "rail", "railway", "railways", "republic", "research", "saint", "school", "schools", "secondary", "service",
    "services", "society", "software", "solutions", "south", "southern", "state", "states", "store", "studio",
    "studios", "system", "systems", "team", "tech", "technologies", "technology", "textiles", "theatre", "trade",
    "trading", "transport", "union", "united", "university", "valley", "village", "water", "web", "west", "western",
    "with", "work", "works", "world",
])  # fmt: skip

_EMAIL = r"[\w.+%-]+(?:@[\w-]+(?:\.[\w-]+)+)+"
_LINK = r"(?:https?://|www\.)\S+|(?<![\w.@/])(?:[a-z0-9-]+\.)+[a-z]{2,24}/\S+"
_HANDLE = r"(?<![\w@])@\w[\w.-]*\w"


@dataclass(frozen=True)
class Subject:
    """Who is hidden: names as written and in Latin letters, addresses, links of their own, employers, places."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass
class Words:
    """What to look for, by kind: whole phrases and telling parts, folded."""

    phrases: dict[str, set[str]] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)


Hide = Callable[[str], str]


class Blinder:
    """Hides one subject; its pattern is compiled once and used for all texts of a case."""

    def __init__(self, subject: Subject) -> None:
        words = words_of(subject)
        groups = [f"(?P<{ADDRESS}>{_EMAIL})", f"(?P<{LINK}>{_LINK})", f"(?P<{HANDLE}>{_HANDLE})"]
        for kind in (NAME, EMPLOYER, PLACE):
            found = [_phrase(one) for one in _longest_first(words.phrases.get(kind, set()))]
            found += [_part(one) for one in _longest_first(words.parts.get(kind, set()))]
            if found:
                groups.append(f"(?P<{kind}>{'|'.join(found)})")
        self._pattern = re.compile("|".join(groups))

    def hide(self, text: str) -> str:
        """The text with a mark in place of each thing that tells; marks that stand side by side become one."""
        if not text:
            return text
        folded, places = fold(text)
        parts, end = [], 0
        for found in self._pattern.finditer(folded):
            first, last = places[found.start()], places[found.end() - 1] + 1
            while last < len(text) and unicodedata.combining(text[last]):
                last += 1
            parts += [text[end:first], f"[{found.lastgroup}]"]
            end = last
        return _SIDE_BY_SIDE.sub(r"\1", "".join([*parts, text[end:]])) if parts else text

    def leftovers(self, text: str) -> list[str]:
        """What in a text still tells, in its own letters, each once."""
        plain = MARKS.sub(lambda mark: " " * len(mark[0]), text)
        folded, places = fold(plain)
        found = (
            plain[places[one.start()] : places[one.end() - 1] + 1] for one in self._pattern.finditer(folded)
        )
        return list(dict.fromkeys(found))


_SIDE_BY_SIDE = re.compile(r"(\[(?:" + "|".join(KINDS) + r")\])(?:\s*\1)+")


def hider(words: Iterable[tuple[str, str]]) -> Hide:
    """``hider([("Vaira Paegle", "name")])``: a function that hides these words alone, each as its kind."""
    given = list(words)
    return Blinder(
        Subject(
            names=tuple(text for text, kind in given if kind == NAME),
            employers=tuple(text for text, kind in given if kind == EMPLOYER),
            places=tuple(text for text, kind in given if kind == PLACE),
        )
    ).hide


def words_of(subject: Subject) -> Words:
    """The phrases and parts that tell who a subject is."""
    words = Words()
    for kind, texts in ((NAME, subject.names), (EMPLOYER, subject.employers), (PLACE, subject.places)):
        for text in texts:
            for spelled in {text, anyascii(text)}:
                _add(words, kind, spelled)
    for email in subject.emails:
        _add_parts(words, email.partition("@")[0])
    for link in subject.links:
        _add_parts(words, link.rstrip("/").rpartition("/")[2].partition("?")[0].lstrip("@~"))
    return words


def _add(words: Words, kind: str, text: str) -> None:
    parts = [part for part in _split(fold(text)[0]) if part]
    if len(parts) > 1 or (parts and _is_telling(parts[0], kind)):
        words.phrases.setdefault(kind, set()).add(" ".join(parts))
    words.parts.setdefault(kind, set()).update(part for part in parts if _is_telling(part, kind))


def _add_parts(words: Words, text: str) -> None:
    """Parts of what stands before the @ of an address or at the end of a link: mostly a name."""
    parts = {part for part in re.split(r"[\W\d_]+", fold(text)[0]) if len(part) > SHORTEST[NAME]}
    words.parts.setdefault(NAME, set()).update(parts - COMMON - {"info", "mail", "contact", "index", "html"})


def _split(text: str) -> list[str]:
    return re.split(r"[\W_]+", text)


def _is_telling(part: str, kind: str) -> bool:
    if ord(part[0]) >= FIRST_UNSPACED:
        return len(part) >= SHORTEST_UNSPACED
    return len(part) >= SHORTEST[kind] and not (kind != NAME and part in COMMON)


def _longest_first(words: set[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _phrase(text: str) -> str:
    joined = r"[\s_.·-]+".join(re.escape(word) for word in text.split())
    return joined if ord(text[0]) >= FIRST_UNSPACED else rf"(?<![^\W_]){joined}(?![^\W_])"


def _part(text: str) -> str:
    literal = re.escape(text)
    if ord(text[0]) >= FIRST_UNSPACED:
        return literal
    if len(text) >= GLUED:
        return rf"[^\W_]*{literal}[^\W_]*"
    return rf"(?<![^\W_]){literal}(?![^\W_])"


def fold(text: str) -> tuple[str, range | list[int]]:
    """A text without case and accents, and for each of its letters the place in ``text`` that it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        folded = _letter(letter)
        letters.append(folded)
        places.extend([place] * len(folded))
    return "".join(letters), places


@lru_cache(maxsize=20_000)
def _letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    if (
        ord(letter) < 0x0250 or 0x1E00 <= ord(letter) < 0x1F00
    ):  # Latin letters: ł, ø, ß and ħ have no plain part
        plain = anyascii(letter).lower()
        return plain if plain.isalpha() else letter.casefold()
    parts = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
