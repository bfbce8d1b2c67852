"""What reviewers read of a case."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Role
from awards.queries import award_years_of
from common import prepared
from common.joined import Joined
from common.languages import language_names
from nominations.models import Nomination
from nominations.queries import evidence_window
from people.queries import person_of
from selection import states
from selection.models import Candidacy, RedactedDossier, Stage
from selection.queries.cases import own_tasks_on
from selection.queries.copies import (
    Item,
    Written,
    digest_of,
    items_in,
    originals_of,
    proposal,
    subjects_of,
    written_for,
)


@dataclass(frozen=True)
class Dossier:
    """What reviewers read of a case. With ``hidden`` neither name, place, links nor people are in it.

    ``waits``: the copy without the name has to be checked by a person first, and nothing of it is in here yet. The
    number of nominators and endorsers is nowhere: it is never a score.
    """

    case: Nomination
    title: str
    hidden: bool
    waits: bool
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
    links = sum(1 for item in items if item.url)
    hidden = stage.hide_nominee and not leads_case(user, candidacy)
    waits = False
    if hidden:
        copy = _copy_for(stage, case, originals_of(written, items))
        waits = copy is None
        written = [_blind(one, *copy) for one in written] if copy else []
        items = [_blind_item(one, *copy) for one in items] if copy else []
    return Dossier(
        case=case,
        title=_("Candidate %(key)s") % {"key": candidacy.key} if hidden else case.nominee_name,
        hidden=hidden,
        waits=waits,
        region=case.region.name if case.region else "",
        statements=[one for one in written if not one.endorses],
        endorsements=[one for one in written if one.endorses],
        items=items,
        links=links,
        window=evidence_window(stage.cycle),
        award_years=award_years_of(case.nominee_id),
        languages=_named(case.nominee.languages) if case.nominee else [],
    )


def _named(codes: list[str]) -> list[str]:
    names = language_names(get_language() or settings.LANGUAGE_CODE)
    return [names.get(code, code) for code in codes]


COPY = Joined(copy=RedactedDossier)
READ_COPY = f"SELECT {COPY.columns} FROM selection_redacteddossier AS copy WHERE nomination_id = %s"  # noqa: S608


def _copy_for(
    stage: Stage, case: Nomination, originals: dict[str, str]
) -> tuple[dict[str, str], list[str]] | None:
    """Texts and open links that stand for these originals; nothing while a person has to check them.

    A copy of other originals counts as none: what was written since could tell who it is.
    """
    copy = next((COPY.split(row)[0] for row in prepared.fetch(READ_COPY, [case.pk])), None)
    if copy is not None and copy.source_digest == digest_of(originals):
        if copy.state == states.COPY_CHECKED or not stage.check_redactions:
            return copy.texts, copy.open_links
    elif not stage.check_redactions:
        return proposal(originals, subjects_of([case])[case.pk]), []
    return None


def _blind(one: Written, texts: dict[str, str], open_links: list[str]) -> Written:
    links = [
        {"url": link.get("url", "") if f"link:{one.pk}:{place}" in open_links else ""}
        for place, link in enumerate(one.links)
    ]
    return replace(
        one,
        statement=texts.get(f"statement:{one.pk}", ""),
        relation=texts.get(f"relation:{one.pk}", ""),
        links=links,
    )


def _blind_item(one: Item, texts: dict[str, str], open_links: list[str]) -> Item:
    return replace(
        one,
        title=texts.get(f"title:{one.pk}", ""),
        description=texts.get(f"description:{one.pk}", ""),
        private_note=texts.get(f"note:{one.pk}", ""),
        url=one.url if f"link:item:{one.pk}" in open_links else "",
        has_link=bool(one.url),
    )


def leads_case(user: Any, candidacy: Candidacy) -> bool:
    """Chairs and the office know who it is, unless they review the case themselves."""
    category = candidacy.nomination.category_id
    leads = user.holds(Role.PROGRAM_OFFICE) or (
        category is not None and user.holds(Role.TECHNOLOGY_LEAD, category=category)
    )
    return leads and not own_tasks_on(candidacy, person_of(user))
