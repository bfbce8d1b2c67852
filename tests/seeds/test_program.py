"""The seed files hold the program that the documents promise."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from charter.countries import alias_key
from charter.models import (
    Area,
    AreaName,
    AreaSuccession,
    Category,
    CountryAlias,
    Cycle,
    Region,
    RegionCountry,
)
from common.models import SiteFact
from contributions.models import ContributionType
from mvp_program.seeding.reading import read_list
from selection.models import Anchor, Criterion, Stage
from tests.seeds.conftest import load

SEEDS = settings.BASE_DIR / "seeds"


def test_regions_hold_every_country_and_64_in_use(program: None) -> None:
    assert Region.objects.count() == 9
    assert sum(len(row["countries"]) for row in read_list("regions")) == 64
    assert RegionCountry.objects.filter(ends=None).count() == 249


def test_a_country_that_moved_keeps_its_earlier_region(program: None) -> None:
    spans = RegionCountry.objects.filter(country="JP").order_by("starts")
    assert [(span.region.slug, span.starts.year) for span in spans] == [
        ("asia-pacific", 1993),
        ("japan", 1994),
    ]


def test_there_are_81_areas_in_11_categories(program: None) -> None:
    assert Category.objects.count() == 11
    assert Area.objects.filter(ends=None).count() == 81


def test_every_area_has_a_name_on_each_of_its_days(program: None) -> None:
    for area in Area.objects.prefetch_related("names"):
        names = sorted(area.names.all(), key=lambda name: name.starts)
        assert (names[0].starts, names[-1].ends, names[-1].name) == (area.starts, area.ends, area.name)


def test_an_area_that_was_renamed_is_found_under_its_old_name(program: None) -> None:
    assert AreaName.objects.get(name="Windows 95").area.name == "Windows XP"


def test_every_closed_area_says_what_became_of_it(program: None) -> None:
    for area in Area.objects.exclude(ends=None):
        assert AreaSuccession.objects.filter(area=area).exists(), area


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("England", "GB"), ("Scotland", "GB"), ("Northern Ireland", "GB"), ("Türkiye", "TR"), ("Perú", "PE"),
        ("USA", "US"), ("Russian Federation", "RU"), ("The Netherlands", "NL"), ("Czech Republic", "CZ"),
        ("Viet Nam", "VN"), ("South Korea", "KR"), ("Norge", "NO"), ("日本", "JP"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_other_names(program: None, text: str, code: str) -> None:
    assert CountryAlias.objects.get(alias=alias_key(text)).country == code


def test_there_are_24_contribution_types_and_some_need_a_link(program: None) -> None:
    assert ContributionType.objects.count() == 24
    assert set(ContributionType.objects.filter(link_required=True).values_list("code", flat=True)) == {
        "blog-post", "forum-answers-own", "forum-answers-third-party", "sample-code", "social-media", "video",
    }  # fmt: skip


def test_the_rubric_weighs_100_percent_and_has_every_anchor(program: None) -> None:
    assert sum(Criterion.objects.values_list("weight", flat=True)) == 100
    assert Anchor.objects.count() == 20


def test_without_a_demo_only_the_cycle_that_is_open_is_loaded(program: None) -> None:
    cycle = Cycle.objects.get()
    assert [stage.kind for stage in Stage.objects.filter(cycle=cycle)] == ["screen", "score", "council"]
    assert not Stage.objects.exclude(state="planned").exists()


def test_loading_twice_changes_nothing(program: None) -> None:
    assert load().nothing


def test_reading_every_file_again_changes_nothing(program: None) -> None:
    SiteFact.objects.filter(name="seed_files").update(value={})
    again = load()
    assert again.nothing
    assert again.same > 700


def test_what_the_office_changed_stays_as_long_as_the_file_does(program: None) -> None:
    Region.objects.filter(slug="japan").update(name="Japan and its islands")
    load()
    assert Region.objects.get(slug="japan").name == "Japan and its islands"


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.yaml")), ids=lambda path: path.name)
def test_no_seed_holds_an_address_or_link_that_could_be_real(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    hosts = re.findall(r"@([\w.-]+)", text) + re.findall(r"https?://([^/\s\"']+)", text)
    assert [host for host in hosts if not host.endswith((".example", ".test", ".invalid"))] == []
