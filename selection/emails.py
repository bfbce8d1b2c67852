"""Letters that a release sends: the outcome to the nominee, and word to those who brought or endorsed the case.

A letter is drawn when it is sent, in its reader's language, from the released decision. The release page
draws the same letters beforehand from pending ones.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from charter.models import Cycle, Program, ReasonCode
from charter.queries import program
from common import clock, outbox, registry
from common.letters import site_address, write_letter
from nominations import states as cases
from nominations.models import Nomination, Support
from people.models import Address, Person
from selection import states
from selection.models import Decision, Release
from selection.queries.cycle import SUPPORTER

KINDS = {
    states.AWARD: "selection.awarded",
    states.RESERVE: "selection.on_reserve",
    states.NOT_THIS_TIME: "selection.not_awarded",
    states.INELIGIBLE: "selection.ineligible",
    states.CARRY_OVER: "selection.carried_over",
}
TEMPLATES = {
    states.AWARD: "selection/awarded",
    states.RESERVE: "selection/on_reserve",
    states.NOT_THIS_TIME: "selection/not_awarded",
    states.INELIGIBLE: "selection/ineligible",
    states.CARRY_OVER: "selection/carried_over",
}


@dataclass(frozen=True)
class Facts:
    """What every letter of one decision may say."""

    decision: Decision
    case: Nomination
    cycle: Cycle
    program: Program
    nominee: Person
    link: str
    award_link: str
    starts: dt.date
    ends: dt.date | None
    reason: str
    second_look_until: dt.datetime
    decline_until: dt.datetime
    next_opens_at: dt.datetime | None
    is_first_no: bool  # a second look is asked for once


def outcome_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """The letter to the nominee; ``keys``: nomination, release."""
    return write_outcome(facts_of(_released(keys)), language)


def supporter_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """The letter to a nominator or endorser; ``keys``: nomination, release, support."""
    support = Support.objects.select_related("person", "nomination").get(key=keys["support"])
    return write_to_supporter(facts_of(_released(keys)), support, language)


def write_outcome(facts: Facts, language: str) -> outbox.Letter:
    """The letter of an outcome: the same paper and length whatever it is."""
    return write_letter(TEMPLATES[facts.decision.outcome], {"facts": facts}, language=language)


def letter_of(decision: Decision) -> tuple[str, outbox.Letter]:
    """The nominee's name and the letter that they would get now."""
    facts = facts_of(decision)
    return facts.nominee.name, write_outcome(facts, facts.nominee.mail_language)


def write_to_supporter(facts: Facts, support: Support, language: str) -> outbox.Letter:
    """To a nominator or endorser: the outcome if the nominee agreed to it, else that there is one."""
    told = facts.case.nominator_may_learn_outcome is True
    link = site_address(f"/nominations/{support.nomination.key}/")
    outcome = facts.decision.outcome
    given = {"facts": facts, "support": support, "told": told, "outcome": outcome, "link": link}
    return write_letter("selection/supporter", given, language=language)


def facts_of(decision: Decision) -> Facts:
    """Everything that a letter about this decision may say; pending or released."""
    case = decision.candidacy.nomination
    cycle = decision.candidacy.stage.cycle
    release = decision.release
    planned = release.scheduled_at if release else max(cycle.release_planned_at, clock.now())
    at = (release.released_at if release else None) or planned
    following = Cycle.objects.filter(closes_at__gt=at).exclude(pk=cycle.pk).order_by("opens_at").first()
    if case.nominee is None:
        raise LookupError("a decided case has a nominee")
    return Facts(
        decision=decision,
        case=case,
        cycle=cycle,
        program=program(),
        nominee=case.nominee,
        link=site_address(f"/nominations/{case.key}/"),
        award_link=site_address(f"/awards/{decision.award.key}/" if decision.award else "/me/"),
        starts=decision.award.starts if decision.award else cycle.term_starts,
        ends=decision.award.ends if decision.award else cycle.term_ends,
        reason=_reason_sentence(decision.reason_code),
        second_look_until=at + dt.timedelta(days=cycle.second_look_days),
        decline_until=at + dt.timedelta(days=cycle.decline_award_days),
        next_opens_at=following.opens_at if following else None,
        is_first_no=decision.candidacy.round == 1,
    )


def posts_for(release: Release, decisions: Sequence[Decision]) -> list[outbox.Post]:
    """One mail to each nominee with an outcome, and to each of those who brought or endorsed the case.

    Three statements, however many cases. The dead get no mail, nor does a nominee as their own nominator.
    """
    by_case = {one.candidacy.nomination_id: one for one in decisions}
    supports = list(_supports(by_case))
    people = {one.candidacy.nomination.nominee_id for one in decisions} | {s.person_id for s in supports}
    addresses = _addresses(person for person in people if person is not None)
    posts = []
    for one in decisions:
        nominee = one.candidacy.nomination.nominee
        if nominee is not None and not nominee.deceased and nominee.pk in addresses:
            keys = {"nomination": one.candidacy.nomination.key, "release": release.key}
            posts.append(_post(KINDS[one.outcome], addresses[nominee.pk], keys, nominee))
    for support in supports:
        one = by_case[support.case_id]  # type: ignore[attr-defined]
        case = one.candidacy.nomination
        to = addresses.get(support.person_id or 0) or support.email
        if not to or (support.person_id is not None and support.person_id == case.nominee_id):
            continue
        if support.person is not None and support.person.deceased:
            continue
        keys = {"nomination": case.key, "release": release.key, "support": support.key}
        posts.append(_post(SUPPORTER, to, keys, support.person))
    return posts


def _post(kind: str, to: str, keys: dict[str, str], person: Person | None) -> outbox.Post:
    cause = ":".join([kind, keys["release"], keys.get("support", keys["nomination"])])
    language = person.mail_language if person else "en"
    return outbox.Post(kind, to, cause, keys, language, person.key if person else "")


def _supports(by_case: Iterable[int]) -> Iterable[Support]:
    """Nominators, and endorsers who wrote something; those of cases joined with one of these included."""
    cases_given = list(by_case)
    rows = (
        Support.objects.filter(
            Q(nomination__in=cases_given)
            | Q(nomination__merged_into__in=cases_given, nomination__state=cases.MERGED),
            declined_at=None,
        )
        .exclude(Q(kind=Support.Kind.ENDORSER) & Q(given_at=None))
        .select_related("person", "nomination")
        .order_by("pk")
    )
    for row in rows:
        merged = row.nomination.state == cases.MERGED
        row.case_id = row.nomination.merged_into_id if merged else row.nomination_id  # type: ignore[attr-defined]
        yield row


def _addresses(people: Iterable[int]) -> dict[int, str]:
    """Person → where mail goes: a confirmed address first, the primary one first of these."""
    rows = Address.objects.filter(person__in=list(people))
    order = sorted(
        rows.values_list("person_id", "email", "confirmed_at", "primary", "pk"),
        key=lambda row: (row[2] is None, not row[3], row[4]),
        reverse=True,
    )
    return {person: email for person, email, *_rest in order}


def _released(keys: dict[str, Any]) -> Decision:
    return (
        Decision.objects.select_related(
            "candidacy__nomination__nominee", "candidacy__stage__cycle", "release", "award"
        )
        .filter(candidacy__nomination__key=keys["nomination"], release__key=keys["release"])
        .latest("pk")
    )


def _reason_sentence(code: str) -> str:
    """What the nominee reads for a reason code; empty where none was given or it says nothing."""
    reason = (
        ReasonCode.objects.filter(code=code).exclude(sentence="").order_by("use").first() if code else None
    )
    return reason.sentence if reason else ""


def register() -> None:
    """Tell the worker how these letters are written."""
    for kind in KINDS.values():
        registry.mails[kind] = outcome_letter
    registry.mails[SUPPORTER] = supporter_letter
