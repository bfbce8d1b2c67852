"""Whoever is erased is found nowhere: no table, no file, no mail and no job holds a name, an address or a word
about them. What was decided stays as a shell that can still be computed."""

import pytest

from common import delivery, history, jobs
from common.models import HistoryRow, OutboxMail
from common.verification import verify
from nominations.models import Conflict, Nomination, Support
from people.actions import erase_person
from people.models import Person
from selection import actions, states
from selection.models import (
    Assignment,
    BatchLine,
    Candidacy,
    Decision,
    DecisionBatch,
    Expertise,
    Release,
    Review,
    Score,
)
from tests.selection.conftest import answers
from tests.selection.leaks.facts import FACTS, plant
from tests.selection.leaks.stored import hits
from tests.world import make_world

STAYS = {"nominations.Support.name", "nominations.Support.email"}  # of those who nominated and endorsed


@pytest.fixture
def world(house, cast):
    return make_world(house, cast)


def test_no_word_about_an_erased_nominee_is_left(world, cast):
    """Each text of the case holds a word of its own; those of people who are not erased stay."""
    canaries = plant(world)
    written = {fact for fact in FACTS if fact.startswith(("nominations.", "selection."))} - STAYS
    about = [one.word for one in canaries.tokens.values() if one.case == 1 and "." not in one.word]
    gone = [
        word
        for word in about
        if (fact := canaries.tokens[word].fact) in written
        or "of the nominee" in fact
        or fact.startswith("text of the history")
        or fact == "a sentence for the nominee"
    ]
    other = [one.word for one in canaries.tokens.values() if one.case == 9 and "." not in one.word]
    before = hits(*other)
    assert len(hits(*gone)) == len(gone) > 40
    assert len(before) > 80
    erase_person(cast.nominee, by=cast.office_1.user)
    left = hits(*gone)
    assert {canaries.tokens[word].fact: tables for word, tables in left.items()} == {}
    assert hits(*other) == before


def test_a_case_in_progress_is_withdrawn_with_a_sentence(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1, nominee=cast.nominee)
    erase_person(cast.nominee, by=cast.office_1.user)
    case = Nomination.objects.get(pk=candidacy.nomination_id)
    assert (case.state, case.nominee_name, case.nominee_email, str(case.country)) == ("withdrawn", "", "", "")
    assert Candidacy.objects.get(pk=candidacy.pk).state == states.LEFT
    assert Assignment.objects.get().state == states.RELEASED_FROM
    row = HistoryRow.objects.get(kind="nomination", key=case.key, verb="withdraw_nomination")
    assert row.text_digest  # the sentence was there; its text goes with the rest
    assert delivery.write(OutboxMail.objects.get(kind="nominations.ended")).subject == (
        "Your nomination of somebody whose data were erased does not go on"
    )


@pytest.mark.parametrize(
    ("state", "after"),
    [("on_reserve", "not_awarded"), ("second_look", "not_awarded"), ("awarded", "awarded")],
)
def test_after_the_release_decisions_stay_as_shells(house, cast, make_candidacy, state, after):
    candidacy = make_candidacy(house.council, nominee=cast.nominee, case_state=state, state=states.DECIDED)
    now = candidacy.entered_at
    release = Release.objects.create(
        cycle=house.cycle, state="released", scheduled_at=now, prepared_at=now, released_at=now
    )
    decision = Decision.objects.create(
        candidacy=candidacy, proposed="award", outcome="reserve", reason="Vītolbergs was late.", decided_at=now,
        release=release, reserve_order=1,
    )  # fmt: skip
    erase_person(cast.nominee, by=None)
    decision.refresh_from_db()
    assert (decision.outcome, decision.reserve_order, decision.reason) == ("reserve", 1, "…")
    assert Nomination.objects.get().state == after
    assert hits("vītolbergs", "ilmars") == {}


def test_marks_and_ties_stay_so_that_a_released_cycle_can_be_computed_again(
    house, cast, make_candidacy, submit
):
    candidacy = make_candidacy(house.score, cast.reviewer_1, nominee=cast.nominee)
    submit(candidacy, cast.reviewer_1, 5, 4, 3, None)
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.reviewer_3, kind="family")
    before = sorted(Score.objects.values_list("criterion", "mark"), key=str)
    mean = Candidacy.objects.get().mean
    erase_person(cast.nominee, by=None)
    assert sorted(Score.objects.values_list("criterion", "mark"), key=str) == before
    assert Candidacy.objects.get().mean == mean
    assert Conflict.objects.filter(kind="family").exists()
    assert set(Score.objects.values_list("reason", flat=True)) == {""}


def test_nothing_is_left_of_an_erased_reviewer_but_their_marks(house, cast, make_candidacy):
    done = make_candidacy(house.score, cast.reviewer_1, name="Done")
    waits = make_candidacy(house.score, cast.reviewer_1, name="Waits")
    said = answers(5, 3, 3, 3, comment="I, Inês Abrantes, have seen it; write to ines@community.example.")
    actions.submit_review(done, by=cast.reviewer_1.user, answers=said, version=0)
    actions.save_review(waits, by=cast.reviewer_1.user, answers=said, version=0)
    erase_person(cast.reviewer_1, by=None)
    assert hits("Abrantes", "ines@") == {}
    review = Review.objects.get()
    assert (review.assignment.candidacy, review.comment) == (done, "I, …, have seen it; write to ….")
    assert Assignment.objects.get(candidacy=waits).state == states.RELEASED_FROM
    assert not Expertise.objects.filter(person=cast.reviewer_1).exists()


def test_what_somebody_wrote_for_others_stays_without_their_name(house, cast, make_case):
    case = make_case(nominee=cast.nominee)
    Support.objects.update(
        email="teodora@community.example", relation="Teodora's colleague",
        statement="I, TEODORA VASILESCU (teodora@community.example), saw her mend it.",
    )  # fmt: skip
    erase_person(cast.nominator, by=None)
    assert hits("teodora", "vasilescu") == {}
    support = Support.objects.get()
    assert (support.nomination, support.statement) == (case, "I, … (…), saw her mend it.")


def test_drafts_of_an_erased_person_go_with_them(world, cast):
    assert Nomination.objects.filter(draft_by=cast.outsider).exists()
    erase_person(cast.outsider, by=None)
    assert not Nomination.objects.filter(pk=world.draft.pk).exists()
    assert hits("lautaro", "bevacquini") == {}


def test_everybody_of_the_cast_can_be_erased_and_the_history_stays_whole(world, cast):
    names = [person.name for person in vars(cast).values()]
    addresses = [person.addresses.get().email for person in vars(cast).values()]
    jobs.defer("common.send_outbox")
    history.seal()
    for person in Person.objects.exclude(user=None):
        erase_person(person, by=None)
    assert hits(*names, *addresses) == {}
    history.seal()
    assert verify().problems == []


def test_the_reason_of_a_decision_in_bulk_goes_or_loses_the_name(house, cast, make_candidacy):
    own = make_candidacy(house.score, nominee=cast.nominee)
    other = make_candidacy(house.score, name="Somebody Else")
    made = {"stage": house.score, "category": house.servers, "outcome": "reserve", "made_at": own.entered_at}
    alone, shared = (
        DecisionBatch.objects.create(
            made_by=cast.technology_lead, reason=f"{cast.nominee.name} helped.", **made
        )
        for _number in range(2)
    )
    for batch, candidacies in ((alone, [own]), (shared, [own, other])):
        for candidacy in candidacies:
            BatchLine.objects.create(
                batch=batch, candidacy=candidacy, after="reserve", state_before="open",
                reason_before="Ilmārs Vītolbergs was late." if candidacy == own else "",
            )  # fmt: skip
    erase_person(cast.nominee, by=None)
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert alone.reason == "…"
    assert shared.reason.endswith(" helped.")
    assert hits("vītolbergs", "ilmārs") == {}
