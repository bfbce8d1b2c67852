"""5th, in the language of the page."""

from functools import lru_cache

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.translation import get_language


def nth(number: int) -> str:
    """humanize asks for ten translations each time; lists ask for many."""
    return _nth(number, get_language())


@lru_cache(maxsize=512)
def _nth(number: int, language: str | None) -> str:
    return str(ordinal(number))
