"""What rows are called in other languages: the office writes it, ``seeds/`` begins it.

Read once for all pages and kept in the process for ``SECONDS``, so a page asks nothing for its names.
"""

from time import monotonic

from charter.models import Wording

SECONDS = 30
_kept: dict[str, tuple[float, dict[str, str]]] = {}


def wordings_in(language: str) -> dict[str, str]:
    """The words of this language by those of the rows (``common.registry.wordings``)."""
    read_at, words = _kept.get(language, (0.0, None))
    if words is None or monotonic() - read_at > SECONDS:
        words = dict(Wording.objects.filter(language=language).values_list("original", "words"))
        _kept[language] = monotonic(), words
    return words


def forget_wordings() -> None:
    """Read them anew at the next name; other processes follow within ``SECONDS``."""
    _kept.clear()
