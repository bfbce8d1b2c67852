"""Who came: noted by those who run the summit, shown by whoever it is about."""

import datetime as dt

import pytest
from django.test import Client

from common import clock
from common.errors import RuleBroken
from events import actions
from events.models import Registration, Summit
from events.queries import attended_summits
from tests.cast import Cast
from tests.events.conftest import Register


@pytest.fixture
def came(summit: Summit, cast: Cast, register: Register) -> Registration:
    """The holder came to a summit that is over."""
    row = register(cast.holder)
    day = clock.today() - dt.timedelta(days=3)
    Summit.objects.update(starts=day, ends=day)
    actions.mark_attendance(summit, came=[row.key], shown=[row.key], by=cast.office_1.user)
    row.refresh_from_db()
    return row


def test_nobody_came_before_it_began(summit: Summit, cast: Cast, register: Register) -> None:
    row = register(cast.holder)
    with pytest.raises(RuleBroken, match="has not begun"):
        actions.mark_attendance(summit, came=[row.key], shown=[row.key], by=cast.office_1.user)


def test_that_one_came_is_the_offices_alone_until_one_says_otherwise(
    came: Registration, cast: Cast, sign_in
) -> None:
    assert attended_summits(cast.holder, viewer="everyone") == []
    assert "You were there" in sign_in(cast.holder).get("/summits/oulu/").text
    sign_in(cast.holder).post("/summits/oulu/attendance/", {"seen_by": "everyone"})
    assert attended_summits(cast.holder, viewer="everyone") == [came.summit]


def test_holders_alone_may_be_let_in(came: Registration, cast: Cast, sign_in) -> None:
    sign_in(cast.holder).post("/summits/oulu/attendance/", {"seen_by": "holders"})
    assert attended_summits(cast.holder, viewer="everyone") == []
    assert attended_summits(cast.holder, viewer="holders") == [came.summit]


def test_a_choice_that_there_is_not_is_refused(came: Registration, cast: Cast, sign_in) -> None:
    assert sign_in(cast.holder).post("/summits/oulu/attendance/", {"seen_by": "x"}).status_code == 422
    assert (
        sign_in(cast.outsider).post("/summits/oulu/attendance/", {"seen_by": "everyone"}).status_code == 404
    )


def test_a_profile_shows_it_to_whom_it_is_shown(
    came: Registration, cast: Cast, client: Client, sign_in
) -> None:
    page = f"/people/{cast.holder.slug}/"
    assert "Summits attended" not in client.get(page).text
    sign_in(cast.holder).post("/summits/oulu/attendance/", {"seen_by": "everyone"})
    assert "Oulu Summit" in client.get(page).text  # also where the page was kept for strangers
    sign_in(cast.holder).post("/summits/oulu/attendance/", {"seen_by": "office"})
    assert "Summits attended" not in client.get(page).text
    assert "Summits attended" in sign_in(cast.holder).get(page).text


def test_ones_own_start_page_says_where_one_stands(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    assert "<dd>registered</dd>" not in sign_in(cast.holder).get("/me/").text
    register(cast.holder)
    assert "<dd>registered</dd>" in sign_in(cast.holder).get("/me/").text
