"""The languages of the site, each by its own name, and those that people speak."""

from functools import lru_cache

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info, override, pgettext
from django.utils.translation import gettext_lazy as _

from common import registry

# Spoken by many, and not among the languages that Django knows.
_MORE = {
    "am": _("Amharic"),
    "ha": _("Hausa"),
    "lo": _("Lao"),
    "mi": _("Māori"),
    "mt": _("Maltese"),
    "ps": _("Pashto"),
    "rw": _("Kinyarwanda"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "tl": _("Tagalog"),
    "xh": _("Xhosa"),
    "yo": _("Yoruba"),
    "zh": _("Chinese"),
    "zu": _("Zulu"),
}


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


def names_version(language: str) -> tuple[str, ...]:
    """Changes with what ``named`` answers in a language; nothing for the language in which rows are written."""
    if language == settings.LANGUAGE_CODE:
        return ()
    return tuple(version(language) for version in registry.wordings_versions)


@lru_cache(maxsize=16)
def language_names(language: str) -> dict[str, str]:
    """Code → name in a language. Reading them is slow; they never change while the site runs."""
    with override(language):
        known = [code for code, info in LANG_INFO.items() if "name" in info]
        names = {code: str(get_language_info(code)["name_translated"]) for code in known}
        return {code: str(name) for code, name in _MORE.items()} | names
