"""The languages of the site, each by its own name."""

from django.conf import settings
from django.utils.translation import get_language_info


def site_languages() -> list[tuple[str, str]]:
    """Code and name, as whoever speaks it calls it: ``("es", "Español")``."""
    named = [(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]
    return [(code, name[:1].upper() + name[1:]) for code, name in named]
