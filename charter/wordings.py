"""What rows are called in other languages: the office writes it, ``seeds/`` begins it.

Read once for all pages and kept in the process for ``SECONDS``, so a page asks nothing for its names.
"""

import hashlib
from dataclasses import dataclass, field
from time import monotonic

from charter.models import Wording

SECONDS = 30


@dataclass(frozen=True)
class _Words:
    """Of one language. ``version`` is the same in every process that has read the same."""

    words: dict[str, str]
    version: str
    read_at: float = field(default_factory=monotonic)


_kept: dict[str, _Words] = {}


def wordings_in(language: str) -> dict[str, str]:
    """The words of this language by those of the rows (``common.registry.wordings``)."""
    return _words_in(language).words


def wordings_version(language: str) -> str:
    """Changes with every word of this language (``common.registry.wordings_versions``)."""
    return _words_in(language).version


def _words_in(language: str) -> _Words:
    kept = _kept.get(language)
    if kept is None or monotonic() - kept.read_at > SECONDS:
        words = dict(Wording.objects.filter(language=language).values_list("original", "words"))
        digest = hashlib.blake2b(repr(sorted(words.items())).encode(), digest_size=8)
        _kept[language] = kept = _Words(words, digest.hexdigest())
    return kept


def forget_wordings() -> None:
    """Read them anew at the next name; other processes follow within ``SECONDS``."""
    _kept.clear()
