"""One case for one reader, by kept statements: the same as the door says."""

import datetime as dt

import pytest
from django.db import connection

from accounts.models import Role
from common import clock
from nominations.models import Conflict
from selection import states
from selection.models import Assignment, Candidacy
from selection.queries.cases import candidacies_visible_to, own_tasks_on
from selection.queries.one import _statement_of, candidacy_visible_to, cases_of_stage
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import enter

ROLES = (
    "nominator", "nominee", "regional_lead", "reviewer_1", "reviewer_2", "reviewer_3", "technology_lead",
    "council_member", "office_1", "auditor", "holder", "outsider",
)  # fmt: skip


@kept_fixture
def cases(house, cast):
    made = [
        enter(house, cast, stage, name="Nobody's") for stage in (house.screen, house.score, house.council)
    ]
    made += [enter(house, cast, house.score, cast.reviewer_1, cast.office_1, name="A task")]
    made += [enter(house, cast, house.score, cast.reviewer_2, name="Left", state=states.LEFT)]
    tied = enter(house, cast, house.score, *(getattr(cast, role) for role in ROLES), name="Tied")
    for role in ROLES:
        Conflict.objects.create(nomination=tied.nomination, person=getattr(cast, role), kind="family")
    return [*made, tied]


def fresh(person):
    """The account as another request finds it."""
    return type(person.user).objects.get(pk=person.user.pk)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_the_cases_of_the_door_and_no_others(cast, cases, role):
    person = getattr(cast, role)
    for _time in range(2):  # the second time by the kept statement
        user = fresh(person)
        got = {one.key for one in cases if candidacy_visible_to(user, one.key)}
        assert got == set(candidacies_visible_to(user).values_list("key", flat=True))


def test_the_rows_around_it_are_those_of_the_tables(house, cast, cases, django_assert_num_queries):
    user = fresh(cast.reviewer_1)
    assert user.grants_today
    assert user.person == cast.reviewer_1
    with django_assert_num_queries(1):
        found = candidacy_visible_to(user, cases[3].key)
        parts = (
            found.stage,
            found.stage.cycle,
            found.nomination,
            found.nomination.nominee,
            found.nomination.region,
        )
        tasks = own_tasks_on(found, user.person)
    plain = Candidacy.objects.get(pk=found.pk)
    for one in (found, *parts):
        stored = type(one).objects.get(pk=one.pk)
        assert {f.attname: getattr(one, f.attname) for f in one._meta.concrete_fields} == {
            f.attname: getattr(stored, f.attname) for f in stored._meta.concrete_fields
        }
    assert parts == (plain.stage, house.cycle, plain.nomination, plain.nomination.nominee, house.baltics)
    assert tasks == [Assignment.objects.get(candidacy=plain, reviewer=cast.reviewer_1)]
    assert not hasattr(tasks[0], "review")


def test_ones_own_review_comes_with_the_task(house, cast, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 3, 3, 3, 3)
    (task,) = own_tasks_on(candidacy_visible_to(fresh(cast.reviewer_1), candidacy.key), cast.reviewer_1)
    assert (task.state, str(task.review.total), task.review.assignment) == (states.DONE, "3.0000", task)


def test_a_role_that_is_given_or_ends_shows_at_once(cast, cases):
    assert candidacy_visible_to(fresh(cast.outsider), cases[0].key) is None
    grant = factories.grant(cast.outsider, Role.PROGRAM_OFFICE)
    assert candidacy_visible_to(fresh(cast.outsider), cases[0].key) == cases[0]
    grant.ends = clock.today() - dt.timedelta(days=1)
    grant.save()
    assert candidacy_visible_to(fresh(cast.outsider), cases[0].key) is None


def test_a_tie_shows_at_once(cast, cases):
    assert candidacy_visible_to(fresh(cast.office_1), cases[0].key) == cases[0]
    Conflict.objects.create(nomination=cases[0].nomination, person=cast.office_1, kind="family")
    assert candidacy_visible_to(fresh(cast.office_1), cases[0].key) is None


@pytest.mark.parametrize("role", ROLES)
def test_the_cases_of_a_stage_are_those_of_the_door(house, cast, cases, role):
    user = fresh(getattr(cast, role))
    for stage in (house.screen, house.score, house.council):
        statement = cases_of_stage(user, stage)
        with connection.cursor() as cursor:
            cursor.execute(*statement) if statement else None
            got = {pk for (pk,) in cursor.fetchall()} if statement else set()
        visible = candidacies_visible_to(user).filter(stage=stage)
        assert got == set(visible.values_list("pk", flat=True))


@pytest.mark.parametrize("by", ["key", "stage"])
@pytest.mark.parametrize("role", ROLES)
def test_no_moment_in_time_stands_in_a_kept_statement(cast, cases, role, by):
    statement = _statement_of(fresh(getattr(cast, role)), by)
    assert statement is None or not any(isinstance(value, dt.date) for value in statement[1])


def test_a_key_that_never_was_is_no_case(cast, cases):
    for key in ("any key", "ZZZZZZZZ", "", "' OR 1=1"):
        assert candidacy_visible_to(fresh(cast.office_1), key) is None
