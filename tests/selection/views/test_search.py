"""The search of cases: words and fields, under the rights of whoever asks."""

import re

import pytest

from accounts.models import Role
from nominations.models import Conflict
from people import names
from selection import actions, states
from selection.queries.search import LINES
from tests import factories
from tests.selection.conftest import WHY, answers
from tests.spread import all_of_them

ADDRESS = "/review/search/"


def found(client, query, **more):
    """The keys of the cases on the page, in its order."""
    page = page_of(client, query, **more)
    return re.findall(r'class="board-name" href="/review/(\w+)/"', page)


def page_of(client, query, **more):
    return client.get(ADDRESS, {"q": query, **more}).content.decode()


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


def named(candidacy, name):
    nominee = candidacy.nomination.nominee
    names.set_name(nominee, name)
    nominee.save(update_fields=names.NAME_FIELDS)
    return candidacy


def test_a_name_is_found_by_its_parts_without_its_accents(house, make_candidacy, office):
    candidacy = named(make_candidacy(house.score, name="Ilmārs Vītolbergs"), "Ilmārs Vītolbergs")
    make_candidacy(house.score, name="Somebody Else")
    for query in ("vitolbergs", "VĪTOLBERGS ilmars", '"ilmars vitolbergs"', "tolb", candidacy.key.lower()):
        assert found(office, query) == [candidacy.key], query
    assert found(office, '"vitolbergs ilmars"') == []


def test_an_area_or_region_is_a_word_too(house, make_candidacy, office):
    networking = make_candidacy(house.score, name="One")
    directory = make_candidacy(house.score, name="Two", area=house.directory)
    assert found(office, "networking") == [networking.key]
    assert sorted(found(office, "baltics")) == sorted([networking.key, directory.key])
    assert found(office, "area:directory") == found(office, 'area:"directory services"') == [directory.key]


def test_reviews_and_spread_compare_the_stored_summary(house, cast, make_candidacy, submit, office):
    apart, none = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2), make_candidacy(house.score)
    submit(apart, cast.reviewer_1, 1, 1, 1, 1)
    submit(apart, cast.reviewer_2, 4, 4, 4, 4)
    assert found(office, "reviews:2") == found(office, "reviews:>1 spread:>=3") == [apart.key]
    assert found(office, "reviews:0") == found(office, "reviews:<2") == [none.key]
    assert found(office, "spread:<=3") == found(office, "spread:3") == [apart.key]
    assert found(office, "spread:>3") == found(office, "spread:<3") == []


def test_status_is_that_of_the_stage_and_for_the_office_that_of_the_case(house, cast, make_candidacy, office):
    went = make_candidacy(house.screen, state=states.FORWARD)
    here = make_candidacy(house.score)
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    assert found(office, "status:open") == [here.key]
    assert found(office, "status:closed") == found(office, "status:forward") == [went.key]
    assert sorted(found(office, "status:forward status:open")) == sorted([went.key, here.key])


def test_unreviewed_me_are_ones_own_open_tasks(house, cast, sign_in, make_candidacy, submit):
    todo, done = (make_candidacy(house.score, cast.reviewer_1) for _ in range(2))
    make_candidacy(house.score, cast.reviewer_2)
    submit(done, cast.reviewer_1, 3, 3, 3, 3)
    reviewer = sign_in(cast.reviewer_1)
    assert found(reviewer, "unreviewed:me") == [todo.key]
    assert found(reviewer, "unreviewed:me reviews:0") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("score:4", "“score:” is no field"),
        ("reviews:lots", "takes a number"),
        ("area:alchemy", "No technology area is called “alchemy”"),
        ("x" * 500, "at most 200 characters"),
        ("' OR 1=1 --", "neither a letter nor a digit"),
        ("<script>:1", "No case of yours"),
    ],
)
def test_nonsense_gets_a_sentence(house, make_candidacy, office, query, words):
    make_candidacy(house.score)
    assert words in page_of(office, query)


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "²", ""])
def test_a_strange_page_is_no_error(house, make_candidacy, office, page):
    make_candidacy(house.score, name="Anybody")
    assert office.get(ADDRESS, {"q": "status:open", "page": page}).status_code == 200


def test_more_than_a_page_is_leafed_through(house, make_candidacy, office):
    keys = {make_candidacy(house.score, name=f"Case {number}").key for number in range(LINES + 1)}
    first, second = found(office, "status:open"), page_of(office, "status:open", page="2")
    assert len(first) == LINES
    assert "Cases 1 to 50, and more" in page_of(office, "status:open")
    assert keys - set(first) == set(re.findall(r'href="/review/(\w+)/"', second)) & keys
    assert "Cases 51 to 51" in second


def test_it_is_for_everybody_who_takes_part_in_the_selection(cast, sign_in):
    for person in (
        cast.reviewer_1, cast.regional_lead, cast.technology_lead, cast.council_member, cast.office_1,
    ):  # fmt: skip
        assert sign_in(person).get(ADDRESS).status_code == 200
    for person in (cast.auditor, cast.holder, cast.nominee, cast.outsider):
        assert sign_in(person).get(ADDRESS).status_code == 403


def test_it_takes_as_many_statements_for_three_cases_as_for_one(
    house, make_candidacy, office, django_assert_num_queries
):
    make_candidacy(house.score)
    with django_assert_num_queries(5):
        page_of(office, "networking reviews:0")
    make_candidacy(house.score)
    make_candidacy(house.score)
    with django_assert_num_queries(5):
        page_of(office, "networking reviews:0")


def test_answers_are_not_kept_by_browsers(office):
    assert "no-store" in office.get(ADDRESS, {"q": "x"}).headers["Cache-Control"]


def test_help_stands_on_the_page(office):
    page = page_of(office, "")
    for field in ("reviews:", "spread:", "status:", "area:", "unreviewed:me"):
        assert field in page


def test_a_reviewer_hands_in_and_finds_the_case_still(house, cast, sign_in, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.submit_review(candidacy, by=cast.reviewer_1.user, answers=answers(3, 3, 3, 3), version=0)
    page = page_of(sign_in(cast.reviewer_1), "reviews:1")
    assert '<span class="pill pill--good">Done</span>' in page


def test_searches_that_are_alike_share_a_statement_and_each_finds_its_own(
    house, make_candidacy, office, monkeypatch
):
    vaira = named(make_candidacy(house.score, name="Vaira Paegle"), "Vaira Paegle")
    bruno = named(make_candidacy(house.score, name="Bruno Kask"), "Bruno Kask")
    assert found(office, "vaira status:open") == [vaira.key]
    monkeypatch.setattr("selection.queries.search._matching", None)  # nothing is built again
    assert found(office, "bruno status:open") == [bruno.key]
    assert found(office, "nobody status:open") == []


def test_a_page_among_the_newest_is_the_page_among_all(
    house, cast, make_candidacy, submit, sign_in, monkeypatch
):
    """Hidden ones and those that do not match stand between: no page is short of them, none differs."""
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead)
    tied, *others = [make_candidacy(house.score, cast.reviewer_1) for _n in range(5)]
    Conflict.objects.create(nomination=tied.nomination, person=cast.technology_lead, kind="partner")
    for candidacy in (own, tied, *others[1:]):
        submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    monkeypatch.setattr("selection.queries.search.LINES", 1)
    chair, pages = sign_in(cast.technology_lead), []
    for looked_through in (0, 1, 2, 4) if all_of_them() else (0, 2):
        monkeypatch.setattr("selection.queries.search.NEWEST", looked_through)
        monkeypatch.setattr("selection.queries.one._kept", {})
        asked = [(query, page) for query in ("status:open", "reviews:>=1") for page in (1, 2, 3, 4)]
        pages.append([found(chair, query, page=page) for query, page in asked])
    assert pages == [pages[0]] * len(pages)
    assert [len(keys) for keys in pages[0]] == [1] * 7 + [0]
