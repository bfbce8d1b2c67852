"""What the published protocol froze cannot be changed in the admin either."""

import pytest
from django.test import Client

from charter.models import CyclePlaces
from selection import actions
from selection.models import Anchor, Stage
from tests.cast import Cast, House


@pytest.fixture
def office(cast: Cast, sign_in) -> Client:  # type: ignore[no-untyped-def]
    return sign_in(cast.office_1)


def rows(house: House) -> dict[str, str]:
    """Page of the admin → the field that a form offers there."""
    places = CyclePlaces.objects.get(category=house.servers)
    anchor = Anchor.objects.first()
    assert anchor is not None
    return {
        f"charter/cycle/{house.cycle.pk}": "second_look_days",
        f"charter/cycleplaces/{places.pk}": "places",
        f"selection/rubric/{house.rubric.pk}": "name",
        f"selection/criterion/{anchor.criterion_id}": "question",
        f"selection/anchor/{anchor.pk}": "sentence",
        f"selection/stage/{house.score.pk}": "public_name",
    }


def offered(office: Client, house: House) -> set[str]:
    pages = {
        name: office.get(f"/admin/{page}/change/").content.decode() for page, name in rows(house).items()
    }
    return {name for name, page in pages.items() if f'name="{name}"' in page}


def test_rules_can_be_edited_before_they_are_published_and_not_after(
    house: House, cast: Cast, office: Client
) -> None:
    assert offered(office, house) == set(rows(house).values())
    actions.open_stage(house.screen, by=cast.office_1.user, reason="For the test.")
    assert offered(office, house) == set()
    for page in rows(house):
        office.post(f"/admin/{page}/change/", {"sentence": "Other", "places": 99, "public_name": "Other"})
    assert not Anchor.objects.filter(sentence="Other").exists()
    assert not CyclePlaces.objects.filter(places=99).exists()
    assert not Stage.objects.filter(public_name="Other").exists()


def test_places_of_a_published_cycle_are_in_no_form(house: House, cast: Cast, office: Client) -> None:
    actions.open_stage(house.screen, by=cast.office_1.user, reason="For the test.")
    page = office.get(f"/admin/charter/cycle/{house.cycle.pk}/change/").content.decode()
    assert "places-0-places" not in page
    page = office.get("/admin/charter/cycleplaces/add/").content.decode()
    assert "Next cycle" not in page.partition('name="cycle"')[2].partition("</select>")[0]
