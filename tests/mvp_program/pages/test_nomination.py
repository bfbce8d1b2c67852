"""A case's status page: for whom, the same whatever the selection holds, and honest about delays."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common import clock
from nominations import actions, states
from nominations.models import Nomination, Support
from nominations.words import day_in_words
from people.actions import erase_oneself
from people.models import Person
from selection import states as selection_states
from selection.models import Assignment, Candidacy, Decision, Release, Review, Stage
from tests.cast import Cast, House
from tests.factories import AwardFactory
from tests.nominations.conftest import (  # noqa: F401
    accepted,
    complete,
    endorsement,
    in_review,
    invited,
    submit,
)

SignIn = Callable[[Person | None], Client]


def page_of(client: Client, case: Nomination) -> str:
    answer = client.get(f"/nominations/{case.key}/")
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def run(stage: Stage, state: str = selection_states.STAGE_OPEN, **dates: dt.datetime) -> None:
    now = clock.now()
    given = {"opens_at": now - dt.timedelta(days=1), "closes_at": now + dt.timedelta(days=9), **dates}
    Stage.objects.filter(pk=stage.pk).update(state=state, **given)


def decide(case: Nomination, stage: Stage, outcome: str, **given: Any) -> Decision:
    candidacy = Candidacy.objects.create(
        nomination=case, stage=stage, entered_at=clock.now(), state=selection_states.DECIDED
    )
    return Decision.objects.create(candidacy=candidacy, outcome=outcome, decided_at=clock.now(), **given)


def release(house: House, decision: Decision, state: str) -> None:
    now = clock.now()
    decision.release = Release.objects.create(
        cycle=house.cycle, state="released", scheduled_at=now, prepared_at=now, released_at=now
    )
    decision.save()
    actions.settle_nominations([(decision.candidacy.nomination_id, state)], by=None)


def test_whom_the_case_does_not_concern_it_does_not_exist(
    in_review: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    client = sign_in(cast.outsider)
    hidden, missing = (client.get(f"/nominations/{key}/") for key in (in_review.key, "NOSUCH22"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content
    assert sign_in(None).get(f"/nominations/{in_review.key}/").status_code == 302


def test_reviewers_and_leads_do_not_come_in_by_this_door(
    in_review: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    for person in (cast.regional_lead, cast.reviewer_1, cast.technology_lead, cast.council_member):
        assert sign_in(person).get(f"/nominations/{in_review.key}/").status_code == 404


def test_nominee_nominator_endorser_and_office_read_it(
    endorsement: Support,  # noqa: F811
    accepted: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    Support.objects.filter(pk=endorsement.pk).update(person=cast.holder)
    assert "Your dossier is open" in page_of(sign_in(cast.nominee), accepted)
    assert "You sent the nomination" in page_of(sign_in(cast.nominator), accepted)
    for person in (cast.holder, cast.office_1, cast.auditor):
        page = page_of(sign_in(person), accepted)
        assert "Ilmārs Vītolbergs accepted" in page
        assert ("Write your endorsement" in page) == (person == cast.holder)
    Support.objects.filter(pk=endorsement.pk).update(given_at=clock.now())
    assert "What you can do now" not in page_of(sign_in(cast.holder), accepted)


def test_the_page_says_the_same_whatever_the_selection_holds(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    run(house.screen, selection_states.STAGE_CLOSED)
    run(house.score)
    readers = [sign_in(person) for person in (cast.nominee, cast.nominator)]
    before = [page_of(client, in_review) for client in readers]
    task = Assignment.objects.create(
        candidacy=decide(in_review, house.screen, "not_this_time", reason_code="places").candidacy,
        reviewer=cast.regional_lead,
        assigned_at=clock.now(),
    )
    Review.objects.create(assignment=task, verdict="fail", state="submitted", saved_at=clock.now())
    assert [page_of(client, in_review) for client in readers] == before
    assert "Technology review" in before[0]
    assert cast.regional_lead.name not in before[0]


def test_a_pending_award_shows_nowhere(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    client = sign_in(cast.nominee)
    before = (
        page_of(client, in_review),
        client.get("/me/").content.decode().partition("<main")[2].count("award"),
    )
    decision = decide(in_review, house.council, "award")
    decision.release = Release.objects.create(
        cycle=house.cycle, state="confirmed", scheduled_at=clock.now(), prepared_at=clock.now()
    )
    decision.save()
    assert page_of(client, in_review) == before[0]
    assert client.get("/me/").content.decode().partition("<main")[2].count("award") == before[1]


def test_after_the_release_the_nominee_reads_the_letter_with_its_reason(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    decision = decide(in_review, house.council, "not_this_time", reason_code="places")
    release(house, decision, states.NOT_AWARDED)
    page = page_of(sign_in(cast.nominee), in_review)
    assert "You do not receive the award this time" in page
    assert "More good cases than places." in page
    assert "Ask for a second look" in page
    with clock.at(clock.now() + dt.timedelta(days=house.cycle.second_look_days + 1)):
        assert "Ask for a second look" not in page_of(sign_in(cast.nominee), in_review)


def test_the_answer_to_a_second_look_stands_behind_its_question(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    in_review.second_look_at = clock.now() - dt.timedelta(days=5)
    in_review.save()
    then = clock.now() - dt.timedelta(days=40)
    first = decide(in_review, house.score, "not_this_time")
    first.release = Release.objects.create(
        cycle=house.cycle,
        kind="later",
        state="released",
        scheduled_at=then,
        prepared_at=then,
        released_at=then,
    )
    first.save()
    release(house, decide(in_review, house.council, "not_this_time"), states.NOT_AWARDED)
    page = page_of(sign_in(cast.nominee), in_review)
    assert (
        day_in_words(then)
        in page[page.index("Letters went out<") : page.index("A second look was asked for<")]
    )
    places = [page.index(f"{title}<") for title in ("Letters went out", "A second look was asked for")]
    assert places == sorted(places)
    assert places[1] < page.index("The answer went out")


def test_after_an_award_the_page_leads_to_it(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    award = AwardFactory(person=cast.nominee, area=house.networking, cycle=house.cycle, first_year=2027)
    release(house, decide(in_review, house.council, "award", award=award), states.AWARDED)
    page = page_of(sign_in(cast.nominee), in_review)
    assert f"/awards/{award.key}/" in page
    assert "Decline the award" in page
    with clock.at(clock.now() + dt.timedelta(days=house.cycle.decline_award_days + 1)):
        assert "Decline the award" not in page_of(sign_in(cast.nominee), in_review)
    answer = sign_in(cast.nominee).post(f"/nominations/{in_review.key}/decline-award/")
    assert answer.status_code == 302
    award.refresh_from_db()
    in_review.refresh_from_db()
    assert (award.state, in_review.state) == ("resigned", states.AWARD_DECLINED)


@pytest.mark.parametrize("may_learn", [True, False])
def test_a_nominator_learns_the_outcome_only_if_the_nominee_agreed(
    may_learn: bool,
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    Nomination.objects.filter(pk=in_review.pk).update(nominator_may_learn_outcome=may_learn)
    release(
        house, decide(in_review, house.council, "not_this_time", reason_code="places"), states.NOT_AWARDED
    )
    client = sign_in(cast.nominator)
    page = page_of(client, in_review)
    assert ("does not receive the award" in page) == may_learn
    assert ("Nominate again" in page) == may_learn
    with clock.at(house.cycle.closes_at + dt.timedelta(days=1)):
        assert "Nominate again" not in page_of(sign_in(cast.nominator), in_review)
    assert ("Not awarded" in page + client.get("/me/").content.decode()) == may_learn
    assert "More good cases than places." not in page


def test_hidden_outcomes_look_alike(
    submit: Callable[..., Nomination],  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    pages = []
    for outcome, state in (("award", states.AWARDED), ("not_this_time", states.NOT_AWARDED)):
        case = submit(nominee_email=f"{state}@elsewhere.example")
        Nomination.objects.filter(pk=case.pk).update(
            state=states.IN_REVIEW, accepted_at=clock.now(), nominator_may_learn_outcome=False
        )
        Release.objects.all().update(kind="later")
        release(house, decide(case, house.council, outcome), state)
        pages.append(page_of(sign_in(cast.nominator), case).replace(case.key, "KEY"))
    assert pages[0] == pages[1]


def test_a_carried_case_says_so_after_the_release(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    decision = decide(in_review, house.council, "carry_over")
    assert "next cycle" not in page_of(sign_in(cast.nominee), in_review)
    decision.release = Release.objects.create(
        cycle=house.cycle,
        state="released",
        scheduled_at=clock.now(),
        prepared_at=clock.now(),
        released_at=clock.now(),
    )
    decision.save()
    assert "looked at again in the next cycle" in page_of(sign_in(cast.nominee), in_review)


def test_who_retired_reads_thanks_and_not_that_they_declined(
    cast: Cast, house: House, sign_in: SignIn
) -> None:
    actions.open_renewals(house.cycle, by=cast.office_1.user)
    case = Nomination.objects.get(is_renewal=True)
    actions.retire(case, by=cast.holder.user)
    page = page_of(sign_in(cast.holder), case)
    assert "You retired, with thanks" in page
    assert "eclined" not in page


def test_the_office_reason_is_read_by_the_nominee_alone(
    complete: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    actions.reopen_nomination(complete, by=cast.office_1.user, reason="The second link is dead.")
    assert "The second link is dead." in page_of(sign_in(cast.nominee), complete)
    assert "The second link is dead." not in page_of(sign_in(cast.nominator), complete)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda case, cast: actions.withdraw_nomination(case, by=cast.nominee.user), "is withdrawn"),
        (
            lambda case, cast: actions.mark_ineligible(case, by=cast.office_1.user, reason_code="employee"),
            "Works for the organiser.",
        ),
    ],
)
def test_an_end_is_told_with_its_day(
    act: Callable[[Nomination, Cast], object],
    words: str,
    accepted: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    act(accepted, cast)
    assert words in page_of(sign_in(cast.nominee), accepted)
    page = page_of(sign_in(cast.nominator), accepted)
    assert "does not go on" in page
    assert "Works for the organiser." not in page


def test_the_end_of_a_case_whose_nominee_was_erased_names_nobody(
    accepted: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    erase_oneself(cast.nominee, by=cast.nominee.user)
    assert "<bdi>The nomination does not go on</bdi>" in page_of(sign_in(cast.nominator), accepted)


def test_a_joined_nominators_page_is_that_of_a_new_case(
    accepted: Nomination,  # noqa: F811
    submit: Callable[..., Nomination],  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    joined = submit(by=cast.outsider)
    alone = submit(by=cast.holder, nominee_email="new@elsewhere.example")
    pages = [
        page_of(sign_in(person), case).replace(case.key, "KEY")
        for person, case in ((cast.outsider, joined), (cast.holder, alone))
    ]
    assert pages[0] == pages[1]
