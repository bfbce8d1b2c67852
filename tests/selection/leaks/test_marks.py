"""What others have said stays hidden until one's own review is in: marks, means, places, counts, states."""

import pytest
from django.urls import reverse

from accounts.models import Role
from selection import actions
from selection.models import Candidacy
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, answers, enter

MARK = "4.7531"  # the canary: a mean that stands nowhere by chance


@kept_fixture
def canary(house, cast):
    """A case with a mean that reviewer 1 must not learn before their own review is in."""
    candidacy = enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name="Canary Case")
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


def test_the_admin_shows_no_number_that_others_made_before_ones_own_is_in(cast, sign_in, canary):
    """The summary of a case has six columns; each of them is a mean in another dress."""
    factories.grant(cast.reviewer_1, Role.PROGRAM_OFFICE)
    Candidacy.objects.filter(pk=canary.pk).update(
        median=MARK,
        lowest="4.7532",
        highest="4.7533",
        sd="0.7534",
        reviews_in=1,
        proposed="carry_over",
        by_rule="award",
    )
    page = f"/admin/selection/candidacy/{canary.pk}/change/"
    seen, hidden = (sign_in(one).get(page).content.decode() for one in (cast.office_1, cast.reviewer_1))
    for number in ("4.7531", "4.7532", "4.7533", "0.7534", "carry_over"):
        assert number in seen
        assert number not in hidden
    assert "carry_over" not in sign_in(cast.reviewer_1).get("/admin/selection/candidacy/").content.decode()


def test_how_many_reviews_are_in_is_hidden_with_them(house, cast, sign_in, canary):
    """As the list of tasks with their states, and as the sums of the office's page."""
    factories.grant(cast.reviewer_1, Role.PROGRAM_OFFICE)
    tasks = "/admin/selection/assignment/"
    seen, hidden = (sign_in(one).get(tasks).context["cl"] for one in (cast.office_1, cast.reviewer_1))
    assert (seen.result_count, hidden.result_count) == (2, 1)
    assert hidden.result_list[0].reviewer == cast.reviewer_1
    office = f"/office/cycles/{house.cycle.slug}/"
    steps = [
        sign_in(one).get(office).context["overview"].steps[1] for one in (cast.office_1, cast.reviewer_1)
    ]
    assert [(step.tasks, step.tasks_done) for step in steps] == [(2, 1), (1, 0)]
    behind = sign_in(cast.reviewer_1).get(office).context["progress"]
    assert [row.person for row in behind] == [cast.reviewer_1]


def test_no_row_says_none_of_none_where_numbers_are_hidden(cast, sign_in, canary):
    """ "0 / 0" or "1 / 2" beside a hidden mean: the count of the others is a hint, too."""
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD)
    assert "1 / 2" in sign_in(cast.technology_lead).get("/board/").content.decode()
    page = sign_in(cast.reviewer_1).get("/board/").content.decode()
    for count in ("1 / 2", "0 / 0", "0 / 2", "1 / 1"):
        assert count not in page


def test_what_a_review_says_back_names_nothing_of_the_others(cast, sign_in, canary):
    """Error texts and drafts: a mark out of range, a missing one, a version too old."""
    client = sign_in(cast.reviewer_1)
    for data in ({}, {"version": 0, "mark_impact": 9}, {"version": 7, "mark_impact": 3}, {"version": 0}):
        for verb in ("save", "submit", "reopen", "recuse"):
            said = client.post(f"/review/{canary.key}/{verb}/", data, HTTP_ACCEPT="application/json")
            assert said.status_code in (200, 302, 409, 422)
            for hidden in ("QUARTZOSE", "4.75", "3.70", cast.reviewer_2.name):
                assert hidden not in said.content.decode()


def test_the_office_too_reads_neither_mean_nor_comment_where_its_own_review_never_came(
    house, cast, sign_in, make_candidacy, submit
):
    """A stage that closed can be opened again. Two equals for one place, and one that is below a line."""
    factories.grant(cast.office_1, Role.REVIEWER)
    house.council.delete()
    house.score.rule = {"reserve": 0}
    house.score.save()
    house.cycle.places.update(places=1)
    for name, marks in (("Twin", (4, 4, 4, 4)), ("Other", (4, 4, 4, 4)), ("Below", (2, 2, 2, 2))):
        submit(
            make_candidacy(house.score, cast.reviewer_1, cast.office_1, name=name), cast.reviewer_1, *marks
        )
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    pages = [f"/office/cycles/{house.cycle.slug}/{page}/" for page in ("undecided", "feedback")]
    for person, reads in ((cast.office_2, True), (cast.office_1, False)):
        undecided, letters = (sign_in(person).get(page).content.decode() for page in pages)
        assert ("Twin" in undecided, "4.00" in undecided) == (True, reads)
        assert ("Sound work." in letters) == reads
