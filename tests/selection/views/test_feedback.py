"""The letters after a no: chosen before the release, read after it, and never a name in them."""

import pytest

from common import clock
from common.models import HistoryRow
from nominations.models import Conflict
from selection import actions, states
from selection.models import Decision, Feedback, ReleasedComment, Review
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, close_stages, enter, hand_in


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@kept_fixture
def refused(house, cast):
    """Three cases with three reviews each; the first gets the award, the last a no. All stages are closed."""
    decisions = []
    marks = {"Aija": (5, 5, 5, 5), "Bruno": (4, 3, 4, 4), "Cathrin": (2, 4, 2, 4)}
    outcomes = ("award", "reserve", "not_this_time")
    reviewers = (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    for (name, given), outcome in zip(marks.items(), outcomes, strict=True):
        scored = enter(house, cast, house.score, *reviewers, name=name)
        for reviewer in reviewers:
            hand_in(scored, reviewer, *given)
        last = enter(house, cast, house.council, nomination=scored.nomination, state=states.DECIDED)
        decisions.append(Decision.objects.create(candidacy=last, outcome=outcome, decided_at=clock.now()))
    Review.objects.filter(assignment__reviewer=cast.reviewer_2).update(
        comment="As Jarkko says, look at reach."
    )
    close_stages(house)
    return decisions[-1]


def address(house, act=""):
    return f"/office/cycles/{house.cycle.slug}/feedback/{act}"


def review_of(decision, reviewer):
    case = decision.candidacy.nomination
    return Review.objects.get(assignment__candidacy__nomination=case, assignment__reviewer=reviewer)


def letter_with(decision, *reviews, reason="", text="Clear, and well kept.", **more):
    key = decision.candidacy.key
    words = {f"show-{one.pk}": "on" for one in reviews} | {f"text-{one.pk}": text for one in reviews}
    return {"case": key, f"reason-{key}": reason, **words, **more}


def release(house, cast):
    made = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(made, by=cast.office_2.user)
    actions.carry_out_release(made)


def status_page(sign_in, decision):
    nominee = decision.candidacy.nomination.nominee
    if nominee.user is None:
        from tests import factories

        nominee.user = factories.UserFactory()
        nominee.save()
    return sign_in(nominee).get(f"/nominations/{decision.candidacy.nomination.key}/").content.decode()


def test_the_page_states_its_rule_and_warns_of_names(house, office, refused):
    page = office.get(address(house)).content.decode()
    assert "No comment goes into a letter unless it is ticked here." in page
    assert "It seems to name: Jarkko Hietavirta" in page
    assert "Aija" not in page


def test_the_nominee_reads_reason_words_and_standing_after_the_release(house, cast, office, sign_in, refused):
    one = review_of(refused, cast.reviewer_1)
    saved = office.post(address(house, "save/"), letter_with(refused, one, reason="places"))
    assert saved.status_code == 302
    before = status_page(sign_in, refused)
    assert "Clear, and well kept." not in before
    release(house, cast)
    page = status_page(sign_in, refused)
    assert "More good cases than places." in page
    assert "Clear, and well kept." in page
    assert "As Jarkko says" not in page
    assert "Sound work." not in page
    assert [band["band"] for band in Feedback.objects.get(decision=refused).bands] == [
        "lower", "middle", "lower", "middle",
    ]  # fmt: skip
    assert page.count("lower third") >= 2
    for reviewer in (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3):
        assert reviewer.name not in page


def test_of_two_people_at_one_page_neither_puts_back_what_the_other_wrote(house, cast, office, refused):
    """A page holds twenty letters and sends them all: those that were not touched on it stay as they are now."""
    reserve = Decision.objects.get(outcome="reserve")
    seen = {one.row.decision.pk: one.stored for one in office.get(address(house)).context["letters"].rows}
    keys = {one.pk: one.candidacy.key for one in (refused, reserve)}
    shown = {f"was-{keys[pk]}": digest for pk, digest in seen.items()} | {"case": list(keys.values())}
    mine = letter_with(refused, review_of(refused, cast.reviewer_1), reason="places")
    assert office.post(address(house, "save/"), mine | shown).status_code == 302
    theirs = letter_with(reserve, review_of(reserve, cast.reviewer_3), text="A fine year.")
    assert office.post(address(house, "save/"), theirs | shown).status_code == 302
    assert set(ReleasedComment.objects.values_list("decision", flat=True)) == set(keys)
    late = letter_with(refused, review_of(refused, cast.reviewer_3), text="Other words.") | shown
    answer = office.post(address(house, "save/"), late)
    assert answer.status_code == 409
    assert (
        "Cathrin (stored now: reason “More good cases than places”, comments quoted: 1)"
        in answer.content.decode()
    )
    assert ReleasedComment.objects.get(decision=refused).text == "Clear, and well kept."
    again = {f"was-{one.row.decision.candidacy.key}": one.stored for one in answer.context["letters"].rows}
    assert office.post(address(house, "save/"), late | again).status_code == 302


def test_winners_are_told_no_standing(house, cast, refused):
    release(house, cast)
    told = set(Feedback.objects.values_list("decision__outcome", flat=True))
    assert told == {"reserve", "not_this_time"}


def test_two_reviews_are_too_few_to_say_how_a_case_stood(house, cast, refused):
    from selection.actions.means import store_summary

    scored = refused.candidacy.nomination.candidacies.get(stage=house.score)
    Conflict.objects.create(nomination=scored.nomination, person=cast.reviewer_1, kind="family")
    store_summary(scored)
    release(house, cast)
    assert not Feedback.objects.filter(decision=refused).exists()


def test_one_reason_goes_to_all_that_have_none(house, office, refused):
    assert "1 “not this time” has no reason yet" in office.get(address(house)).content.decode()
    assert office.post(address(house, "reason/"), {"reason": "unheard-of"}).status_code == 422
    assert office.post(address(house, "reason/"), {"reason": "places"}).status_code == 302
    refused.refresh_from_db()
    assert refused.reason_code == "places"
    assert "has no reason yet" not in office.get(address(house)).content.decode()


def test_every_comment_that_names_nobody_goes_in_at_once(house, cast, office, refused):
    data = {"case": [d.candidacy.key for d in Decision.objects.exclude(outcome="award")], "do": "all"}
    assert office.post(address(house, "save/"), data).status_code == 302
    assert set(ReleasedComment.objects.values_list("text", flat=True)) == {"Sound work."}
    assert ReleasedComment.objects.count() == 4
    assert HistoryRow.objects.filter(kind="decision", verb="choose_comments").count() == 2


def test_unticked_it_stays_inside_again(house, cast, office, refused):
    one = review_of(refused, cast.reviewer_1)
    office.post(address(house, "save/"), letter_with(refused, one))
    office.post(address(house, "save/"), letter_with(refused))
    assert not ReleasedComment.objects.exists()


def test_an_empty_comment_is_refused_and_what_was_typed_stays(house, cast, office, refused):
    one = review_of(refused, cast.reviewer_1)
    answer = office.post(address(house, "save/"), letter_with(refused, one, reason="places", text=" "))
    assert answer.status_code == 422
    refused.refresh_from_db()
    assert (refused.reason_code, ReleasedComment.objects.count()) == ("", 0)


def test_another_case_s_review_cannot_be_slipped_in(house, cast, office, refused):
    other = Review.objects.exclude(assignment__candidacy__nomination=refused.candidacy.nomination).earliest(
        "pk"
    )
    assert office.post(address(house, "save/"), letter_with(refused, other)).status_code == 302
    assert not ReleasedComment.objects.exists()


def test_a_confirmed_release_keeps_its_letters(house, cast, office, refused):
    made = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    one = review_of(refused, cast.reviewer_1)
    assert office.post(address(house, "save/"), letter_with(refused, one)).status_code == 302
    actions.confirm_release(made, by=cast.office_2.user)
    assert office.post(address(house, "save/"), letter_with(refused)).status_code == 422
    assert office.post(address(house, "reason/"), {"reason": "places"}).status_code == 422
    assert ReleasedComment.objects.count() == 1


def test_a_tie_hides_the_letter(house, cast, office, refused):
    Conflict.objects.create(nomination=refused.candidacy.nomination, person=cast.office_1, kind="family")
    assert "Cathrin" not in office.get(address(house)).content.decode()
    one = review_of(refused, cast.reviewer_1)
    office.post(address(house, "save/"), letter_with(refused, one))
    assert not ReleasedComment.objects.exists()


def test_a_stage_opened_again_takes_the_words_back_with_the_decision(house, cast, office, refused):
    one = review_of(refused, cast.reviewer_1)
    office.post(address(house, "save/"), letter_with(refused, one))
    later = clock.now() + (house.council.closes_at - house.council.opens_at)
    actions.reopen_stage(house.council, closes_at=later, by=cast.office_1.user, reason=WHY)
    assert not ReleasedComment.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_letter_as_for_three(
    house, office, refused, number, django_assert_num_queries
):
    Decision.objects.update(outcome="not_this_time")
    Decision.objects.exclude(pk__in=Decision.objects.order_by("-pk").values("pk")[:number]).delete()
    office.get(address(house))
    with django_assert_num_queries(13):
        office.get(address(house))
