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
from common import clock, delivery, mail_groups, outbox
from common.letters import site_address, write_letter
from nominations import states as cases
from nominations.models import Nomination, Support
from nominations.queries import language_of
from people.models import Address, Person
from selection import states, terms
from selection.models import Decision, Release
from selection.queries.releases import SUPPORTER

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


def letters_of(decisions: Sequence[Decision]) -> list[tuple[str, outbox.Letter]]:
    """The names of nominees and the letters that they would get now."""
    return [(one.nominee.name, write_outcome(one, one.nominee.mail_language)) for one in facts_for(decisions)]


@dataclass(frozen=True)
class Mail:
    """One mail of a release with its text; ``support`` is the key of a nominator's or endorser's row."""

    decision: Decision
    post: outbox.Post
    letter: outbox.Letter
    support: str = ""

    @property
    def for_supporter(self) -> bool:
        return self.post.kind == SUPPORTER


def mails_for(release: Release | None, decisions: Sequence[Decision]) -> list[Mail]:
    """Every mail about these decisions as it is sent with a release, or would be, in a fixed number of statements."""
    facts = {one.case.key: one for one in facts_for(decisions)}
    supports = {one.key: one for one in supports_of([one.case.pk for one in facts.values()])}
    posts = posts_for(release, decisions)
    readers = mail_groups.readers_of(post.person_key for post in posts)
    mails = []
    for post in posts:
        about, support = facts[post.keys["nomination"]], supports.get(post.keys.get("support", ""))
        with delivery.written_as(post, readers.get(post.person_key)):
            if support is None:
                mails.append(Mail(about.decision, post, write_outcome(about, post.language)))
            else:
                letter = write_to_supporter(about, support, post.language)
                mails.append(Mail(about.decision, post, letter, support.key))
    return mails


def write_to_supporter(facts: Facts, support: Support, language: str) -> outbox.Letter:
    """To a nominator or endorser: the outcome if the nominee agreed to it, else that there is one."""
    told = facts.case.nominator_may_learn_outcome is True
    link = site_address(f"/nominations/{support.nomination.key}/")
    outcome = facts.decision.outcome
    given = {"facts": facts, "support": support, "told": told, "outcome": outcome, "link": link}
    return write_letter("selection/supporter", given, language=language)


def facts_of(decision: Decision) -> Facts:
    """Everything that a letter about this decision may say; pending or released."""
    return facts_for([decision])[0]


def facts_for(decisions: Sequence[Decision]) -> list[Facts]:
    """The same of several decisions, in their order and in a fixed number of statements for each cycle.

    A pending award has the term that a release at its planned time would give it.
    """
    about, reasons = program(), _reason_sentences({one.reason_code for one in decisions if one.reason_code})
    now = clock.now()
    moments = {one.pk: _moment_of(one, now) for one in decisions}
    following: dict[tuple[int, dt.datetime], Cycle | None] = {}
    pending: dict[int, tuple[Cycle, list[Decision]]] = {}
    for one in decisions:
        cycle, at = one.candidacy.stage.cycle, moments[one.pk]
        if (cycle.pk, at) not in following:
            later = Cycle.objects.filter(closes_at__gt=at).exclude(pk=cycle.pk)
            following[cycle.pk, at] = later.order_by("opens_at").first()
        if one.outcome == states.AWARD and one.award is None:
            pending.setdefault(cycle.pk, (cycle, []))[1].append(one)
    terms_of = {
        decision.pk: (grant.starts, grant.ends)
        for cycle, winners in pending.values()
        for decision, grant in terms.grants_for(winners, cycle=cycle, at=now)
    }
    return [
        _facts(
            one,
            about,
            at=moments[one.pk],
            reason=reasons.get(one.reason_code, ""),
            term=terms_of.get(one.pk),
            following=following[one.candidacy.stage.cycle_id, moments[one.pk]],
        )
        for one in decisions
    ]


def _moment_of(decision: Decision, now: dt.datetime) -> dt.datetime:
    """When it was released, or will be as far as is known."""
    release, cycle = decision.release, decision.candidacy.stage.cycle
    if release is None:
        return max(cycle.release_planned_at, now)
    return release.released_at or release.scheduled_at


def _facts(
    decision: Decision,
    about: Program,
    *,
    at: dt.datetime,
    reason: str,
    term: tuple[dt.date, dt.date | None] | None,
    following: Cycle | None,
) -> Facts:
    case, cycle = decision.candidacy.nomination, decision.candidacy.stage.cycle
    if case.nominee is None:
        raise LookupError("a decided case has a nominee")
    award = decision.award
    starts, ends = (award.starts, award.ends) if award else term or (cycle.term_starts, cycle.term_ends)
    return Facts(
        decision=decision,
        case=case,
        cycle=cycle,
        program=about,
        nominee=case.nominee,
        link=site_address(f"/nominations/{case.key}/"),
        award_link=site_address(f"/awards/{award.key}/" if award else "/me/"),
        starts=starts,
        ends=ends,
        reason=reason,
        second_look_until=at + dt.timedelta(days=cycle.second_look_days),
        decline_until=at + dt.timedelta(days=cycle.decline_award_days),
        next_opens_at=following.opens_at if following else None,
        is_first_no=case.second_look_at is None,
    )


def posts_for(release: Release | None, decisions: Sequence[Decision]) -> list[outbox.Post]:
    """One mail to each nominee with an outcome, and to each of those who brought or endorsed the case.

    Three statements, however many cases. The dead get no mail, nor does a nominee as their own nominator.
    """
    by_case = {one.candidacy.nomination_id: one for one in decisions}
    key = release.key if release else ""
    supports = list(supports_of(by_case))
    people = {one.candidacy.nomination.nominee_id for one in decisions} | {s.person_id for s in supports}
    addresses = addresses_of(person for person in people if person is not None)
    posts = []
    for one in decisions:
        nominee = one.candidacy.nomination.nominee
        if nominee is not None and not nominee.deceased and nominee.pk in addresses:
            keys = {"nomination": one.candidacy.nomination.key, "release": key}
            posts.append(_post(KINDS[one.outcome], addresses[nominee.pk], keys, nominee))
    for support in supports:
        one = by_case[support.case_id]  # type: ignore[attr-defined]
        case = one.candidacy.nomination
        to = addresses.get(support.person_id or 0) or support.email
        if not to or (support.person_id is not None and support.person_id == case.nominee_id):
            continue
        if support.person is not None and support.person.deceased:
            continue
        keys = {"nomination": case.key, "release": key, "support": support.key}
        posts.append(_post(SUPPORTER, to, keys, support.person, language_of(support)))
    return posts


def _post(kind: str, to: str, keys: dict[str, str], person: Person | None, language: str = "") -> outbox.Post:
    cause = ":".join([kind, keys["release"], keys.get("support", keys["nomination"])])
    language = language or (person.mail_language if person else "en")
    return outbox.Post(kind, to, cause, keys, language, person.key if person else "")


def supports_of(by_case: Iterable[int]) -> Iterable[Support]:
    """Nominators, and endorsers who wrote something; those of cases joined with one of these included."""
    cases_given = list(by_case)
    rows = (
        Support.objects.filter(
            Q(nomination__in=cases_given)
            | Q(nomination__merged_into__in=cases_given, nomination__state=cases.MERGED),
            declined_at=None,
        )
        .exclude(Q(kind=Support.Kind.ENDORSER) & Q(given_at=None))
        .select_related("person", "nomination__merged_into__cycle")
        .order_by("pk")
    )
    for row in rows:
        merged = row.nomination.state == cases.MERGED
        row.case_id = row.nomination.merged_into_id if merged else row.nomination_id  # type: ignore[attr-defined]
        yield row


def addresses_of(people: Iterable[int]) -> dict[int, str]:
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


def _reason_sentences(codes: Iterable[str]) -> dict[str, str]:
    """Reason code → what the nominee reads for it; a code without a sentence says nothing."""
    rows = ReasonCode.objects.filter(code__in=list(codes)).exclude(sentence="").order_by("-use")
    return dict(rows.values_list("code", "sentence"))
