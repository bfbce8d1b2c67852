"""Everybody outside reads the public name of a stage, reviewers and staff its internal one."""

import pytest
from django.urls import reverse

from selection import actions
from selection.models import Stage
from tests.selection.conftest import WHY


@pytest.fixture
def named(house, cast, make_candidacy):
    """Every stage has two names; the screen has opened and runs with a case."""
    for stage in Stage.objects.all():
        stage.public_name, stage.internal_name = f"Outer {stage.number}", f"Inner {stage.number}"
        stage.save()
    house.screen.refresh_from_db()
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    house.screen.refresh_from_db()
    return make_candidacy(house.screen)


def names_in(page):
    content = page.content.decode().partition("<main")[2]
    return "Outer" in content, "Inner" in content


def test_outside_only_the_public_name_is_read(named, house, cast, sign_in):
    case = named.nomination
    pages = [
        sign_in(None).get(reverse("selection:protocol", args=[house.cycle.slug])),
        sign_in(cast.nominator).get(f"/nominations/{case.key}/"),
        sign_in(None).get("/"),
    ]
    assert [names_in(page) for page in pages] == [(True, False)] * 3


def test_inside_only_the_internal_name_is_read(named, house, cast, sign_in):
    office, lead = sign_in(cast.office_1), sign_in(cast.regional_lead)
    pages = [
        office.get(reverse("selection:cycle", args=[house.cycle.slug])),
        office.get(reverse("selection:release", args=[house.cycle.slug])),
        lead.get("/review/", follow=True),
        lead.get(f"/review/{named.key}/"),
        office.get(f"/review/{named.key}/"),
    ]
    assert [names_in(page)[0] for page in pages] == [False] * 5
    assert [names_in(pages[place])[1] for place in (0, 2, 3, 4)] == [True] * 4


def test_refusals_speak_of_the_internal_name(named, house, cast, sign_in):
    answer = sign_in(cast.office_1).post(
        reverse("selection:stage_open", args=[house.cycle.slug, 2]), {"reason": WHY}
    )
    assert "Inner 1 has to close first" in answer.content.decode()
