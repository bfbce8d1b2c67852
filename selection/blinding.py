"""Names taken out of texts for stages that hide the nominee: on the server, so that no page holds them.

Words only: a link that a reviewer opens, or work that is known, still says whose it is.
"""

import re
from collections.abc import Callable, Iterable

SHORTEST_PART = 3  # shorter parts of a name are common words
FIRST_UNSPACED = 0x2E80  # from here on scripts are mostly written without spaces between words


def hider(words: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """``hider([("Vaira Paegle", "[name]")])`` returns a function that replaces the name and each part of it.

    Longer words go first, case does not matter, whole words only where the script has spaces.
    """
    marks: dict[str, str] = {}
    for word, mark in words:
        parts = [part for part in re.split(r"[\s()\"“”«»,]+", word) if _is_telling(part)]
        for text in (word.strip(), *parts):
            if text:
                marks.setdefault(text.casefold(), mark)
    if not marks:
        return lambda text: text
    pattern = re.compile("|".join(_pattern(text) for text in sorted(marks, key=len, reverse=True)), re.I)
    fallback = next(iter(marks.values()))
    return lambda text: pattern.sub(lambda found: marks.get(found[0].casefold(), fallback), text)


def _is_telling(part: str) -> bool:
    return len(part) >= SHORTEST_PART or (len(part) > 1 and ord(part[0]) >= FIRST_UNSPACED)


def _pattern(text: str) -> str:
    literal = re.escape(text)
    return literal if ord(text[0]) >= FIRST_UNSPACED else rf"(?<!\w){literal}(?!\w)"
