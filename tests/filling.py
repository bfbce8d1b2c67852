"""A row in every table: for pages that list any of them. A new table gets its row in ``fill_anew``."""

from django.apps import apps
from django.db.models import Model

from accounts.actions import make_token
from accounts.models import AgreementSignature, Session
from awards.actions import sign_credential
from awards.models import Paper
from charter.actions import publish_content
from charter.models import AreaSuccession, ContentVersion, CountryAlias, Wording
from common import clock, history
from common.models import Bounce, DemoMarker, OutboxMail, SiteFact
from contributions.actions import check_import, delete_contribution
from events.models import Registration, Summit
from nominations.models import Hold, InvitationStop, Sending, TriageBatch
from people.models import (
    Address,
    DataExport,
    Deletion,
    Employer,
    LikePair,
    MailChoice,
    Merge,
    OldSlug,
    PersonLink,
    Photo,
    SoughtName,
    Tombstone,
)
from selection.models import (
    DiscussionPost,
    Preset,
    ProtocolVersion,
    RedactedDossier,
    ToldDate,
    TrainingAnswer,
    TrainingCase,
    TransparencyReport,
)
from selection.protocol import digest_of
from selection.queries.protocol import rules_of
from selection.queries.transparency import Figures
from tests import factories
from tests.cases import Case, make_case
from tests.cast import Cast, House
from tests.kept import Kept

OURS = {
    "common", "charter", "accounts", "people", "contributions", "awards", "nominations", "selection", "events",
}  # fmt: skip

LOG_FILE = b"type,title,date\narticle,From a file,2004-10-21\n"


def our_models() -> list[type[Model]]:
    """All but sessions: an address of the admin that names one would be a key to it."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS and model is not Session]


def fill_tables(house: House, cast: Cast, *, number: int) -> Case:
    """One more row in every table (but those that hold a single one)."""
    return _for_the_first_time(house, cast) if number == 1 else fill_anew(house, cast, number=number)


@Kept
def _for_the_first_time(house: House, cast: Cast) -> Case:
    return fill_anew(house, cast, number=1)


def fill_anew(house: House, cast: Cast, *, number: int) -> Case:
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
