"""What must not be seen: by whom, before when, through which side door."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from common import registry
from nominations.models import Conflict
from selection import actions, states
from selection.models import Candidacy, Decision
from selection.queries import candidacies_visible_to
from tests import factories
from tests.selection.conftest import WHY, answers

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
        assert registry.visible_keys[kind](cast.office_1.user, keys) == set(keys[1:])
        assert registry.visible_keys[kind](cast.outsider.user, keys) == set()
        assert registry.visible_keys[kind](cast.reviewer_1.user, keys) == set()
        assert registry.visible_keys[kind](cast.auditor.user, keys) == set(keys)
        assert registry.visible_keys[kind](cast.technology_lead.user, keys) == set(keys[1:])


def test_history_is_closed_to_whoever_has_not_reviewed_yet(cast, everywhere):
    factories.grant(cast.reviewer_1, Role.PROGRAM_OFFICE)
    keys = [one.key for one in everywhere]
    assert registry.visible_keys["review"](cast.reviewer_1.user, keys) == {keys[0], keys[2]}


MARK = "4.7531"  # the canary: a mean that stands nowhere by chance


@pytest.fixture
def canary(house, cast, make_candidacy):
    """A case with a mean that reviewer 1 must not learn before their own review is in."""
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, name="Canary Case")
    actions.submit_review(
        candidacy, by=cast.reviewer_2.user, answers=answers(4, 4, 4, 2, comment="QUARTZOSE"), version=0
    )
    Candidacy.objects.filter(pk=candidacy.pk).update(mean=MARK)
    return candidacy


@pytest.mark.parametrize("extra", [None, Role.TECHNOLOGY_LEAD, Role.PROGRAM_OFFICE])
def test_nothing_that_others_said_leaks_before_ones_own_is_in(cast, sign_in, canary, extra):
    if extra:
        factories.grant(cast.reviewer_1, extra)
    client = sign_in(cast.reviewer_1)
    pages = [f"/review/{canary.key}/", f"/board/{canary.key}/", "/board/", "/review/", "/office/"]
    for path in pages:
        body = client.get(path, follow=True).content.decode()
        assert "QUARTZOSE" not in body, path
        assert "4.75" not in body, path
        assert "3.70" not in body, path


def test_the_order_of_the_board_does_not_give_a_hidden_mean_away(
    house, cast, sign_in, canary, make_candidacy, submit
):
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    low = make_candidacy(house.score, cast.reviewer_2, name="Low Case")
    submit(low, cast.reviewer_2, 2, 2, 2, 2)
    page = sign_in(cast.reviewer_1).get("/board/").content.decode()
    assert page.index("Low Case") < page.index("Canary Case")


def test_a_pending_outcome_shows_to_nobody_outside(house, cast, sign_in, make_candidacy):
    candidacy = make_candidacy(house.council, proposed="award", nominee=cast.nominee)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    clients = [sign_in(person) for person in (cast.nominee, cast.nominator, cast.outsider)]
    paths = ["/me/", f"/nominations/{candidacy.nomination.key}/", "/", "/roster/"]

    def everything():
        return [
            (answer.status_code, answer.headers.get("ETag"), _without_tokens(answer))
            for client in clients
            for path in paths
            for answer in [client.get(path)]
        ]

    awarded = everything()
    assert Decision.objects.get().outcome == states.AWARD
    Decision.objects.update(outcome=states.INELIGIBLE, proposed="", reason="Not pending any more")
    assert everything() == awarded
    Decision.objects.all().delete()
    assert everything() == awarded


def _without_tokens(answer):
    body = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)


def test_members_of_the_council_see_letters_not_names_of_reviewers(
    house, cast, sign_in, make_candidacy, submit
):
    scored = make_candidacy(house.score, cast.reviewer_1, name="Scored")
    submit(scored, cast.reviewer_1, 4, 4, 4, 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    client = sign_in(cast.council_member)
    key = Candidacy.objects.get(stage=house.council).key
    listed = client.get(reverse("selection:stage", args=[house.cycle.slug, 3])).content.decode()
    for page in (listed, client.get(f"/review/{key}/").content.decode()):
        assert cast.reviewer_1.name not in page
        assert "4.00" in page
