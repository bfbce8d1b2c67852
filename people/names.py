"""Names of any script: how they are cleaned, sorted, searched and turned into addresses. Pure functions.

PostgreSQL runs without ICU here, so the sort key is plain letters a–z, digits and spaces, computed when a name
is written; ``search_text`` holds every form in which somebody may type the name.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from anyascii import anyascii

from common import avatar
from people.models import Person

NAME_FIELDS = ["name", "latin_name", "sort_key", "search_text"]  # for save(update_fields=…)

_SORT_LENGTH, _SEARCH_LENGTH, _SLUG_LENGTH = 200, 500, 70
_WORDS_OF_A_QUERY, _LENGTH_OF_A_WORD = 8, 60
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻ`´"))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_TWO_LETTERS = re.compile("([aou])e")  # how some write an umlaut: Oezcan is found as Özcan
_PARTICLES = {
    "al", "ben", "bin", "d", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el",
    "ibn", "la", "las", "le", "los", "san", "st", "ten", "ter", "van", "vander", "von", "zu",
}  # fmt: skip
_FAMILY_FIRST = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")
_BIDI_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
)
_NO_LETTERS = "~"  # sorts behind z


def clean(text: str) -> str:
    """A name as it is stored: composed, single spaces, no control characters or direction marks.

    Joiners stay: Persian and Indic names need them.
    """
    kept = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or (unicodedata.category(character) not in ("Cc", "Cs") and character not in _BIDI_MARKS)
    )
    return " ".join(kept.split())


def set_name(person: Person, name: str, latin_name: str = "") -> None:
    """Give a person a name with everything computed from it; the caller saves ``NAME_FIELDS``."""
    person.name, person.latin_name = clean(name), clean(latin_name)
    person.sort_key = sort_key(person.name, person.latin_name)
    person.search_text = search_text(person.name, person.latin_name)


def fold(text: str) -> str:
    """Lower-case words without accents in their own script: ``Łukasz O’Dea-Noël`` → ``lukasz odea noel``."""
    if text.isascii():
        return _ascii_words(text)
    letters = []
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_APOSTROPHES)
    for character in unicodedata.normalize("NFKD", plain):
        kind = unicodedata.combining(character)
        if kind == 1 or 10 <= kind <= 36 or kind >= 200:
            continue  # accents, Hebrew points, Arabic vowel signs; never the voicing marks of kana
        if not character.isascii() and unicodedata.name(character, "").startswith("LATIN"):
            letters.append(anyascii(character).lower())
        else:
            letters.append(character)
    return _words(unicodedata.normalize("NFC", "".join(letters)))


def romanise(text: str) -> str:
    """Lower-case words in letters a–z: ``李伟`` → ``li wei``, ``Мария`` → ``mariya``."""
    if text.isascii():
        return _ascii_words(text)
    spaced = "".join(
        f" {anyascii(character)} " if _is_family_first(character) else anyascii(character)
        for character in text.translate(_APOSTROPHES)
    )
    return _words(fold(spaced.lower()))


def sort_key(name: str, latin_name: str = "") -> str:
    """Family name first: ``Ágnes Kővári`` → ``kovari agnes``; at most 200 signs.

    The last word is taken as the family name, in East Asian scripts the first. A particle written small
    stands behind (``Willem van Oosterwal`` → ``oosterwal willem van``), one written large belongs to the
    family name (``Ann Van Dyke`` → ``van dyke ann``). Titles, generations and nicknames do not count.
    """
    written = latin_name or name
    words = [word for word in avatar.without_asides(written).replace(",", " ").split() if avatar.counts(word)]
    words = [word for word in words if romanise(word)] or [written]
    if any(map(_is_family_first, words[0])):
        ordered = words
    else:
        start = len(words) - 1
        while start > 1 and _is_particle(words[start - 1]) and words[start - 1][:1].isupper():
            start -= 1
        small = start
        while small > 1 and _is_particle(words[small - 1]) and words[small - 1].islower():
            small -= 1
        ordered = [*_main_part_first(words[start:]), *words[:small], *words[small:start]]
    key = " ".join(filter(None, map(romanise, ordered)))
    return (key or _NO_LETTERS)[:_SORT_LENGTH].rstrip()


def search_text(name: str, latin_name: str = "") -> str:
    """Every word under which a name is found, once each: own script, Latin letters, umlauts as ae and as a."""
    romanised = romanise(name)
    forms = [
        fold(name),
        romanised,
        fold(latin_name),
        fold(name.lower().translate(_UMLAUTS)),
        _TWO_LETTERS.sub(r"\1", romanised),
        romanised.replace(" ", "") if any(map(_is_family_first, name)) else "",
    ]
    text = " ".join(dict.fromkeys(word for form in forms for word in form.split()))
    if len(text) <= _SEARCH_LENGTH:
        return text
    return text[: _SEARCH_LENGTH + 1].rpartition(" ")[0] or text[:_SEARCH_LENGTH]


def is_latin(name: str) -> bool:
    """Each letter of it is one of the Latin script, with or without accents."""
    letters = filter(str.isalpha, unicodedata.normalize("NFC", name))
    return all(unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER LETTER")) for letter in letters)


def employer_key(name: str) -> str:
    """What rules compare employers by: ``Danube  Printing-Works`` and ``danube printing works`` are one."""
    return romanise(name)[:160]


def query_words(query: str) -> list[str]:
    """The words of a search as ``search_text`` has them: at most 8, each at most 60 signs, once each."""
    words = dict.fromkeys(word[:_LENGTH_OF_A_WORD] for word in fold(query[:1000]).split())
    return list(words)[:_WORDS_OF_A_QUERY]


def slug_base(name: str, latin_name: str = "") -> str:
    """The address that a name asks for, before collisions: ``Ágnes Kővári`` → ``agnes-kovari``."""
    words = romanise(avatar.without_asides(latin_name or name)) or romanise(name)
    return words.replace(" ", "-")[:_SLUG_LENGTH].strip("-") or "person"


def free_slug(base: str, is_taken: Callable[[str], bool], *, start: int = 2) -> str:
    """``base``, or the first of ``base-2``, ``base-3``… that is free; ``start`` skips numbers known as taken."""
    if not is_taken(base):
        return base
    number = start
    while is_taken(f"{base}-{number}"):
        number += 1
    return f"{base}-{number}"


def _ascii_words(text: str) -> str:
    """What most names come down to, without a look at each letter."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().translate(_APOSTROPHES)))


def _words(text: str) -> str:
    """Letters, marks and digits, split by single spaces."""
    return " ".join(
        "".join(
            c if unicodedata.category(c)[0] in "LMN" or c in "\u200c\u200d" else " " for c in text
        ).split()
    )


def _is_family_first(character: str) -> bool:
    return ord(character) > 0x2E7F and unicodedata.name(character, "").startswith(_FAMILY_FIRST)


def _is_particle(word: str) -> bool:
    return fold(word) in _PARTICLES


def _main_part_first(family: list[str]) -> list[str]:
    """``al-Masri`` sorts under M."""
    matched = re.fullmatch(r"(a[lnrs]|el|d)([-’'])(\w.*)", family[-1])
    return [*family[:-1], matched[3], matched[1]] if matched else family


def name_remover(person: Person, emails: Iterable[str]) -> Callable[[str], str]:
    """A function that takes somebody's name, each longer part of it and their addresses out of a text.

    Whole words, whatever their case: for texts that stay when their author is erased.
    """
    names = [person.name, person.latin_name, person.short_name]
    parts = [part for name in names for part in re.split(r"[\s()\"“”«»,]+", name) if len(part) > 2]
    words = sorted(
        {word.strip() for word in (*emails, *names, *parts) if word.strip()}, key=len, reverse=True
    )
    if not words:
        return lambda text: text
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    return lambda text: pattern.sub("…", text)
