"""The originals of dossiers, who is hidden in them, and the copies that reviewers read instead."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role
from common import clock
from nominations.models import DossierItem, Nomination, Support
from nominations.queries import item_rows, nominations_in_office_of, written_rows
from nominations.states import MERGED
from people.models import Address, Employer, PersonLink
from people.queries import person_of
from selection import states
from selection.blinding import Blinder, Subject
from selection.models import Assignment, Candidacy, RedactedDossier
from selection.queries.cases import candidacies_visible_to


@dataclass(frozen=True)
class Written:
    """A statement or an endorsement; ``relation`` is how its author knows the nominee. No author."""

    pk: int
    endorses: bool
    statement: str
    relation: str
    links: list[dict[str, Any]]


@dataclass(frozen=True)
class Item:
    """A contribution in a dossier; ``number`` with its unit. ``answers``: whether the link did, if it was asked."""

    pk: int
    title: str
    url: str
    description: str
    private_note: str
    kind: str
    starts: Any
    ends: Any
    number: int | None
    unit: str
    high_impact: bool
    answers: bool | None
    has_link: bool


WRITTEN_COLUMNS = ("pk", "kind", "statement", "relation", "links")
ITEM_COLUMNS = (
    "pk", "title", "url", "description", "private_note", "type__name", "starts", "ends", "reach", "type__reach_label",
    "quantity", "type__quantity_label", "high_impact", "contribution__link_answers",
)  # fmt: skip


def written_for(case: Nomination) -> list[Written]:
    """Statements and endorsements given before the dossier was locked, oldest first."""
    return [_written(*row) for row in written_rows(case)]


def items_in(case: Nomination) -> list[Item]:
    """The contributions in a dossier, in the nominee's order."""
    return [_item(*row) for row in item_rows(case)]


def _written(pk: int, kind: str, statement: str, relation: str, links: list[dict[str, Any]]) -> Written:
    return Written(pk, kind == Support.Kind.ENDORSER, statement, relation, links)


def _item(pk: int, title: str, url: str, description: str, note: str, kind: str, starts: Any, ends: Any,
          reach: int | None, reach_label: str, quantity: int | None, label: str, high: bool, answers: bool | None,
          ) -> Item:  # fmt: skip
    number, unit = (quantity, label) if reach is None else (reach, reach_label)
    return Item(pk, title, url, description, note, kind, starts, ends, number, unit, high, answers, bool(url))


def originals_of(written: Iterable[Written], items: Iterable[Item]) -> dict[str, str]:
    """Every text of a dossier that a person wrote, and its links, by field; empty ones are left out."""
    texts: dict[str, str] = {}
    for one in written:
        texts[f"statement:{one.pk}"], texts[f"relation:{one.pk}"] = one.statement, one.relation
        for place, link in enumerate(one.links):
            texts[f"link:{one.pk}:{place}"] = str(link.get("url", ""))
    for item in items:
        texts[f"title:{item.pk}"], texts[f"description:{item.pk}"] = item.title, item.description
        texts[f"note:{item.pk}"], texts[f"link:item:{item.pk}"] = item.private_note, item.url
    return {name: text for name, text in texts.items() if text}


def is_link(name: str) -> bool:
    """Whether a field of the originals is a link: a copy holds none, and may say which can be opened."""
    return name.startswith("link:")


def proposal(originals: dict[str, str], subject: Subject) -> dict[str, str]:
    """The texts of a copy as the system proposes them."""
    hide = Blinder(subject).hide
    return {name: hide(text) for name, text in originals.items() if not is_link(name)}


def digest_of(originals: dict[str, str]) -> str:
    """SHA-256 of the originals: the same texts in the same fields have the same digest."""
    plain = json.dumps(originals, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """What a copy is made from."""

    nomination_id: int
    originals: dict[str, str]
    subject: Subject


def sources_of(cases: Sequence[Nomination]) -> list[Source]:
    """Originals and subjects of many cases, in seven statements and two for each layer of joined cases."""
    written, items, subjects = _written_by_case(cases), _items_by_case(cases), subjects_of(cases)
    return [
        Source(case.pk, originals_of(written[case.pk], items[case.pk]), subjects[case.pk]) for case in cases
    ]


def _written_by_case(cases: Sequence[Nomination]) -> dict[int, list[Written]]:
    roots = {case.pk: case.pk for case in cases}
    layer = list(roots)
    while layer:
        joined = Nomination.objects.filter(merged_into__in=layer, state=MERGED).exclude(pk__in=roots)
        found = dict(joined.values_list("pk", "merged_into_id"))
        roots |= {pk: roots[into] for pk, into in found.items()}
        layer = list(found)
    locked = {case.pk: case.completed_at for case in cases}
    rows: dict[int, list[Written]] = defaultdict(list)
    supports = Support.objects.filter(
        nomination__in=list(roots), declined_at=None, given_at__isnull=False
    ).order_by("id")
    for nomination, given_at, *columns in supports.values_list("nomination_id", "given_at", *WRITTEN_COLUMNS):
        end = locked[roots[nomination]]
        if end is None or given_at <= end:
            rows[roots[nomination]].append(_written(*columns))
    return rows


def _items_by_case(cases: Sequence[Nomination]) -> dict[int, list[Item]]:
    rows: dict[int, list[Item]] = defaultdict(list)
    items = DossierItem.objects.filter(nomination__in=cases)
    for nomination, *columns in items.values_list("nomination_id", *ITEM_COLUMNS):
        rows[nomination].append(_item(*columns))
    return rows


def subjects_of(cases: Sequence[Nomination]) -> dict[int, Subject]:
    """Who is hidden in each case: the nominee under every name, address, link, employer and place that is known."""
    people = {case.nominee_id for case in cases if case.nominee_id}
    emails: dict[int, list[str]] = defaultdict(list)
    employers: dict[int, list[str]] = defaultdict(list)
    links: dict[int, list[str]] = defaultdict(list)
    for table, column, found in (
        (Address, "email", emails), (Employer, "name", employers), (PersonLink, "url", links),
    ):  # fmt: skip
        rows = table._default_manager.filter(person__in=people).values_list("person_id", column)
        for person, text in rows.order_by("pk"):
            found[person].append(text)
    return {case.pk: _subject(case, emails, employers, links) for case in cases}


def _country(case: Nomination) -> Any:
    return case.country


def _subject(case: Nomination, emails: Any, employers: Any, links: Any) -> Subject:
    who: Any = case.nominee
    pk, country = case.nominee_id or 0, _country(case)
    names = [case.nominee_name, *((who.name, who.latin_name, who.short_name) if who else ())]
    places = [country.name, *((who.city, who.country.name) if who else ())]
    return Subject(
        names=tuple(dict.fromkeys(name for name in names if name)),
        emails=tuple(dict.fromkeys([*filter(None, [case.nominee_email]), *emails[pk]])),
        links=tuple(links[pk]),
        employers=tuple(employers[pk]),
        places=tuple(dict.fromkeys(str(place) for place in places if place)),
    )


def cases_to_copy(stage_id: int) -> QuerySet[Nomination]:
    """The cases that are read in a stage, with their nominees."""
    read = Candidacy.objects.filter(stage=stage_id, state=states.OPEN).values("nomination")
    return Nomination.objects.filter(pk__in=read).select_related("nominee").order_by("pk")


def copies_to_check(user: Any, *, state: str = states.COPY_PROPOSED) -> QuerySet[Any]:
    """Cases whose copies this user may check, the oldest proposal first: chairs of the category and the office,
    never anybody with a tie or a task on the case."""
    person = person_of(user)
    tasks = Assignment.objects.filter(
        candidacy__nomination=OuterRef("nomination"),
        reviewer=person,
        state__in=(states.ASSIGNED, states.DONE),
    )
    rows = candidacies_visible_to(user).filter(
        ~Exists(tasks),
        _led_by(user),
        stage__hide_nominee=True,
        stage__state=states.STAGE_OPEN,
        stage__closes_at__gt=clock.now(),
        state=states.OPEN,
        nomination__redacted__state=state,
    )
    return rows.order_by("nomination__redacted__proposed_at", "pk")


def copies_in_office_of(user: Any) -> QuerySet[RedactedDossier]:
    """Copies of the cases that the office sees, less those that it reviews itself; the auditor has no part in them."""
    if not user.holds(Role.PROGRAM_OFFICE):
        return RedactedDossier.objects.none()
    own = Assignment.objects.filter(
        candidacy__nomination=OuterRef("nomination"),
        reviewer=person_of(user),
        state__in=(states.ASSIGNED, states.DONE),
    )
    return RedactedDossier.objects.filter(~Exists(own), nomination__in=nominations_in_office_of(user))


def _led_by(user: Any) -> Q:
    if user.holds(Role.PROGRAM_OFFICE):
        return Q(pk__isnull=False)
    led = [grant.category_id for grant in user.grants_today if grant.role == Role.TECHNOLOGY_LEAD]
    return Q(pk__isnull=False) if None in led else Q(nomination__category__in=led)


def copy_of(case: Nomination) -> RedactedDossier | None:
    """The copy of a case, whatever its originals say now."""
    return RedactedDossier.objects.filter(nomination=case).select_related("checked_by").first()
