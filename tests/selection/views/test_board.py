"""The board of a category: ranked by the stored mean."""

import re

import pytest

from accounts.models import Role
from charter.models import CyclePlaces
from nominations.models import Conflict
from selection import actions
from selection.models import Candidacy, GroupNumbers, Review, Stage
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, answers, many_cases
from tests.selection.views.test_by_hand import assign
from tests.spread import all_of_them


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


def test_cases_stand_in_the_order_of_the_stored_mean(house, cast, chair, make_candidacy, submit):
    low = make_candidacy(house.score, cast.reviewer_1, name="Low")
    high = make_candidacy(house.score, cast.reviewer_1, name="High")
    make_candidacy(house.score, name="Elsewhere", area=house.spreadsheets)
    submit(low, cast.reviewer_1, 2, 2, 2, 2)
    submit(high, cast.reviewer_1, 4, 4, 4, 4)
    page = chair.get("/board/").content.decode()
    assert page.index("High") < page.index("Low")
    assert "Elsewhere" not in page
    assert "1 / 1" in page


def test_the_proposal_shows_when_the_stage_is_closed(house, cast, chair, make_candidacy, submit):
    for number in range(3):
        submit(
            make_candidacy(house.score, cast.reviewer_1, name=f"Case {number}"),
            cast.reviewer_1,
            *[4 - number] * 4,
        )
    assert '<span class="pill">award' not in chair.get("/board/").content.decode()
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    page = chair.get("/board/").content.decode()
    assert page.count('<span class="pill">award') == 2
    assert "Line after 2 places" in page


def test_the_board_leads_to_the_page_of_its_line(house, chair, make_candidacy, monkeypatch):
    monkeypatch.setattr("selection.queries.board.ROWS", 2)
    for number in range(4):
        Candidacy.objects.filter(pk=make_candidacy(house.score).pk).update(mean=4 - number)
    page = chair.get("/board/").content.decode()
    assert "?page=2#line" in page
    assert 'id="line"' not in page
    assert 'id="line"' in chair.get("/board/?page=2").content.decode()
    assert "#line" not in chair.get("/board/?holders=new").content.decode()
    assert "#line" not in chair.get("/board/?places=0").content.decode()


def test_a_chair_who_reviews_in_another_category_has_no_board_of_it(
    house, cast, chair, make_candidacy, submit
):
    """What is proposed for a case is not for its reviewers to know before the release, whatever they chair."""
    factories.grant(cast.technology_lead, Role.REVIEWER)
    elsewhere = make_candidacy(house.score, cast.technology_lead, name="Elsewhere", area=house.spreadsheets)
    submit(elsewhere, cast.technology_lead, 4, 4, 4, 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    for query in ("", "?category=office-tools"):
        assert "Elsewhere" not in chair.get(f"/board/{query}").content.decode()
    assert chair.get("/board/next/2/office-tools/reviewers/").status_code == 404
    assert chair.get(f"/review/{elsewhere.key}/").status_code == 200


def test_a_chair_who_reviews_sees_no_mean_before_their_own_is_in(house, cast, chair, make_candidacy, submit):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    plain = make_candidacy(house.score, cast.reviewer_1, name="No task")
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(plain, cast.reviewer_1, 2, 2, 2, 2)
    page = chair.get("/board/").content.decode()
    assert "4.00" not in page
    assert page.index("No task") < page.index("Own task")
    assert "after yours" in page
    case = chair.get(f"/board/{candidacy.key}/").content.decode()
    assert "4.00" not in case
    actions.submit_review(candidacy, by=cast.technology_lead.user, answers=answers(3, 3, 3, 3), version=0)
    assert "3.50" in chair.get("/board/").content.decode()


def test_a_chair_with_a_tie_sees_neither_row_nor_place_nor_count(house, cast, chair, make_candidacy, submit):
    first = make_candidacy(house.score, cast.reviewer_1, name="My partner")
    second = make_candidacy(house.score, cast.reviewer_1, name="A stranger")
    submit(first, cast.reviewer_1, 4, 4, 4, 4)
    submit(second, cast.reviewer_1, 3, 3, 3, 3)
    Conflict.objects.create(nomination=first.nomination, person=cast.technology_lead, kind="partner")
    page = chair.get("/board/").content.decode()
    assert "My partner" not in page
    assert 'class="rank">1</td>' in page
    assert 'class="rank">2</td>' not in page
    assert "1 candidate, 2 places" in page
    assert chair.get(f"/board/{first.key}/").status_code == 404
    assert assign(chair, first, cast.reviewer_2).status_code == 404


def test_the_board_is_for_chairs_and_office(cast, house, sign_in, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    assert sign_in(cast.office_1).get("/board/").status_code == 200
    for person in (cast.reviewer_1, cast.council_member, cast.auditor, cast.outsider, cast.regional_lead):
        assert sign_in(person).get("/board/").status_code == 403
    assert sign_in(cast.reviewer_1).get(f"/board/{candidacy.key}/").status_code == 403
    assert sign_in(cast.outsider).get(f"/board/{candidacy.key}/").status_code == 404


def test_a_chair_of_another_category_finds_nothing(house, cast, sign_in, make_candidacy):
    factories.grant(cast.outsider, Role.TECHNOLOGY_LEAD, category=house.office_tools)
    candidacy = make_candidacy(house.score)
    client = sign_in(cast.outsider)
    assert "No case is here yet" in client.get("/board/").content.decode()
    assert client.get(f"/board/{candidacy.key}/").status_code == 404


def test_strange_addresses_are_no_errors(chair, house, make_candidacy):
    make_candidacy(house.score)
    for query in ("?stage=x", "?category=%00x", "?page=-1", "?page=999999999999", "?stage=next/99"):
        assert chair.get(f"/board/{query}").status_code in (200, 400)


@pytest.mark.parametrize(("page", "shown"), [("-99999999999", 2), ("0", 2), ("x", 1), ("99999999999", 2)])
def test_a_page_that_is_not_there_is_the_first_or_the_last(
    house, chair, make_candidacy, monkeypatch, page, shown
):
    monkeypatch.setattr("selection.queries.board.ROWS", 1)
    for number in (1, 2):
        Candidacy.objects.filter(pk=make_candidacy(house.score, name=f"Case {number}").pk).update(
            mean=5 - number
        )
    text = chair.get(f"/board/?page={page}").content.decode()
    assert [number for number in (1, 2) if f"Case {number}" in text] == [shown]


def test_the_board_takes_as_many_statements_for_three_cases_as_for_one(
    house, cast, chair, make_candidacy, submit, django_assert_num_queries
):
    def another(name):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, 4, 4, 4, 4)
        actions.compute_numbers(house.score, house.servers)

    another("First")
    with django_assert_num_queries(7):
        chair.get("/board/")
    another("Second")
    another("Third")
    with django_assert_num_queries(7):
        chair.get("/board/")


@kept_fixture
def large(house, cast):
    """Fifty cases with their numbers, twenty places."""
    CyclePlaces.objects.filter(cycle=house.cycle, category=house.servers).update(places=20)
    candidacies = many_cases(house, 50)
    actions.compute_numbers(house.score, house.servers)
    return candidacies


@pytest.mark.parametrize("rows", [20, pytest.param(50, marks=pytest.mark.deep)])
def test_many_cases_take_no_more_statements_than_one(
    house, large, chair, monkeypatch, django_assert_num_queries, rows
):
    monkeypatch.setattr("selection.queries.board.ROWS", rows)
    if all_of_them():
        many_cases(house, 450, reviewers=125)
        actions.compute_numbers(house.score, house.servers)
    many = 500 if all_of_them() else 50
    with django_assert_num_queries(7):
        page = chair.get("/board/?page=2").content.decode()
    assert f"{many} candidates, 20 places" in page
    assert page.count('<svg class="interval" viewBox="0 0 304 24" role="img"') == rows
    assert f"{rows + 1}–{2 * rows} of {many}" in page


def test_a_large_group_shows_scores_chances_flags_and_agreement(large, chair):
    page = chair.get("/board/").content.decode()
    assert "Line after 20 places, at 3" in page
    assert "Krippendorff" in page
    assert "Calibrated" in page
    assert page.count('class="is-border') == page.count("Too close<") > 0
    assert ">99 %" in page.replace("&gt;", ">")
    assert "The calibrated score is not shown" not in page
    assert "ICC(1)" in page


def test_a_small_group_says_which_condition_fails(house, cast, chair, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    assert "not computed yet" in chair.get("/board/").content.decode()
    actions.compute_numbers(house.score, house.servers)
    page = chair.get("/board/").content.decode()
    assert "The calibrated score is not shown: fewer than 12 reviewers; too few cases with reviews" in page
    assert "Agreement is not shown: too few cases with reviews" in page
    assert "1.36–4.64" in page  # 3 ± 1.645 · √2 / √2


def test_an_interval_is_told_as_computed_and_drawn_on_the_scale(house, cast, chair, make_candidacy, submit):
    """As in the minutes and exports, though no mark lies below 1."""
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 3, 3, 3, 3)
    submit(candidacy, cast.reviewer_2, 1, 1, 1, 1)
    actions.compute_numbers(house.score, house.servers)
    page = chair.get("/board/").content.decode()
    assert "0.36–3.64" in page
    assert "90 percent interval 0.36 to 3.64" in page
    assert 'class="whisker" x1="8.0"' in page


def test_the_line_moves_with_the_places_asked_about_and_nothing_changes(large, house, chair):
    page = chair.get("/board/?places=5").content.decode()
    assert "Line after 5 places" in page
    assert "This is how it would be with 5 places" in page
    assert "The real number, 20, is frozen" in page
    assert page.index("Line after 5 places") < chair.get("/board/").content.decode().index(
        "Line after 20 places"
    )
    assert CyclePlaces.objects.get(category=house.servers).places == 20
    for strange in ("0", "50", "99999", "999999999999999999999", "-1", "x"):
        assert chair.get(f"/board/?places={strange}").status_code == 200


def test_filters_narrow_the_list_and_keep_the_ranks(large, house, chair):
    page = chair.get("/board/?region=iberia").content.decode()
    assert "Iberia · New" in page
    assert "Baltics · New" not in page
    assert "50 candidates" in page
    ranks = re.findall(r'class="rank">(\d+)', page)
    everywhere = re.findall(r'class="rank">(\d+)', chair.get("/board/").content.decode())
    assert set(ranks) < set(everywhere)
    assert ranks != everywhere[: len(ranks)]
    assert "Line after" not in page
    close = chair.get("/board/?flag=close").content.decode()
    assert close.count('class="is-border') == close.count('class="rank"') > 0
    assert "No candidate is like this." in chair.get("/board/?holders=returning").content.decode()
    assert "No candidate is like this." in chair.get("/board/?outcome=award").content.decode()


def test_balance_stands_beside_the_share_of_nominations(large, house, chair):
    page = chair.get("/board/").content.decode()
    assert "Guidance, not a quota" in page
    iberia = page[page.index('<th scope="row">Iberia</th>') :]
    assert re.match(
        r'<th scope="row">Iberia</th><td class="n nowrap">\d+ of \d+</td><td class="n">34 %', iberia
    )
    assert '<th scope="row">Returning</th>' not in page


def test_what_one_may_not_see_is_in_no_number(house, cast, chair, make_candidacy, submit):
    """The mark of the hidden case moves; not a byte of the page does."""
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    tied = make_candidacy(house.score, cast.reviewer_1, name="My partner")
    Conflict.objects.create(nomination=tied.nomination, person=cast.technology_lead, kind="partner")
    for name, mark in (("First", 4), ("Second", 2)):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, *[mark] * 4)
    pages = []
    for mark in (2, 4):
        for candidacy in (own, tied):
            submit(candidacy, cast.reviewer_1, *[mark] * 4)
        actions.compute_numbers(house.score, house.servers)
        page = chair.get("/board/").content.decode()
        page = re.sub(r'<time.*?</time>|csrfmiddlewaretoken" value="\w+"', "", page)
        pages.append(page)
        for candidacy in (own, tied):
            actions.reopen_review(candidacy, by=cast.reviewer_1.user)
            Review.objects.filter(assignment__candidacy=candidacy).delete()
    assert pages[0] == pages[1]
    assert "My partner" not in pages[0]
    assert "after yours" in pages[0]


def test_a_hidden_case_is_found_by_no_filter_that_asks_what_others_said(
    house, cast, chair, make_candidacy, submit
):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.technology_lead, name="Own task")
    submit(own, cast.reviewer_1, 5, 5, 5, 5)
    submit(own, cast.reviewer_2, 2, 2, 2, 2)
    own.proposed = "award"
    own.save()
    for query in ("flag=disagree", "outcome=award", "outcome=undecided"):
        assert "Own task" not in chair.get(f"/board/?{query}").content.decode()
    assert "Own task" in chair.get("/board/?region=baltics").content.decode()


def test_reviewers_offsets_are_for_the_chair_of_the_category_alone(large, house, cast, chair, sign_in):
    address = "/board/next/2/servers/reviewers/"
    page = chair.get(address).content.decode()
    assert "An offset is not an error." in page
    assert page.count("±") == 14
    assert address in chair.get("/board/").content.decode()
    office = sign_in(cast.office_1)
    assert office.get(address).status_code == 403
    assert "reviewers/" not in office.get("/board/").content.decode()
    assert chair.get("/board/next/9/servers/reviewers/").status_code == 404
    assert chair.get("/board/next/2/office-tools/reviewers/").status_code == 404


def test_the_numbers_are_computed_at_once_when_asked_for(house, cast, chair, make_candidacy, run_jobs):
    make_candidacy(house.score)
    assert chair.post("/board/next/2/servers/compute/").status_code == 302
    run_jobs()
    assert GroupNumbers.objects.exists()


def test_a_stage_that_ranks_by_the_calibrated_score_does_so_on_the_board(large, house, chair):
    house.score.rule = {"rank_by": "calibrated"}
    house.score.save()
    page = chair.get("/board/").content.decode()
    shown = re.findall(r'data-label="calibrated">(\d\.\d\d)', page)
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 50


def test_a_chair_who_reviews_blind_reads_no_name_on_the_board(house, cast, chair, make_candidacy):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.technology_lead, name="Own task")
    make_candidacy(house.score, cast.reviewer_1, name="No task")
    Stage.objects.filter(pk=house.score.pk).update(hide_nominee=True)
    page = chair.get("/board/").content.decode()
    assert "No task" in page
    assert "Own task" not in page
    assert f"Candidate {own.key}" in page
