"""Which country a roster means."""

import pytest

from charter.countries import alias_key, known_countries
from charter.models import CountryAlias

SPELLINGS = {
    "UK": "GB",
    "u.k.": "GB",
    "England": "GB",
    "Scotland": "GB",
    "Türkiye": "TR",
    "Turkey": "TR",
    "Perú": "PE",
    "USA": "US",
    "Russian Federation": "RU",
    "The Netherlands": "NL",
    "Bahamas": "BS",
    "Côte d’Ivoire": "CI",
    "日本": "JP",
    "NO": "NO",
    "deu": "DE",
    "  hong   KONG ": "HK",
}


@pytest.mark.django_db
def test_before_the_first_seeding_the_aliases_come_from_the_seed() -> None:
    known = known_countries()
    assert {text: known.get(alias_key(text)) for text in SPELLINGS} == SPELLINGS


@pytest.mark.django_db
def test_rows_of_the_site_take_the_place_of_the_seed() -> None:
    CountryAlias.objects.create(alias="borduria", country="BA")
    known = known_countries()
    assert known[alias_key("Borduria")] == "BA"
    assert alias_key("England") not in known


@pytest.mark.django_db
def test_a_country_that_is_gone_or_misspelt_is_nobodys() -> None:
    assert not {alias_key("USSR"), alias_key("Germny"), ""} & known_countries().keys()
