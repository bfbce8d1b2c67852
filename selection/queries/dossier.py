"""What reviewers read of a case."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role
from awards.models import Award
from nominations.models import Nomination, Support
from nominations.queries import evidence_window, items_of, supports_given
from people.queries import person_of
from selection.blinding import hider
from selection.models import Candidacy
from selection.queries.cases import own_tasks_on


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
    """A contribution in a dossier; ``reach`` with its unit. ``answers``: whether the link did, if it was asked."""

    pk: int
    title: str
    url: str
    description: str
    private_note: str
    kind: str
    starts: dt.date
    ends: dt.date | None
    number: int | None
    unit: str
    high_impact: bool
    answers: bool | None


@dataclass(frozen=True)
class Dossier:
    """What reviewers read of a case. With ``hidden`` neither name, place nor people are in it.

    The number of nominators and endorsers is nowhere: it is never a score.
    """

    case: Nomination
    title: str
    hidden: bool
    region: str
    statements: list[Written]
    endorsements: list[Written]
    items: list[Item]
    links: int
    window: tuple[dt.date, dt.date]
    award_years: int
    languages: list[str]


def dossier_for(user: Any, candidacy: Candidacy) -> Dossier:
    """The dossier as this user may read it: stages can hide the nominee from those who review in them."""
    case, stage = candidacy.nomination, candidacy.stage
    written, items = written_for(case), items_in(case)
    hidden = stage.hide_nominee and not leads_case(user, candidacy)
    if hidden:
        written, items = _hide_nominee(case, written, items)
    years = Award.objects.filter(person=case.nominee_id).order_by().values("first_year").distinct()
    return Dossier(
        case=case,
        title=_("Candidate %(key)s") % {"key": candidacy.key} if hidden else case.nominee_name,
        hidden=hidden,
        region=case.region.name if case.region else "",
        statements=[one for one in written if not one.endorses],
        endorsements=[one for one in written if one.endorses],
        items=items,
        links=sum(1 for item in items if item.url),
        window=evidence_window(stage.cycle),
        award_years=len(years.values_list("first_year")),
        languages=case.nominee.languages if case.nominee else [],
    )


def written_for(case: Nomination) -> list[Written]:
    """Statements and endorsements given before the dossier was locked, oldest first."""
    columns = ("pk", "kind", "statement", "relation", "links")
    return [
        Written(pk, kind == Support.Kind.ENDORSER, statement, relation, links)
        for pk, kind, statement, relation, links in supports_given(case).values_list(*columns)
    ]


ITEM_COLUMNS = (
    "pk", "title", "url", "description", "private_note", "type__name", "starts", "ends", "reach", "type__reach_label",
    "quantity", "type__quantity_label", "high_impact", "contribution__link_answers",
)  # fmt: skip


def items_in(case: Nomination) -> list[Item]:
    """The contributions in a dossier, in the nominee's order."""
    return [_item(*row) for row in items_of(case).values_list(*ITEM_COLUMNS)]


def _item(pk: int, title: str, url: str, description: str, note: str, kind: str, starts: Any, ends: Any,
          reach: int | None, reach_label: str, quantity: int | None, label: str, high: bool, answers: bool | None,
          ) -> Item:  # fmt: skip
    number, unit = (quantity, label) if reach is None else (reach, reach_label)
    return Item(pk, title, url, description, note, kind, starts, ends, number, unit, high, answers)


def _hide_nominee(
    case: Nomination, written: list[Written], items: list[Item]
) -> tuple[list[Written], list[Item]]:
    """Take name and country out of what was written."""
    names = (
        [case.nominee_name, case.nominee.name, case.nominee.latin_name]
        if case.nominee
        else [case.nominee_name]
    )
    words = [(name, _("[name]")) for name in names]
    country: Any = case.country
    hide = hider([*words, (str(country.name), _("[place]"))])
    return (
        [replace(one, statement=hide(one.statement)) for one in written],
        [
            replace(
                one,
                title=hide(one.title),
                description=hide(one.description),
                private_note=hide(one.private_note),
            )
            for one in items
        ],
    )


def leads_case(user: Any, candidacy: Candidacy) -> bool:
    """Chairs and the office know who it is, unless they review the case themselves."""
    category = candidacy.nomination.category_id
    leads = user.holds(Role.PROGRAM_OFFICE) or (
        category is not None and user.holds(Role.TECHNOLOGY_LEAD, category=category)
    )
    return leads and not own_tasks_on(candidacy, person_of(user))
