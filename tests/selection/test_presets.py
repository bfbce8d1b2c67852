"""Each preset decides a whole small cycle: made from the preset, opened, worked in over HTTP, closed and released."""

import datetime as dt

import pytest
from django.urls import reverse

from charter.models import Cycle
from common import clock
from common.errors import RuleBroken
from mvp_program.seeding.days import keep_first_day
from mvp_program.seeding.presets import load_presets, preset_files
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.rounds import load_rubric
from nominations.models import Nomination
from people.models import Person
from selection import actions, states
from selection.models import Assignment, Candidacy, Preset, RedactedDossier, Stage
from tests import factories
from tests.selection.conftest import typed

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def presets(house):
    """All of them, by slug; the house has two places in its servers."""
    calendar = keep_first_day()
    load_rubric(calendar, Tally())
    load_presets(calendar, Tally())
    return {preset.slug: preset for preset in Preset.objects.all()}


@pytest.fixture
def begin(house, cast, presets):
    """``begin("ballot")``: a cycle made from a preset, whose nominations opened a year after the house's."""

    def make(slug, year=None):
        last = Cycle.objects.order_by("-opens_at").first()
        opens_at = last.opens_at + dt.timedelta(days=365)
        year = last.award_year + 1
        return actions.make_cycle(
            presets[slug], slug=str(year), name=f"{year} cycle", award_year=year, opens_at=opens_at,
            by=cast.office_1.user,
        )  # fmt: skip

    return make


@pytest.fixture
def bring(house):
    """``bring(cycle, "Aija", "Bruno")``: complete cases in networking, by name."""

    def complete(cycle, *names):
        return [
            factories.NominationFactory(
                cycle=cycle, area=house.networking, region=house.baltics, state=Nomination.State.COMPLETE,
                nominee=factories.PersonFactory(name=name),
            )
            for name in names
        ]  # fmt: skip

    return complete


@pytest.fixture
def play(cast, sign_in):
    """``play(stage, work)``: open it on its day, let ``work`` happen, close it after its end."""

    def run(stage, work=lambda: None):
        stage.refresh_from_db()
        office = sign_in(cast.office_1)
        with clock.at(stage.opens_at + HOUR):
            answer = office.post(reverse("selection:stage_open", args=[stage.cycle.slug, stage.number]))
            assert answer.status_code == 302
            work()
        with clock.at(stage.closes_at + HOUR):
            answer = office.post(reverse("selection:stage_close", args=[stage.cycle.slug, stage.number]))
            assert answer.status_code == 302

    return run


@pytest.fixture
def say(cast, sign_in):
    """``say(case, stage, address, *answers)``: the reviewers post these, in order; ``None`` says nothing."""

    def post(case, stage, address, *answers):
        key = Candidacy.objects.get(nomination=case, stage=stage).key
        voters = (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
        for voter, answer in zip(voters, answers, strict=False):
            if answer is not None:
                got = sign_in(voter).post(f"/review/{key}/{address}/", answer)
                assert got.status_code == 302, got.content.decode()

    return post


def votes(*said):
    return [one and {"verdict": one, "comment": "Because of what is in the dossier."} for one in said]


def give_tasks(stage, cast):
    """Everybody who reviews gets every case, as an assignment would; somebody has checked the copy without the name."""
    people = Person.objects.filter(user__grants__role="reviewer")
    actions.propose_copies(stage)
    for candidacy in stage.candidacies.all():
        copy = RedactedDossier.objects.get(nomination=candidacy.nomination_id)
        actions.check_copy(
            candidacy, by=cast.office_1.user, texts=copy.texts, open_links=[], digest=copy.source_digest,
            anyway=True,
        )  # fmt: skip
        for person in people:
            Assignment.objects.create(candidacy=candidacy, reviewer=person, assigned_at=clock.now())


def release(cycle, cast):
    with clock.at(cycle.release_planned_at):
        planned = actions.prepare_release(cycle, scheduled_at=clock.now(), by=cast.office_1.user)
        actions.confirm_release(planned, by=cast.office_2.user)
        actions.carry_out_release(planned)
    return dict(Nomination.objects.filter(cycle=cycle).values_list("nominee__name", "state"))


def test_every_file_of_presets_is_one_that_can_begin_a_cycle(begin, presets):
    assert {f"presets/{slug}" for slug in presets} == set(preset_files())
    for slug in presets:
        cycle = begin(slug)
        assert cycle.stages.count() == len(presets[slug].content["stages"])
        assert cycle.places.count() == 2


def test_the_default_program_screens_scores_and_asks_the_council(cast, begin, bring, play, say, sign_in):
    cycle = begin("default")
    screen, score, council = cycle.stages.order_by("number")
    good, better, best, failed = bring(cycle, "Good", "Better", "Best", "Failed")
    lead = sign_in(cast.regional_lead)

    def look():
        for case in (good, better, best, failed):
            key = Candidacy.objects.get(nomination=case, stage=screen).key
            verdict = {"verdict": "pass"}
            if case == failed:
                verdict = {"verdict": "fail", "reason_code": "no-evidence"}
            assert lead.post(f"/review/{key}/screen/", verdict).status_code == 302

    def mark():
        give_tasks(score, cast)
        for case, mark in ((good, 3), (better, 4), (best, 5)):
            say(case, score, "submit", *[typed(mark, mark, mark, mark)] * 3)

    play(screen, look)
    play(score, mark)
    play(council)
    assert release(cycle, cast) == {
        "Best": "awarded", "Better": "awarded", "Good": "on_reserve", "Failed": "not_awarded",
    }  # fmt: skip


def test_a_ballot_accepts_with_three_plus_and_rejects_with_two_minus(cast, begin, bring, play, say):
    cycle = begin("ballot")
    (stage,) = cycle.stages.all()
    yes, no, neither = bring(cycle, "Yes", "No", "Neither")

    def vote():
        say(yes, stage, "vote", *votes("plus", "plus", "plus"))
        say(no, stage, "vote", *votes("minus", "minus", "plus"))
        say(neither, stage, "vote", *votes("plus", "plus", "minus"))

    play(stage, vote)
    waiting = Candidacy.objects.get(stage=stage, state=states.OPEN)
    assert waiting.nomination == neither
    actions.resolve_candidacy(
        waiting, by=cast.office_1.user, outcome=states.NOT_THIS_TIME, reason="Read once more by two."
    )
    assert release(cycle, cast) == {"Yes": "awarded", "No": "not_awarded", "Neither": "not_awarded"}


def test_a_working_group_votes_four_times_on_a_case_without_success(cast, begin, bring, play, say):
    first = begin("working-group")
    yes, torn = bring(first, "Yes", "Torn")
    cycle = first
    for round in (1, 2, 3, 4):
        (stage,) = cycle.stages.all()

        def vote(stage=stage, round=round):
            if round == 1:
                say(yes, stage, "vote", *votes("plus", "plus", "minus"))
            say(torn, stage, "vote", *votes("plus", "minus", "neutral"))

        play(stage, vote)
        assert Candidacy.objects.get(nomination=torn, stage=stage).round == round
        release(cycle, cast)
        torn.refresh_from_db()
        assert torn.state == ("not_awarded" if round == 4 else "in_review")
        cycle = begin("working-group")
    yes.refresh_from_db()
    assert yes.state == "awarded"


def test_a_working_group_without_its_quorum_carries_over_whatever_was_said(cast, begin, bring, play, say):
    cycle = begin("working-group")
    (stage,) = cycle.stages.all()
    (case,) = bring(cycle, "Hardly noticed")
    play(stage, lambda: say(case, stage, "vote", *votes("plus", "plus", None)))
    assert Candidacy.objects.get(nomination=case).by_rule == states.CARRY_OVER


def test_each_reviewers_marks_have_to_average_three_for_the_shortlist(cast, begin, bring, play, say):
    cycle = begin("shortlist")
    shortlist, council = cycle.stages.order_by("number")
    best, solid, just, torn = bring(cycle, "Best", "Solid", "Just", "Torn")

    def mark():
        give_tasks(shortlist, cast)
        say(best, shortlist, "submit", *[typed(5, 5, 5, 5)] * 3)
        say(solid, shortlist, "submit", *[typed(4, 4, 4, 4)] * 3)
        say(just, shortlist, "submit", *[typed(3, 3, 3, 3)] * 3)
        say(torn, shortlist, "submit", typed(5, 5, 5, 5), typed(5, 5, 5, 5), typed(3, 3, 3, 2))

    play(shortlist, mark)
    assert Candidacy.objects.get(nomination=torn).state == states.STOPPED
    play(council)
    assert council.candidacies.count() == 3
    assert release(cycle, cast) == {
        "Best": "awarded", "Solid": "awarded", "Just": "on_reserve", "Torn": "not_awarded",
    }  # fmt: skip


def test_the_protocol_of_each_preset_says_its_rule(cast, begin, presets, sign_in):
    says = {
        "default": "The next 3 are proposed for the reserve",
        "ballot": "2 votes of −1 reject a case",
        "working-group": "stays for 4 rounds in all",
        "shortlist": "the weighted mean of each of its reviewers is 3 or more",
    }
    assert set(says) == set(presets)
    for slug, words in says.items():
        page = sign_in(cast.office_1).get(reverse("selection:protocol", args=[begin(slug).slug]))
        assert words in page.content.decode()


def test_a_preset_takes_the_place_of_stages_that_have_not_begun_and_of_no_others(house, cast, presets):
    actions.use_preset(house.cycle, presets["ballot"], by=None)
    (stage,) = Stage.objects.filter(cycle=house.cycle)
    assert stage.rule["advance"] == "ballot"
    actions.open_stage(stage, by=cast.office_1.user, reason="For the test.")
    with pytest.raises(RuleBroken, match="has opened"):
        actions.use_preset(house.cycle, presets["default"], by=None)
