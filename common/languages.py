"""The languages of the site, each by its own name."""

from django.conf import settings
from django.utils.translation import get_language_info, pgettext


def site_languages() -> list[tuple[str, str]]:
    """Code and name, as whoever speaks it calls it: ``("es", "Español")``."""
    named = [(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]
    return [(code, name[:1].upper() + name[1:]) for code, name in named]


def named(text: str) -> str:
    """The name of a row, such as a stage or a type of contribution, in the reader's language.

    Programs name their rows in their own words; those of ``seeds/`` are in the catalogues, under the context "row".
    """
    return pgettext("row", text) if text else ""
