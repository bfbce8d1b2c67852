"""The office sets a cycle up in pages: a new one, its dates, places and stages, before its rules are published."""

import datetime as dt

import pytest
from django.urls import reverse

from charter.models import Cycle, CyclePlaces
from common.errors import RuleBroken
from selection import actions
from selection.models import Preset, Stage
from selection.queries.setup import findings_of
from selection.rules import dump, score_rule


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


def at(name, *args):
    return reverse(f"selection:{name}", args=args)


def typed(page):
    """What the form of a page would send as it is drawn."""
    form = page.context["form"]
    data = {}
    for name, field in form.fields.items():
        value = form[name].value()
        value = field.prepare_value(value) if hasattr(field, "prepare_value") else value
        if value is not None and value is not False:
            data[name] = "on" if value is True else getattr(value, "slug", value)
    return data


def post(client, address, **changed):
    """The form of a page, sent with some fields changed; ``None`` leaves one out."""
    return send(client, address, typed(client.get(address)), changed)


def send(client, address, data, changed):
    """The same for a form that was drawn before."""
    return client.post(
        address, {name: value for name, value in (data | changed).items() if value is not None}
    )


def words(found):
    return " ".join(one.words for one in found)


# A new cycle


def test_a_copy_of_the_last_cycle_is_planned_a_year_later(house, office):
    answer = post(office, at("cycle_new"), name="2031 cycle", award_year=2031, slug="2031")
    cycle = Cycle.objects.get(slug="2031")
    assert answer.url == at("cycle_setup", "2031")
    assert (cycle.opens_at.month, cycle.opens_at.day) == (
        house.cycle.opens_at.month,
        house.cycle.opens_at.day,
    )
    shift = cycle.opens_at - house.cycle.opens_at
    assert round(shift / dt.timedelta(days=1)) in (365, 366)
    pairs = zip(cycle.stages.order_by("number"), house.cycle.stages.order_by("number"), strict=True)
    for new, old in pairs:
        assert (new.opens_at - old.opens_at, new.rule, new.rubric) == (shift, old.rule, old.rubric)
        assert (new.state, new.draw_seed) == ("planned", "")
    assert CyclePlaces.objects.filter(cycle=cycle).count() == 2
    assert (cycle.term_starts.year - house.cycle.term_starts.year) == 2031 - house.cycle.award_year


def test_a_preset_can_begin_a_cycle(house, office):
    Preset.objects.create(
        slug="poll", name="Poll", summary="All say yes or no.",
        content={
            "settings": {"self_nomination": False},
            "timetable": {
                "closes_at": {"day": 9, "at": "23:59"}, "dossiers_close_at": {"day": 10, "at": "23:59"},
                "release_planned_at": {"day": 30, "at": "09:00"},
            },
            "stages": [
                {
                    "kind": "vote", "public_name": "Poll", "internal_name": "Poll", "reviewer_role": "reviewer",
                    "reviews_needed": 3, "rubric": None, "rule": {"advance": "ballot"},
                    "opens": {"day": 11, "at": "09:00"}, "closes": {"day": 20, "at": "17:00"},
                }
            ],
        },
    )  # fmt: skip
    post(office, at("cycle_new"), source="preset:poll", slug="poll-2031", name="Poll", award_year=2031)
    cycle = Cycle.objects.get(slug="poll-2031")
    (stage,) = cycle.stages.all()
    assert (stage.kind, stage.opens_at.hour, (stage.opens_at.date() - cycle.opens_at.date()).days) == (
        "vote",
        9,
        11,
    )


def test_what_is_wrong_with_a_new_cycle_is_said_and_nothing_is_made(house, office):
    drawn = typed(office.get(at("cycle_new")))
    for changed, sentence in (
        ({"slug": "next"}, "There is a cycle “next” already."),
        ({"slug": "new"}, "There is a cycle “new” already."),
        ({"slug": "no words"}, "valid “slug”"),
        ({"source": "copy:nothing"}, "Select a valid choice"),
        ({"opens_at": "tomorrow"}, "Enter a valid date/time."),
        ({"award_year": "12"}, "greater than or equal to 1900"),
    ):
        answer = send(office, at("cycle_new"), drawn, changed)
        assert (answer.status_code, Cycle.objects.count()) == (422, 1), changed
        assert sentence in answer.content.decode(), changed


# Dates, places, stages


def test_dates_are_saved_in_utc_and_what_was_not_changed_stays(house, office):
    before = Cycle.objects.get().__dict__
    later = house.cycle.release_planned_at.replace(second=0, microsecond=0) + dt.timedelta(days=3)
    answer = post(office, at("cycle_edit", "next"), release_planned_at=later.strftime("%Y-%m-%dT%H:%M"))
    assert answer.url == at("cycle_setup", "next")
    after = Cycle.objects.get()
    assert after.release_planned_at == later
    for name in ("who_may_nominate", "reminder_days", "term_ends", "nominations_per_nominator", "slug"):
        assert getattr(after, name) == before[name]


def test_dates_out_of_order_are_a_sentence_beside_their_field(house, office):
    closes = (house.cycle.opens_at - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = post(office, at("cycle_edit", "next"), closes_at=closes)
    assert answer.status_code == 422
    assert answer.context["form"].errors["closes_at"] == ["Nominations close after they have opened."]


def test_places_are_set_and_taken_away(house, office):
    post(office, at("places_edit", "next"), **{"places_servers": 7, "places_office-tools": None})
    assert list(CyclePlaces.objects.values_list("category__slug", "places")) == [("servers", 7)]
    answer = post(office, at("places_edit", "next"), places_servers="-1")
    assert (answer.status_code, CyclePlaces.objects.get().places) == (422, 7)


def test_a_stage_is_set_with_the_rule_of_its_kind(house, office):
    answer = post(
        office, at("stage_edit", "next", 2), rule_reserve=5, rule_rank_by="calibrated", hide_nominee="on",
        internal_name="Panel", training_cases=3,
    )  # fmt: skip
    assert answer.url == at("cycle_setup", "next")
    stage = Stage.objects.get(number=2)
    rule = score_rule(stage.rule)
    assert (rule.reserve, rule.rank_by, rule.capacity) == (5, "calibrated", 12)
    assert (stage.hide_nominee, stage.internal_name, stage.public_name, stage.training_cases) == (
        True, "Panel", "Technology review", 3,
    )  # fmt: skip
    assert stage.rule == dump(rule)


def test_what_is_wrong_with_a_stage_stands_beside_its_field(house, office):
    before = Stage.objects.get(number=2).rule
    drawn = typed(office.get(at("stage_edit", "next", 2)))
    for changed, field in (
        ({"rule_reserve": -1}, "rule_reserve"),
        ({"rule_reserve": "many"}, "rule_reserve"),
        ({"rule_threshold": "9"}, "rule_threshold"),
        ({"rule_advance": "lottery"}, "rule_advance"),
        ({"rubric": None}, "rubric"),
        ({"closes_at": "2001-01-01T00:00"}, "closes_at"),
        ({"reviewer_role": "nominee"}, "reviewer_role"),
        ({"public_name": ""}, "public_name"),
    ):
        answer = send(office, at("stage_edit", "next", 2), drawn, changed)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Stage.objects.get(number=2).rule == before


def test_another_kind_begins_with_its_own_rule(house, office):
    answer = post(office, at("stage_edit", "next", 2), kind="vote")
    stage = Stage.objects.get(number=2)
    assert answer.url == at("stage_edit", "next", 2)
    assert (stage.kind, stage.rule["advance"]) == ("vote", "ballot")


def test_only_a_stage_that_scores_or_votes_can_hide_the_nominee(house, cast, office):
    assert "hide_nominee" not in office.get(at("stage_edit", "next", 1)).context["form"].fields
    post(office, at("stage_edit", "next", 2), hide_nominee="on")
    post(office, at("stage_edit", "next", 2), kind="council")
    assert not Stage.objects.get(number=2).hide_nominee
    with pytest.raises(RuleBroken, match="can hide the nominee"):
        actions.change_stage(house.screen, values={"hide_nominee": True}, by=cast.office_1.user)
    Stage.objects.filter(number=1).update(hide_nominee=True)
    assert "a screen and a council read the whole case" in words(findings_of(house.cycle))


def test_stages_are_added_moved_and_removed_before_they_begin(house, office):
    office.post(at("stage_add", "next"), {"kind": "vote"})
    assert Stage.objects.get(number=4).kind == "vote"
    office.post(at("stage_bring_forward", "next", 4))
    assert [one.kind for one in Stage.objects.order_by("number")] == ["screen", "score", "vote", "council"]
    office.post(at("stage_remove", "next", 2))
    assert list(Stage.objects.order_by("number").values_list("number", "kind")) == [
        (1, "screen"), (2, "vote"), (3, "council"),
    ]  # fmt: skip
    assert office.post(at("stage_bring_forward", "next", 1)).status_code == 409
    assert office.post(at("stage_add", "next"), {"kind": "raffle"}).status_code == 422
