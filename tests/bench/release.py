"""5,000 outcomes in one release: ``rows()`` for the table of ``make bench``, or ``python -m tests.bench.release``.

Everything is made and rolled back in one transaction of the database at hand; nothing stays.
"""

import datetime as dt
import os
import time

CASES = int(os.environ.get("CASES", "5000"))
AREAS = 25


def rows() -> list[tuple[str, str]]:
    """What was measured, and how it came out."""
    from django.db import transaction

    with transaction.atomic():
        prepared, carried, cpu, mails, awards = _measure()
        transaction.set_rollback(True)
    what = f"release: {CASES:,} outcomes, {awards:,} awards, {mails:,} mails, one transaction (goal 30 s)"
    return [
        (f"release: prepare {CASES:,} decisions", f"{prepared:.1f} s"),
        (what, f"{carried:.1f} s ({cpu:.1f} s of CPU)"),
    ]


def _measure() -> tuple[float, float, float, int, int]:
    """Seconds to prepare, to carry out, and of this process's CPU for that; mails and awards written."""
    from awards.models import Award
    from common import clock
    from common.models import OutboxMail
    from selection import actions

    cycle, first, second = _pending()
    began = time.perf_counter()
    release = actions.prepare_release(cycle, scheduled_at=clock.now(), by=first.user)
    prepared = time.perf_counter() - began
    actions.confirm_release(release, by=second.user)
    began, busy = time.perf_counter(), time.process_time()
    if actions.carry_out_release(release) != CASES:
        raise SystemExit("the release did not tell every case")
    carried, cpu = time.perf_counter() - began, time.process_time() - busy
    mails = OutboxMail.objects.filter(keys__release=release.key).count()
    return prepared, carried, cpu, mails, Award.objects.filter(cycle=cycle).count()


def _pending() -> tuple["Cycle", "Person", "Person"]:  # type: ignore[name-defined]  # noqa: F821
    """A closed cycle of its own with so many decided cases, each with a nominator, an endorser and three reviews.

    Keys hold a 0, which no random key does: ten thousand of those may meet one that is there.
    """
    from accounts.models import Role
    from charter.models import CyclePlaces
    from common import clock
    from nominations.models import Nomination, Support
    from people.models import Address, Person
    from selection import states
    from selection.bulk import (
        AssignmentRow,
        CandidacyRow,
        DecisionRow,
        ReviewRow,
        ScoreRow,
        copy_assignments,
        copy_candidacies,
        copy_decisions,
        copy_reviews,
        copy_scores,
    )  # fmt: skip
    from selection.models import Assignment, Candidacy, Review, Stage
    from tests import factories
    from tests.cast import make_rubric, make_stages

    now = clock.now()
    first, second = (factories.make_person(f"Bench {n}", f"bench-office-{n}@bench.example") for n in (1, 2))
    for one in (first, second):
        factories.grant(one, Role.PROGRAM_OFFICE)
    cycle = factories.CycleFactory(slug="bench", name="Bench", opens_at=now - dt.timedelta(days=400))
    rubric = make_rubric("bench")
    _screen, score, council = make_stages(cycle, rubric)
    Stage.objects.filter(cycle=cycle).update(state=states.STAGE_CLOSED)
    areas = factories.AreaFactory.create_batch(AREAS)
    for area in areas:
        CyclePlaces.objects.create(cycle=cycle, category=area.category, places=CASES)
    people = Person.objects.bulk_create(
        factories.PersonFactory.build(key=f"BP{n:06}", slug=f"bench-{n}", name=f"Bench {n}")
        for n in range(CASES)
    )
    Address.objects.bulk_create(
        Address(person=one, email=f"nominee-{n}@bench.example", primary=True) for n, one in enumerate(people)
    )
    reviewers = Person.objects.bulk_create(
        factories.PersonFactory.build(key=f"BR{n:06}", slug=f"bench-reviewer-{n}", name=f"Bench reviewer {n}")
        for n in range(300)
    )
    cases = Nomination.objects.bulk_create(
        Nomination(
            key=f"BC{n:06}", cycle=cycle, area=areas[n % AREAS], category=areas[n % AREAS].category, area_name="Bench", nominee=one,
            nominee_name=one.name, country="LV", state=Nomination.State.IN_REVIEW, nominator_may_learn_outcome=True,
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    Support.objects.bulk_create(
        Support(
            key=f"B{short}{n:06}",
            nomination=case,
            kind=kind,
            name=kind,
            email=f"{kind}-{n}@bench.example",
            given_at=now,
        )
        for n, case in enumerate(cases)
        for short, kind in (("N", Support.Kind.NOMINATOR), ("E", Support.Kind.ENDORSER))
    )
    base, tasks, reviews = _after(Candidacy), _after(Assignment), _after(Review)
    outcomes = [_outcome(n) for n in range(CASES)]
    copy_candidacies(
        CandidacyRow(base + n + (CASES if stage == council else 0), f"B{stage.number}{n:06}", case.pk, stage.pk,
                     states.DECIDED if stage == council else states.FORWARD, now, now, rank=n + 1)
        for stage in (score, council)
        for n, case in enumerate(cases)
    )  # fmt: skip
    copy_decisions(
        DecisionRow(base + CASES + n, outcome, outcome, first.pk, now) for n, outcome in enumerate(outcomes)
    )
    triples = [(n, k) for n in range(CASES) for k in range(3)]
    copy_assignments(
        AssignmentRow(tasks + 3 * n + k, base + n, reviewers[(n + 97 * k) % 300].pk, states.DONE, now, now)
        for n, k in triples
    )
    copy_reviews(
        ReviewRow(reviews + 3 * n + k, tasks + 3 * n + k, states.REVIEW_SUBMITTED, now, now, total="3.0000")  # type: ignore[arg-type]
        for n, k in triples
    )
    criteria = list(rubric.criteria.order_by("position"))
    copy_scores(
        ScoreRow(reviews + 3 * n + k, one.pk, 1 + (7 * n + 3 * k + place) % 5)
        for n, k in triples
        for place, one in enumerate(criteria)
    )
    return cycle, first, second


def _outcome(number: int) -> str:
    """Half awards, one in ten on the reserve, the rest no."""
    return ("award", "not_this_time")[number % 2] if number % 10 else "reserve"


def _after(model: type) -> int:
    """A number far behind the last row."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()  # type: ignore[attr-defined]
    return (last or 0) + 1_000_000


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mvp_program.settings.test")
    django.setup()
    for what, result in rows():
        print(f"{what:<90} {result}")
