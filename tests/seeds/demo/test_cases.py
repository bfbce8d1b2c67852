"""Two past cycles that anybody can recompute, and the one in review."""

from collections import defaultdict
from collections.abc import Iterable

from awards.models import Award
from charter.models import Cycle, CyclePlaces
from common.models import HistoryRow, OutboxMail
from nominations.models import Nomination
from people.models import Person
from selection import advance, scoring, states
from selection.models import Candidacy, Decision, Override, Release, Review, Score, Stage


def stages(kind: str) -> Iterable[Stage]:
    return Stage.objects.filter(kind=kind, state=states.STAGE_CLOSED, cycle__releases__kind="main")


def resolved(candidacy: Candidacy) -> bool:
    """The office settled what the rule left open."""
    return HistoryRow.objects.filter(kind="candidacy", key=candidacy.key, verb="resolve").exists()


def of_stage(stage: Stage) -> list[Candidacy]:
    rows = Candidacy.objects.filter(stage=stage, round=1).exclude(state=states.LEFT)
    return list(rows.select_related("nomination", "decision"))


def test_every_outcome_and_exit_occurs(demo: None) -> None:
    past = Cycle.objects.filter(releases__state="released").distinct()
    found = set(Nomination.objects.filter(cycle__in=past).values_list("state", flat=True))
    assert found == {
        "awarded",
        "award_declined",
        "not_awarded",
        "ineligible",
        "withdrawn",
        "declined",
        "expired",
    }
    assert set(Decision.objects.values_list("outcome", flat=True)) == {
        "award",
        "reserve",
        "not_this_time",
        "ineligible",
    }


def test_each_screen_follows_from_its_verdicts(demo: None) -> None:
    for stage in stages("screen"):
        for one in of_stage(stage):
            verdicts = tuple(
                Review.objects.filter(assignment__candidacy=one).values_list("verdict", flat=True)
            )
            [result] = advance.screen([advance.Said(one.pk, verdicts=verdicts)], {}).values()
            if result.outcome == advance.UNDECIDED:
                assert resolved(one)
            else:
                assert (one.state == states.FORWARD) == (result.outcome == states.FORWARD)


def test_each_rank_follows_from_the_marks_and_the_places(demo: None) -> None:
    for stage in stages("score"):
        places = dict(CyclePlaces.objects.filter(cycle=stage.cycle).values_list("category_id", "places"))
        groups = defaultdict(list)
        for one in of_stage(stage):
            groups[one.nomination.category_id].append(one)
        for category, group in groups.items():
            said = [advance.Said(one.pk, totals=totals(one)) for one in group]
            results = advance.score(said, stage.rule, places[category])
            for one in group:
                result = results[one.pk]
                assert (one.mean, one.rank) == (result.mean, result.rank)
                assert one.proposed == result.outcome or (
                    result.outcome == advance.UNDECIDED and resolved(one)
                )


def totals(candidacy: Candidacy) -> tuple[object, ...]:
    scores = Score.objects.filter(review__assignment__candidacy=candidacy).select_related("criterion")
    by_review = defaultdict(list)
    for score in scores:
        by_review[score.review_id].append((score.criterion.weight, score.mark))
    return tuple(scoring.weighted_total(marks) for marks in by_review.values())


def test_the_council_changed_only_what_it_overrode_with_a_reason(demo: None) -> None:
    overridden = set(Override.objects.values_list("candidacy_id", flat=True))
    assert len(overridden) == 4
    for stage in stages("council"):
        for one in of_stage(stage):
            assert (one.decision.outcome != one.decision.proposed) == (one.pk in overridden)


def test_every_award_of_a_past_cycle_hangs_on_a_released_decision(demo: None) -> None:
    for award in Award.objects.exclude(cycle=None).select_related("decision__release"):
        assert award.decision.outcome == "award"
        assert award.decision.release.released_at == award.granted_at


def test_no_category_gave_more_awards_than_places(demo: None) -> None:
    for place in CyclePlaces.objects.filter(cycle__releases__kind="main"):
        standing = Award.objects.filter(cycle=place.cycle, category=place.category, state="granted")
        second_looks = standing.filter(decision__candidacy__nomination__second_look_at__isnull=False)
        assert standing.count() - second_looks.count() <= place.places


def test_each_release_was_confirmed_by_a_second_person(demo: None) -> None:
    for release in Release.objects.all():
        assert release.state == "released"
        assert release.prepared_by != release.confirmed_by


def test_refused_and_silent_cases_are_erased(demo: None) -> None:
    for case in Nomination.objects.filter(state__in=["declined", "expired"]):
        assert (case.nominee_name, case.nominee_email, str(case.country)) == ("", "", "")


def test_the_letters_of_the_past_went_out_on_their_day(demo: None) -> None:
    assert OutboxMail.objects.filter(state="sent").count() > 60
    assert not OutboxMail.objects.exclude(state="sent").exists()


def test_the_reviewers_of_the_cast_have_work_to_do(demo: None) -> None:
    for name in ("Ilse Achterbergen", "折橋 拓海", "نور حداديني"):
        open_tasks = Person.objects.get(name=name).assignments.filter(
            state="assigned", candidacy__stage__state="open"
        )
        assert 3 <= open_tasks.count() <= 9


def test_somebody_the_nominator_of_the_cast_brought_is_in_review(demo: None) -> None:
    supports = Person.objects.get(name="Teodora Vukanović").supports
    assert supports.filter(nomination__state="in_review").exists()


def test_the_history_of_a_case_tells_it_from_the_start(demo: None) -> None:
    case = Nomination.objects.filter(state="awarded", is_renewal=False).first()
    verbs = list(
        HistoryRow.objects.filter(kind="nomination", key=case.key)
        .order_by("at")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        "submit_nomination", "accept_nomination", "complete_nomination", "enter_review", "settle_nomination",
    ]  # fmt: skip
