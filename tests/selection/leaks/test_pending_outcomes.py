"""A pending outcome changes nothing that anybody outside the selection can see: no byte, no status, no ETag."""

import pytest
from django.db import transaction

from common import clock
from nominations.models import Nomination
from selection import actions, states
from selection.models import Candidacy, Decision, Feedback, ReleasedComment, Review
from tests.kept import kept_fixture
from tests.selection.conftest import close_stages, enter, hand_in
from tests.spread import all_of_them, spread

OUTCOMES = ["award", "reserve", "not_this_time", "ineligible", "carry_over"]


@pytest.fixture
def clients(house, cast, sign_in):
    """Nominee, nominator, a stranger, and somebody who is nobody to the case; they come when the release is planned."""
    who = {"nominee": cast.nominee, "nominator": cast.nominator, "stranger": None, "outsider": cast.outsider}
    with clock.at(house.cycle.release_planned_at):
        return {name: sign_in(person) for name, person in who.items()}


@kept_fixture
def closed(house, cast):
    """The nominee's case with a review, all stages closed, nothing decided."""
    scored = enter(house, cast, house.score, cast.reviewer_1, nominee=cast.nominee)
    hand_in(scored, cast.reviewer_1, 4, 4, 4, 4)
    last = enter(house, cast, house.council, nomination=scored.nomination)
    close_stages(house)
    return last


def of_the_case(case):
    return [
        f"/nominations/{case.key}/", "/me/", f"/nominations/{case.key}/second-look/",
        f"/nominations/{case.key}/dossier/", "/review/year/",
    ]  # fmt: skip


def addresses(case):
    return [
        *of_the_case(case), f"/people/{case.nominee.slug}/", "/", "/roster/?q=Ilm", "/verify/", "/nominate/",
        "/api/v1/people", "/api/v1/openapi.json",
    ]  # fmt: skip


def pages(case):
    """(who, address): what any of them may ask for."""
    return [
        (who, address)
        for who in ("nominee", "nominator", "stranger", "outsider")
        for address in addresses(case)
    ]


def pages_of_parties(case):
    """What the two read of their own case."""
    return [(who, address) for who in ("nominee", "nominator") for address in of_the_case(case)]


def some_pages(case):
    """What the parties read of their case, and every other page as one of the four; all of them as all in test-deep."""
    if all_of_them():
        return pages(case)
    others = [address for address in addresses(case) if address not in of_the_case(case)]
    return pages_of_parties(case) + [
        (who, address) for address, who in spread(others, ("stranger", "outsider", "nominee", "nominator"))
    ]


def pages_for(outcome, case):
    """What the parties read of their case, whatever the outcome, and the other pages in turn."""
    if all_of_them():
        return pages(case)
    own = pages_of_parties(case)
    others = [page for page in pages(case) if page not in own]
    return own + [page for page, one in spread(others, OUTCOMES) if one == outcome]


def answers(clients, case, asked):
    """(who, address) → everything of the answer that is not a fresh token."""
    found = {}
    with clock.at(case.cycle.release_planned_at):
        for who, address in asked:
            got = clients[who].get(address)
            body = b"" if got.streaming else got.content
            for token in (got.cookies.get("csrftoken"),):
                body = body.replace(token.value.encode(), b"") if token else body
            headers = {name: got.headers.get(name) for name in ("ETag", "Last-Modified", "Content-Length")}
            found[who, address] = (got.status_code, headers, _without_tokens(body))
    assert all(found[who, "/me/"][0] == 200 for who in ("nominee", "nominator"))
    return found


def _without_tokens(body):
    import re

    return re.sub(rb'(csrfmiddlewaretoken" value=|csrf-token" content=|X-CSRFToken": )"[^"]+"', b"", body)


def test_deciding_and_confirming_change_nothing_outside(house, cast, clients, closed):
    case = Nomination.objects.get(pk=closed.nomination_id)
    before = answers(clients, case, pages(case))
    for outcome in OUTCOMES:
        asked = pages_for(outcome, case)
        same = {page: before[page] for page in asked}
        with transaction.atomic():
            _decide(closed, outcome)
            if all_of_them() or outcome == states.AWARD:
                assert answers(clients, case, asked) == same, outcome
            later = case.cycle.release_planned_at + (case.cycle.closes_at - case.cycle.opens_at)
            release = actions.prepare_release(house.cycle, scheduled_at=later, by=cast.office_1.user)
            actions.confirm_release(release, by=cast.office_2.user)
            assert answers(clients, case, asked) == same, outcome
            transaction.set_rollback(True)


def _decide(closed, outcome):
    decision = Decision.objects.create(
        candidacy=closed, outcome=outcome, decided_at=clock.now(), reason_code="places", reserve_order=1
    )
    closed.state = states.DECIDED
    closed.save()
    review = Review.objects.get()
    ReleasedComment.objects.create(
        decision=decision, review=review, text="For the letter.", edited_at=clock.now()
    )
    Feedback.objects.create(
        decision=decision, bands=[{"code": "impact", "name": "Impact", "band": "lower"}], reviews_in=3
    )


def test_a_proposed_place_of_the_reserve_and_an_open_second_look_show_nothing_of_their_fate(
    house, cast, clients, closed
):
    """Released as on the reserve; then an award is pending, which its nominee must not see."""
    closed.state = states.DECIDED
    closed.save()
    Decision.objects.create(candidacy=closed, outcome="reserve", decided_at=clock.now())
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    case = Nomination.objects.get(pk=closed.nomination_id)
    before = answers(clients, case, some_pages(case))
    closed = Candidacy.objects.get(pk=closed.pk)
    actions.decide_again(closed, by=cast.office_1.user, outcome="award", reason="A place came free.")
    assert answers(clients, case, some_pages(case)) == before


def test_a_reading_under_way_shows_neither_its_readers_nor_their_marks(house, cast, clients, closed, submit):
    closed.state = states.DECIDED
    closed.save()
    Decision.objects.create(candidacy=closed, outcome="not_this_time", decided_at=clock.now())
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    Nomination.objects.filter(pk=closed.nomination_id).update(state="second_look")
    case = Nomination.objects.get(pk=closed.nomination_id)
    before = answers(clients, case, some_pages(case))
    until = case.cycle.release_planned_at + (case.cycle.closes_at - case.cycle.opens_at)
    reading = actions.open_second_look(case, closes_at=until, by=cast.office_1.user)
    actions.assign_reviewer(reading, reviewer=cast.reviewer_2, by=cast.office_1.user)
    submit(reading, cast.reviewer_2, 5, 5, 5, 5)
    closed = Candidacy.objects.get(pk=closed.pk)
    actions.decide_again(closed, by=cast.office_1.user, outcome="award", reason="Read anew.")
    assert answers(clients, case, some_pages(case)) == before
