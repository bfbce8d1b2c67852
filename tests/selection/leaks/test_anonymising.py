"""A case without an award loses its names and texts when its months are over; marks and outcomes stay."""

import datetime as dt

import pytest

from accounts.models import Role
from charter.models import Cycle
from common import clock, history
from common.verification import verify
from nominations import actions, tasks
from nominations.models import Conflict, DossierItem, Nomination, Support
from people.models import Deletion, Person
from selection.models import Candidacy, Decision, Review, Score
from selection.queries import candidacies_visible_to
from tests import factories
from tests.selection.leaks.facts import FACTS, plant
from tests.selection.leaks.stored import hits
from tests.world import make_world

TWO_YEARS = dt.timedelta(days=732)
NOMINATORS = {"nominations.Support.name", "nominations.Support.email"}


@pytest.fixture
def world(house, cast):
    return make_world(house, cast)


def ended(case, *, ago=TWO_YEARS, state="not_awarded"):
    """It had its answer so long ago."""
    Nomination.objects.filter(pk=case.pk).update(state=state, ended_at=clock.now() - ago)


def test_no_word_about_the_nominee_is_left_and_the_other_case_keeps_its_own(world, cast):
    canaries = plant(world)
    ended(world.case.nomination)
    tokens = canaries.tokens
    written = {fact for fact in FACTS if fact.startswith(("nominations.", "selection."))}
    gone = [
        word
        for word, one in tokens.items()
        if one.case == 1
        and "." not in word
        and (
            one.fact in written
            or "of the nominee" in one.fact
            or one.fact.startswith("text of the history")
            or one.fact == "a sentence for the nominee"
        )
    ]
    other = [one.word for one in tokens.values() if one.case == 9 and "." not in one.word]
    name, address = Person.objects.get(pk=cast.nominee.pk).name, cast.nominee.addresses.get().email
    before = hits(*other)
    assert len(hits(name, address, *gone)) == len({name, address, *gone}) > 40
    tasks.anonymise()
    left = hits(*gone)
    assert {tokens[word].fact: tables for word, tables in left.items()} == {}
    assert hits(name, address) == {}
    assert hits(*other) == before


def test_run_again_it_finds_nothing(world):
    ended(world.case.nomination)
    assert actions.anonymise_cases() == 1
    assert actions.anonymise_cases() == 0
    log = Deletion.objects.get(rows__has_key="case")
    assert (log.mode, log.rows["case"]) == ("shell", 1)
    history.seal()
    assert verify().problems == []


@pytest.mark.parametrize("state", ["awarded", "award_declined", "in_review"])
def test_other_cases_are_not_touched(world, state):
    ended(world.case.nomination, state=state)
    assert actions.anonymise_cases() == 0
    assert Support.objects.filter(nomination=world.case.nomination).exclude(statement="").exists()


@pytest.mark.parametrize("state", ["ineligible", "withdrawn", "on_reserve", "second_look"])
def test_whatever_ended_without_an_award_is(world, state):
    ended(world.case.nomination, state=state)
    assert actions.anonymise_cases() == 1
    case = Nomination.objects.get(pk=world.case.nomination.pk)
    assert case.state == (state if state in ("ineligible", "withdrawn") else "not_awarded")


def test_the_months_are_the_cycle_s_own(world, house):
    ended(world.case.nomination, ago=dt.timedelta(days=100))
    assert actions.anonymise_cases() == 0
    Cycle.objects.filter(pk=house.cycle.pk).update(months_kept=3)
    assert actions.anonymise_cases() == 1


def test_marks_and_outcomes_stay_without_words(world):
    ended(world.case.nomination)
    marks = sorted(Score.objects.values_list("pk", "mark"))
    outcomes = sorted(Decision.objects.values_list("pk", "outcome"))
    actions.anonymise_cases()
    assert sorted(Score.objects.values_list("pk", "mark")) == marks
    assert sorted(Decision.objects.values_list("pk", "outcome")) == outcomes
    mine = Review.objects.filter(assignment__candidacy__nomination=world.case.nomination)
    assert set(mine.values_list("comment", flat=True)) == {""}
    assert not DossierItem.objects.filter(nomination=world.case.nomination).exists()


def test_a_nominee_who_is_known_otherwise_stays_and_the_shell_does_not_lead_to_them(world, house, cast):
    factories.AwardFactory(person=cast.nominee, area=house.directory)
    ended(world.case.nomination)
    actions.anonymise_cases()
    case = Nomination.objects.get(pk=world.case.nomination.pk)
    assert Person.objects.get(pk=cast.nominee.pk).name == cast.nominee.name
    assert case.nominee != cast.nominee
    assert (case.nominee.name, case.nominee_name, case.nominee_email) == ("", "", "")
    assert not Conflict.objects.filter(nomination=case, person=cast.nominee).exists()


def test_a_visit_since_keeps_an_account(world, cast):
    ended(world.case.nomination)
    cast.nominee.user.last_login = clock.now() - dt.timedelta(days=30)
    cast.nominee.user.save()
    actions.anonymise_cases()
    assert Person.objects.get(pk=cast.nominee.pk).name == cast.nominee.name


def test_who_was_tied_and_had_a_role_stays_barred_from_the_shell(world, cast):
    candidacy = world.case.candidacy
    factories.grant(cast.nominator, Role.PROGRAM_OFFICE)
    Conflict.objects.get_or_create(
        nomination=world.case.nomination, person=cast.nominator, kind=Conflict.Kind.NOMINATOR
    )
    ended(world.case.nomination)
    actions.anonymise_cases()
    ties = Conflict.objects.filter(nomination=world.case.nomination)
    assert cast.nominator in {tie.person for tie in ties}
    assert {(tie.kind, tie.strength) for tie in ties} == {("other", "hard")}
    seen = candidacies_visible_to(cast.nominator.user)
    assert not seen.filter(pk=candidacy.pk).exists()
    assert Candidacy.objects.filter(pk=candidacy.pk).exists()


def test_rows_that_were_joined_with_the_case_go_with_it(world, house, make_case):
    joined = make_case("Ilmars V.")
    Nomination.objects.filter(pk=joined.pk).update(state="merged", merged_into=world.case.nomination)
    ended(world.case.nomination)
    actions.anonymise_cases()
    assert not joined.supports.exists()
    assert hits("Ilmars V.") == {}
