"""``manage.py generate``: a demo filled with invented people, the same ones every time."""

from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from pytest_django import DjangoDbBlocker

from accounts.models import RoleGrant
from awards.models import Award
from common import clock
from common.history import seal
from common.models import HistoryWaiting
from contributions.models import Contribution
from mvp_program.generating.filling import NothingToFill, fill
from mvp_program.generating.sizes import FIGURES, Size, read_size
from nominations.models import DossierItem, Nomination, Support
from people.models import Address, Person
from selection import calibration, scoring
from selection.actions.means import SUMMARY
from selection.models import Assignment, Candidacy, Expertise, GroupNumbers, Review, Stage


@pytest.fixture(scope="module", params=["S", pytest.param("L-tenth", marks=pytest.mark.deep)])
def _filled(
    request: pytest.FixtureRequest, _demo_loaded: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Size]:
    with django_db_blocker.unblock(), transaction.atomic():
        fill(request.param, say=lambda what, count: None)
        yield read_size(request.param)
        transaction.set_rollback(True)


@pytest.fixture
def filled(_filled: Size, db: None) -> Size:
    """A demo that was filled, and the figures of its size."""
    return _filled


def in_force() -> Q:
    today = clock.today()
    return Q(state=Award.State.GRANTED, starts__lte=today, ends__gte=today)


def score_stage() -> Stage:
    return Stage.objects.get(kind="score", state="open")


def test_it_fills_up_to_the_figures_of_the_size(filled: Size) -> None:
    assert Person.objects.count() == filled.persons
    assert Award.objects.filter(in_force()).count() == filled.in_force
    assert Contribution.objects.count() == filled.contributions
    assert Nomination.objects.filter(cycle=score_stage().cycle).count() == filled.nominations


def test_the_cycle_in_review_has_its_reviewers_and_reviews(filled: Size) -> None:
    stages = Stage.objects.filter(cycle=score_stage().cycle)
    assert RoleGrant.objects.filter(role="reviewer").values("user").distinct().count() == filled.reviewers
    assert Review.objects.filter(assignment__candidacy__stage__in=stages).count() == filled.reviews


def test_no_year_of_an_award_lies_outside_its_area_or_region(filled: Size) -> None:
    assert not Award.objects.filter(region=None).exists()
    assert not Award.objects.filter(starts__lt=F("area__starts")).exists()


def test_an_award_carries_the_name_of_its_day(filled: Size) -> None:
    for award in Award.objects.filter(area__slug="windows-xp"):
        expected = {
            range(1993, 1996): "Windows 3.1",
            range(1996, 1999): "Windows 95",
            range(1999, 2002): "Windows 98",
        }
        names = [name for years, name in expected.items() if award.first_year in years]
        assert award.area_name == (names or ["Windows XP"])[0]


def test_generated_awards_have_no_case(filled: Size) -> None:
    assert Award.objects.filter(cycle=None).count() > 500


def test_a_crowd_has_its_awards_and_no_case(filled: Size) -> None:
    alone = Person.objects.filter(user=None, addresses=None, employers=None, nominations=None)
    assert alone.count() >= filled.crowd.persons
    assert Award.objects.filter(person__in=alone).count() >= filled.crowd.awards


def test_whoever_died_holds_no_award_today(filled: Size) -> None:
    dead = Person.objects.filter(deceased=True)
    assert not Award.objects.filter(in_force(), person__in=dead).exists()
    assert all(person.awards.filter(end_reason="deceased").exists() for person in dead if person.deceased_on)


def test_some_pages_are_hidden_or_show_less(filled: Size) -> None:
    assert Person.objects.filter(listed=False, erased_at=None).exists()
    assert Person.objects.exclude(visibility={}).exists()


def test_nobody_reviews_a_case_to_which_they_have_a_tie(filled: Size) -> None:
    assert not Assignment.objects.filter(candidacy__nomination__conflicts__person=F("reviewer")).exists()


def test_nobody_has_more_than_the_stage_allows(filled: Size) -> None:
    loads = (
        Assignment.objects.filter(candidacy__stage=score_stage()).values("reviewer").annotate(n=Count("pk"))
    )
    assert max(row["n"] for row in loads) <= 12


def test_stored_summaries_are_those_of_the_marks(filled: Size) -> None:
    for candidacy in Candidacy.objects.filter(stage=score_stage()).exclude(mean=None):
        reviews = Review.objects.filter(assignment__candidacy=candidacy, state="submitted")
        marks = [
            [(score.criterion.weight, score.mark) for score in review.scores.select_related("criterion")]
            for review in reviews
        ]
        expected = scoring.summary_of([scoring.weighted_total(one) for one in marks])
        assert scoring.Summary(*(getattr(candidacy, name) for name in SUMMARY)) == expected


def test_a_lowest_or_highest_mark_gives_its_reason(filled: Size) -> None:
    for review in Review.objects.filter(state="submitted", verdict=""):
        for score in review.scores.all():
            assert score.mark not in (1, 5) or len(score.reason) >= 80


def test_dossiers_hold_copies_of_the_window_of_the_cycle(filled: Size) -> None:
    for item in DossierItem.objects.select_related("contribution", "nomination__cycle"):
        close = item.nomination.cycle.dossiers_close_at.date()
        assert item.title == item.contribution.title
        assert 0 <= (close - item.starts).days <= 366


def test_statements_have_150_to_1500_signs(filled: Size) -> None:
    for support in Support.objects.filter(kind__in=["nominator", "co_nominator"]):
        assert 150 <= len(support.statement) <= 1500


def test_no_address_could_be_real(filled: Size) -> None:
    assert not Address.objects.exclude(email__endswith=".example").exists()


def test_names_come_in_many_scripts(filled: Size) -> None:
    assert Person.objects.exclude(latin_name="").count() > 40


def test_the_chairs_and_reviewers_of_the_cast_find_cases(filled: Size) -> None:
    lead = RoleGrant.objects.get(role="technology_lead", user__person__name="Casimir Oduya-Brandt")
    assert Candidacy.objects.filter(stage=score_stage(), nomination__category=lead.category).exists()
    assert GroupNumbers.objects.filter(stage=score_stage(), category=lead.category, is_whole=True).exists()
    assert Assignment.objects.filter(reviewer__name="Ilse Achterbergen", state="assigned").exists()


def test_each_case_of_the_category_that_the_cast_leads_has_all_its_marks_or_none(filled: Size) -> None:
    led = Candidacy.objects.filter(stage=score_stage(), nomination__category__slug="windows-server")
    assert set(led.filter(mean=None).values_list("reviews_in", flat=True)) == {0}
    assert not led.exclude(mean=None).filter(reviews_in__lt=3).exists()
    marks = Assignment.objects.filter(candidacy__in=led, state="done").values_list("candidacy", "reviewer")
    cases, reviewers = (np.unique(codes, return_inverse=True)[1] for codes in zip(*marks, strict=True))
    few = {"few_cases", "few_reviewers"} if filled.name == "S" else set()
    assert set(calibration.reasons_not_to_show(cases, reviewers)) <= few


def test_each_case_of_it_that_is_marked_was_read_by_somebody_from_outside(filled: Size) -> None:
    known = Expertise.objects.filter(
        person=OuterRef("reviewer"), area__category__slug="windows-server", level__gt=0
    )
    outside = Assignment.objects.filter(~Exists(known), candidacy=OuterRef("pk"), state="done")
    led = Candidacy.objects.filter(stage=score_stage(), nomination__category__slug="windows-server")
    assert not led.exclude(mean=None).exclude(Exists(outside)).exists()


def test_filling_twice_says_so_and_changes_nothing(filled: Size) -> None:
    with pytest.raises(NothingToFill, match=f"filled to size {filled.name} already"):
        fill("S", say=lambda what, count: None)
    out = StringIO()
    call_command("generate", size="M", stdout=out)
    assert f"filled to size {filled.name} already" in out.getvalue()


def test_its_history_is_sealed(filled: Size) -> None:
    seal()
    assert not HistoryWaiting.objects.exists()


def test_a_dossier_copies_what_was_put_aside_while_the_log_was_written(filled: Size) -> None:
    cases = Nomination.objects.filter(cycle=score_stage().cycle).exclude(completed_at=None)
    assert not cases.exclude(dossier_items__isnull=False).exists()


def test_l_is_ten_times_its_tenth() -> None:
    large, tenth = asdict(read_size("L")), asdict(read_size("L-tenth"))
    assert {name: large[name] for name in FIGURES} == {name: tenth[name] * 10 for name in FIGURES}
