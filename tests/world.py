"""A row in every table: for pages that list any of them, and for asking who sees what.

``make_case`` builds one case with everything that can hang on it, in the selection, by the rows alone.
"""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db.models import Model

from accounts.actions import make_token
from accounts.models import AgreementSignature, Role, Session
from awards.actions import sign_credential
from awards.models import Award, Paper
from charter.actions import publish_content
from charter.models import AreaSuccession, ContentVersion, CountryAlias, Wording
from common import clock, history
from common.models import Bounce, DemoMarker, OutboxMail, SiteFact
from contributions.actions import check_import, delete_contribution
from contributions.models import Contribution
from events.models import Registration, Summit
from nominations.links import token_of
from nominations.models import (
    AccessLink,
    Conflict,
    DossierItem,
    Hold,
    InvitationStop,
    Nomination,
    Sending,
    Support,
    TriageBatch,
)
from people.models import (
    Address,
    DataExport,
    Deletion,
    Employer,
    LikePair,
    MailChoice,
    Merge,
    OldSlug,
    Person,
    PersonLink,
    Photo,
    SoughtName,
    Tombstone,
)
from selection.models import (
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    DrawLine,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    Preset,
    ProtocolVersion,
    RedactedDossier,
    Release,
    ReleasedComment,
    Review,
    ReviewerCapacity,
    ReviewerOffset,
    ReviewVersion,
    Score,
    ToldDate,
    TrainingAnswer,
    TrainingCase,
    TransparencyReport,
)
from selection.protocol import digest_of
from selection.queries.protocol import rules_of
from selection.queries.transparency import Figures
from tests import factories
from tests.cast import Cast, House
from tests.kept import Kept

OURS = {
    "common", "charter", "accounts", "people", "contributions", "awards", "nominations", "selection", "events",
}  # fmt: skip

LOG_FILE = b"type,title,date\narticle,From a file,2004-10-21\n"


def our_models() -> list[type[Model]]:
    """All but sessions: an address of the admin that names one would be a key to it."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS and model is not Session]


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


def fill_tables(house: House, cast: Cast, *, number: int) -> Case:
    """One more row in every table (but those that hold a single one)."""
    held = factories.NominationFactory(
        cycle=house.cycle, area=None, category=None, area_name="", state="draft", nominee=None,
        nominee_name=f"Held {number}",        draft={"sent": {"name": "Somebody", "statement": "Helps every evening."}},
    )  # fmt: skip
    case = make_case(house, cast, number=number)
    person, now = case.nomination.nominee, clock.now()
    Address.objects.create(person=person, email=f"filled-{number}@community.example", primary=True)
    OldSlug.objects.create(slug=f"old-{number}", person=person)
    Tombstone.objects.create(slug_digest=f"{number:064}", erased_on=clock.today())
    Deletion.objects.create(mode=Deletion.Mode.PERSON, at=now)
    DataExport.objects.create(person=person, asked_at=now)
    Employer.objects.create(person=person, name=f"Firm {number}", key=f"firm {number}")
    PersonLink.objects.create(person=person, kind="website", url=f"https://site.example/{number}")
    Photo.objects.create(person=person, content=b"pixels", digest=f"{number:016}", changed_at=now)
    AgreementSignature.objects.create(user=factories.UserFactory(), agreement=house.conduct, signed_at=now)
    AreaSuccession.objects.create(
        area=house.networking, kind="merged", successor=house.directory, on=clock.today()
    )
    make_token(factories.UserFactory(), name=f"Script {number}", may_write=True, by=cast.office_1.user)
    Wording.objects.create(language="de", original=f"Thing {number}", words=f"Ding {number}")
    CountryAlias.objects.create(alias=f"land {number}", country="LV")
    _write_pages(number)
    InvitationStop.objects.create(digest=f"{number:064}", made_at=now)
    delete_contribution(factories.ContributionFactory(person=person, title="Gone."), by=None)
    first, second = sorted((person, factories.PersonFactory()), key=lambda one: one.pk)
    LikePair.objects.create(first=first, second=second, score=90, found_at=now)
    SoughtName.objects.create(person=person, digest=f"{number:032x}")
    Merge.objects.create(kept=person, absorbed=factories.PersonFactory(), at=now)
    MailChoice.objects.create(person=person, group="news", when="off", chosen_at=now)
    failed = OutboxMail.objects.create(
        cause=f"failed {number}", kind="nominations.completed", to=f"gone-{number}@community.example", state="failed",
        keys={"nomination": case.nomination.key}, message_id=f"<{number:032x}@test>", created_at=now, try_at=now,
        error="SMTPRecipientsRefused: 550",
    )  # fmt: skip
    Bounce.objects.create(
        event=f"{number:064x}", email=failed.to, kind="hard", mail=failed, noted_at=now, reason="550 5.1.1"
    )
    check_import(person, name="log.csv", content=LOG_FILE, by=None)
    batch = TriageBatch.objects.create(decision="release", by=cast.office_2.user, made_at=now)
    Hold.objects.create(nomination=held, reasons=["rate"], made_at=now, batch=batch)
    Sending.objects.create(nomination=case.nomination, digest=f"{number:064}", at=now)
    summit = Summit.objects.create(
        slug=f"summit-{number}", name=f"Summit {number}", place="Rīga", zone="Europe/Riga", capacity=9,
        starts=clock.today(), ends=clock.today(),
    )  # fmt: skip
    Registration.objects.create(
        summit=summit, person=person, award=case.award, number=1, joined_at=now, placed_at=now, state="registered",
        diet="No nuts.", guest_name="A guest",
    )  # fmt: skip
    stage = factories.StageFactory(rubric=house.rubric)
    rules = rules_of(stage.cycle)
    ProtocolVersion.objects.create(
        cycle=stage.cycle, number=1, made_at=now, rules=rules, digest=digest_of(rules)
    )
    TransparencyReport.objects.create(
        cycle=stage.cycle, number=1, published_at=now, published_by=cast.office_1,
        figures=Figures(nominations=20, decided=20, awarded=6, days=30).as_json(),
    )  # fmt: skip
    ToldDate.objects.create(cycle=stage.cycle, stage=stage, at=stage.closes_at, noted_at=now, told_at=now)
    Preset.objects.create(slug=f"preset-{number}", name=f"Preset {number}", content={})
    DiscussionPost.objects.create(
        candidacy=case.candidacy, author=cast.technology_lead, text="Let us look at the links.", made_at=now
    )
    RedactedDossier.objects.create(
        nomination=case.nomination,
        texts={},
        source_digest="",
        proposed_at=now,
        checked_by=cast.technology_lead,
    )
    training = TrainingCase.objects.create(
        rubric=house.rubric, slug=f"training-{number}", position=number, title=f"Training {number}", about="Word",
        statement="Answers every evening.", marks={},
    )  # fmt: skip
    TrainingAnswer.objects.create(person=person, case=training, marks={}, answered_at=now)
    sign_credential(case.award)
    Paper.objects.create(
        award=case.award, kind="letter", language="en", digest=f"{number:064}", issued_at=now
    )
    SiteFact.objects.create(name=f"fact {number}", value=number)
    DemoMarker.objects.get_or_create(id=1)
    history.seal()
    history.record("person", person.key, "create_person", by=None)
    return case


def _write_pages(number: int) -> None:
    """Another version of every page."""
    for page in ContentVersion.Page.values:
        shown = ContentVersion.objects.filter(page=page).count()
        publish_content(page, "en", title=f"Page {number}", body="# Words", by=None, shown=shown)


@dataclass
class World:
    """One case in the technology review and everybody in one relation to it; see ``tests.access_matrix``."""

    house: House
    cast: Cast
    case: Case
    screened: Candidacy
    voted: Candidacy
    draft: Nomination
    contribution: Contribution
    summit: Summit
    session: Session  # another browser of the nominee
    tokens: dict[str, str]
    people: dict[str, Person | None]


@Kept
def make_world(house: House, cast: Cast) -> World:
    now = clock.now()
    case = make_case(house, cast, nominee=cast.nominee)
    for stage in (house.score, house.council):
        stage.state, stage.opens_at, stage.closes_at = "open", now - dt.timedelta(1), now + dt.timedelta(9)
        stage.save()
    house.screen.opens_at, house.screen.closes_at = now - dt.timedelta(30), now - dt.timedelta(2)
    house.screen.state = "closed"
    house.screen.save()
    screened = Candidacy.objects.create(
        nomination=case.nomination, stage=house.screen, state=Candidacy.State.FORWARD, entered_at=now
    )
    vote = factories.StageFactory(
        cycle=house.cycle, number=4, kind="vote", public_name="Ballot", state="open", rule={"advance": "ballot"},
        reviewer_role=Role.COUNCIL_MEMBER, opens_at=now - dt.timedelta(1), closes_at=now + dt.timedelta(9),
    )  # fmt: skip
    voted = Candidacy.objects.create(nomination=case.nomination, stage=vote, entered_at=now)
    endorser = factories.make_person("Ülle Endorser", "ulle@community.example")
    Support.objects.filter(pk=case.endorser.pk).update(person=endorser)
    tied = factories.make_person("Pirkko Vītolberga", "pirkko@community.example")
    factories.grant(tied, Role.REVIEWER)
    Assignment.objects.create(candidacy=case.candidacy, reviewer=tied, assigned_at=now)
    _train(house, cast.reviewer_2, tied)
    Conflict.objects.create(
        nomination=case.nomination, person=cast.reviewer_1, kind=Conflict.Kind.DOMAIN, strength="suggested"
    )
    for person in (tied, cast.office_2):
        Conflict.objects.create(nomination=case.nomination, person=person, kind=Conflict.Kind.FAMILY)
    draft = Nomination.objects.create(cycle=house.cycle, draft_by=cast.outsider, draft={})
    sign_credential(case.award)
    people = {
        "anonymous": None,
        "outsider": cast.outsider,
        "nominator": cast.nominator,
        "nominee": cast.nominee,
        "endorser": endorser,
        "holder": cast.holder,
        "regional_lead": cast.regional_lead,
        "reviewer": cast.reviewer_2,
        "reviewer_elsewhere": cast.reviewer_3,
        "reviewer_tied": tied,
        "technology_lead": cast.technology_lead,
        "council_member": cast.council_member,
        "office": cast.office_1,
        "office_tied": cast.office_2,
        "auditor": cast.auditor,
    }
    contribution = factories.ContributionFactory(person=cast.nominee)
    make_token(cast.nominee.user, name="Script", may_write=False, by=cast.nominee.user)
    delete_contribution(factories.ContributionFactory(person=cast.nominee), by=None)
    session = Session.objects.create(
        session_key="another", session_data="", user=cast.nominee.user, expire_date=now + dt.timedelta(days=1)
    )
    DataExport.objects.create(
        person=cast.nominee, asked_at=now, made_at=now, ends_at=now + dt.timedelta(days=7), content=b"zip"
    )
    check_import(cast.nominee, name="log.csv", content=LOG_FILE, by=None)
    fill_tables(house, cast, number=9)  # another case, tied to nobody of these
    return World(
        house,
        cast,
        case,
        screened,
        voted,
        draft,
        contribution,
        _summit_of(cast.nominee),
        session,
        _open_links(house),
        people,
    )


def _summit_of(person: Person) -> Summit:
    """The summit, to which somebody comes too."""
    summit = Summit.objects.get()
    Registration.objects.create(
        summit=summit,
        person=person,
        number=2,
        joined_at=clock.now(),
        placed_at=clock.now(),
        state="registered",
    )
    return summit


def _train(house: House, *reviewers: Person) -> None:
    """One training case before the scored stage, which these reviewers have done."""
    house.score.training_cases = 1
    house.score.save()
    marks = {"mark": 3, "lowest": 2, "highest": 4, "why": "Sound."}
    case = TrainingCase.objects.create(
        rubric=house.rubric, slug="training", position=0, title="An invented case", about="Word",
        statement="Answers every evening.", marks=dict.fromkeys(("impact", "quality", "reach", "conduct"), marks),
    )  # fmt: skip
    for one in reviewers:
        given = dict.fromkeys(case.marks, 4)
        TrainingAnswer.objects.create(person=one, case=case, marks=given, answered_at=clock.now())


def _open_links(house: House) -> dict[str, str]:
    """Purpose → token of a link in a mail that can still be used, each to a case of its own."""
    now, tokens = clock.now(), {}
    for purpose in AccessLink.Purpose.values:
        begun = purpose in ("confirm", "resume")
        person = factories.PersonFactory()
        case = factories.NominationFactory(
            cycle=house.cycle, area=None if begun else house.directory, category=house.servers,
            area_name="Directory Services", nominee=None if begun else person, nominee_name=person.name,
            state="draft" if begun else "accepted" if purpose == "endorse" else "invited",
            draft={"sent": {"name": "Somebody", "nominee_name": "Somebody Else"}} if begun else {},
        )  # fmt: skip
        support = Support.objects.create(
            nomination=case,
            kind=Support.Kind.ENDORSER,
            name="Endorser",
            email="e@community.example",
            asked_at=now,
        )
        link = AccessLink.objects.create(
            nomination=case, purpose=purpose, email="somebody@community.example", made_at=now,
            ends_at=now + dt.timedelta(days=2), support=support if purpose == "endorse" else None,
        )  # fmt: skip
        tokens[purpose] = token_of(link)
    return tokens


@pytest.fixture
def world(house: House, cast: Cast) -> World:
    return make_world(house, cast)


@pytest.fixture
def case(house: House, cast: Cast) -> Case:
    return _case_of_the_nominee(house, cast)


@Kept
def _case_of_the_nominee(house: House, cast: Cast) -> Case:
    return make_case(house, cast, nominee=cast.nominee)
