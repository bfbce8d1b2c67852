"""One case and everybody in one relation to it: for asking who sees what.

The case itself is made in ``tests/cases.py``, a row of every other table in ``tests/filling.py``.
"""

import datetime as dt
from dataclasses import dataclass

import pytest

from accounts.actions import make_token
from accounts.models import Role, Session
from awards.actions import sign_credential
from common import clock
from contributions.actions import check_import, delete_contribution
from contributions.models import Contribution
from events.models import Registration, Summit
from nominations.links import token_of
from nominations.models import AccessLink, Conflict, Nomination, Support
from people.models import DataExport, Person
from selection.models import Assignment, Candidacy, TrainingAnswer, TrainingCase
from tests import factories
from tests.cases import Case, make_case
from tests.cast import Cast, House
from tests.filling import LOG_FILE, fill_anew
from tests.kept import Kept


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
    fill_anew(house, cast, number=9)  # another case, tied to nobody of these
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
