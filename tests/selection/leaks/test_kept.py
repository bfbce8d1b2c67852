"""Whoever has a tie in a category learns its outcomes at the release: else proposals and places would tell of the hidden case."""

import pytest

from accounts.models import Role
from common import clock
from common.models import HistoryRow
from nominations.models import Conflict
from selection import actions, states
from selection.models import Candidacy, DecisionBatch, Stage
from selection.queries.kept import categories_nobody_settles
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in

GROUP = "/board/next/2/servers"
KEPT = "its outcomes are settled by others and shown to you at the release"


@kept_fixture
def scored(house, cast):
    """Two places; the first of three cases is hidden from the chair and from one of the office."""
    made = []
    for name, mark in (("Aija", 4), ("Bruno", 3), ("Cathrin", 2)):
        made.append(enter(house, cast, house.score, cast.reviewer_1, name=name))
        hand_in(made[-1], cast.reviewer_1, *[mark] * 4)
    for person in (cast.technology_lead, cast.office_1):
        Conflict.objects.create(nomination=made[0].nomination, person=person, kind="partner")
    return made


@kept_fixture
def closed(house, cast, scored):
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    return [Candidacy.objects.get(pk=one.pk) for one in scored]


@kept_fixture
def council(house, cast, closed):
    actions.open_stage(house.council, by=cast.office_2.user, reason=WHY)
    return house.council


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


def text(client, address):
    return client.get(address).content.decode()


def test_the_board_shows_the_other_cases_until_the_stage_closes_and_a_sentence_after(
    house, cast, scored, chair
):
    assert "Bruno" in text(chair, "/board/")
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    page = chair.get("/board/")
    assert (page.status_code, KEPT in page.content.decode()) == (200, True)
    assert not any(name in page.content.decode() for name in ("Aija", "Bruno", "Cathrin", "2 places"))


def test_the_same_board_says_nothing_of_it_to_somebody_without_a_tie(cast, closed, sign_in):
    page = text(sign_in(cast.office_2), "/board/")
    assert ("Aija" in page, KEPT in page) == (True, False)


@pytest.mark.parametrize("path", ["export.csv", "minutes/", "reviewers/", "meeting/"])
def test_nothing_leaves_a_board_that_is_kept(closed, chair, path):
    answer = chair.get(f"{GROUP}/{path}")
    assert (answer.status_code, KEPT in answer.content.decode()) == (403, True)
    assert "Bruno" not in answer.content.decode()


@pytest.mark.parametrize("path", ["preview/", "decide/", "draw/", "compute/"])
def test_nobody_with_a_tie_decides_in_the_category(closed, chair, path):
    data = {"outcome": "reserve", "case": [closed[1].key], "shown": [f"{closed[1].key}:award"], "reason": WHY}
    assert chair.post(f"{GROUP}/{path}", data).status_code == 403
    assert Candidacy.objects.get(pk=closed[1].pk).proposed == "award"


def test_somebody_else_decides_and_the_tied_chair_neither_undoes_it_nor_moves_the_reserve(
    closed, chair, cast, sign_in
):
    other = sign_in(cast.office_2)
    shown = [f"{closed[1].key}:award"]
    data = {"outcome": "reserve", "shown": shown, "reason": WHY}
    assert other.post(f"{GROUP}/decide/", data).status_code == 302
    batch = DecisionBatch.objects.get()
    assert chair.post(f"/board/batches/{batch.key}/undo/").status_code == 404
    assert chair.post(f"/board/{closed[1].key}/reserve/", {"to": "up"}).status_code == 422
    assert batch.key not in text(chair, "/admin/selection/decisionbatch/")
    assert other.post(f"/board/batches/{batch.key}/undo/").status_code == 302


def test_what_was_left_undecided_is_listed_and_resolved_by_somebody_without_a_tie(
    house, cast, scored, make_candidacy, office, sign_in
):
    bare = make_candidacy(house.score, name="Read by nobody")
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    address = f"/office/cycles/{house.cycle.slug}/undecided/"
    page = text(office, address)
    assert ("Read by nobody" in page, "You have a tie in Servers" in page) == (False, True)
    data = {"outcome": "not_this_time", "reason": WHY}
    assert office.post(f"/office/cases/{bare.key}/resolve/", data).status_code == 422
    other = sign_in(cast.office_2)
    assert "Read by nobody" in text(other, address)
    assert other.post(f"/office/cases/{bare.key}/resolve/", data).status_code == 302


def test_a_council_is_closed_to_a_member_with_a_tie_in_the_category(cast, scored, house, sign_in):
    Conflict.objects.create(nomination=scored[0].nomination, person=cast.council_member, kind="family")
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    actions.open_stage(house.council, by=cast.office_2.user, reason=WHY)
    member, case = (
        sign_in(cast.council_member),
        house.council.candidacies.get(nomination=scored[1].nomination),
    )
    page = text(member, "/review/")
    assert ("You have a tie in Servers" in page, "Bruno" in page) == (True, False)
    assert member.get(f"/review/{case.key}/").status_code == 404
    data = {"outcome": "reserve", "reason_code": "balance", "reason": WHY}
    assert member.post(f"/review/{case.key}/override/", data).status_code == 404


def test_cases_that_went_on_are_not_there_for_chair_and_office_with_a_tie(council, scored, chair, office):
    gone_on = council.candidacies.get(nomination=scored[1].nomination)
    for client in (chair, office):
        assert client.get(f"/review/{gone_on.key}/").status_code == 404
        assert gone_on.key not in text(client, "/review/search/?q=Bruno")


def test_search_says_of_the_rest_neither_by_word_nor_by_filter_what_became_of_them(
    closed, office, cast, sign_in
):
    assert closed[1].key in text(sign_in(cast.office_2), "/review/search/?q=status:forward")
    assert closed[1].key not in text(office, "/review/search/?q=status:forward")
    page = text(office, "/review/search/?q=Bruno")
    assert (closed[1].key in page, "went forward" in page) == (True, False)


def test_the_overview_counts_cases_and_not_what_became_of_them(house, closed, office, cast, sign_in):
    address = f"/office/cycles/{house.cycle.slug}/"
    step, other = (
        client.get(address).context["overview"].steps[1] for client in (office, sign_in(cast.office_2))
    )
    assert (step.cases, step.forward, step.stopped, step.open) == (2, 0, 0, 0)
    assert (other.cases, other.forward) == (3, 3)


def test_the_release_page_its_mail_and_the_letters_leave_the_category_out(
    house, cast, council, office, sign_in
):
    actions.close_stage(council, by=cast.office_2.user, reason=WHY)
    for path in ("release/", "release/mails/", "feedback/"):
        page = text(office, f"/office/cycles/{house.cycle.slug}/{path}")
        assert ("You have a tie in Servers" in page, "Bruno" in page, "Cathrin" in page) == (
            True,
            False,
            False,
        )
        other = text(sign_in(cast.office_2), f"/office/cycles/{house.cycle.slug}/{path}")
        assert ("You have a tie" in other, "Cathrin" in other) == (False, True)
    page = text(office, f"/office/cycles/{house.cycle.slug}/release/")
    assert "Awards 0, places" in page


def test_history_and_admin_say_nothing_of_it_either(closed, office, cast, sign_in):
    keys = set(HistoryRow.objects.filter(kind="candidacy").values_list("key", flat=True))
    assert closed[1].key in keys
    assert closed[1].key not in text(office, "/admin/common/historyrow/?kind=candidacy")
    table = "/admin/selection/candidacy/"
    rows = [
        text(client, table).split("<tbody>")[1].split("</tbody>")[0]
        for client in (office, sign_in(cast.office_2))
    ]
    assert [("Technology review" in one, "went forward" in one) for one in rows] == [
        (True, False),
        (True, True),
    ]


def test_it_is_the_tie_that_closes_the_category_not_what_became_of_the_case(house, cast, scored, chair):
    """The hidden case left before the stage closed: the answer is the same, and says nothing of it."""
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    before = text(chair, "/board/")
    Candidacy.objects.filter(pk=scored[0].pk).update(state=states.LEFT, proposed="")
    strip = lambda page: page.split("<main")[1].split("</main>")[0]  # noqa: E731
    assert strip(text(chair, "/board/")) == strip(before)


def test_after_the_release_it_is_theirs_to_read(house, cast, council, chair, office):
    actions.close_stage(council, by=cast.office_2.user, reason=WHY)
    Stage.objects.update(state=states.STAGE_CLOSED)
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    page = text(chair, "/board/")
    assert ("Bruno" in page, "Aija" in page, KEPT in page) == (True, False, False)
    assert "Cathrin" in text(office, f"/office/cycles/{house.cycle.slug}/release/mails/")


def test_a_screen_has_no_places_and_stays_open_to_who_has_a_tie(house, cast, make_candidacy, office):
    tied, other = make_candidacy(house.screen, name="Aija"), make_candidacy(house.screen, name="Bruno")
    Conflict.objects.create(nomination=tied.nomination, person=cast.office_1, kind="family")
    actions.close_stage(house.screen, by=cast.office_2.user, reason=WHY)
    page = text(office, f"/office/cycles/{house.cycle.slug}/undecided/")
    assert ("Bruno" in page, "Aija" in page) == (True, False)
    assert other.key in page


def test_the_set_up_and_the_release_page_warn_where_nobody_is_without_a_tie(house, cast, closed, sign_in):
    assert categories_nobody_settles(house.cycle) == []
    Conflict.objects.create(nomination=closed[2].nomination, person=cast.office_2, kind="family")
    other = sign_in(cast.office_2)
    for path in ("setup/", "release/"):
        page = text(other, f"/office/cycles/{house.cycle.slug}/{path}")
        assert "Every chair and everybody of the office has a tie in Servers" in page
    factories.grant(cast.outsider, Role.TECHNOLOGY_LEAD, category=house.servers)
    assert "Every chair and everybody" not in text(other, f"/office/cycles/{house.cycle.slug}/setup/")
