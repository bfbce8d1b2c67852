"""Who knows of which case: nobody with a tie, whatever their role, by any door."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from common import registry
from common.errors import RuleBroken
from nominations.actions import take_back_nomination
from nominations.models import Conflict, Support
from selection import actions
from selection.queries import candidacies_visible_to
from tests import factories

ROLES = {
    "nominator": (False, False, False),
    "nominee": (False, False, False),
    "regional_lead": (True, False, False),
    "reviewer_1": (False, True, False),
    "reviewer_2": (False, False, False),
    "technology_lead": (False, True, True),
    "council_member": (False, False, True),
    "office_1": (True, True, True),
    "auditor": (False, False, False),
    "holder": (False, False, False),
    "outsider": (False, False, False),
}


@pytest.fixture
def everywhere(house, cast, make_candidacy):
    """One case in each of the three stages; reviewer 1 has the task in the second."""
    return (
        make_candidacy(house.screen, name="Aija Screen"),
        make_candidacy(house.score, cast.reviewer_1, name="Bruno Score"),
        make_candidacy(house.council, name="Cathrin Council", proposed="award"),
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_own_stages_and_nothing_else(cast, everywhere, role):
    seen = set(candidacies_visible_to(getattr(cast, role).user))
    assert tuple(one in seen for one in everywhere) == ROLES[role]


@pytest.mark.parametrize("role", [name for name, seen in ROLES.items() if any(seen)])
def test_a_tie_takes_the_case_from_every_role(cast, everywhere, role):
    person = getattr(cast, role)
    for one in everywhere:
        Conflict.objects.create(nomination=one.nomination, person=person, kind="family")
    assert not candidacies_visible_to(person.user).exists()


def test_a_tie_that_is_only_suggested_takes_nothing(cast, everywhere):
    Conflict.objects.create(
        nomination=everywhere[0].nomination, person=cast.office_1, kind="domain", strength="suggested"
    )
    assert candidacies_visible_to(cast.office_1.user).count() == 3


def test_whoever_took_their_nomination_back_does_not_become_a_reviewer_of_the_case(
    house, cast, make_case, make_candidacy
):
    case = make_case(state="invited")
    Support.objects.create(
        nomination=case, kind="nominator", person=cast.reviewer_1, name="Inês", statement="My friend.",
        given_at=case.created_at,
    )  # fmt: skip
    take_back_nomination(case, by=cast.reviewer_1.user)
    case.refresh_from_db()
    assert case.state == "invited"  # another nominator stands by it
    candidacy = make_candidacy(house.score, nomination=case)
    with pytest.raises(RuleBroken, match="has a tie to this case"):
        actions.assign_reviewer(candidacy, reviewer=cast.reviewer_1, by=cast.office_1.user)


def test_a_role_that_has_ended_shows_nothing(cast, everywhere):
    cast.reviewer_1.user.grants.update(ends="2020-01-01", starts="2019-01-01")
    user = type(cast.reviewer_1.user).objects.get(pk=cast.reviewer_1.user.pk)
    assert not candidacies_visible_to(user).exists()


@pytest.mark.parametrize("role", ["reviewer_2", "technology_lead", "council_member", "office_1"])
def test_hidden_and_missing_are_the_same_bytes_and_the_same_statements(cast, sign_in, everywhere, role):
    person = getattr(cast, role)
    Conflict.objects.create(nomination=everywhere[1].nomination, person=person, kind="family")
    client = sign_in(person)

    def ask(key):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/review/{key}/")
        body = answer.content.decode().replace(answer.headers.get("X-Request-ID", "-"), "")
        asked = [re.sub(r"'20\d\d-[^']*'", "", query["sql"].replace(key, "")) for query in captured]
        return answer.status_code, body.replace(key, ""), asked

    hidden, missing = ask(everywhere[1].key), ask("ZZZZZZZZ")
    assert hidden[0] == 404
    assert hidden == missing


def test_history_of_a_tied_case_is_not_theirs_to_read(cast, everywhere):
    keys = [one.key for one in everywhere]
    Conflict.objects.create(nomination=everywhere[0].nomination, person=cast.office_1, kind="family")
    for kind in ("candidacy", "review", "assignment", "override", "decision"):
        assert registry.visible_keys[kind](cast.office_1.user, keys) == {
            keys[1]
        }  # the council is kept from them
        assert registry.visible_keys[kind](cast.outsider.user, keys) == set()
        assert registry.visible_keys[kind](cast.reviewer_1.user, keys) == set()
        assert registry.visible_keys[kind](cast.auditor.user, keys) == set(keys)
        assert registry.visible_keys[kind](cast.technology_lead.user, keys) == set(keys[1:])


def test_history_is_closed_to_whoever_has_not_reviewed_yet(cast, everywhere):
    factories.grant(cast.reviewer_1, Role.PROGRAM_OFFICE)
    keys = [one.key for one in everywhere]
    assert registry.visible_keys["review"](cast.reviewer_1.user, keys) == {keys[0], keys[2]}
