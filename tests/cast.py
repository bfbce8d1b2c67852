"""The cast: invented people who stand for the roles, and the small program that they live in.

``house`` is the program (regions, categories, areas, rubric, agreements, a cycle open for nominations with its
three stages planned); ``cast`` the people; ``sign_in(person)`` a test client signed in as one of them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from accounts.sessions import SessionStore
from charter.models import (
    Agreement,
    Area,
    Category,
    Cycle,
    CyclePlaces,
    Program,
    ReasonCode,
    Region,
    RegionCountry,
)
from common import clock
from contributions.models import ContributionType
from people.models import Person
from selection.models import Anchor, Criterion, Expertise, Rubric, Stage
from tests import factories
from tests.kept import Kept


@dataclass
class House:
    """A program just large enough to tell rules apart: two regions, two categories, three areas."""

    program: Program
    baltics: Region  # EE, LV, LT
    iberia: Region  # ES, PT
    servers: Category
    office_tools: Category
    networking: Area  # in servers
    directory: Area  # in servers
    spreadsheets: Area  # in office_tools
    cycle: Cycle  # open for nominations now
    screen: Stage
    score: Stage
    council: Stage
    rubric: Rubric
    conduct: Agreement  # needed for acceptance
    article: ContributionType


@dataclass
class Cast:
    """Each has an account with a confirmed address; ``person.user`` signs in."""

    nominator: Person
    nominee: Person  # Latvia; no case yet
    regional_lead: Person  # the Baltics
    reviewer_1: Person  # expert in networking
    reviewer_2: Person  # expert in networking
    reviewer_3: Person  # knows nothing of servers
    technology_lead: Person  # servers
    council_member: Person  # servers
    office_1: Person
    office_2: Person
    auditor: Person
    holder: Person  # holds networking this year, first in 2001, with gaps
    outsider: Person  # an account, no role, no case


RUBRIC = {
    "impact": (
        35,
        ["No change", "Helped a few once", "Helped many", "Changed how others work", "Changed a field"],
    ),
    "quality": (30, ["Wrong", "Repeats what is known", "Sound", "Original", "The reference"]),
    "reach": (20, ["Own circle", "One local group", "A region", "Several countries", "Worldwide"]),
    "conduct": (15, ["Serious concerns", "Uneven", "Courteous", "Generous", "Sets the tone"]),
}


def make_rubric(slug: str = "default") -> Rubric:
    """The default rubric: four criteria of 35, 30, 20 and 15 percent with five anchors each."""
    rubric = Rubric.objects.create(slug=slug, name="Default rubric")
    for position, (code, (weight, anchors)) in enumerate(RUBRIC.items()):
        criterion = Criterion.objects.create(
            rubric=rubric, code=code, name=code.title(), weight=weight, position=position
        )
        Anchor.objects.bulk_create(
            Anchor(criterion=criterion, mark=mark, sentence=sentence)
            for mark, sentence in enumerate(anchors, start=1)
        )
    return rubric


def make_stages(cycle: Cycle, rubric: Rubric) -> tuple[Stage, Stage, Stage]:
    """Screen, score and council stages of 20 days each, one after the other, from the close of dossiers."""
    screen = factories.StageFactory(
        cycle=cycle,
        number=1,
        kind=Stage.Kind.SCREEN,
        public_name="Regional review",
        internal_name="Regional review",
        reviewer_role=Role.REGIONAL_LEAD,
        reviews_needed=1,
        rule={"advance": "majority", "tie": "office"},
        opens_at=cycle.dossiers_close_at,
    )
    score = factories.StageFactory(
        cycle=cycle,
        number=2,
        kind=Stage.Kind.SCORE,
        public_name="Technology review",
        internal_name="Technology review",
        reviewer_role=Role.REVIEWER,
        rubric=rubric,
        rule={"advance": "rank_by_mean", "reserve": 2},
        opens_at=screen.closes_at,
    )
    council = factories.StageFactory(
        cycle=cycle,
        number=3,
        kind=Stage.Kind.COUNCIL,
        public_name="Product-team council",
        internal_name="Product-team council",
        reviewer_role=Role.COUNCIL_MEMBER,
        rule={"advance": "agree_or_override"},
        opens_at=score.closes_at,
    )
    return screen, score, council


@Kept
def make_house() -> House:
    long_ago = dt.date(1993, 1, 1)
    program = Program.objects.create(
        name="MVP Program",
        award_name="MVP award",
        organiser="Contoso",
        organiser_domains=["contoso.example"],
        public_mail_domains=["mail.example", "community.example"],
        office_email="office@mvp-program.example",
        first_year=1993,
        current_year=dt.date.today().year,
    )
    baltics = Region.objects.create(slug="baltics", name="Baltics", position=1)
    iberia = Region.objects.create(slug="iberia", name="Iberia", position=2)
    for region, countries in ((baltics, "EE LV LT"), (iberia, "ES PT")):
        for country in countries.split():
            RegionCountry.objects.create(region=region, country=country, starts=long_ago)
    servers = Category.objects.create(slug="servers", name="Servers", position=1)
    office_tools = Category.objects.create(slug="office-tools", name="Office tools", position=2)
    networking = factories.AreaFactory(
        slug="networking", name="Windows Server – Networking", category=servers
    )
    directory = factories.AreaFactory(slug="directory", name="Directory Services", category=servers)
    spreadsheets = factories.AreaFactory(slug="spreadsheets", name="Spreadsheets", category=office_tools)
    for area in (networking, directory, spreadsheets):
        area.names.create(name=area.name, category=area.category, starts=long_ago)
    cycle = factories.CycleFactory(slug="next", name="Next cycle")
    for category, places in ((servers, 2), (office_tools, 1)):
        CyclePlaces.objects.create(cycle=cycle, category=category, places=places)
    rubric = make_rubric()
    screen, score, council = make_stages(cycle, rubric)
    conduct = Agreement.objects.create(
        kind="code-of-conduct",
        version="2",
        title="Code of conduct",
        body="Be kind, be honest, be patient.",
        valid_from=long_ago,
        needed_for_acceptance=True,
    )
    article = factories.ContributionTypeFactory()
    for use, code, label in (
        (ReasonCode.Use.SCREEN_FAIL, "no-evidence", "No evidence that can be checked"),
        (ReasonCode.Use.OVERRIDE, "evidence-weighs-more", "The evidence weighs more than the marks"),
        (ReasonCode.Use.NOT_AWARDED, "places", "More good cases than places"),
        (ReasonCode.Use.INELIGIBLE, "employee", "Works for the organiser"),
        (ReasonCode.Use.REVOKED, "conduct", "Broke the code of conduct"),
    ):
        ReasonCode.objects.create(use=use, code=code, label=label, sentence=f"{label}.")
    return House(
        program, baltics, iberia, servers, office_tools, networking, directory, spreadsheets, cycle,
        screen, score, council, rubric, conduct, article,
    )  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@Kept
def make_cast(house: House) -> Cast:
    person = factories.make_person
    cast = Cast(
        nominator=person("Teodora Vasilescu", "teodora@community.example", country="RO"),
        nominee=person("Ilmārs Vītolbergs", "ilmars@community.example", short_name="Ilmārs"),
        regional_lead=person("Liis Ojamets", "liis@contoso.example", country="EE"),
        reviewer_1=person("Inês Abrantes", "ines@community.example", country="PT"),
        reviewer_2=person("Jarkko Hietavirta", "jarkko@community.example", country="FI"),
        reviewer_3=person("Okwudili Anyanwoke", "okwudili@community.example", country="NG"),
        technology_lead=person("Marit Sæverud", "marit@contoso.example", country="NO"),
        council_member=person("Gustavo Peñalosa", "gustavo@contoso.example", country="CO"),
        office_1=person("Hana Procházková", "hana@contoso.example", country="CZ"),
        office_2=person("Đặng Thu Hà", "thuha@contoso.example", country="VN"),
        auditor=person("Ioanna Kallergi", "ioanna@audit.example", country="GR"),
        holder=person("Ágnes Kővári", "agnes@community.example", country="HU"),
        outsider=person("Lautaro Bevacquini", "lautaro@community.example", country="AR"),
    )
    factories.grant(cast.regional_lead, Role.REGIONAL_LEAD, region=house.baltics)
    for reviewer, level in ((cast.reviewer_1, 3), (cast.reviewer_2, 2), (cast.reviewer_3, 0)):
        factories.grant(reviewer, Role.REVIEWER)
        Expertise.objects.create(person=reviewer, area=house.networking, level=level)
    factories.grant(cast.technology_lead, Role.TECHNOLOGY_LEAD, category=house.servers)
    factories.grant(cast.council_member, Role.COUNCIL_MEMBER, category=house.servers)
    factories.grant(cast.office_1, Role.PROGRAM_OFFICE)
    factories.grant(cast.office_2, Role.PROGRAM_OFFICE)
    factories.grant(cast.auditor, Role.AUDITOR)
    this_year = house.program.current_year
    for year in (2001, 2002, this_year - 1, this_year):
        factories.AwardFactory(person=cast.holder, area=house.networking, first_year=year)
    return cast


@pytest.fixture
def cast(house: House) -> Cast:
    return make_cast(house)


SIGN_IN = """
    WITH seen AS (UPDATE accounts_user SET last_login = now() WHERE id = %(user)s)
    INSERT INTO accounts_session (session_key, session_data, expire_date, user_id, device, signed_in_at, used_at)
    VALUES (%(key)s, %(data)s, now() + interval '14 days', %(user)s, '', %(now)s, %(now)s)
"""


def begin_session(user: User) -> str:
    """Its key; the rows that ``Client.force_login`` leaves, by one statement in the place of eight."""
    store, now = SessionStore(), clock.now()
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "device": "",
        "signed_in_at": now.isoformat(),
    }
    key = store._get_new_session_key()
    with connection.cursor() as cursor:
        cursor.execute(SIGN_IN, {"now": now, "user": user.pk, "key": key, "data": store.encode(data)})
    return key


@pytest.fixture
def sign_in() -> Callable[[Person | None], Client]:
    """``sign_in(cast.nominator)`` is a client signed in as her; ``sign_in(None)`` is a stranger's."""

    def client_of(person: Person | None) -> Client:
        client = Client()
        if person is not None and person.user is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = begin_session(person.user)
        return client

    return client_of
