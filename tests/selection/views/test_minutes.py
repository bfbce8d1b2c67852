"""What leaves the board: the table as CSV, and the minutes."""

import csv
import io

import pytest

from accounts.models import Role
from common import clock
from nominations.models import Conflict
from selection import actions
from selection.models import Assignment, DecisionBatch
from selection.queries.board import Group
from selection.views import minutes
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in

GROUP = "/board/next/2/servers"


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


@kept_fixture
def board(house, cast):
    """Two places; 4, 3, 3 and 2 by the mean, and the stage closed."""
    house.score.rule, house.score.draw_seed = {"reserve": 1}, "winter-solstice"
    house.score.save()
    made = []
    for name, mark in (("=HYPERLINK(A1)", 4), ("Bruno", 3), ("Cathrin", 3), ("Dace", 2)):
        made.append(enter(house, cast, house.score, cast.reviewer_1, name=name))
        hand_in(made[-1], cast.reviewer_1, *[mark] * 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.compute_numbers(house.score, house.servers)
    return made


def decide(house, cast, outcome, *candidacies, reason=WHY):
    for one in candidacies:
        one.refresh_from_db()
    return actions.decide_in_bulk(
        Group(house.score, [], house.servers, [], 2, 2), by=cast.technology_lead.user, outcome=outcome,
        cases={one.key: one.proposed for one in candidacies}, reason=reason,
    )  # fmt: skip


def sheet(client):
    answer = client.get(f"{GROUP}/export.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="board-next-2-servers.csv"'
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_sheet_has_the_rows_of_the_board(board, chair):
    rows = sheet(chair)
    assert [row["Rank"] for row in rows] == ["1", "2", "2", "4"]
    assert rows[0]["Mean"] == "4.0000"
    assert rows[0]["Proposal"] == "award"
    assert {row["Proposal"] for row in rows[1:3]} == {"undecided"}
    assert chair.get("/board/").content.decode().count("export.csv") == 1


def test_a_name_is_no_formula(board, chair):
    assert sheet(chair)[0]["Candidate"] == "'=HYPERLINK(A1)"


def test_the_sheet_holds_nothing_of_hidden_cases(house, cast, chair, make_candidacy, submit):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    tied = make_candidacy(house.score, cast.reviewer_1, name="My partner")
    plain = make_candidacy(house.score, cast.reviewer_1, name="Plain")
    for candidacy, mark in ((own, 4), (tied, 4), (plain, 2)):
        submit(candidacy, cast.reviewer_1, *[mark] * 4)
    Conflict.objects.create(nomination=tied.nomination, person=cast.technology_lead, kind="partner")
    first, second = sheet(chair)
    assert (first["Candidate"], first["Rank"]) == ("Plain", "1")
    shown = {"Key", "Candidate", "Region", "Area", "Award years"}
    assert {name for name, value in second.items() if value} <= shown
    assert second["Candidate"] == "Own task"


def test_the_minutes_say_who_decided_what_when_and_why(board, house, cast, chair):
    draw = actions.draw_tie(Group(house.score, [], house.servers, [], 2, 2), by=cast.technology_lead.user)
    decide(house, cast, "award", board[1], reason="Its reach is wider than the marks say.")
    actions.undo_batch(decide(house, cast, "reserve", board[3]), by=cast.office_1.user)
    actions.resolve_candidacy(
        board[2], by=cast.office_1.user, outcome="reserve", reason="The chair was away."
    )
    page = chair.get(f"{GROUP}/minutes/").content.decode()
    for words in (
        "Its reach is wider than the marks say.", cast.technology_lead.name, "undone", cast.office_1.name,
        "The chair was away.", draw.key,
    ):  # fmt: skip
        assert words in page
    assert "Minutes: Servers" in page
    assert chair.get("/board/").content.decode().count("minutes/") == 1


def test_the_minutes_say_what_the_council_overrode(board, house, cast, chair):
    decide(house, cast, "award", board[1])
    decide(house, cast, "reserve", board[2])
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    one = house.council.candidacies.get(nomination=board[2].nomination)
    actions.override_proposal(
        one, by=cast.council_member.user, outcome="not_this_time", reason_code="evidence-weighs-more",
        reason="Two links were dead.",
    )  # fmt: skip
    page = chair.get(f"{GROUP}/minutes/").content.decode()
    assert "Two links were dead." in page
    assert cast.council_member.name in page


def test_the_minutes_are_closed_to_who_has_a_tie_and_name_nobody_who_has_one(
    board, house, cast, chair, sign_in
):
    decide(house, cast, "reserve", board[1], board[2])
    Conflict.objects.create(nomination=board[1].nomination, person=cast.technology_lead, kind="partner")
    Conflict.objects.create(nomination=board[2].nomination, person=cast.reviewer_2, kind="family")
    assert chair.get(f"{GROUP}/minutes/").status_code == 403
    page = sign_in(cast.office_2).get(f"{GROUP}/minutes/").content.decode()
    assert "Cathrin" in page
    assert cast.reviewer_2.name not in page
    assert "<dd>4</dd>" in page  # candidates


def test_the_minutes_take_as_many_statements_however_much_was_decided(
    board, house, cast, chair, django_assert_max_num_queries
):
    decide(house, cast, "reserve", board[1], board[2])
    with django_assert_max_num_queries(25) as first:
        chair.get(f"{GROUP}/minutes/")
    for outcome in ("not_this_time", "reserve", "not_this_time"):
        decide(house, cast, outcome, board[1], board[2], board[3])
    assert DecisionBatch.objects.count() == 4
    with django_assert_max_num_queries(25) as second:
        chair.get(f"{GROUP}/minutes/")
    assert len(first) == len(second)


def test_minutes_and_sheet_are_for_chairs_and_office(board, cast, sign_in):
    for page in ("minutes/", "export.csv"):
        assert sign_in(cast.office_1).get(f"{GROUP}/{page}").status_code == 200
        for person in (cast.reviewer_1, cast.council_member, cast.auditor, cast.outsider):
            assert sign_in(person).get(f"{GROUP}/{page}").status_code == 403


def test_a_chair_who_reviewed_without_the_name_reads_none_in_minutes_and_draws(house, cast, board, chair):
    decide(house, cast, "not_this_time", board[3])
    draw = actions.draw_tie(Group(house.score, [], house.servers, [], 2, 2), by=cast.technology_lead.user)
    house.score.hide_nominee = True
    house.score.save()
    for one in board[1:]:
        Assignment.objects.create(
            candidacy=one, reviewer=cast.technology_lead, assigned_at=clock.now(), state="done"
        )
    for address in (f"{GROUP}/minutes/", f"/board/draws/{draw.key}/"):
        page = chair.get(address).content.decode()
        assert f"Candidate {board[1].key}" in page
        assert not [name for name in ("Bruno", "Cathrin", "Dace") if name in page]


def test_an_outcome_that_nobody_named_yet_is_counted_last():
    assert minutes._outcomes({"later": 2, "award": 1, "": 3}) == "1 award, 3 undecided, 2 later"
