"""replay_cycle: the demo's released cycles come out as they are stored, and no figure can be changed unseen."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from awards.models import Award
from charter.models import Cycle
from nominations.models import Nomination
from selection import states
from selection.models import Assignment, Candidacy, Decision, Override, Release, Review, Score
from selection.queries.replay import released_cycles


def replay(name: str = "") -> list[str]:
    """What the command says; its last line tells how it ended."""
    out, ended = StringIO(), 0
    try:
        call_command("replay_cycle", *([name] if name else []), stdout=out)
    except SystemExit as stop:
        ended = int(str(stop.code))
    lines = out.getvalue().splitlines()
    assert ended == (0 if lines[-1].endswith(" 0 differ") else 1)
    return lines


@pytest.fixture
def winner(demo: None) -> Decision:
    """A decision of the council that led to an award in the newest released cycle."""
    cycle = released_cycles().last()
    rows = Decision.objects.filter(candidacy__stage__cycle=cycle, candidacy__round=1, award__isnull=False)
    return rows.exclude(candidacy__nomination__state="award_declined").earliest("pk")


def scored(winner: Decision) -> Candidacy:
    return Candidacy.objects.get(nomination=winner.candidacy.nomination, stage__kind="score", round=1)


def test_the_released_cycles_of_the_demo_come_out_as_they_are_stored(demo: None) -> None:
    cases = sum(
        Nomination.objects.filter(candidacies__stage__cycle=cycle).distinct().count()
        for cycle in released_cycles()
    )
    assert released_cycles().count() == 2
    assert replay() == [f"{cases} cases compared, 0 differ"]


def test_one_cycle_is_asked_for_by_its_slug_or_name(demo: None) -> None:
    cycle = released_cycles().first()
    assert replay(cycle.slug) == replay(cycle.name) != replay()
    with pytest.raises(CommandError, match="There is no cycle with the name 1887"):
        replay("1887")


def a_mark(winner: Decision) -> Any:
    score = Score.objects.filter(review__assignment__candidacy=scored(winner), mark__lt=5).earliest("pk")
    return Score.objects.filter(pk=score.pk).update(mark=score.mark + 1)


def a_mark_with_its_total(winner: Decision) -> Any:
    review = Review.objects.filter(assignment__candidacy=scored(winner)).earliest("pk")
    review.scores.update(mark=1)
    return Review.objects.filter(pk=review.pk).update(total="1.0000")


def a_score_removed(winner: Decision) -> Any:
    return Score.objects.filter(review__assignment__candidacy=scored(winner)).earliest("pk").delete()


def a_review_removed(winner: Decision) -> Any:
    return Assignment.objects.filter(candidacy=scored(winner)).earliest("pk").delete()


def a_verdict(winner: Decision) -> Any:
    screen = {"assignment__candidacy__nomination": winner.candidacy.nomination, "verdict": "pass"}
    return Review.objects.filter(**screen).update(verdict="fail", reason_code="R1")


def a_mean(winner: Decision) -> Any:
    return Candidacy.objects.filter(pk=scored(winner).pk).update(mean="4.9999")


def a_mean_in_the_council(winner: Decision) -> Any:
    return Candidacy.objects.filter(pk=winner.candidacy_id).update(mean="4.9999")


def a_rank(winner: Decision) -> Any:
    return Candidacy.objects.filter(pk=scored(winner).pk).update(rank=99)


def a_proposal(winner: Decision) -> Any:
    return Candidacy.objects.filter(pk=scored(winner).pk).update(proposed=states.RESERVE)


def a_word_of_the_rule(winner: Decision) -> Any:
    return Candidacy.objects.filter(pk=winner.candidacy_id).update(by_rule=states.NOT_THIS_TIME)


def a_decision(winner: Decision) -> Any:
    return Decision.objects.filter(pk=winner.pk).update(outcome=states.RESERVE, reason="Because.")


def a_decision_removed(winner: Decision) -> Any:
    return Decision.objects.filter(pk=winner.pk).delete()


def an_override_slipped_in(winner: Decision) -> Any:
    member = Override.objects.earliest("pk").member
    at = winner.decided_at
    return Override.objects.create(
        candidacy=winner.candidacy, member=member, outcome="reserve", reason_code="x", reason="x", made_at=at
    )


def an_award_given_to_another(winner: Decision) -> Any:
    person = Nomination.objects.filter(state="not_awarded").latest("pk").nominee
    return Award.objects.filter(pk=winner.award_id).update(person=person)


def an_award_taken_off(winner: Decision) -> Any:
    return Decision.objects.filter(pk=winner.pk).update(award=None)


def an_award_of_another_year(winner: Decision) -> Any:
    return Award.objects.filter(pk=winner.award_id).update(first_year=1990)


def an_award_that_nobody_decided(winner: Decision) -> Any:
    award = Award.objects.get(pk=winner.award_id)
    award.pk, award.key = None, "SLIPPED1"
    award.person = Nomination.objects.filter(state="not_awarded").latest("pk").nominee
    return award.save()


def the_state_of_a_case(winner: Decision) -> Any:
    return Nomination.objects.filter(pk=winner.candidacy.nomination_id).update(state="not_awarded")


def a_place_on_the_reserve(winner: Decision) -> Any:
    rows = Decision.objects.filter(reserve_order=2, candidacy__stage__cycle=winner.candidacy.stage.cycle)
    return Decision.objects.filter(pk=rows.earliest("pk").pk).update(reserve_order=0)


TAMPERINGS = [
    a_mark, a_mark_with_its_total, a_score_removed, a_review_removed, a_verdict, a_mean, a_mean_in_the_council,
    a_rank, a_proposal, a_word_of_the_rule, a_decision, a_decision_removed, an_override_slipped_in,
    an_award_given_to_another, an_award_taken_off, an_award_of_another_year, an_award_that_nobody_decided,
    the_state_of_a_case, a_place_on_the_reserve,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda act: act.__name__)
def test_whoever_owns_the_tables_changes_nothing_unseen(
    winner: Decision, tamper: Callable[[Decision], Any]
) -> None:
    tamper(winner)
    lines = replay()
    assert len(lines) > 1
    assert not lines[-1].endswith(" 0 differ")


def test_a_line_says_which_case_which_figure_and_both_values(winner: Decision) -> None:
    one = scored(winner)
    a_rank(winner)
    [line, last] = replay()
    slug = one.stage.cycle.slug
    assert line == f"{slug}: {one.key}, stage 2, rank: stored 99, recomputed {one.rank}"
    assert last.endswith(" cases compared, 1 differ")


def test_a_cycle_that_is_not_released_is_replayed_as_far_as_its_stages_are_closed(demo: None) -> None:
    running = Cycle.objects.exclude(pk__in=Release.objects.values("cycle")).filter(stages__state="closed")
    assert replay(running[0].slug)[-1].endswith(" 0 differ")
