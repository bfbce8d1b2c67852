"""Which country is meant? Rosters and forms write it as people say it: ``UK``, ``Perú``, ``The Netherlands``."""

import unicodedata
from pathlib import Path

import yaml
from django.conf import settings
from django_countries import countries
from django_countries.data import COUNTRIES

from charter.models import CountryAlias

SEEDED = "seeds/countries.yaml"


def alias_key(text: str) -> str:
    """A spelling as it is compared: lower-cased, without accents, full stops and "The".

    >>> alias_key("The  Côte d’Ivoire")
    "cote d'ivoire"
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign != ".")
    words = unicodedata.normalize("NFC", kept.removesuffix(" (the)")).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def known_countries() -> dict[str, str]:
    """Spelling (see ``alias_key``) → ISO code: names, codes of two and three letters, and the site's aliases.

    Aliases are rows; before the first seeding they are read from the seed itself.
    """
    known: dict[str, str] = {}
    for code, name in COUNTRIES.items():
        known[alias_key(str(name))] = code
    for code, name in countries:
        known.update({alias_key(name): code, code.lower(): code, countries.alpha3(code).lower(): code})
    rows = list(CountryAlias.objects.values_list("alias", "country"))
    known.update((alias_key(alias), code) for alias, code in rows or _seeded())
    known.pop("", None)
    return known


def _seeded() -> list[tuple[str, str]]:
    content = yaml.safe_load((Path(settings.BASE_DIR) / SEEDED).read_text(encoding="utf-8"))
    return [(str(alias), code) for code, aliases in content.items() for alias in aliases]
