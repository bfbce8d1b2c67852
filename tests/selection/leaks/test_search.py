"""The search of cases: a field that somebody may not see of a case acts as if the case had none."""

import datetime as dt
import re

import pytest

from accounts.models import Role
from common import clock
from nominations.models import Conflict
from selection.models import Candidacy
from selection.queries.cases import candidacies_visible_to, own_is_missing
from selection.queries.dossier import dossier_for
from selection.queries.search import _matching, search_cases, shape_of
from selection.search import parse
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import enter
from tests.selection.views.test_search import found, named, page_of


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@kept_fixture
def blind(house, cast):
    """A case of reviewer 1 in a stage that hides the nominee, and one of nobody."""
    house.score.hide_nominee, house.score.check_redactions = True, False
    house.score.save()
    mine = named(enter(house, cast, house.score, cast.reviewer_1, name="Vaira Paegle"), "Vaira Paegle")
    return mine, named(enter(house, cast, house.score, name="Vaira Other"), "Vaira Other")


@pytest.mark.parametrize("query", ["vaira", "paegle", '"vaira paegle"', "lv", "latvia", "community.example"])
def test_a_hidden_name_address_or_country_finds_nothing(cast, sign_in, blind, query):
    assert found(sign_in(cast.reviewer_1), query) == []


def test_a_hidden_name_is_not_on_the_page_either(cast, sign_in, blind):
    page = page_of(sign_in(cast.reviewer_1), "networking")
    assert f"Candidate {blind[0].key}" in page
    assert "Paegle" not in page
    assert blind[0].nomination.key not in page


def test_a_chair_searches_names_but_not_of_the_cases_that_they_review_themselves(cast, sign_in, blind):
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    chair = sign_in(cast.reviewer_1)
    assert found(chair, "vaira") == [blind[1].key]
    assert set(found(chair, "networking")) == {blind[0].key, blind[1].key}


@pytest.mark.parametrize("query", ["reviews:1", "reviews:>=0", "reviews:<9", "spread:0", "spread:<9"])
@pytest.mark.parametrize("extra", [None, Role.TECHNOLOGY_LEAD, Role.PROGRAM_OFFICE])
def test_numbers_are_absent_before_ones_own_review_is_in(
    house, cast, sign_in, make_candidacy, submit, query, extra
):
    if extra:
        factories.grant(cast.reviewer_1, extra)
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_2, 4, 4, 4, 2)
    client = sign_in(cast.reviewer_1)
    assert found(client, query) == []
    assert "after yours" in page_of(client, "networking")
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 2)
    assert found(client, query.replace("reviews:1", "reviews:2")) == [candidacy.key]


def test_the_page_is_the_same_whatever_others_have_said(house, cast, sign_in, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    make_candidacy(house.score, cast.reviewer_1)
    client, queries = sign_in(cast.reviewer_1), ("networking", "reviews:>=1", "spread:<1", "status:open")
    before = [page_of(client, query) for query in queries]
    submit(candidacy, cast.reviewer_2, 5, 5, 5, 5)
    assert [page_of(client, query) for query in queries] == before


def test_the_order_says_nothing_about_marks(house, cast, make_candidacy, submit, office):
    cases = [make_candidacy(house.score, cast.reviewer_1, name=f"Case {number}") for number in range(4)]
    Candidacy.objects.update(entered_at=cases[0].entered_at)
    for place, one in enumerate(cases):
        submit(one, cast.reviewer_1, *[place + 1] * 4)
    assert found(office, "networking") == sorted(one.key for one in cases)


def test_a_tie_takes_the_case_from_results_count_and_key(house, cast, make_candidacy, office):
    tied, free = make_candidacy(house.score, name="Tied"), make_candidacy(house.score, name="Free")
    Conflict.objects.create(nomination=tied.nomination, person=cast.office_1, kind="family")
    assert found(office, "networking") == [free.key]
    assert ">1 case<" in page_of(office, "networking")
    missing = page_of(office, "ZZZZZZZZ").replace("ZZZZZZZZ", "")
    assert page_of(office, tied.key).replace(tied.key, "") == missing


@pytest.mark.parametrize("status", ["forward", "stopped", "decided"])
def test_a_pending_outcome_is_no_status_for_who_only_reviewed(house, cast, sign_in, make_candidacy, status):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    Candidacy.objects.filter(pk=candidacy.pk).update(state=status)
    client = sign_in(cast.reviewer_1)
    assert found(client, f"status:{status}") == []
    page = page_of(client, "networking")
    assert status not in page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_what_an_area_is_called_is_asked_the_same_way_whoever_sees_its_cases(
    house, cast, sign_in, make_candidacy
):
    make_candidacy(house.score, cast.reviewer_2, area=house.directory)
    client = sign_in(cast.reviewer_1)
    assert "No technology area" not in page_of(client, "area:directory")
    assert "No case of yours" in page_of(client, "area:directory")


ROLES = (
    "regional_lead", "reviewer_1", "reviewer_2", "technology_lead", "council_member", "office_1",
)  # fmt: skip


@pytest.mark.parametrize("hides", [True, False])
@pytest.mark.parametrize("role", ROLES)
def test_the_search_hides_what_the_page_of_the_case_hides(house, cast, make_candidacy, submit, role, hides):
    """Two rules that disagree would be a leak: names and numbers against the dossier and the others' reviews."""
    for stage in (house.screen, house.score, house.council):
        stage.hide_nominee = stage.hide_others_until_own = hides
        stage.check_redactions = False
        stage.save()
    user = getattr(cast, role).user
    for stage in (house.screen, house.score, house.council):
        make_candidacy(stage, name="No task")
        make_candidacy(stage, cast.reviewer_1, cast.technology_lead, cast.office_1, name="A task")
    ballot = factories.StageFactory(
        cycle=house.cycle,
        number=9,
        kind="vote",
        reviewer_role=Role.TECHNOLOGY_LEAD,
        hide_others_until_own=hides,
    )
    make_candidacy(ballot, name="A vote")
    make_candidacy(ballot, cast.reviewer_1, name="A vote that was asked for")
    again = make_candidacy(
        house.score, cast.reviewer_2, cast.office_1, name="Again", case_state="second_look",
        closes_at=clock.now() + dt.timedelta(days=3), round=2,
    )  # fmt: skip
    make_candidacy(house.council, nomination=again.nomination)
    done = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, name="Done")
    submit(done, cast.reviewer_1, 3, 3, 3, 3)
    lines = search_cases(user, "status:open", page="1").lines
    assert {one.key for one in lines} == set(candidacies_visible_to(user).values_list("key", flat=True))
    for one in lines:
        candidacy = Candidacy.objects.select_related("stage__cycle", "nomination").get(key=one.key)
        assert (one.name == "") == dossier_for(user, candidacy).hidden, candidacy
        assert (one.reviews is None) == own_is_missing(user, candidacy), candidacy


def test_rights_are_applied_before_anything_is_cut_off(cast):
    """One statement, with the ties in its condition and no limit but the page's."""
    user = cast.technology_lead.user
    query = parse("vaira reviews:>=2 spread:>1 status:open")
    sql = str(_matching(user, shape_of(query, 1)).query)
    _columns, _where, condition = sql.partition(" WHERE ")
    assert "nominations_conflict" in condition
    assert sql.rstrip().endswith("LIMIT 51")
    assert re.findall(r"LIMIT (\d+)", sql.rpartition("LIMIT")[0]) == ["1"] * sql.count("LIMIT 1)")
