"""The office edits the rubric of a stage and its training cases in pages; what others use is copied first."""

import pytest
from django.urls import reverse

from charter.models import Cycle
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow
from selection import actions
from selection.models import Criterion, Preset, ProtocolVersion, Rubric, Stage, TrainingCase
from selection.queries.rubrics import criteria_of, digest_of_rubric
from selection.queries.setup import findings_of
from tests import factories
from tests.selection.conftest import CRITERIA, WHY
from tests.selection.views.test_setup import at, post, send, typed, words

PANEL = {"mark": 3, "lowest": 2, "highest": 4, "why": "The panel found it sound."}
NEW = {
    "c5_name": "Courage", "c5_weight": 10, "c5_order": 5, "c1_weight": 25,
    **{f"c5_mark{mark}": f"Courage of {mark}" for mark in range(1, 6)},
}  # fmt: skip


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@pytest.fixture
def case(house):
    return TrainingCase.objects.create(
        rubric=house.rubric, slug="first", position=0, title="Invented: first", about="Word", statement="Answers.",
        items=[{"title": "A page", "kind": "Article", "when": "March", "reach": "40", "note": ""}],
        endorsements=[{"text": "It helped.", "relation": "A reader"}], marks=dict.fromkeys(CRITERIA, PANEL),
    )  # fmt: skip


@pytest.fixture
def shared(house):
    """The stage of another cycle scores with the same rubric."""
    other = factories.CycleFactory(slug="past", name="Past")
    return factories.StageFactory(cycle=other, number=1, kind="score", rubric=house.rubric)


@pytest.fixture
def published(house, cast):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)


@pytest.fixture
def address():
    return at("rubric_edit", "next", 2)


def codes(rubric):
    return [one.code for one in criteria_of(rubric)]


# Criteria, weights, anchors


def test_weights_words_and_anchors_are_edited_where_nobody_else_uses_the_rubric(house, office, address):
    answer = post(
        office,
        address,
        c1_weight=40,
        c2_weight=25,
        c2_question="How well?",
        c3_mark1="Nobody\nat all.",
        reason_length=120,
    )
    assert answer.url == address
    house.rubric.refresh_from_db()
    first, second, third, _last = criteria_of(house.rubric)
    assert (first.weight, second.weight, second.question, third.anchors[0]) == (
        40,
        25,
        "How well?",
        "Nobody at all.",
    )
    assert (house.rubric.reason_length, Rubric.objects.count()) == (120, 1)


def test_criteria_are_added_taken_out_and_put_in_another_order(house, office, address):
    post(office, address, **NEW)
    assert codes(house.rubric) == [*CRITERIA, "courage"]
    post(office, address, c1_remove="on", c2_weight=55, c5_order=1)
    assert codes(house.rubric) == ["courage", "quality", "reach", "conduct"]
    assert criteria_of(house.rubric)[0].anchors[4] == "Courage of 5"


def test_what_is_wrong_stands_beside_its_field_and_nothing_changes(house, office, address):
    before, drawn = digest_of_rubric(house.rubric), typed(office.get(address))
    for changed, field, sentence in (
        ({"c1_weight": 30}, "c4_weight", "The weights add up to 95 percent. They have to make 100."),
        ({"c1_weight": 135}, "c1_weight", "less than or equal to 100"),
        ({"c1_weight": "much"}, "c1_weight", "Enter a whole number."),
        ({"c2_mark3": ""}, "c2_mark3", "This field is required."),
        ({"c2_mark3": "x" * 201}, "c2_mark3", "at most 200 characters"),
        ({"c2_name": "IMPACT"}, "c2_name", "Another criterion has this name already."),
        ({"c5_name": "Courage"}, "c5_weight", "This field is required."),
        ({"not_applicable_at_most": 4}, "not_applicable_at_most", "Fewer than there are criteria"),
        ({f"c{n}_remove": "on" for n in range(1, 5)}, "__all__", "A rubric needs at least one criterion."),
        ({"name": ""}, "name", "This field is required."),
    ):
        answer = send(office, address, drawn, changed)
        assert answer.status_code == 422, changed
        assert sentence in str(answer.context["form"].errors[field])
    assert digest_of_rubric(Rubric.objects.get()) == before


def test_the_second_of_two_who_edit_at_once_is_told(house, office, address):
    stale = typed(office.get(address)) | {"c1_mark1": "Nothing."}
    post(office, address, c1_mark1="Nobody noticed.")
    answer = office.post(address, stale)
    assert (answer.status_code, "Somebody changed this rubric" in answer.content.decode()) == (422, True)
    assert criteria_of(house.rubric)[0].anchors[0] == "Nobody noticed."


# A copy


def test_a_rubric_that_another_cycle_uses_is_copied_with_its_training_cases(
    house, office, address, shared, case
):
    assert "Past: " in office.get(address).content.decode()
    post(office, address, **NEW)
    mine, theirs = Stage.objects.get(pk=house.score.pk).rubric, Stage.objects.get(pk=shared.pk).rubric
    assert (theirs, codes(theirs), criteria_of(theirs)[0].weight) == (house.rubric, list(CRITERIA), 35)
    assert (codes(mine), mine.slug, mine.name) == (
        [*CRITERIA, "courage"],
        "next-2",
        "Default rubric – Next cycle",
    )
    assert mine.training_cases.get().marks == case.marks
    post(office, address, c1_weight=20, c2_weight=35)
    assert Stage.objects.get(pk=house.score.pk).rubric == mine  # its own by now


def test_a_rubric_that_a_preset_begins_with_is_copied(house, office, address):
    content = {"settings": {}, "timetable": {}, "stages": [{"rubric": None}, {"rubric": house.rubric.slug}]}
    Preset.objects.create(slug="usual", name="The usual", summary="As ever.", content=content)
    assert "the preset “The usual”" in office.get(address).content.decode()
    post(office, address, c1_mark1="Nothing at all.")
    assert Stage.objects.get(pk=house.score.pk).rubric != house.rubric


def test_a_form_sent_without_a_change_copies_and_records_nothing(house, office, address, shared):
    assert post(office, address).status_code == 302
    assert (Rubric.objects.count(), HistoryRow.objects.filter(verb="change_rubric").exists()) == (1, False)


def test_a_stage_without_a_rubric_gets_one_of_its_own(house, office, address):
    Stage.objects.filter(pk=house.score.pk).update(rubric=None)
    new = {name.replace("c5", "c1"): value for name, value in NEW.items() if name.startswith("c5")}
    post(office, address, **(new | {"c1_weight": 100, "name": "Short", "not_applicable_at_most": 0}))
    assert (Rubric.objects.count(), codes(Stage.objects.get(pk=house.score.pk).rubric)) == (2, ["courage"])


# Frozen


def test_a_published_rubric_changes_only_with_a_reason_and_the_protocol_shows_what(
    house, office, sign_in, address, shared, published
):
    answer = post(office, address, c1_weight=40, c2_weight=25)
    assert (answer.status_code, Rubric.objects.count()) == (422, 1)
    assert "Say why" in str(answer.context["form"].errors["reason"])
    post(office, address, c1_weight=40, c2_weight=25, reason="Impact counts more this year.")
    page = sign_in(None).get(at("protocol", "next")).content.decode()
    assert ProtocolVersion.objects.count() == 2
    for sentence in (
        "Impact counts more this year.",
        "Impact: weight: 40%",
        "Was: 35%",
        "Quality: weight: 25%",
    ):
        assert sentence in page
    assert "Conduct: weight" not in page


def test_a_stage_that_has_begun_keeps_its_rubric(house, cast, office, address, case, run_stage):
    sent = typed(office.get(address)) | {"c1_mark1": "Nothing."}
    run_stage(house.score)
    page = office.get(address)
    assert (page.context["form"], "This rubric stays" in page.content.decode()) == (None, True)
    office.post(address, sent)
    assert criteria_of(house.rubric)[0].anchors[0] != "Nothing."
    assert office.get(at("training_edit", "next", 2, "first")).url == address
    assert office.post(at("training_remove", "next", 2, "first")).status_code == 422
    rows = criteria_of(house.rubric)
    with pytest.raises(RuleBroken, match="has begun"):
        actions.change_rubric(
            house.score, values={}, criteria=rows, seen=digest_of_rubric(house.rubric), by=cast.office_1.user
        )


def test_a_stage_that_does_not_score_has_no_rubric(house, cast, office):
    assert office.get(at("rubric_edit", "next", 1)).status_code == 404
    with pytest.raises(Outdated, match="scores nothing"):
        actions.remove_training(house.screen, case="first", by=cast.office_1.user)


# Training cases


def test_a_training_case_is_written_changed_and_taken_out(house, office, address):
    panel = {f"m_{code}_{name}": value for code in CRITERIA for name, value in PANEL.items()}
    made = {"title": "A page of answers", "about": "Word", "statement": "Every evening.", "place": 1,
            "i1_title": "Page", "i1_kind": "Article", "e1_text": "It helped.", "e1_relation": "Reader", **panel}  # fmt: skip
    assert post(office, at("training_add", "next", 2), **made).url == address
    case = TrainingCase.objects.get()
    assert (case.slug, [one["title"] for one in case.items]) == ("a-page-of-answers", ["Page"])
    assert (case.endorsements, case.marks["reach"]) == ([{"text": "It helped.", "relation": "Reader"}], PANEL)
    post(office, at("training_edit", "next", 2, case.slug), i1_title="", m_reach_mark=4)
    case.refresh_from_db()
    assert (case.items, case.marks["reach"]["mark"]) == ([], 4)
    office.post(at("training_remove", "next", 2, case.slug))
    assert not TrainingCase.objects.exists()


def test_a_training_case_takes_its_place_among_the_others(house, office, case):
    panel = {f"m_{code}_{name}": value for code in CRITERIA for name, value in PANEL.items()}
    made = {"title": "Second", "about": "Word", "statement": "Every evening.", **panel}
    post(office, at("training_add", "next", 2), **made)
    post(office, at("training_edit", "next", 2, "second"), place=1)
    assert list(house.rubric.training_cases.values_list("slug", flat=True)) == ["second", "first"]


def test_what_is_wrong_with_a_training_case_stands_beside_its_field(house, office, case):
    page = at("training_edit", "next", 2, "first")
    drawn = typed(office.get(page))
    for changed, field, sentence in (
        ({"m_reach_mark": 5}, "m_reach_mark", "lies between its lowest and its highest"),
        ({"m_reach_mark": 6}, "m_reach_mark", "less than or equal to 5"),
        ({"m_reach_why": ""}, "m_reach_why", "This field is required."),
        ({"statement": ""}, "statement", "This field is required."),
    ):
        answer = send(office, page, drawn, changed)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert sentence in str(answer.context["form"].errors[field])


def test_a_training_case_of_a_shared_rubric_changes_in_a_copy(house, office, address, shared, case):
    post(office, at("training_edit", "next", 2, "first"), title="Another title")
    mine = Stage.objects.get(pk=house.score.pk).rubric
    assert (mine.training_cases.get().title, house.rubric.training_cases.get().title) == (
        "Another title",
        "Invented: first",
    )
    office.post(at("training_remove", "next", 2, "first"))
    assert (mine.training_cases.count(), house.rubric.training_cases.count()) == (0, 1)


def test_a_criterion_that_leaves_takes_the_panels_marks_along_and_a_new_one_is_missed(
    house, office, address, case
):
    Stage.objects.filter(pk=house.score.pk).update(training_cases=2)
    post(office, address, c4_remove="on", c1_weight=50)
    assert set(TrainingCase.objects.get().marks) == {"impact", "quality", "reach"}
    anchors = {f"c4_mark{mark}": f"Courage of {mark}" for mark in range(1, 6)}
    post(office, address, c1_weight=40, c4_name="Courage", c4_weight=10, **anchors)
    found = words(findings_of(Cycle.objects.get()))
    assert "the panel has not marked the training case “Invented: first” by every criterion" in found
    assert "asks for 2 training cases, but its rubric has 1" in found


def test_pages_take_as_many_statements_for_three_training_cases_as_for_one(
    house, office, address, case, django_assert_num_queries
):
    with django_assert_num_queries(16):
        office.get(address)
    for place in (1, 2):
        TrainingCase.objects.create(
            rubric=house.rubric, slug=f"more-{place}", position=place, title="More", about="Word",
            statement="Answers.", marks=dict.fromkeys(CRITERIA, PANEL),
        )  # fmt: skip
    with django_assert_num_queries(16):
        office.get(address)


def test_every_act_is_in_the_history_without_what_was_typed(house, office, address, shared, case):
    post(office, address, c1_mark1="Nothing at all.")
    post(office, at("training_edit", "next", 2, "first"), title="Another title")
    office.post(at("training_remove", "next", 2, "first"))
    rows = HistoryRow.objects.filter(kind="stage").order_by("pk").values_list("verb", "codes")
    assert list(rows) == [
        ("change_rubric", {"rubric": "next-2", "copy_of": "default"}),
        ("set_training", {"rubric": "next-2", "case": "first"}),
        ("remove_training", {"rubric": "next-2", "case": "first"}),
    ]


# The whole way


def test_a_copied_cycle_gets_its_own_rubric_is_checked_and_opens(house, cast, office, run_stage):
    post(office, at("cycle_new"), name="2031 cycle", award_year=2031, slug="2031")
    address = at("rubric_edit", "2031", 2)
    assert post(office, address, c1_weight=40, c2_weight=30).status_code == 422
    assert post(office, address, c1_weight=40, c2_weight=25).url == address
    assert "Nothing stands in the way" in office.get(at("cycle_setup", "2031")).content.decode()
    answer = office.post(at("stage_open", "2031", 1), {"reason": WHY})
    assert answer.status_code == 302
    rules = ProtocolVersion.objects.get(cycle__slug="2031").rules
    assert rules["stages"]["2"]["rubric"] == "2031-2"
    assert rules["rubrics"]["2031-2"]["criteria"]["impact"]["weight"] == 40
    assert Criterion.objects.get(rubric=house.rubric, code="impact").weight == 35
    assert reverse("selection:protocol", args=["2031"]) in office.get(at("cycle_list")).content.decode()


def test_the_summary_of_a_refused_rubric_says_of_which_criterion(house, office, address):
    answer = post(office, address, c2_mark1="")
    first = "Quality: What a mark of 1, the lowest, means – This field is required."
    assert first in answer.content.decode()
