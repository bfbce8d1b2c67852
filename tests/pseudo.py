"""A language that nobody speaks and that runs from right to left: ``ar-xb``, for tests and ``make dev``.

Each text of the catalogues becomes itself with accents, a third longer, in brackets: what is readable without an
accent was never translated, what is cut off has no room for German, and what lies on the wrong side was not mirrored.
``make messages`` writes it to ``.pseudo/``, which is not committed.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.conf import settings
from django.test import override_settings

from tests.messages import DATE_FORMATS, PLURALS, ROOT, Text, found

CODE = "ar-xb"
PLACE = ROOT / ".pseudo"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀçđéƒğħíĵķłṁñóþʠřšŧúṽŵẋýžÁƁÇĐÉƑĞĦÍĴĶŁṀÑÓÞɊŘŠŦÚṼŴẊÝŽ"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_KEPT = re.compile(r"(%\([a-z_]+\)[sd0-9A-Zx]*[dsXx]?|%%|\{[a-z_]+\}|<[^>]+>|&[a-z]+;|https?://[^\s,]+)")


def pseudo(text: str) -> str:
    """``Sign in`` → ``[Šíğñ íñ~~]``; placeholders, tags and formats of dates stay."""
    if text in DATE_FORMATS or not text.strip():
        return text
    parts = _KEPT.split(text)
    changed = "".join(part if number % 2 else part.translate(_ACCENTS) for number, part in enumerate(parts))
    longer = "~" * (len(text) // 3)
    words = re.findall(".{1,8}", longer)  # no longer in one piece than words are
    return f"[{' '.join([changed + words[0], *words[1:]]) if words else changed}]"


def write(texts: Iterable[Text], folder: Path = PLACE) -> Path:
    """Compile the catalogue for ``LOCALE_PATHS``; return its folder."""
    file = polib.POFile()
    file.metadata = {
        "Language": "ar_XB",
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": PLURALS,
    }
    for text in texts:
        entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context or None)
        if text.plural:
            entry.msgid_plural = text.plural
            entry.msgstr_plural = {0: pseudo(text.msgid), 1: pseudo(text.plural)}
        else:
            entry.msgstr = pseudo(text.msgid)
        file.append(entry)
    path = folder / "ar_XB" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save_as_mofile(str(path))
    return folder


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """The site has the language for as long as the block runs."""
    write(found(), folder)
    with override_settings(
        LANGUAGES=[*settings.LANGUAGES, (CODE, "Pseudo")], LOCALE_PATHS=[*settings.LOCALE_PATHS, folder]
    ):
        yield
