"""What belongs to a case: who wrote for it, and what reviewers read."""

import datetime as dt
import json
from typing import Any

from django.db.models import Q, QuerySet

from charter.models import Cycle
from common import clock, prepared
from common.dates import day_of
from nominations import states
from nominations.models import AccessLink, DossierItem, Nomination, Support
from people.models import Person
from people.queries import person_of

ASKED_BY_LINK = (Support.Kind.ENDORSER, Support.Kind.CO_NOMINATOR)


def language_of(support: Support) -> str:
    """The language of mail to a nominator or endorser; who has no account is known by the page they wrote on."""
    return (support.person.mail_language if support.person else support.language) or "en"


def support_of(user: Any, nomination: Nomination) -> Support | None:
    """What this user wrote for a case, or was asked to write."""
    person = person_of(user)
    return nomination.supports.filter(person=person).first() if person else None


def rows_of(nomination: Nomination) -> list[int]:
    """The case and every row that was joined with it, also through another one."""
    rows = new = [nomination.pk]
    while new := list(
        Nomination.objects.filter(merged_into__in=new, state=states.MERGED).values_list("pk", flat=True)
    ):
        rows = [*rows, *new]
    return rows


def supports_of(nomination: Nomination) -> QuerySet[Support]:
    """Everybody who nominated or endorsed a case, those of joined rows included, oldest first.

    Left out: nominators who took their text back, endorsers who declined.
    """
    return (
        Support.objects.filter(nomination__in=rows_of(nomination), declined_at=None)
        .select_related("person", "nomination")
        .order_by("id")
    )


def nominators_of(nomination: Nomination) -> list[Support]:
    """Who nominated a case: one for each row that was joined, those who took it back left out.

    A second nominator counts once they have written.
    """
    return list(supports_of(nomination).exclude(kind=Support.Kind.ENDORSER).exclude(given_at=None))


def nominated_by_oneself(nomination: Nomination) -> Person | None:
    """Who brought a case alone, said in it "It is me" and has an account; nobody where somebody else nominated as well."""
    supports = nominators_of(nomination)
    if {support.relation for support in supports} != {"self"} or len({row.person_id for row in supports}) > 1:
        return None
    person = supports[0].person
    return person if person is not None and person.user is not None and person.user.is_active else None


def endorsers_of(nomination: Nomination) -> list[Support]:
    """Who endorsed a case or was named for it, whether asked yet or not."""
    return list(supports_of(nomination).filter(kind=Support.Kind.ENDORSER))


def named_for(nomination: Nomination) -> list[Support]:
    """Whom nominators named and who write by a link: second nominators first, then endorsers."""
    named = supports_of(nomination).filter(kind__in=ASKED_BY_LINK)
    return sorted(named, key=lambda support: support.kind == Support.Kind.ENDORSER)


def dossier_of(nomination: Nomination) -> dict[str, list[Any]]:
    """What reviewers read: statements and endorsements given before the dossier was locked, the items picked."""
    supports = list(supports_given(nomination))
    return {
        "statements": [s for s in supports if s.kind != Support.Kind.ENDORSER],
        "endorsements": [s for s in supports if s.kind == Support.Kind.ENDORSER],
        "items": list(items_of(nomination)),
    }


def supports_given(nomination: Nomination) -> QuerySet[Support]:
    """Statements and endorsements that were given before the dossier was locked."""
    given = Q(given_at__lte=nomination.completed_at) if nomination.completed_at else Q(given_at__isnull=False)
    return supports_of(nomination).filter(given)


WRITTEN = """
    WITH RECURSIVE rows AS (
        SELECT %s::bigint AS id
        UNION SELECT nomination.id FROM nominations_nomination AS nomination JOIN rows ON merged_into_id = rows.id
        WHERE nomination.state = 'merged'
    )
    SELECT id, kind, statement, relation, links FROM nominations_support
    WHERE nomination_id IN (SELECT id FROM rows) AND declined_at IS NULL AND given_at IS NOT NULL
        AND (%s::timestamptz IS NULL OR given_at <= %s) ORDER BY id
"""

ITEMS = """
    SELECT item.id, item.title, item.url, item.description, item.private_note, type.name, item.starts, item.ends,
        item.reach, type.reach_label, item.quantity, type.quantity_label, item.high_impact, contribution.link_answers
    FROM nominations_dossieritem AS item
    JOIN contributions_contributiontype AS type ON type.id = item.type_id
    LEFT JOIN contributions_contribution AS contribution ON contribution.id = item.contribution_id
    WHERE item.nomination_id = %s ORDER BY item.position, item.id
"""


def written_rows(nomination: Nomination) -> list[tuple[int, str, str, str, list[dict[str, Any]]]]:
    """``supports_given`` as plain rows, in one short statement: key, kind, statement, relation, links."""
    until = nomination.completed_at
    rows = prepared.fetch(WRITTEN, [nomination.pk, until, until])
    return [(*row, json.loads(links)) for *row, links in rows]


def item_rows(nomination: Nomination) -> list[tuple[Any, ...]]:
    """``items_of`` as plain rows: key, title, link, description, private note, type, first and last day, reach with
    its label, quantity with its label, whether of high impact, whether the link answered."""
    return prepared.fetch(ITEMS, [nomination.pk])


def items_of(nomination: Nomination) -> QuerySet[DossierItem]:
    """The contributions in a dossier, in the nominee's order."""
    return nomination.dossier_items.select_related("type", "area", "contribution")


def evidence_window(cycle: Cycle) -> tuple[dt.date, dt.date]:
    """The twelve months that a cycle looks at: they end on the day, by the program's clock, on which dossiers close."""
    last = day_of(cycle.dossiers_close_at, clock.site_zone())
    try:
        year_before = last.replace(year=last.year - 1)
    except ValueError:  # 29 February
        year_before = last.replace(year=last.year - 1, day=28)
    return year_before + dt.timedelta(days=1), last


def asked_endorsers_of(nomination: Nomination) -> list[Support]:
    """Everybody who was asked to write by a link, those who declined included: the nominee sees where each is."""
    return list(
        Support.objects.filter(nomination__in=rows_of(nomination), kind__in=ASKED_BY_LINK)
        .exclude(asked_at=None)
        .order_by("id")
    )


def asked_endorser_of(nomination: Nomination, key: str) -> Support | None:
    """One of those, by the key of its row."""
    return next((support for support in asked_endorsers_of(nomination) if support.key == key), None)


def endorsements_to_write(person: Person) -> list[AccessLink]:
    """The links behind which somebody is asked for an endorsement that they have neither written nor declined."""
    return list(
        AccessLink.objects.filter(
            purpose=AccessLink.Purpose.ENDORSE,
            ends_at__gt=clock.now(),
            nomination__state=states.ACCEPTED,
            support__person=person,
            support__given_at=None,
            support__declined_at=None,
        )
        .select_related("nomination", "nomination__cycle", "support")
        .order_by("ends_at", "pk")[:20]
    )
