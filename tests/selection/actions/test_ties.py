"""What a tie does to a task; ties that only the selection sees; signs that a chair judges."""

import datetime as dt

import pytest

from accounts.models import Role
from common import clock
from common.errors import Outdated
from common.models import HistoryRow
from nominations import conflicts
from nominations.actions import confirm_conflict, declare_conflict, dismiss_conflict, lift_conflict
from nominations.models import Conflict, Nomination
from people.actions import change_employer, merge_persons
from people.models import Address, Employer
from selection import actions, states, tasks
from selection.models import Assignment, Candidacy, GroupNumbers, Review, Stage
from selection.queries import candidacies_visible_to
from selection.queries.numbers import group_numbers_visible_to
from tests import factories
from tests.selection.conftest import WHY, many_cases


@pytest.fixture
def substitute(house):
    person = factories.make_person("Substitute", "substitute@community.example")
    factories.grant(person, Role.REVIEWER)
    return person


def signs(kind):
    return set(Conflict.objects.filter(kind=kind, strength="suggested").values_list("nomination", "person"))


def test_a_tie_found_during_the_stage_ends_the_task_and_its_review_counts_no_more(
    house, cast, substitute, make_candidacy, submit, run_jobs
):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    submit(candidacy, cast.reviewer_1, 5, 5, 5, 5)
    Employer.objects.create(person=candidacy.nomination.nominee, name="Alder", key="alder")
    change_employer(cast.reviewer_1, "Alder", by=None)
    run_jobs()
    candidacy.refresh_from_db()
    assert Assignment.objects.get(reviewer=cast.reviewer_1).state == states.RECUSED
    assert (candidacy.reviews_in, candidacy.mean) == (0, None)
    assert Review.objects.filter(assignment__reviewer=cast.reviewer_1).exists()
    assert candidacy.assignments.get(reviewer=substitute).state == states.ASSIGNED
    assert HistoryRow.objects.get(verb="end_for_tie").actor == "system"


@pytest.mark.parametrize("nominee_stays", [True, False])
def test_a_nominee_who_turns_out_to_be_a_reviewer_of_the_case_loses_the_task(
    house, cast, make_candidacy, submit, run_jobs, nominee_stays
):
    """Whichever of the two rows is kept: the tie of the kept one may be older than its tasks."""
    nominee = factories.PersonFactory(name="I. Abrantes")
    candidacy = make_candidacy(house.score, cast.reviewer_1, nominee=nominee)
    conflicts.recompute([candidacy.nomination_id])
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    rows = (nominee, cast.reviewer_1) if nominee_stays else (cast.reviewer_1, nominee)
    merge_persons(*rows, by=cast.office_1.user)
    run_jobs()
    candidacy.refresh_from_db()
    task = candidacy.assignments.get(reviewer=rows[0])
    assert (task.state, candidacy.reviews_in) == (states.RECUSED, 0)


def test_a_tie_declared_as_a_second_row_of_the_reviewer_ends_the_task(house, cast, make_candidacy, run_jobs):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    second = factories.PersonFactory(name="I. Abrantes")
    declare_conflict(candidacy.nomination, second, kind="partner", by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    assert not candidacies_visible_to(cast.reviewer_1.user).exists()
    run_jobs()
    assert candidacy.assignments.get(reviewer=cast.reviewer_1).state == states.RECUSED


def test_the_case_is_gone_before_the_worker_has_run(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    declare_conflict(candidacy.nomination, cast.reviewer_1, kind="family", by=None)
    assert not candidacies_visible_to(cast.reviewer_1.user).exists()


def test_a_tie_found_after_the_close_leaves_the_task(house, cast, make_candidacy, run_stage, run_jobs):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    run_stage(house.score, states.STAGE_CLOSED)
    declare_conflict(candidacy.nomination, cast.reviewer_1, kind="family", by=None)
    run_jobs()
    assert Assignment.objects.get().state == states.ASSIGNED


def test_a_confirmed_sign_takes_the_case_away_and_the_place_is_filled(
    house, cast, substitute, make_candidacy, run_jobs
):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    sign = candidacy.nomination.conflicts.create(person=cast.reviewer_1, kind="domain", strength="suggested")
    confirm_conflict(sign, by=cast.technology_lead.user)
    run_jobs()
    sign.refresh_from_db()
    assert (sign.strength, sign.source) == ("hard", "chair")
    assert Assignment.objects.get(reviewer=cast.reviewer_1).state == states.RECUSED
    assert candidacy.assignments.filter(reviewer=substitute).exists()


def test_a_sign_is_judged_once(house, cast, make_candidacy):
    sign = make_candidacy(house.score).nomination.conflicts.create(
        person=cast.reviewer_1, kind="domain", strength="suggested"
    )
    dismiss_conflict(sign, by=cast.technology_lead.user)
    with pytest.raises(Outdated, match="judged"):
        confirm_conflict(sign, by=cast.office_1.user)
    assert (
        HistoryRow.objects.filter(kind="conflict").values_list("verb", flat=True).get() == "dismiss_conflict"
    )


def test_people_who_review_each_other_are_told_to_the_chair(house, cast, make_candidacy, run_jobs):
    first = make_candidacy(house.score, cast.reviewer_2, nominee=cast.reviewer_1)
    second = make_candidacy(house.score, nominee=cast.reviewer_2)
    actions.assign_reviewer(second, reviewer=cast.reviewer_1, by=cast.office_1.user)
    run_jobs()
    both = {(first.nomination_id, cast.reviewer_2.pk), (second.nomination_id, cast.reviewer_1.pk)}
    assert signs("mutual") == both
    actions.decline_assignment(second, by=cast.reviewer_1.user)
    actions.suggest_mutual(house.score.pk)
    assert signs("mutual") == set()


def test_a_dismissed_sign_of_mutual_reviews_stays_dismissed(house, cast, make_candidacy):
    first = make_candidacy(house.score, cast.reviewer_2, nominee=cast.reviewer_1)
    make_candidacy(house.score, cast.reviewer_1, nominee=cast.reviewer_2)
    actions.suggest_mutual(house.score.pk)
    dismiss_conflict(first.nomination.conflicts.get(kind="mutual"), by=cast.technology_lead.user)
    actions.suggest_mutual(house.score.pk)
    assert first.nomination.conflicts.get(kind="mutual").dismissed_at is not None


@pytest.fixture
def neighbour(cast, make_case):
    """A complete case whose nominee shares a mail domain with a reviewer; nobody has looked yet."""
    case = make_case("Vaira Paegle")
    for person in (case.nominee, cast.reviewer_1):
        Address.objects.create(person=person, email=f"{person.slug}@alder.example", confirmed_at=clock.now())
    return case


def test_the_worker_looks_for_signs_after_a_stage_has_opened(house, cast, neighbour, run_jobs):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    house.screen.refresh_from_db()
    assert (signs("domain"), house.screen.ties_asked_at is None) == (set(), False)
    run_jobs()
    house.screen.refresh_from_db()
    found = (neighbour.pk, cast.reviewer_1.pk)
    assert (signs("domain"), house.screen.ties_asked_at) == ({found}, None)
    actions.look_for_ties(house.screen)
    assert signs("domain") == {found}


def test_cases_that_come_in_while_the_worker_looks_are_looked_at_by_the_next_job(
    house, cast, neighbour, make_case, run_jobs
):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    earlier = Stage.objects.get(pk=house.screen.pk)
    make_case("Late Comer")
    actions.admit_cases(house.screen, by=cast.office_1.user)
    actions.look_for_ties(earlier)
    assert Stage.objects.get(pk=house.screen.pk).ties_asked_at is not None
    run_jobs()
    assert Stage.objects.get(pk=house.screen.pk).ties_asked_at is None


def test_a_stage_whose_job_was_lost_is_found_again(house):
    house.screen.ties_asked_at = clock.now()
    house.screen.save()
    assert not actions.stages_without_ties().exists()
    with clock.at(clock.now() + dt.timedelta(minutes=11)):
        tasks.look_for_ties_again()
    assert Stage.objects.get(pk=house.screen.pk).ties_asked_at is None


def test_a_tie_of_a_chair_without_a_task_asks_for_numbers_over_what_is_left(house, cast, run_jobs):
    cases = many_cases(house, 6)
    actions.compute_numbers(house.score, house.servers)
    assert GroupNumbers.objects.count() == 1
    case = Nomination.objects.get(pk=cases[0].nomination_id)
    Employer.objects.create(person=case.nominee, name="Alder", key="alder")
    change_employer(cast.technology_lead, "Alder", by=None)
    run_later(run_jobs)
    assert group_numbers_visible_to(cast.technology_lead.user).get().cases == 5
    change_employer(cast.technology_lead, "Birch", by=None)
    Employer.objects.filter(person=cast.technology_lead, key="alder").delete()
    conflicts.recompute([case.pk])
    lift_conflict(Conflict.objects.get(person=cast.technology_lead), by=cast.office_1.user, reason=WHY)
    run_later(run_jobs)
    assert GroupNumbers.objects.get().cases == 6


def run_later(run_jobs):
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        run_jobs()


def test_one_way_is_no_mutual_review(house, cast, make_candidacy):
    make_candidacy(house.score, cast.reviewer_2, nominee=cast.reviewer_1)
    make_candidacy(house.score, cast.reviewer_3, nominee=cast.reviewer_2)
    actions.suggest_mutual(house.score.pk)
    assert signs("mutual") == set()
    assert Candidacy.objects.count() == 2
