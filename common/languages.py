"""The languages of the site, each by its own name."""

from django.conf import settings
from django.utils.translation import get_language, get_language_info, pgettext

from common import registry


def site_languages() -> list[tuple[str, str]]:
    """Code and name, as whoever speaks it calls it: ``("es", "Español")``."""
    named = [(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]
    return [(code, name[:1].upper() + name[1:]) for code, name in named]


def named(text: str) -> str:
    """The name of a row, such as a stage or a type of contribution, in the reader's language.

    Programs name their rows in their own words. What the office translated comes first; the rest of the words of
    ``seeds/`` are in the catalogues, under the context "row".
    """
    if not text:
        return ""
    language = get_language() or settings.LANGUAGE_CODE
    for wordings_in in registry.wordings if language != settings.LANGUAGE_CODE else ():
        if words := wordings_in(language).get(text):
            return words
    return pgettext("row", text)
