"""Initials and ground of an avatar. Decorative: the name always stands beside it."""

import unicodedata
import zlib

GROUNDS = 6
_GENERATIONS = {"II", "III", "IV", "JR", "SR"}
_CLOSING = {"(": ")", "[": "]", '"': '"', "“": "”", "„": "“", "«": "»", "‘": "’"}
_OPENING = set(_CLOSING)
_ZERO_WIDTH_NON_JOINER = "\u200c"


def initials(name: str) -> str:
    """At most two letters of a name in any script: of its first and its last word.

    Nicknames in brackets or quotes, titles that end with a full stop ("Dr."), generation marks ("III") and
    invisible characters do not count. A letter keeps its combining marks. Letters of a cursive script stand
    side by side without joining.
    """
    words = [word for word in without_asides(name).split() if counts(word)]
    letters = [letter for word in words if (letter := _first_letter(word))]
    if not letters:
        return ""
    if len(letters) == 1:
        return letters[0]
    joined = _ZERO_WIDTH_NON_JOINER if unicodedata.bidirectional(letters[0][0]) == "AL" else ""
    return letters[0] + joined + letters[-1]


def ground(key: str) -> int:
    """A number from 1 to 6 that stays the same for the same key, on every machine and in every version."""
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) % GROUNDS + 1


def without_asides(name: str) -> str:
    """A name without what stands in brackets or quotes."""
    if _OPENING.isdisjoint(name):
        return name
    kept: list[str] = []
    waiting_for = ""
    for position, character in enumerate(name):
        if waiting_for:
            waiting_for = "" if character == waiting_for else waiting_for
        elif character in _CLOSING and _CLOSING[character] in name[position + 1 :]:
            waiting_for = _CLOSING[character]
        else:
            kept.append(character)
    return "".join(kept)


def counts(word: str) -> bool:
    """Part of the name itself: neither a title ("Dr.") nor a generation ("III")."""
    bare = word.strip(".,").upper()
    is_title = word.endswith(".") and 2 <= len(bare) <= 4
    return bare not in _GENERATIONS and not is_title


def _first_letter(word: str) -> str:
    for position, character in enumerate(word):
        if not character.isalpha():
            continue
        marks = ""
        for following in word[position + 1 :]:
            if not unicodedata.category(following).startswith("M"):
                break
            marks += following
        return unicodedata.normalize("NFC", character.title()[:1] + marks)
    return ""
