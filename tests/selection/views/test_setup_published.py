"""The setup of a cycle once its rules are published; what its check finds, and who reads its pages."""

import datetime as dt
import re

import pytest

from charter.models import Cycle, CyclePlaces
from common.models import HistoryRow
from selection import actions
from selection.actions.setup import CYCLE_FIELDS, STAGE_FIELDS
from selection.models import ProtocolVersion, Stage
from selection.queries.protocol import rules_of
from selection.queries.setup import findings_of
from tests import factories
from tests.selection.conftest import WHY
from tests.selection.views.test_setup import at, post, typed, words


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@pytest.fixture
def published(house, cast):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)


def test_a_published_rule_changes_only_with_a_reason_which_everybody_reads(house, office, sign_in, published):
    address = at("stage_edit", "next", 2)
    answer = post(office, address, rule_reserve=9)
    assert answer.status_code == 422
    assert "Say why" in str(answer.context["form"].errors["reason"])
    assert Stage.objects.get(number=2).rule.get("reserve") == 2
    assert post(office, address, rule_reserve=9, reason="More good cases than ever.").status_code == 302
    page = sign_in(None).get(at("protocol", "next")).content.decode()
    for sentence in ("More good cases than ever.", "Technology review: reserve", "Was: 2"):
        assert sentence.lower() in page.lower()


def test_published_places_and_dates_change_only_with_a_reason(house, office, published):
    assert post(office, at("places_edit", "next"), places_servers=9).status_code == 422
    assert CyclePlaces.objects.get(category=house.servers).places == 2
    assert post(office, at("places_edit", "next"), places_servers=9, reason=WHY).status_code == 302
    assert post(office, at("cycle_edit", "next"), second_look_days=60).status_code == 422
    assert post(office, at("cycle_edit", "next"), second_look_days=60, reason=WHY).status_code == 302
    assert ProtocolVersion.objects.count() == 3


def test_a_form_sent_without_a_change_makes_no_version(house, office, published):
    for name in ("cycle_edit", "places_edit"):
        assert post(office, at(name, "next")).status_code == 302
    assert ProtocolVersion.objects.count() == 1


def test_a_rule_with_its_defaults_spelt_out_is_the_same_rule(house, cast, office, run_stage):
    """Else the page of a stage that has begun, which sends them, could not even change its internal name."""
    run_stage(house.score)
    post(office, at("stage_edit", "next", 2), internal_name="Panel")
    house.score.refresh_from_db()
    assert (house.score.internal_name, house.score.rule) == (
        "Panel", {"advance": "rank_by_mean", "reserve": 2},
    )  # fmt: skip


def test_who_saves_an_older_page_is_told_what_stands_otherwise_now(house, office):
    """Two of the office with the same page: the second would put back what the first one changed."""
    address = at("places_edit", "next")
    page = office.get(address)
    older = typed(page) | {"shown": page.context["form"].digest()}
    assert older["shown"] in page.content.decode()
    assert office.post(address, older | {"places_servers": "7"}).status_code == 302
    answer = office.post(address, older | {"places_office-tools": "4"})
    assert answer.status_code == 422
    assert "Stored now: Servers: 7; Office tools: 1." in answer.content.decode()
    assert house.cycle.places.get(category=house.servers).places == 7
    again = older | {"shown": answer.context["form"].digest(), "places_servers": "7"}
    assert office.post(address, again).status_code == 302
    for name, row in (("cycle_edit", ["next"]), ("stage_edit", ["next", 2])):
        page = office.get(at(name, *row))
        unchanged = typed(page) | {"shown": page.context["form"].digest()}
        assert office.post(at(name, *row), unchanged).status_code == 302


def test_a_stage_that_has_begun_keeps_its_rules_but_not_its_internal_name(house, office, published):
    post(
        office,
        at("stage_edit", "next", 1),
        public_name="Other",
        rule_tie="forward",
        internal_name="First look",
    )
    stage = Stage.objects.get(number=1)
    assert (stage.public_name, stage.rule["tie"], stage.internal_name) == (
        "Regional review",
        "office",
        "First look",
    )
    assert ProtocolVersion.objects.count() == 1
    assert office.post(at("stage_remove", "next", 1), {"reason": WHY}).status_code == 422
    assert office.post(at("stage_bring_forward", "next", 2), {"reason": WHY}).status_code == 422


def test_a_planned_stage_is_removed_after_publication_with_a_reason(house, office, published):
    assert office.post(at("stage_remove", "next", 3)).status_code == 422
    assert Stage.objects.count() == 3
    office.post(at("stage_remove", "next", 3), {"reason": WHY})
    assert Stage.objects.count() == 2


def test_after_the_release_nothing_changes(house, cast, office, published):
    from common import clock
    from selection.models import Release

    now = clock.now()
    Release.objects.create(
        cycle=house.cycle, state="released", scheduled_at=now, prepared_at=now, released_at=now
    )
    answer = post(office, at("cycle_edit", "next"), second_look_days=60, reason=WHY)
    assert (answer.status_code, "Its rules are history" in answer.content.decode()) == (422, True)
    assert "cannot change" in office.get(at("cycle_setup", "next")).content.decode()


# The check


def test_the_house_as_it_is_has_nothing_that_stops(house, cast):
    assert [one.words for one in findings_of(house.cycle) if one.stops] == []


def test_the_check_names_what_stops(house, cast, office):
    house.rubric.criteria.filter(code="impact").update(weight=30)
    CyclePlaces.objects.all().delete()
    Stage.objects.filter(pk=house.council.pk).update(kind="screen", rule={})
    vote = factories.StageFactory(
        cycle=house.cycle, number=0, kind="vote", rule={"rounds": 4}, public_name="Ballot"
    )
    found = findings_of(house.cycle)
    stops = words(one for one in found if one.stops)
    for sentence in (
        "the weights of its rubric add up to 95 percent", "No category has places yet",
        "is a screen and the last stage", "has several rounds, but the cycle does not allow carrying cases over",
    ):  # fmt: skip
        assert sentence in stops
    vote.rule = {"raunds": 4}
    vote.save()
    assert "“raunds” is not known here" in words(findings_of(house.cycle))
    page = office.get(at("cycle_setup", "next")).content.decode()
    assert ("Stops the cycle" in page, "Open the first stage" in page) == (True, False)


def test_the_check_names_what_gives_pause(house, cast):
    cast.council_member.user.grants.all().delete()
    house.score.opens_at = house.screen.closes_at - dt.timedelta(days=3)
    house.score.rule = {"rank_by": "calibrated"}
    house.score.save()
    house.cycle.release_planned_at = house.council.closes_at - dt.timedelta(days=1)
    house.cycle.save()
    found = findings_of(house.cycle)
    assert not [one for one in found if one.stops]
    for sentence in (
        "before the stage before it closes", "ranks by the calibrated score", "Letters are planned for",
        "Nobody holds the role that works in Product-team council: council member",
    ):  # fmt: skip
        assert sentence in words(found)


def test_what_stops_a_later_stage_keeps_the_first_one_shut(house, cast, office):
    house.rubric.criteria.filter(code="impact").update(weight=30)
    answer = office.post(at("stage_open", "next", 1), {"reason": WHY})
    assert answer.status_code == 422
    assert "weights of the rubric have to add up" in answer.content.decode()
    assert not ProtocolVersion.objects.exists()


# What a cycle and a stage are made of


def test_every_field_of_a_stage_is_set_up_and_copied_or_belongs_to_its_course():
    course = {"id", "cycle", "number", "state", "draw_seed", "ties_asked_at", "topped_up_at"}
    fields = {field.name for field in Stage._meta.concrete_fields}
    assert fields - course == set(STAGE_FIELDS)


def test_every_field_of_a_cycle_is_set_up_copied_and_published_but_for_the_silent_grace(house):
    fields = {field.name for field in Cycle._meta.concrete_fields} - {"id", "slug", "award_year"}
    assert fields == set(CYCLE_FIELDS)
    assert fields - set(rules_of(house.cycle)["cycle"]) == {"grace_minutes"}


def test_nobody_is_told_of_the_minutes_of_grace(house, sign_in, published):
    for address in (at("protocol", "next"), at("protocol_rules", "next")):
        assert "grace" not in sign_in(None).get(address).content.decode()


# Who, and how it is drawn


def test_the_auditor_reads_and_has_nothing_to_press(house, cast, sign_in):
    page = sign_in(cast.auditor).get(at("cycle_setup", "next")).content.decode()
    main = page.partition("<main")[2]
    assert "<form" not in main
    assert "Regional review" in main
    assert sign_in(cast.auditor).get(at("stage_edit", "next", 1)).status_code == 403


def test_the_list_says_which_rules_are_published(house, office, published):
    factories.CycleFactory(slug="after", name="After")
    page = office.get(at("cycle_list")).content.decode()
    rows = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    assert "/protocol/next/" in next(row for row in rows if "Next cycle" in row)
    assert "not yet published" in next(row for row in rows if "After" in row)


def test_pages_take_as_many_statements_for_three_stages_as_for_one(house, office, django_assert_num_queries):
    Stage.objects.filter(number__gt=1).delete()
    with django_assert_num_queries(12):
        office.get(at("cycle_setup", "next"))
    with django_assert_num_queries(3):
        office.get(at("cycle_list"))
    for number in (2, 3):
        factories.StageFactory(
            cycle=house.cycle, number=number, kind="council", reviewer_role="council_member"
        )
        factories.CycleFactory(slug=f"more-{number}")
    with django_assert_num_queries(12):
        office.get(at("cycle_setup", "next"))
    with django_assert_num_queries(3):
        office.get(at("cycle_list"))


def test_every_act_of_the_setup_is_in_the_history(house, office):
    office.post(at("stage_add", "next"), {"kind": "vote"})
    post(office, at("stage_edit", "next", 4), rule_quorum=5)
    office.post(at("stage_bring_forward", "next", 4))
    office.post(at("stage_remove", "next", 3))
    post(office, at("places_edit", "next"), places_servers=7)
    post(office, at("cycle_edit", "next"), second_look_days=60)
    post(office, at("cycle_new"), slug="2031", award_year=2031, name="2031 cycle")
    verbs = list(
        HistoryRow.objects.filter(kind__in=("stage", "cycle")).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["make", "change", "bring_forward", "remove", "set_places", "change", "make"]
