"""Which cases there are, and for whom."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import CharField, Count, Exists, F, Func, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from accounts.models import Role
from awards.queries import holders_visible_to
from charter.models import Cycle, ReasonCode
from common import clock, prepared
from common.bounces import is_bouncing
from common.joined import Joined
from common.languages import named
from common.models import HistoryRow
from nominations import states
from nominations.models import (
    AccessLink,
    Conflict,
    DossierItem,
    Hold,
    InvitationStop,
    Nomination,
    Support,
    TriageBatch,
)
from people.duplicates import Likely, people_like
from people.models import Person
from people.queries import normalise_email, person_of

M = TypeVar("M", bound=Model)

_WAITING = Q(decision="", nomination__state__in=(states.DRAFT, states.INVITED))

ASKED_BY_LINK = (Support.Kind.ENDORSER, Support.Kind.CO_NOMINATOR)

NOMINEE, NOMINATOR, ENDORSER, OFFICE = "nominee", "nominator", "endorser", "office"

_SUBMITTED = ~Q(state=states.DRAFT) & Q(nominee__isnull=False)

# A second case of one nominee and area cannot stand beside one in any other state.
NO_OBSTACLE = (states.DRAFT, states.WITHDRAWN, states.DECLINED, states.EXPIRED, states.MERGED)


def without_conflicts(rows: QuerySet[M], person: Person | None, *, case: str = "pk") -> QuerySet[M]:
    """``rows`` less those that belong to a case in which ``person`` has a hard conflict.

    ``case`` is the path from a row to its case: ``pk`` for nominations, ``nomination`` for candidacies.
    """
    return rows if person is None else rows.filter(~Exists(hard_ties(person, case)))


def hard_ties(person: Person | None, case: str = "pk") -> QuerySet[Conflict]:
    """The hard ties of a person to the case at the end of a path; for use with ``Exists``."""
    return Conflict.objects.filter(nomination=OuterRef(case), person=person, strength=Conflict.Strength.HARD)


def nominations_hidden_from(person: Person) -> QuerySet[Nomination]:
    """The cases in which somebody has a hard conflict."""
    ties = Conflict.objects.filter(nomination=OuterRef("pk"), person=person, strength=Conflict.Strength.HARD)
    return Nomination.objects.filter(Exists(ties))


def nominations_visible_to(user: Any) -> QuerySet[Nomination]:
    """The cases that a user may open: their own as nominee, nominator or endorser, and the office's.

    The office and auditors see every case but drafts and those in which they have a hard conflict; what
    they see as a party to a case stays. Conditions of the office are asked of each row, not gathered into a set
    first: fetching one case must not read all of them.
    """
    person = person_of(user)
    seen = Q(pk__in=nominations_of(person).values("pk")) if person else Q(pk__in=[])
    if _is_office(user):
        seen |= _SUBMITTED & ~Q(Exists(hard_ties(person)))
    return Nomination.objects.filter(seen)


def nominations_in_office_of(user: Any) -> QuerySet[Nomination]:
    """What office pages, the admin and counts start from: submitted cases, less hard conflicts."""
    if not _is_office(user):
        return Nomination.objects.none()
    return without_conflicts(Nomination.objects.filter(_SUBMITTED), person_of(user))


def nominations_of(person: Person) -> QuerySet[Nomination]:
    """The cases that somebody is a party to, drafts of their own included.

    A nominee sees the case that others were joined with, each nominator the row that they brought themselves.
    A union, not an OR, so that each of its parts is read by its index.
    """
    rows = Nomination.objects.order_by()
    nominated = rows.filter(nominee=person).exclude(state__in=(states.DRAFT, states.MERGED))
    written = rows.filter(draft_by=person, state__in=(states.DRAFT, states.WITHDRAWN))
    supported = Support.objects.order_by().filter(person=person)
    supported = supported.exclude(
        Q(kind=Support.Kind.ENDORSER) & (Q(asked_at=None) | Q(declined_at__isnull=False))
    ).exclude(kind=Support.Kind.CO_NOMINATOR, given_at=None)
    parts = written.values("pk"), supported.values("nomination")
    return Nomination.objects.filter(pk__in=nominated.values("pk").union(*parts))


def drafts_of(user: Any, *, held: Iterable[str]) -> QuerySet[Nomination]:
    """What this browser (by the keys that its session holds) or this person began to write, sent or not."""
    person = person_of(user)
    own = Q(draft_by=person) if person is not None else Q(pk__in=[])
    return (
        Nomination.objects.filter(own | Q(key__in=list(held)))
        .select_related("cycle", "hold")
        .order_by("-saved_at")
    )


DRAFT = Joined(nomination=Nomination, cycle=Cycle, hold=Hold)
READ_DRAFT = f"""
    SELECT {DRAFT.columns}
    FROM nominations_nomination AS nomination
    JOIN charter_cycle AS cycle ON cycle.id = nomination.cycle_id
    LEFT JOIN nominations_hold AS hold ON hold.nomination_id = nomination.id
    WHERE nomination.key = %s AND (%s::boolean OR nomination.draft_by_id = %s::bigint)
"""  # noqa: S608  names of columns


def draft_of(user: Any, key: str, *, held: Iterable[str]) -> Nomination | None:
    """One of those, by its key."""
    person = person_of(user)
    return _draft(READ_DRAFT, [key, key in held, person.pk if person is not None else None])


def locked_draft(draft: Nomination) -> Nomination:
    """A draft as it is now, with cycle and hold; its row locked until the transaction ends."""
    found = _draft(f"{READ_DRAFT} FOR UPDATE OF nomination", [draft.key, True, None])
    if found is None:
        raise Nomination.DoesNotExist
    return found


def _draft(statement: str, values: list[Any]) -> Nomination | None:
    rows = prepared.fetch(statement, values)
    if not rows:
        return None
    draft, cycle, hold = DRAFT.split(rows[0])
    draft.cycle = cycle
    draft._state.fields_cache["hold"] = hold
    found: Nomination = draft
    return found


def open_drafts_of(user: Any, *, held: Iterable[str]) -> list[Nomination]:
    """What can still be gone on with."""
    if not held and person_of(user) is None:
        return []
    return list(drafts_of(user, held=held).filter(state=states.DRAFT, hold=None)[:20])


def drafts_typed_under(email: str) -> list[Nomination]:
    """What somebody who gave this address began to write and has not sent, the newest first, at most five."""
    typed = Nomination.objects.filter(state=states.DRAFT, hold=None).annotate(
        typed=Lower(KT("draft__answers__email"))
    )
    return list(typed.filter(typed=normalise_email(email)).order_by("-saved_at")[:5])


def drafts_about(emails: Iterable[str]) -> QuerySet[Nomination]:
    """Drafts, held ones included, in which one of these addresses stands as the nominee's."""
    typed = Lower(KT("draft__answers__nominee_email"))
    wanted = [normalise_email(email) for email in emails]
    drafts = Nomination.objects.filter(state=states.DRAFT).annotate(typed=typed)
    return drafts.filter(Q(typed__in=wanted) | Q(nominee_email__in=wanted))


def language_of(support: Support) -> str:
    """The language of mail to a nominator or endorser; who has no account is known by the page they wrote on."""
    return (support.person.mail_language if support.person else support.language) or "en"


def relations_of(user: Any, nomination: Nomination) -> set[str]:
    """What a user is to a case: nominee, nominator, endorser, office."""
    person = person_of(user)
    relations: set[str] = set()
    if person is not None:
        if nomination.nominee_id == person.pk and nomination.state != states.MERGED:
            relations.add(NOMINEE)
        if nomination.draft_by_id == person.pk and nomination.nominee_id is None:
            relations.add(NOMINATOR)
        for support in nomination.supports.filter(person=person):
            if support.kind == Support.Kind.CO_NOMINATOR and support.given_at is None:
                continue  # asked to write; the link in the mail is theirs, the case is not yet
            if support.kind != Support.Kind.ENDORSER:
                relations.add(NOMINATOR)
            elif support.asked_at and not support.declined_at:
                relations.add(ENDORSER)
    if nominations_in_office_of(user).filter(pk=nomination.pk).exists():
        relations.add(OFFICE)
    return relations


def _is_office(user: Any) -> bool:
    return bool(
        user and user.is_authenticated and (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR))
    )


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Which of these cases' keys may this user see? For history, jobs and mail."""
    return set(nominations_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def visible_conflict_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these cases may this user read the history of ties? Staff alone, less their own hard ones."""
    return set(nominations_in_office_of(user).filter(key__in=list(keys)).values_list("key", flat=True))


def visible_triage_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these held nominations and decisions on them may this user read the history?"""
    keys = list(keys)
    if not _is_office(user):
        return set()
    held = holds_visible_to(user).filter(nomination__key__in=keys).values_list("nomination__key", flat=True)
    return {*held, *TriageBatch.objects.filter(key__in=keys).values_list("key", flat=True)}


def case_of(nomination: Nomination) -> Nomination:
    """The case that a row counts in: itself, or the one it was joined with."""
    while nomination.state == states.MERGED and nomination.merged_into is not None:
        nomination = nomination.merged_into
    return nomination


def state_shown_to(relations: set[str], nomination: Nomination, support: Support | None) -> str:
    """The state that a party reads.

    A nominator whose text joined an open case must not learn from the page that it was open: what happened
    before they came stays unsaid as long as an invitation of that day could still be unanswered.
    """
    case = case_of(nomination)
    if NOMINEE in relations or support is None or support.kind == Support.Kind.ENDORSER:
        return case.state
    if support.declined_at:
        return states.WITHDRAWN
    joined, accepted = nomination.invited_at, case.accepted_at
    if case.pk == nomination.pk or joined is None or accepted is None or accepted > joined:
        return case.state
    still_secret = clock.now() < joined + dt.timedelta(days=case.cycle.invitation_days)
    return states.INVITED if still_secret and case.state in (states.ACCEPTED, states.COMPLETE) else case.state


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
    """The twelve months that a cycle looks at: they end on the day on which dossiers close."""
    last = cycle.dossiers_close_at.astimezone(dt.UTC).date()
    try:
        year_before = last.replace(year=last.year - 1)
    except ValueError:  # 29 February
        year_before = last.replace(year=last.year - 1, day=28)
    return year_before + dt.timedelta(days=1), last


def standing_case(*, cycle: Cycle, nominee: Person, area_id: int) -> Nomination | None:
    """The one case of a nominee and area in a cycle that a new text would join."""
    return (
        Nomination.objects.filter(cycle=cycle, nominee=nominee, area_id=area_id)
        .exclude(state__in=NO_OBSTACLE)
        .first()
    )


def nominations_used(person: Person, cycle: Cycle) -> int:
    """How many of a nominator's places in a cycle are used: withdrawn and lapsed ones count, drafts do not."""
    return (
        Support.objects.filter(person=person, nomination__cycle=cycle, given_at__isnull=False)
        .exclude(kind=Support.Kind.ENDORSER)
        .exclude(nomination__nominee=person)
        .count()
    )


def areas_accepted(person: Person, cycle: Cycle) -> int:
    """For how many areas somebody has accepted to be reviewed in a cycle."""
    accepted = (states.ACCEPTED, states.COMPLETE, states.IN_REVIEW)
    return Nomination.objects.filter(nominee=person, cycle=cycle, state__in=accepted).count()


def address_bounced(case: Nomination) -> bool:
    """Does the address that was given for a nominee without an account take no mail, as far as anybody has learned?"""
    nominee = case.nominee
    return nominee is not None and nominee.user_id is None and is_bouncing(case.nominee_email)


def wants_no_invitations(digest: str) -> bool:
    """Did the owner of this address (by its keyed digest) ask never, or not now, to be invited?"""
    return (
        InvitationStop.objects.filter(digest=digest).filter(Q(until=None) | Q(until__gt=clock.now())).exists()
    )


def reason_for_nominee(case: Nomination) -> str:
    """The latest reason of the office that the nominee may read: the sentence of its code, then its own words."""
    row = (
        HistoryRow.objects.filter(kind="nomination", key=case.key, new_state=case.state)
        .select_related("text")
        .order_by("-id")
        .first()
    )
    if row is None:
        return ""
    code = ReasonCode.objects.filter(code=row.codes.get("reason", "")).first()
    text = getattr(row, "text", None)
    parts = [named(code.sentence) if code else "", text.text if text and text.for_nominee else ""]
    return "\n".join(part for part in parts if part)


def nominee_of(nomination: Nomination) -> Person:
    """The nominee of a submitted case."""
    if nomination.nominee is None:
        raise Person.DoesNotExist
    return nomination.nominee


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


def case_in_office_of(user: Any, key: str) -> Nomination | None:
    """A case that the office may act on, by its key as somebody typed it."""
    return nominations_in_office_of(user).filter(key=key.strip().upper()).first()


def own_cases(person: Person) -> list[Nomination]:
    """Somebody's cases for their own page, the newest first, at most fifty; ``own_supports`` is what they wrote."""
    mine = Prefetch("supports", Support.objects.filter(person=person), to_attr="own_supports")
    rows = nominations_of(person).select_related("cycle", "merged_into", "merged_into__cycle")
    return list(rows.prefetch_related(mine).order_by("-pk")[:50])


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


def totals_of(cycle: Cycle) -> tuple[int, int]:
    """How many nominations a cycle has and from how many countries: totals that count everybody."""
    totals = (
        Nomination.objects.filter(cycle=cycle, invited_at__isnull=False)
        .exclude(state=states.MERGED)
        .aggregate(cases=Count("pk"), countries=Count("country", distinct=True, filter=~Q(country="")))
    )
    return totals["cases"], totals["countries"]


def holds_visible_to(user: Any) -> QuerySet[Hold]:
    """Nominations that wait for a person, or waited: the office's and the auditor's, less those that they sent
    themselves, that are about themselves, or in which they have a hard conflict."""
    if not _is_office(user):
        return Hold.objects.none()
    person = person_of(user)
    rows = Hold.objects.all()
    if person is None:
        return rows
    own = list(person.addresses.values_list("email", flat=True))
    rows = rows.exclude(nomination__draft_by=person).exclude(nomination__nominee_email__in=own)
    return without_conflicts(rows, person, case="nomination")


def holds_waiting(user: Any, *, reason: str = "") -> QuerySet[Hold]:
    """Those that nobody has decided on, the oldest first; ``reason`` narrows them."""
    rows = holds_visible_to(user).filter(_WAITING).order_by("pk")
    return rows.filter(reasons__contains=[reason]) if reason else rows


def holds_up_to(rows: QuerySet[Hold], last: int) -> QuerySet[Hold]:
    """Those that were there when a page was drawn."""
    return rows.filter(pk__lte=last)


def holds_named(rows: QuerySet[Hold], keys: Iterable[str]) -> QuerySet[Hold]:
    return rows.filter(nomination__key__in=list(keys))


def holds_in(rows: QuerySet[Hold], state: str) -> QuerySet[Hold]:
    return rows.filter(nomination__state=state)


def holds_by_reason(user: Any) -> dict[str, int]:
    """How many wait for each reason; a row may count for several. All of them under the empty name."""
    rows = holds_visible_to(user).filter(_WAITING).order_by()
    counts: dict[str, int] = dict(
        rows.annotate(reason=Func(F("reasons"), function="unnest", output_field=CharField()))
        .values_list("reason")
        .annotate(number=Count("pk"))
    )
    return {"": rows.count(), **counts}


def holds_for_list(rows: QuerySet[Hold]) -> QuerySet[Hold]:
    """With all that a line of the list shows."""
    return rows.select_related("nomination", "nomination__cycle", "nomination__draft_by").prefetch_related(
        "nomination__supports"
    )


def batches_to_undo(user: Any) -> list[TriageBatch]:
    """The latest decisions of which something can still be put back, with ``waits``: how many."""
    if not _is_office(user):
        return []
    back = Count("holds", filter=Q(holds__applied_at=None))
    made = TriageBatch.objects.filter(undone_at=None, made_at__gt=clock.now() - dt.timedelta(days=30))
    return list(made.select_related("by__person").annotate(waits=back).filter(waits__gt=0)[:10])


def batch_of(user: Any, key: str) -> TriageBatch | None:
    """A decision of the office, by its key."""
    return TriageBatch.objects.filter(key=key).first() if _is_office(user) else None


def holders_like(name: str) -> list[Likely]:
    """People on the public roster whose name is like this one, at most three. Of nobody else may a stranger learn."""
    return people_like(name, among=holders_visible_to(None), at_most=3) if name.strip() else []


def cases_like(user: Any, case: Nomination) -> list[Nomination]:
    """Open cases of the same cycle, visible to this user of the office, whose nominee's name is like this one's."""
    like = [
        likely.person.pk
        for likely in people_like(case.nominee_name, among=Person.objects.filter(erased_at=None))
    ]
    rows = nominations_in_office_of(user).filter(cycle=case.cycle, nominee__in=like, state__in=states.OPEN)
    return list(rows.exclude(pk=case.pk).select_related("nominee").order_by("pk")[:10])
