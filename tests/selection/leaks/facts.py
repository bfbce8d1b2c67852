"""Who may read what of a case: column → roles of the access matrix. A new column of text or of numbers needs a row.

Two cases stand in the world: the one to which everybody has a relation (1), and another one (9) of which the same
people are nominator and reviewers, but nobody is nominee, endorser or tied.
"""

import datetime as dt
from typing import Any

from accounts.models import Role
from awards.models import Award
from common import clock, history, outbox
from common.models import OutboxMail
from nominations.models import Nomination, Support
from people.models import Address, Employer, Person, PersonLink, Visibility
from selection.models import Assignment, DiscussionPost, Override, Review
from tests import factories
from tests.access_matrix import ROLES
from tests.selection.leaks.canary import Canaries, columns_of_cases, text_for
from tests.world import World

NOBODY: frozenset[str] = frozenset()
PARTIES = frozenset({"nominee", "nominator", "endorser"})
STAFF = frozenset({"office", "auditor"})
CHAIRS = frozenset({"technology_lead", "council_member", "office"})
SELECTION = CHAIRS | {"reviewer", "regional_lead"}
ONLY_OF_CASE_1 = frozenset({"nominee", "endorser", "regional_lead"})


def supporter(row: Any) -> frozenset[str]:
    """Who wrote it, the nominee, and the office; readers of the dossier get the words without the name."""
    return STAFF | {"nominee", "endorser" if row.kind == Support.Kind.ENDORSER else "nominator"}


def statement(row: Any) -> frozenset[str]:
    return SELECTION | supporter(row)


FACTS: dict[str, Any] = {
    "nominations.Nomination.nominee_name": PARTIES | SELECTION | STAFF,
    "nominations.Nomination.nominee_email": STAFF | {"nominee"},
    "nominations.Nomination.draft": NOBODY,
    "nominations.Support.name": supporter,
    "nominations.Support.email": supporter,
    "nominations.Support.employer": supporter,
    "nominations.Support.relation": statement,
    "nominations.Support.statement": statement,
    "nominations.Support.links": statement,
    "nominations.AccessLink.key": NOBODY,
    "nominations.Hold.problem": STAFF,
    "nominations.AccessLink.email": STAFF,
    "nominations.DossierItem.title": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.url": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.description": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.private_note": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.role": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.audience": SELECTION | STAFF | {"nominee"},
    "nominations.DossierItem.area_text": SELECTION | STAFF | {"nominee"},
    "selection.Candidacy.mean": CHAIRS,
    "selection.Candidacy.median": CHAIRS,
    "selection.Candidacy.lowest": CHAIRS,
    "selection.Candidacy.highest": CHAIRS,
    "selection.Candidacy.sd": CHAIRS,
    "selection.CaseNumbers.score": CHAIRS,
    "selection.CaseNumbers.se": CHAIRS,
    "selection.CaseNumbers.low": CHAIRS,
    "selection.CaseNumbers.high": CHAIRS,
    "selection.BatchLine.reason_before": CHAIRS,
    "selection.PlannedTask.affinity": CHAIRS,
    "selection.Review.comment": CHAIRS,
    "selection.Review.draft": NOBODY,
    "selection.Review.total": CHAIRS,
    "selection.Score.reason": CHAIRS,
    "selection.ReviewVersion.content": CHAIRS,
    "selection.ReviewVersion.reason": CHAIRS,
    "selection.Override.reason": CHAIRS,
    "selection.Decision.reason": CHAIRS,
    "selection.DiscussionPost.text": CHAIRS,  # and reviewers whose own word is in
    "selection.RedactedDossier.texts": SELECTION,
    "selection.Feedback.bands": frozenset({"office"}),  # the nominee reads it after the release
    "selection.ReleasedComment.text": frozenset({"office"}),
}

# Columns that say nothing of anybody by themselves.
SAY_NOTHING = {
    "nominations.Nomination.key": "an address that opens for those who may see the case",
    "nominations.Nomination.state_before": "a state",
    "nominations.Nomination.area_name": "the area as of its day, the same for all cases of it",
    "nominations.Support.key": "an address",
    "nominations.Support.language": "a code of a language",
    "nominations.Sending.digest": "a digest of where it came from, kept for a day",
    "selection.Candidacy.key": "an address",
    "selection.Candidacy.by_rule": "one of a few outcomes; tests/selection/leaks/test_outcomes.py",
    "selection.Candidacy.proposed": "one of a few outcomes; tests/selection/leaks/test_outcomes.py",
    "selection.Assignment.letter": "a letter",
    "selection.BatchLine.before": "one of a few outcomes",
    "selection.BatchLine.after": "one of a few outcomes",
    "selection.BatchLine.state_before": "a state",
    "selection.BatchLine.reason_code_before": "a code",
    "selection.DrawLine.digest": "computed from the seed, which is public, and the key",
    "selection.Override.outcome": "one of a few outcomes",
    "selection.Override.reason_code": "a code",
    "selection.Decision.reason_code": "a code",
    "selection.Review.reason_code": "a code",
    "selection.RedactedDossier.open_links": "names of fields whose links may be opened",
    "selection.RedactedDossier.source_digest": "a digest",
    "selection.ToldDate.batch": "a random key, the same for all that was noted at once",
}

# Rows of people, their places at a summit among them, are no part of a case: who is tied to one may read them in the
# records of people, and finds reviewers among those who could get another case.
RECORDS = {
    "office_tied": r"/(admin/(people|accounts|contributions|awards|events|common)|board|office/(summits|registrations))/",
    "auditor": r"/admin/",
}


def seen_of(seen: frozenset[str], case: int) -> frozenset[str]:
    """The same fact of the other case: nobody is tied there, and fewer know of it."""
    if case == 1:
        return seen
    return (seen - ONLY_OF_CASE_1) | ({"office_tied"} if "office" in seen else NOBODY)


def plant(world: World) -> Canaries:
    """Write a token into every fact of both cases; the rows that pages need beside them are made first."""
    canaries = Canaries()
    other = Nomination.objects.filter(candidacies__isnull=False).exclude(pk=world.case.nomination.pk)
    cases = {1: world.case.nomination, 9: other.distinct().get()}
    for number, case in cases.items():
        _make_rows(world, case, number)
        for fact, (model, path, column) in columns_of_cases().items():
            if fact in FACTS:
                for row in model._default_manager.filter(**{path: case.pk}).order_by("pk"):
                    _write(canaries, fact, column, row, number)
        _plant_people(canaries, case, number)
        _plant_history(canaries, case, number)
        _plant_mail(canaries, case, number)
    draft = canaries.word("draft of somebody else", 0, {"outsider"})
    world.draft.draft = {"answers": {"nominee_name": draft, "statement": draft}}
    world.draft.save()
    for stage in world.house.cycle.stages.all():
        stage.internal_name = canaries.word(
            "internal name of a stage", 0, set(ROLES) - PARTIES - {"anonymous", "outsider", "holder"}
        )
        stage.save()
    world.cast.nominee.refresh_from_db()
    return canaries


def _make_rows(world: World, case: Nomination, number: int) -> None:
    """A reviewer of one's own for each case, so that a name says which; a draft of whoever has not handed in."""
    now = clock.now()
    reviewer = factories.make_person(f"Reviewer {number}", f"reviewer-{number}@community.example")
    factories.grant(reviewer, Role.REVIEWER)
    member = factories.make_person(f"Member {number}", f"member-{number}@community.example")
    Assignment.objects.filter(candidacy__nomination=case, reviewer=world.cast.reviewer_1).update(
        reviewer=reviewer
    )
    Override.objects.filter(candidacy__nomination=case).update(member=member)
    for task in Assignment.objects.filter(candidacy__nomination=case, review=None):
        Review.objects.create(assignment=task, draft={"comment": "", "marks": {}}, saved_at=now)
    if number == 1:
        DiscussionPost.objects.create(
            candidacy=world.case.candidacy, author=world.cast.technology_lead, text="Words", made_at=now
        )
    public = factories.PersonFactory(
        name=f"Known Holder {number}"
    )  # a nominee who holds an award is no secret
    Award.objects.filter(person=case.nominee).update(person=public)


def _write(canaries: Canaries, fact: str, column: Any, row: Any, number: int) -> None:
    seen = FACTS[fact](row) if callable(FACTS[fact]) else FACTS[fact]
    if fact in OF_A_REVIEWER:
        seen = OF_A_REVIEWER[fact](row, seen)
    seen = seen_of(seen, number)
    if "Decimal" in type(column).__name__ or "Float" in type(column).__name__:
        value: Any = canaries.number(fact, number, seen)
    else:
        value = text_for(column, canaries.word(fact, number, seen))
    type(row)._default_manager.filter(pk=row.pk).update(**{column.name: SHAPES.get(fact, lambda v: v)(value)})


def _author(row: Any) -> str:
    """The role of the access matrix that wrote a review, if it is one."""
    return {"Jarkko Hietavirta": "reviewer", "Pirkko Vītolberga": "reviewer_tied"}.get(
        row.assignment.reviewer.name, ""
    )


def _draft_of(row: Any, seen: frozenset[str]) -> frozenset[str]:
    return frozenset({"reviewer"}) if _author(row) == "reviewer" else NOBODY


OF_A_REVIEWER = {"selection.Review.draft": _draft_of}
SHAPES: dict[str, Any] = {
    "nominations.Nomination.draft": lambda word: {"answers": {"statement": word}},
    "nominations.Support.links": lambda word: [{"url": f"https://{word}.example/page"}],
    "selection.Review.draft": lambda word: {"comment": word, "marks": {}, "confidence": None},
    "selection.ReviewVersion.content": lambda word: {"comment": word},
    "selection.RedactedDossier.texts": lambda word: {"statement:0": word},
    "selection.Feedback.bands": lambda word: [{"code": "impact", "name": word, "band": "middle"}],
}


def _plant_people(canaries: Canaries, case: Nomination, number: int) -> None:
    """The nominee, their reviewer and the member of the council who overrode, as rows of people."""
    nominee: Any = case.nominee
    known = FACTS["nominations.Nomination.nominee_name"]
    own = STAFF | {"nominee"}
    for person, name, private in (
        (nominee, known, own),
        (_person("reviewer", number), CHAIRS, {"office"}),
        (_person("member", number), CHAIRS, {"office"}),
    ):
        who = "nominee" if person == nominee else person.addresses.get().email.split("-")[0]
        word = _person_word(canaries, number)
        Person.objects.filter(pk=person.pk).update(
            name=word(f"name of the {who}", name),
            latin_name=word(f"latin name of the {who}", name),
            slug=word(f"address of the {who}", private),
            headline=word(f"headline of the {who}", private),
            biography=word(f"biography of the {who}", private),
            city=word(f"city of the {who}", private),
            visibility=dict.fromkeys(
                ("headline", "biography", "city", "links", "contributions"), Visibility.OFFICE
            ),
        )
        Address.objects.filter(person=person).update(
            email=f"{word(f'mail of the {who}', private)}@community.example"
        )
        Employer.objects.create(
            person=person, name=word(f"employer of the {who}", private), key=f"{who} {number}"
        )
        PersonLink.objects.create(
            person=person, kind="website", url=f"https://{word(f'link of the {who}', private)}.example/"
        )
        for contribution in person.contributions.all():
            contribution.title = word(f"contribution of the {who}", private)
            contribution.private_note = word(f"note of the {who}", private)
            contribution.visibility = Visibility.OFFICE
            contribution.save()


def _person(kind: str, number: int) -> Person:
    return Person.objects.get(addresses__email=f"{kind}-{number}@community.example")


def _person_word(canaries: Canaries, number: int) -> Any:
    return lambda fact, seen: canaries.word(fact, number, seen_of(frozenset(seen), number), RECORDS)


def _plant_history(canaries: Canaries, case: Nomination, number: int) -> None:
    """Of every kind that is kept under a key of the case: a text, and a code."""
    candidacy = case.candidacies.order_by("pk")[0]
    keys = {"nomination": case.key, "conflict": case.key}
    keys |= dict.fromkeys(("candidacy", "assignment", "review", "override", "decision"), candidacy.key)
    for kind, key in keys.items():
        seen = seen_of(STAFF, number)
        text, code = (
            canaries.word(f"{part} of the history of a {kind}", number, seen) for part in ("text", "code")
        )
        history.record(kind, key, "note", by=None, codes={"note": code}, text=text)
    said = canaries.word("a sentence for the nominee", number, seen_of(STAFF | {"nominee"}, number))
    history.record("nomination", case.key, "note", by=None, new=case.state, text=said, for_nominee=True)


def _plant_mail(canaries: Canaries, case: Nomination, number: int) -> None:
    seen = seen_of(STAFF, number)
    to = canaries.word("whom a mail went to", number, seen)
    secrets = {name: canaries.word(f"{name} of a mail", number, NOBODY) for name in ("code", "cause")}
    outbox.post(
        "nominations.invitation", to=f"{to}@community.example", cause=secrets["cause"],
        keys={"nomination": case.key, "code": secrets["code"]},
    )  # fmt: skip
    OutboxMail.objects.update(try_at=clock.now() + dt.timedelta(days=900))


IDENTITY = ("name of the nominee", "latin name of the nominee", "address of the nominee", "mail of the nominee",
            "employer of the nominee", "link of the nominee")  # fmt: skip


def hide_the_nominee(world: World, canaries: Canaries) -> None:
    """Every stage is read without the name; whoever wrote a text of the case has put it into that text."""
    world.house.cycle.stages.update(hide_nominee=True, check_redactions=False)
    case = world.case.nomination
    case.refresh_from_db()
    who = {one.fact: one.word for one in canaries.tokens.values() if one.case == 1 and one.fact in IDENTITY}
    Nomination.objects.filter(pk=case.pk).update(nominee_name=who["name of the nominee"])
    said = (
        "{name of the nominee} ({latin name of the nominee}) of {employer of the nominee}, "
        "{mail of the nominee}@community.example, https://{link of the nominee}.example/page, "
        "https://site.example/people/{address of the nominee}/"
    ).format_map(who)
    for support in case.supports.all():
        support.statement, support.relation = (
            f"{support.statement}: {said}",
            f"{support.relation} {who[IDENTITY[0]]}",
        )
        support.links = [{"url": f"https://{who['link of the nominee']}.example/page"}]
        support.save()
    for item in case.dossier_items.all():
        item.title, item.description = f"{item.title} {who[IDENTITY[0]]}", f"{item.description} {said}"
        item.private_note, item.url = (
            f"{item.private_note} {said}",
            f"https://{who['link of the nominee']}.example/1",
        )
        item.save()
    for fact in (
        "nominations.Nomination.nominee_name",
        "nominations.Support.links",
        "nominations.DossierItem.url",
    ):
        canaries.close(fact, case=1, to={"reviewer"})
    for fact in IDENTITY:
        canaries.close(fact, case=1, to={"reviewer"})
