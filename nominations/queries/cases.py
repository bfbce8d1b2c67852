"""Which cases there are, and for whom: where every list, count and page of nominations starts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role
from awards.queries import holders_visible_to
from charter.models import Cycle, ReasonCode
from charter.queries import grace
from common import clock
from common.bounces import is_bouncing
from common.languages import named
from common.models import HistoryRow
from common.prepared import Kept, KeptModels
from nominations import states
from nominations.models import Conflict, InvitationStop, Nomination, Support
from nominations.words import day_in_words
from people.duplicates import Likely, people_like
from people.models import Person
from people.queries import person_of

M = TypeVar("M", bound=Model)

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
    return _seen_by(person_of(user), office=is_office(user))


def _seen_by(person: Person | None, *, office: bool) -> QuerySet[Nomination]:
    seen = Q(pk__in=nominations_of(person).values("pk")) if person else Q(pk__in=[])
    if office:
        seen |= _SUBMITTED & ~Q(Exists(hard_ties(person)))
    return Nomination.objects.filter(seen)


def nomination_visible_to(user: Any, key: str) -> Nomination | None:
    """The case of a key among ``nominations_visible_to(user)``, with what its pages show beside it; None if it is not.

    By a statement that is built once: every page and act of a case begins with it.
    """
    person, office = person_of(user), is_office(user)
    if person is None:
        return _with_parts(_seen_by(None, office=office)).filter(key=key).first()
    return next(iter(_KEPT[office].fetch(person.pk, key)), None)


def _with_parts(rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    return rows.select_related("cycle", "area", "category", "nominee", "merged_into", "merged_into__cycle")


def _kept(*, office: bool) -> KeptModels:
    def rows() -> QuerySet[Nomination]:
        return _with_parts(_seen_by(Person(pk=Kept.ANY), office=office)).filter(key=Kept.ANY_WORD)

    return KeptModels(rows, Kept.ANY, Kept.ANY_WORD)


_KEPT = {office: _kept(office=office) for office in (True, False)}


def nominations_in_office_of(user: Any) -> QuerySet[Nomination]:
    """What office pages, the admin and counts start from: submitted cases, less hard conflicts."""
    if not is_office(user):
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


def is_office(user: Any) -> bool:
    return bool(
        user and user.is_authenticated and (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR))
    )


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Which of these cases' keys may this user see? For history, jobs and mail."""
    return set(nominations_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def visible_conflict_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these cases may this user read the history of ties? Staff alone, less their own hard ones."""
    return set(nominations_in_office_of(user).filter(key__in=list(keys)).values_list("key", flat=True))


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


def case_in_office_of(user: Any, key: str) -> Nomination | None:
    """A case that the office may act on, by its key as somebody typed it."""
    return nominations_in_office_of(user).filter(key=key.strip().upper()).first()


def own_cases(person: Person) -> list[Nomination]:
    """Somebody's cases for their own page, the newest first, at most fifty; ``own_supports`` is what they wrote."""
    mine = Prefetch("supports", Support.objects.filter(person=person), to_attr="own_supports")
    rows = nominations_of(person).select_related("cycle", "merged_into", "merged_into__cycle")
    return list(rows.prefetch_related(mine).order_by("-pk")[:50])


def totals_of(cycle: Cycle) -> tuple[int, int]:
    """How many nominations a cycle has and from how many countries: totals that count everybody."""
    totals = (
        Nomination.objects.filter(cycle=cycle, invited_at__isnull=False)
        .exclude(state=states.MERGED)
        .aggregate(cases=Count("pk"), countries=Count("country", distinct=True, filter=~Q(country="")))
    )
    return totals["cases"], totals["countries"]


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


def last_day_for_second_look(case: Nomination) -> dt.datetime | None:
    """Of the days that the cycle gives after the letter."""
    return case.ended_at + dt.timedelta(days=case.cycle.second_look_days) if case.ended_at else None


def why_no_second_look(case: Nomination) -> str:
    """Why somebody who got no award cannot ask for a second look; empty where they can."""
    if case.second_look_at is not None:
        words = {"day": day_in_words(case.second_look_at)}
        return _("A second look was asked for on %(day)s. There is one.") % words
    last = last_day_for_second_look(case)
    if last is None or clock.now() > last:
        return _("A second look could be asked for until %(day)s.") % {"day": day_in_words(last)}
    return ""


def last_day_for_declining(case: Nomination) -> dt.datetime | None:
    """The same for an award."""
    return case.ended_at + dt.timedelta(days=case.cycle.decline_award_days) if case.ended_at else None


def last_day_to_answer(case: Nomination) -> dt.datetime | None:
    """When an invitation lapses: after its days, and no later than dossiers close; nothing before it is sent."""
    if case.invited_at is None:
        return None
    cycle = case.cycle
    return min(
        case.invited_at + dt.timedelta(days=cycle.invitation_days), cycle.dossiers_close_at + grace(cycle)
    )
