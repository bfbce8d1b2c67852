"""The chair decides on the board: in bulk with a preview and undo, the reserve in order, draws between equals."""

import datetime as dt
import re

import pytest

from accounts.models import Role
from common import clock
from common.models import HistoryRow
from nominations.models import Conflict
from selection import actions, draws, states
from selection.models import BatchLine, Candidacy, Decision, DecisionBatch, Draw, DrawLine, Stage
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in

GROUP = "/board/next/2/servers"


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


@kept_fixture
def board(house, cast):
    """Two places; 4, 3, 3 and 2 by the mean, and the stage closed: an award, a tie across the line, a no."""
    house.score.rule, house.score.draw_seed = {"reserve": 0}, "winter-solstice"
    house.score.save()
    made = []
    for name, mark in (("Aija", 4), ("Bruno", 3), ("Cathrin", 3), ("Dace", 2)):
        made.append(enter(house, cast, house.score, cast.reviewer_1, name=name))
        hand_in(made[-1], cast.reviewer_1, *[mark] * 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    for one in made:
        one.refresh_from_db()
    return made


def preview(client, outcome, *candidacies):
    return client.post(f"{GROUP}/preview/", {"outcome": outcome, "case": [one.key for one in candidacies]})


def decide(client, outcome, *candidacies, reason="", **more):
    shown = [f"{one.key}:{Candidacy.objects.get(pk=one.pk).proposed}" for one in candidacies]
    return client.post(f"{GROUP}/decide/", {"outcome": outcome, "shown": shown, "reason": reason, **more})


def proposals(*candidacies):
    return [Candidacy.objects.get(pk=one.pk).proposed for one in candidacies]


def test_a_preview_says_how_many_and_which_need_a_reason_and_changes_nothing(board, chair):
    page = preview(chair, "award", board[1], board[0]).content.decode()
    assert "2 candidates: award?" in page
    assert "Places used: 1 of 2 now, 2 of 2 after it." in page
    assert "tied across the line" in page
    assert "write why" in page
    assert (DecisionBatch.objects.count(), proposals(*board)) == (0, ["award", "", "", "not_this_time"])


def test_what_the_rule_said_already_needs_no_reason(board, chair):
    assert "No reason is needed" in preview(chair, "award", board[0]).content.decode()
    assert decide(chair, "award", board[0]).status_code == 302


def test_many_are_decided_at_once_with_one_reason(board, chair, cast):
    assert decide(chair, "award", board[1], reason="Its reach is wider.").status_code == 302
    assert (
        decide(chair, "not_this_time", board[2], board[3], reason="Good, and fewer schools.").status_code
        == 302
    )
    assert proposals(*board) == ["award", "award", "not_this_time", "not_this_time"]
    assert [one.state for one in Candidacy.objects.order_by("pk")] == [states.FORWARD] * 4
    assert [one.by_rule for one in Candidacy.objects.order_by("pk")] == ["award", "", "", "not_this_time"]
    batch = DecisionBatch.objects.order_by("pk")[0]
    assert (batch.made_by, batch.reason) == (cast.technology_lead, "Its reach is wider.")
    assert HistoryRow.objects.filter(kind="candidacy", verb="propose").count() == 3


def test_without_a_reason_a_tie_stays_open(board, chair):
    answer = decide(chair, "award", board[1])
    assert answer.status_code == 422
    assert "Write why." in answer.content.decode()
    assert proposals(board[1]) == [""]


def test_no_more_awards_than_places(board, chair):
    answer = decide(chair, "award", board[1], board[2], reason=WHY)
    assert answer.status_code == 422
    assert "Servers has 2 places" in answer.content.decode()
    assert proposals(*board) == ["award", "", "", "not_this_time"]
    assert "more than there are places" in preview(chair, "award", board[1], board[2]).content.decode()


def test_the_last_decision_is_undone_and_everything_is_as_before(board, chair, cast):
    before = list(Candidacy.objects.order_by("pk").values())
    decide(chair, "award", board[1], reason=WHY)
    decide(chair, "reserve", board[2], board[3], reason=WHY)
    first, second = DecisionBatch.objects.order_by("pk")
    page = chair.get("/board/").content.decode()
    assert f"/board/batches/{second.key}/undo/" in page
    assert chair.post(f"/board/batches/{first.key}/undo/").status_code == 409
    for batch in (second, first):
        assert chair.post(f"/board/batches/{batch.key}/undo/").status_code == 302
    after = list(Candidacy.objects.order_by("pk").values())
    assert after == before
    assert chair.post(f"/board/batches/{first.key}/undo/").status_code == 409
    assert DecisionBatch.objects.filter(undone_by=cast.technology_lead).count() == 2


def test_a_chair_who_looked_before_another_decided_is_told_so(board, chair, cast, sign_in):
    shown = {"outcome": "award", "shown": [f"{board[1].key}:"], "reason": WHY}
    decide(sign_in(cast.office_1), "reserve", board[1], reason=WHY)
    answer = chair.post(f"{GROUP}/decide/", shown)
    assert answer.status_code == 409
    assert "Somebody decided on some of these cases meanwhile" in answer.content.decode()
    assert proposals(board[1]) == ["reserve"]


def test_nothing_is_decided_before_the_close_nor_after_the_next_stage_began(
    house, cast, chair, make_candidacy, submit, board, run_stage
):
    house.council.state = states.STAGE_OPEN
    house.council.save()
    assert decide(chair, "award", board[1], reason=WHY).status_code == 409
    assert 'name="case"' not in chair.get("/board/").content.decode()
    house.council.state = states.STAGE_PLANNED
    house.council.save()
    run_stage(house.score)
    assert decide(chair, "award", board[1], reason=WHY).status_code == 422
    assert proposals(board[1]) == [""]


def test_a_case_is_marked_for_discussion_while_the_stage_runs(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score, name="Aija")
    assert decide(chair, "discuss", candidacy).status_code == 302
    assert "For discussion</span>" in chair.get("/board/").content.decode()
    assert "Aija" in chair.get("/board/?flag=discuss").content.decode()
    assert proposals(candidacy) == [""]
    chair.post(f"/board/batches/{DecisionBatch.objects.get().key}/undo/")
    assert "For discussion</span>" not in chair.get("/board/").content.decode()


def test_only_the_office_says_that_somebody_is_not_eligible(board, chair, cast, sign_in):
    assert decide(chair, "ineligible", board[3], reason=WHY, reason_code="employee").status_code == 422
    office = sign_in(cast.office_1)
    assert decide(office, "ineligible", board[3], reason=WHY, reason_code="made-up").status_code == 422
    assert decide(office, "ineligible", board[3], reason=WHY, reason_code="employee").status_code == 302
    board[3].refresh_from_db()
    assert (board[3].state, board[3].decision.outcome) == (states.STOPPED, "ineligible")
    assert board[3].decision.reason_code == "employee"
    office.post(f"/board/batches/{DecisionBatch.objects.get().key}/undo/")
    board[3].refresh_from_db()
    assert (board[3].state, Decision.objects.count()) == (states.FORWARD, 0)


def test_whom_the_office_found_not_eligible_no_chair_brings_back(board, chair, cast, sign_in):
    office = sign_in(cast.office_1)
    decide(office, "ineligible", board[0], reason=WHY, reason_code="employee")
    answers = [
        decide(chair, "award", board[0]),
        chair.post(f"/board/batches/{DecisionBatch.objects.get().key}/undo/"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Only the office can change that" in answer.content.decode() for answer in answers)
    assert proposals(board[0]) == ["ineligible"]
    assert decide(office, "award", board[0], reason=WHY).status_code == 302


def test_where_the_stage_is_the_last_the_decisions_follow(house, cast, make_candidacy, submit, sign_in):
    house.council.delete()
    made = []
    for name, mark in (("Aija", 4), ("Bruno", 3), ("Cathrin", 2)):
        made.append(make_candidacy(house.score, cast.reviewer_1, name=name))
        submit(made[-1], cast.reviewer_1, *[mark] * 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    before = list(Decision.objects.order_by("pk").values())
    client = sign_in(cast.technology_lead)
    assert decide(client, "not_this_time", made[1], reason=WHY).status_code == 302
    assert decide(client, "award", made[2], reason=WHY).status_code == 302
    outcomes = dict(Decision.objects.values_list("candidacy__key", "outcome"))
    assert [outcomes[one.key] for one in made] == ["award", "not_this_time", "award"]
    assert Decision.objects.get(candidacy=made[2]).decided_by == cast.technology_lead
    for batch in DecisionBatch.objects.order_by("-pk"):
        client.post(f"/board/batches/{batch.key}/undo/")
    assert list(Decision.objects.order_by("pk").values()) == before


def test_whoever_has_a_tie_in_the_category_decides_nothing_in_it(board, chair, cast, sign_in):
    """Tied and missing cases are told apart by nothing; what others decided is not theirs to undo."""
    decide(sign_in(cast.office_1), "reserve", board[1], board[3], reason=WHY)
    batch = DecisionBatch.objects.get()
    Conflict.objects.create(nomination=board[1].nomination, person=cast.technology_lead, kind="partner")
    answers = [
        chair.post(f"{GROUP}/decide/", {"outcome": "award", "shown": [f"{key}:reserve"], "reason": WHY})
        for key in (board[1].key, "ZZZZ9999")
    ]
    assert [one.status_code for one in answers] == [403, 403]
    bodies = [re.sub(r'value="\w+"', "", one.content.decode()) for one in answers]
    assert bodies[0] == bodies[1]
    assert "Bruno" not in bodies[0]
    assert chair.post(f"/board/batches/{batch.key}/undo/").status_code == 404
    assert "undo/" not in chair.get("/board/").content.decode()
    assert proposals(board[1], board[3]) == ["reserve", "reserve"]


def test_no_refusal_tells_of_a_hidden_case_and_the_office_decides_on_it(board, chair, cast, sign_in):
    """Two places; the chair is tied to the first case, which has one of them or has not."""
    Conflict.objects.create(nomination=board[0].nomination, person=cast.technology_lead, kind="partner")
    seen = []
    for proposed in ("award", "not_this_time"):
        Candidacy.objects.filter(pk=board[0].pk).update(proposed=proposed)
        answer = decide(chair, "award", board[1], board[2], reason=WHY)
        seen.append((answer.status_code, proposals(board[1], board[2])))
    assert seen == [(403, ["", ""])] * 2
    assert decide(sign_in(cast.office_1), "reserve", board[0], reason=WHY).status_code == 302
    assert proposals(board[0]) == ["reserve"]


def test_whoever_has_yet_to_review_decides_nothing_about_the_case(house, cast, chair, make_candidacy, submit):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    submit(own, cast.reviewer_1, 4, 4, 4, 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    page = chair.get("/board/").content.decode()
    assert "Own task" in page
    assert 'name="case"' not in page
    assert decide(chair, "not_this_time", own, reason=WHY).status_code == 409
    assert "4.00" not in preview(chair, "award", own).content.decode()
    assert proposals(own) == ["award"]


def test_the_reserve_keeps_the_order_that_the_chair_gives_it(board, chair, house, cast):
    decide(chair, "reserve", board[1], board[2], board[3], reason=WHY)

    def names():
        return re.findall(r'<li id="reserve-\w+"[^>]*><bdi>(\w+)', chair.get("/board/").content.decode())

    assert names()[2] == "Dace"
    assert chair.post(f"/board/{board[3].key}/reserve/", {"to": "up"}).status_code == 302
    assert names()[1] == "Dace"
    chair.post(f"/board/{board[3].key}/reserve/", {"to": "up"})
    assert names()[0] == "Dace"
    assert chair.post(f"/board/{board[3].key}/reserve/", {"to": "up"}).status_code == 422
    assert chair.post(f"/board/{board[0].key}/reserve/", {"to": "up"}).status_code == 409
    first, *equal, last = (Candidacy.objects.get(pk=one.pk).reserve_order for one in board)
    assert (first, set(equal), last) == (None, {2, 3}, 1)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    carried = house.council.candidacies.filter(proposed="reserve").order_by("reserve_order")
    assert next(one.nomination.nominee_name for one in carried) == "Dace"


def test_a_draw_is_the_same_for_everybody_and_stands_for_the_reason(board, chair):
    page = chair.get("/board/").content.decode()
    assert f"{GROUP}/draw/" in page
    answer = chair.post(f"{GROUP}/draw/")
    draw = Draw.objects.get()
    assert answer.headers["Location"] == f"/board/draws/{draw.key}/"
    expected = draws.draw("winter-solstice", [board[1].key, board[2].key])
    assert [(one.candidacy.key, one.digest) for one in draw.lines.all()] == [
        (one.key, one.digest) for one in expected
    ]
    assert (draw.seed, draw.places) == ("winter-solstice", 1)
    shown = chair.get(f"/board/draws/{draw.key}/").content.decode()
    assert f"printf '%s' 'winter-solstice:{expected[0].key}' | sha256sum" in shown.replace("&#x27;", "'")
    first, second = (Candidacy.objects.get(key=one.key) for one in expected)
    assert decide(chair, "award", second).status_code == 422  # against the draw: that needs a reason
    assert decide(chair, "award", first).status_code == 302
    assert decide(chair, "not_this_time", second).status_code == 302


def test_nobody_draws_twice_for_the_same_tie(board, chair, cast, sign_in):
    chair.post(f"{GROUP}/draw/")
    assert sign_in(cast.office_1).post(f"{GROUP}/draw/").status_code == 409
    assert (Draw.objects.count(), DrawLine.objects.count()) == (1, 2)
    assert f"{GROUP}/draw/" not in chair.get("/board/").content.decode()


def test_without_a_published_seed_nothing_is_drawn(board, chair, house):
    Stage.objects.update(draw_seed="")
    answer = chair.post(f"{GROUP}/draw/")
    assert answer.status_code == 422
    assert "No seed was published" in answer.content.decode()


def test_a_tie_with_a_case_that_one_may_not_see_is_not_theirs_to_draw(board, chair, cast):
    Conflict.objects.create(nomination=board[1].nomination, person=cast.technology_lead, kind="partner")
    assert f"{GROUP}/draw/" not in chair.get("/board/").content.decode()
    answer = chair.post(f"{GROUP}/draw/")
    assert answer.status_code == 403
    assert "its outcomes are settled by others" in answer.content.decode()
    assert not Draw.objects.exists()


def test_a_draw_with_a_case_that_one_may_not_see_is_not_there(board, chair, cast, sign_in):
    office = sign_in(cast.office_1)
    office.post(f"{GROUP}/draw/")
    address = f"/board/draws/{Draw.objects.get().key}/"
    assert chair.get(address).status_code == 200
    Conflict.objects.create(nomination=board[1].nomination, person=cast.technology_lead, kind="partner")
    assert chair.get(address).status_code == chair.get("/board/draws/ZZZZ9999/").status_code == 404


def test_what_the_chair_changed_is_what_the_council_is_shown(board, chair, house, cast, sign_in):
    decide(chair, "award", board[2], reason=WHY)
    decide(chair, "not_this_time", board[1], reason=WHY)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    page = sign_in(cast.council_member).get("/review/next/3/").content.decode()
    assert dict(house.council.candidacies.values_list("nomination__nominee_name", "proposed")) == {
        "Aija": "award", "Bruno": "not_this_time", "Cathrin": "award", "Dace": "not_this_time",
    }  # fmt: skip
    assert page.index("Cathrin") < page.index("Bruno")


def test_a_stage_opened_again_takes_the_chairs_decisions_back(board, chair, house, cast):
    decide(chair, "reserve", board[1], board[2], reason=WHY)
    chair.post(f"/board/{board[2].key}/reserve/", {"to": "up"})
    later = clock.now() + dt.timedelta(days=3)
    actions.reopen_stage(house.score, closes_at=later, by=cast.office_1.user, reason=WHY)
    assert not DecisionBatch.objects.filter(undone_at=None).exists()
    assert set(Candidacy.objects.values_list("proposed", "reserve_order")) == {("", None)}


def test_the_board_takes_as_many_statements_however_many_decisions_there_are(
    board, house, chair, django_assert_num_queries
):
    actions.compute_numbers(house.score, house.servers)
    decide(chair, "reserve", board[1], board[2], reason=WHY)
    with django_assert_num_queries(9):
        chair.get("/board/")
    for outcome in ("not_this_time", "reserve", "not_this_time"):
        decide(chair, outcome, board[1], board[2], board[3], reason=WHY)
    with django_assert_num_queries(9):
        chair.get("/board/")
    assert BatchLine.objects.count() == 11


def test_nonsense_is_no_error(board, chair):
    for data in (
        {},
        {"outcome": "award"},
        {"case": [board[0].key]},
        {"outcome": "x", "case": [board[0].key]},
    ):
        assert chair.post(f"{GROUP}/preview/", data).status_code == 302
    for data in ({}, {"outcome": "award"}, {"outcome": "x", "shown": [f"{board[0].key}:award"]}):
        assert chair.post(f"{GROUP}/decide/", data).status_code == 422
    assert chair.post("/board/next/9/servers/decide/").status_code == 404
