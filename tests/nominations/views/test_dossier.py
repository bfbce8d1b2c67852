"""The nominee's dossier: their own contributions of twelve months, at most so many, frozen on completion."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.models import HistoryRow
from contributions.actions import change_contribution, delete_contribution
from contributions.models import Contribution
from nominations import actions, states
from nominations.models import Nomination
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory, ContributionTypeFactory
from tests.nominations.conftest import put_in_state

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def nominee(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.nominee)


def pick(client: Client, case: Nomination, *rows: Contribution, marked: int = 0) -> Any:
    keys = [row.key for row in rows]
    return client.post(f"/nominations/{case.key}/dossier/pick/", {"pick": keys, "high_impact": keys[:marked]})


def test_the_page_is_the_nominees_alone(accepted: Nomination, cast: Cast, sign_in: SignIn) -> None:
    path = f"/nominations/{accepted.key}/dossier/"
    statuses = {
        name: sign_in(getattr(cast, name)).get(path).status_code
        for name in ("nominee", "nominator", "office_1", "outsider", "reviewer_1")
    }
    assert statuses == {
        "nominee": 200,
        "nominator": 403,
        "office_1": 403,
        "outsider": 404,
        "reviewer_1": 404,
    }


def test_it_lists_the_twelve_months_and_nothing_else(
    accepted: Nomination, cast: Cast, nominee: Client
) -> None:
    ContributionFactory(person=cast.nominee, title="Inside")
    ContributionFactory(person=cast.nominee, title="Too old", starts=clock.today() - dt.timedelta(days=500))
    ContributionFactory(person=cast.outsider, title="Not mine")
    page = nominee.get(f"/nominations/{accepted.key}/dossier/").content.decode()
    assert "Inside" in page
    assert "Too old" not in page
    assert "Not mine" not in page


def test_somebody_elses_contribution_cannot_be_picked(
    accepted: Nomination, cast: Cast, nominee: Client
) -> None:
    assert pick(nominee, accepted, ContributionFactory(person=cast.outsider)).status_code == 302
    assert not accepted.dossier_items.exists()


def test_at_most_so_many_are_picked_and_marked_and_the_ticks_stay(
    accepted: Nomination, cast: Cast, nominee: Client, house: House
) -> None:
    house.cycle.contributions_at_most, house.cycle.high_impact_at_most = 2, 1
    house.cycle.save()
    rows = [ContributionFactory(person=cast.nominee) for _ in range(3)]
    answer = pick(nominee, accepted, *rows)
    assert answer.status_code == 422
    assert "Pick at most 2 contributions" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 3
    assert "Mark at most 1" in pick(nominee, accepted, *rows[:2], marked=2).content.decode()
    assert pick(nominee, accepted, *rows[:2], marked=1).status_code == 302
    assert accepted.dossier_items.filter(high_impact=True).count() == 1


def test_ticks_save_themselves_and_leave_what_came_from_elsewhere(
    accepted: Nomination, cast: Cast, nominee: Client, house: House
) -> None:
    house.cycle.contributions_at_most = 2
    house.cycle.save()
    one, two, three = (ContributionFactory(person=cast.nominee).key for _ in range(3))
    path, sent = f"/nominations/{accepted.key}/dossier/pick/", {"autosave": "1", "shown": [one, two]}
    actions.pick_contributions(accepted, keys=[one, three], high_impact=[three], by=cast.nominee.user)
    assert nominee.post(path, {**sent, "pick": [two]}).json() == {}
    items = accepted.dossier_items.order_by("position").values_list("contribution__key", "high_impact")
    assert list(items) == [(two, False), (three, True)]
    answer = nominee.post(path, {**sent, "pick": [one, two]})
    assert (answer.status_code, answer.json()) == (422, {"sentence": "Pick at most 2 contributions."})


def test_an_entry_that_moved_out_of_the_months_is_shown_saved_with_the_others_and_can_be_taken_out(
    accepted: Nomination, cast: Cast, nominee: Client
) -> None:
    moved, other = (ContributionFactory(person=cast.nominee, title=title) for title in ("Moved", "Other"))
    pick(nominee, accepted, moved)
    change_contribution(moved, starts=clock.today() - dt.timedelta(days=500), by=cast.nominee.user)
    page = nominee.get(f"/nominations/{accepted.key}/dossier/").text
    assert f'name="pick" value="{moved.key}" checked' in page
    assert "Take out what lies outside" in page
    path, sent = (
        f"/nominations/{accepted.key}/dossier/pick/",
        {"autosave": "1", "shown": [moved.key, other.key]},
    )
    assert nominee.post(path, {**sent, "pick": [moved.key, other.key]}).status_code == 200
    assert "Take out what lies outside" in nominee.post(f"/nominations/{accepted.key}/complete/").text
    assert nominee.post(path, {**sent, "pick": [other.key]}).status_code == 200
    assert nominee.post(f"/nominations/{accepted.key}/complete/").status_code == 302


def test_only_a_tick_that_changes_something_is_noted(
    accepted: Nomination, cast: Cast, nominee: Client
) -> None:
    one, two = (ContributionFactory(person=cast.nominee) for _ in range(2))
    noted = HistoryRow.objects.filter(key=accepted.key, verb="pick_contributions")
    for rows, marked, number in (
        ([one, two], 0, 1),
        ([one, two], 0, 1),
        ([two, one], 0, 2),
        ([two, one], 1, 3),
    ):
        pick(nominee, accepted, *rows, marked=marked)
        assert noted.count() == number


def test_what_is_ticked_and_not_saved_is_completed_too(
    accepted: Nomination, cast: Cast, nominee: Client
) -> None:
    row, path = ContributionFactory(person=cast.nominee), f"/nominations/{accepted.key}/complete/"
    assert f'form="pick" formaction="{path}"' in nominee.get(f"/nominations/{accepted.key}/dossier/").text
    for _ in range(2):
        assert nominee.post(path, {"shown": [row.key], "pick": [row.key]}).status_code == 302
    assert accepted.dossier_items.get().contribution == row


def test_one_outside_the_months_is_refused(accepted: Nomination, cast: Cast, nominee: Client) -> None:
    old = ContributionFactory(person=cast.nominee, starts=clock.today() - dt.timedelta(days=500))
    answer = pick(nominee, accepted, old)
    assert answer.status_code == 422
    assert "lies outside the twelve months" in answer.content.decode()


def test_adding_on_the_spot_asks_with_the_labels_of_the_type(accepted: Nomination, nominee: Client) -> None:
    ContributionTypeFactory(
        code="talk", name="Talk", quantity_label="talks", reach_label="attendees", link_required=True
    )
    page = nominee.get(f"/nominations/{accepted.key}/dossier/?type=talk").content.decode()
    assert "Talks" in page
    assert "Attendees" in page
    sent = {
        "type": "talk",
        "title": "Two gateways",
        "starts": clock.today().isoformat(),
        "visibility": "everyone",
    }
    answer = nominee.post(f"/nominations/{accepted.key}/dossier/add/", sent)
    assert answer.status_code == 422
    assert 'value="Two gateways"' in answer.content.decode()
    sent |= {"url": "https://talks.example/1", "reach": "64"}
    for _ in range(2):
        assert nominee.post(f"/nominations/{accepted.key}/dossier/add/", sent).status_code == 302
    assert accepted.dossier_items.get().reach == 64
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_another_type_changes_the_fields_there_too(htmx: bool, accepted: Nomination, nominee: Client) -> None:
    ContributionTypeFactory(code="talk", name="Talk", quantity_label="talks", reach_label="attendees")
    headers = {"HX-Request": "true"} if htmx else {}
    sent = {"go": "type", "type": "talk", "title": "Two gateways", "starts": "soon"}
    page = nominee.post(f"/nominations/{accepted.key}/dossier/add/", sent, headers=headers).content.decode()
    assert "Attendees" in page
    assert 'value="Two gateways"' in page
    assert f'hx-post="/nominations/{accepted.key}/dossier/add/"' in page
    assert ("<html" in page) is not htmx
    assert not Contribution.objects.exists()


def test_a_line_and_enter_is_in_log_and_dossier(accepted: Nomination, nominee: Client) -> None:
    ContributionTypeFactory(code="talk", name="Talk", quantity_label="talks", reach_label="attendees")
    line = "talk, today, Two gateways, 64 attendees, https://talks.example/1"
    assert nominee.post(f"/nominations/{accepted.key}/dossier/add/", {"line": line}).status_code == 302
    item = accepted.dossier_items.get()
    assert (item.title, item.reach) == ("Two gateways", 64)
    page = nominee.get(f"/nominations/{accepted.key}/dossier/", {"copy": "last"}).content.decode()
    assert page.count('value="Two gateways"') == 1


def test_what_the_dossier_does_not_take_stays_in_the_log(accepted: Nomination, nominee: Client) -> None:
    ContributionTypeFactory(code="talk", name="Talk", reach_label="attendees")
    line = "talk, 1 March 1999, Two gateways, https://talks.example/1"
    answer = nominee.post(f"/nominations/{accepted.key}/dossier/add/", {"line": line}, follow=True)
    assert answer.redirect_chain[0][0].endswith("/dossier/#id_line")
    assert "not in the dossier: It lies outside the twelve months" in answer.text
    assert answer.text.count('id="said-at-line"') == answer.text.count("not in the dossier") == 1
    assert Contribution.objects.count() == 1
    assert not accepted.dossier_items.exists()


def test_what_comes_after_the_dossier_was_completed_elsewhere_is_said_to_be_in_the_log_alone(
    accepted: Nomination, nominee: Client
) -> None:
    ContributionTypeFactory(code="talk", name="Talk", reach_label="attendees")
    put_in_state(accepted, states.COMPLETE)
    line = "talk, today, Two gateways, 64 attendees, https://talks.example/1"
    answer = nominee.post(f"/nominations/{accepted.key}/dossier/add/", {"line": line}, follow=True)
    assert "id_line" not in answer.text
    assert answer.text.count("Saved in your log, but not in the dossier") == 1
    assert Contribution.objects.count() == 1


def test_what_became_of_two_entries_is_said_in_one_place(accepted: Nomination, nominee: Client) -> None:
    ContributionTypeFactory(code="talk", name="Talk", reach_label="attendees")
    for title in ("Two gateways", "Three gateways"):
        nominee.post(
            f"/nominations/{accepted.key}/dossier/add/",
            {"line": f"talk, today, {title}, 6 attendees, https://talks.example/1"},
        )
    page = nominee.get(f"/nominations/{accepted.key}/dossier/").text
    assert (page.count('id="said-at-line"'), page.count("Added to your log")) == (1, 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 10_000),
        ("title", "a\x00b"),
        ("url", "javascript:alert(1)"),
        ("starts", "2099-01-01"),
        ("starts", "yesterday"),
        ("ends", "1999-01-01"),
        ("reach", "-1"),
        ("reach", "9" * 40),
        ("type", "nonsense"),
        ("type", "a\x00"),
        ("visibility", "nobody"),
        ("area", "99999999"),
        ("area", "x"),
    ],
)
def test_bad_input_is_told_and_kept(
    field: str, value: str, accepted: Nomination, nominee: Client, house: House
) -> None:
    sent = {
        "type": "article",
        "title": "Two gateways",
        "starts": clock.today().isoformat(),
        "visibility": "everyone",
        field: value,
    }
    answer = nominee.post(f"/nominations/{accepted.key}/dossier/add/", sent)
    assert answer.status_code == 422
    assert "to put right" in answer.content.decode()
    assert not Contribution.objects.exists()


def test_an_empty_dossier_is_not_completed(accepted: Nomination, nominee: Client) -> None:
    answer = nominee.post(f"/nominations/{accepted.key}/complete/")
    assert answer.status_code == 422
    assert "Pick at least one contribution" in answer.content.decode()


def test_completing_freezes_what_the_log_says_now(accepted: Nomination, cast: Cast, nominee: Client) -> None:
    row = ContributionFactory(person=cast.nominee, title="First title")
    pick(nominee, accepted, row)
    change_contribution(row, title="Second title", by=cast.nominee.user)
    for _ in range(2):
        assert nominee.post(f"/nominations/{accepted.key}/complete/").status_code == 302
    change_contribution(row, title="Third title", by=cast.nominee.user)
    delete_contribution(row, by=cast.nominee.user)
    item = accepted.dossier_items.get()
    assert (item.title, item.contribution) == ("Second title", None)
    page = nominee.get(f"/nominations/{accepted.key}/dossier/").content.decode()
    assert "Second title" in page
    assert "Save what I ticked" not in page


def test_a_complete_dossier_takes_no_change(complete: Nomination, cast: Cast, nominee: Client) -> None:
    answer = pick(nominee, complete, ContributionFactory(person=cast.nominee))
    assert answer.status_code == 409
    assert "is locked now" in answer.content.decode()


def test_after_dossiers_close_nothing_is_completed(
    accepted: Nomination, cast: Cast, nominee: Client, house: House
) -> None:
    pick(nominee, accepted, ContributionFactory(person=cast.nominee))
    with clock.at(house.cycle.dossiers_close_at + dt.timedelta(minutes=16)):
        answer = nominee.post(f"/nominations/{accepted.key}/complete/")
    assert answer.status_code == 422
    assert "Dossiers of this cycle closed on" in answer.content.decode()
    with clock.at(house.cycle.dossiers_close_at + dt.timedelta(minutes=14)):
        assert nominee.post(f"/nominations/{accepted.key}/complete/").status_code == 302


def test_a_reopened_dossier_is_completed_again(complete: Nomination, cast: Cast, nominee: Client) -> None:
    actions.reopen_nomination(complete, by=cast.office_1.user, reason="One more link.")
    assert "Save what I ticked" in nominee.get(f"/nominations/{complete.key}/dossier/").content.decode()
    assert nominee.post(f"/nominations/{complete.key}/complete/").status_code == 302
    complete.refresh_from_db()
    assert complete.state == states.COMPLETE


@pytest.mark.parametrize("rule", ["co_nominator_required", "different_employer_required"])
def test_rules_that_a_program_asks_for(
    rule: str,
    accepted: Nomination,
    cast: Cast,
    nominee: Client,
    house: House,
    submit: Callable[..., Nomination],
) -> None:
    from people.actions import change_employer

    setattr(house.cycle, rule, True)
    house.cycle.save()
    for person in (cast.nominee, cast.nominator):
        change_employer(person, "Baltic Cable", by=None)
    pick(nominee, accepted, ContributionFactory(person=cast.nominee))
    assert nominee.post(f"/nominations/{accepted.key}/complete/").status_code == 422
    submit(by=cast.outsider)
    assert nominee.post(f"/nominations/{accepted.key}/complete/").status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_row_as_for_three(
    number: int,
    accepted: Nomination,
    cast: Cast,
    nominee: Client,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    rows = [ContributionFactory(person=cast.nominee) for _ in range(number)]
    pick(nominee, accepted, *rows)
    nominee.get("/me/")
    with django_assert_num_queries(13):
        nominee.get(f"/nominations/{accepted.key}/dossier/")
