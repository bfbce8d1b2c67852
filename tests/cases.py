"""One case with everything that can hang on it, in the selection, by the rows alone."""

import datetime as dt
from dataclasses import dataclass

from awards.models import Award
from common import clock, history
from common.models import OutboxMail
from nominations.models import AccessLink, Conflict, DossierItem, Nomination, Support
from people.models import Person
from selection.models import (
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Decision,
    DecisionBatch,
    Draw,
    DrawLine,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    Release,
    ReleasedComment,
    Review,
    ReviewerCapacity,
    ReviewerOffset,
    ReviewVersion,
    Score,
)
from tests import factories
from tests.cast import Cast, House


@dataclass
class Case:
    """One case in the technology review: nominated, endorsed, one review in, one to come, decided as pending."""

    nomination: Nomination
    nominator: Support
    endorser: Support
    candidacy: Candidacy
    review: Review
    waiting: Assignment
    decision: Decision
    award: Award
    batch: DecisionBatch
    draw: Draw


def make_case(house: House, cast: Cast, *, number: int = 1, nominee: Person | None = None) -> Case:
    now = clock.now()
    nominee = nominee or factories.PersonFactory(name=f"Nominee {number}")
    nomination = factories.NominationFactory(
        cycle=house.cycle, area=house.networking, nominee=nominee, region=house.baltics, completed_at=now,
        state=Nomination.State.IN_REVIEW, nominee_email=f"nominee-{number}@community.example",
    )  # fmt: skip
    nominator = Support.objects.create(
        nomination=nomination, kind=Support.Kind.NOMINATOR, person=cast.nominator, name=cast.nominator.name,
        email="teodora@community.example", statement="Mends networks.", given_at=now,
    )  # fmt: skip
    endorser = Support.objects.create(
        nomination=nomination, kind=Support.Kind.ENDORSER, name="Endorser", email="endorser@community.example",
        person=factories.PersonFactory(), asked_at=now, given_at=now, statement="I agree.",
    )  # fmt: skip
    contribution = factories.ContributionFactory(person=nominee, type=house.article)
    DossierItem.objects.create(
        nomination=nomination, contribution=contribution, type=house.article,
        title=contribution.title, starts=contribution.starts,
    )  # fmt: skip
    for purpose in AccessLink.Purpose.values:
        AccessLink.objects.create(
            nomination=nomination, purpose=purpose, email="ilmars@community.example", made_at=now,
            ends_at=now + dt.timedelta(days=21), support=endorser if purpose == "endorse" else None,
        )  # fmt: skip
    for person, kind in ((nominee, "self"), (cast.nominator, "nominator")):
        Conflict.objects.create(nomination=nomination, person=person, kind=kind)
    candidacy = Candidacy.objects.create(
        nomination=nomination, stage=house.score, entered_at=now, mean="4.2500", rank=number
    )
    done = Assignment.objects.create(
        candidacy=candidacy, reviewer=cast.reviewer_1, state=Assignment.State.DONE, assigned_at=now
    )
    waiting = Assignment.objects.create(candidacy=candidacy, reviewer=cast.reviewer_2, assigned_at=now)
    review = Review.objects.create(
        assignment=done, state=Review.State.SUBMITTED, total="4.2500", comment="Sound work.",
        saved_at=now, submitted_at=now,
    )  # fmt: skip
    for criterion in house.rubric.criteria.all():
        Score.objects.create(review=review, criterion=criterion, mark=4)
    ReviewVersion.objects.create(review=review, version=1, content={"comment": "Sound work."}, saved_at=now)
    numbers = GroupNumbers.objects.create(
        stage=house.score, category=house.servers, seen=f"{nomination.key:0>64}", computed_at=now,
        cases=1, reviews=1, reviewers=1, against_model=["few_cases"], against_agreement=["few_cases"],
    )  # fmt: skip
    CaseNumbers.objects.create(group=numbers, candidacy=candidacy, score="4.2500")
    ReviewerOffset.objects.create(group=numbers, reviewer=cast.reviewer_1, offset=0.1, se=0.2, reviews=1)
    plan = AssignmentPlan.objects.create(
        stage=house.score, category=house.servers, purpose="initial", state="published", made_at=now,
        made_by=cast.technology_lead, published_at=now,
    )  # fmt: skip
    PlannedTask.objects.create(
        plan=plan, candidacy=candidacy, reviewer=cast.reviewer_2, affinity=0.5, expert=True, outsider=False
    )
    ReviewerCapacity.objects.create(stage=house.score, person=factories.PersonFactory(), cases=4, set_at=now)
    batch = DecisionBatch.objects.create(
        stage=house.score, category=house.servers, outcome=DecisionBatch.Outcome.RESERVE,
        reason="One more year.", made_by=cast.office_1, made_at=now,
    )  # fmt: skip
    BatchLine.objects.create(batch=batch, candidacy=candidacy, after="reserve", state_before="open")
    draw = Draw.objects.create(
        stage=house.score,
        category=house.servers,
        seed="solstice",
        places=1,
        drawn_by=cast.office_1,
        drawn_at=now,
    )
    DrawLine.objects.create(draw=draw, candidacy=candidacy, position=1, digest=f"{number:064}")
    decided = _in_council(house, cast, nomination, nominee)
    Feedback.objects.create(
        decision=decided, bands=[{"code": "impact", "name": "Impact", "band": "middle"}], reviews_in=3
    )
    ReleasedComment.objects.create(
        decision=decided, review=review, text="Words for the letter.", edited_at=now
    )
    history.record("nomination", nomination.key, "enter_review", by=None, text=f"Of case {nomination.key}")
    history.record("candidacy", candidacy.key, "enter", by=None, codes={"case": nomination.key})
    OutboxMail.objects.create(
        cause=f"invitation {nomination.key}", kind="nominations.invitation", to=nomination.nominee_email,
        keys={"nomination": nomination.key}, message_id=f"<{nomination.key}@test>", created_at=now, try_at=now,
    )  # fmt: skip
    return Case(
        nomination, nominator, endorser, candidacy, review, waiting, decided, decided.award, batch, draw
    )


def _in_council(house: House, cast: Cast, nomination: Nomination, nominee: Person) -> Decision:
    now = clock.now()
    candidacy = Candidacy.objects.create(
        nomination=nomination, stage=house.council, entered_at=now, proposed=Decision.Outcome.RESERVE
    )
    Override.objects.create(
        candidacy=candidacy, member=cast.council_member, outcome=Decision.Outcome.AWARD,
        reason_code="evidence-weighs-more", reason="It helped forty schools.", made_at=now,
    )  # fmt: skip
    release = Release.objects.create(
        cycle=house.cycle, kind=Release.Kind.LATER, scheduled_at=now + dt.timedelta(days=9), prepared_at=now
    )
    award = factories.AwardFactory(person=nominee, area=house.spreadsheets)
    return Decision.objects.create(
        candidacy=candidacy, proposed=Decision.Outcome.RESERVE, outcome=Decision.Outcome.AWARD,
        reason="It helped forty schools.", decided_at=now, release=release, award=award,
    )  # fmt: skip
