"""``/me/``: what needs me today, my cases, my awards, what I signed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Session
from accounts.queries import sessions_of, signatures_of
from accounts.requests import SignedInRequest
from awards.models import Award
from awards.proof import linkedin_address
from awards.queries import awards_of, in_force_today, is_provable, years_of
from charter.models import Agreement, Program
from charter.queries import agreements_in_force, grace, program
from common import clock
from common.languages import named
from contributions.queries import contributions_of, gaps_of, months_of
from contributions.readiness import Check, checks_of_log
from contributions.words import Drawn, months_drawn
from events.models import Summit
from events.queries import not_called_off, own_registration, summits_visible_to, upcoming
from mvp_program.pages.standing import PILLS
from mvp_program.pages.todo import act, todo_of_roles
from nominations import links, queries, states
from nominations.models import Nomination, Support
from nominations.words import day_in_words
from people.models import Person
from people.queries import is_grown_old, person_of

# What a party reads of a case, as one of five segments: sent, accepted, complete, in review, letters.
PLACES = {
    states.INVITED: 1,
    states.ACCEPTED: 2,
    states.COMPLETE: 3,
    states.IN_REVIEW: 3,
    states.SECOND_LOOK: 3,
}
PARTS = 5
OVER = (states.WITHDRAWN, states.DECLINED, states.EXPIRED, states.MERGED)


@dataclass(frozen=True)
class Case:
    """One line of "your cases"."""

    title: str
    href: str
    pill: str
    kind: str
    note: str
    label: str
    segments: list[str]
    text: str


@require_safe
@never_cache
def me(request: SignedInRequest) -> HttpResponse:
    person = person_of(request.user)
    now = program()
    awards = awards_of(person) if person else []
    rows = queries.own_cases(person) if person else []
    signed = signatures_of(request.user)
    holds = in_force_today(awards)
    summit = next_summit(request.user) if holds else None
    context = {
        "person": person,
        "house": now,
        "today": clock.now(),
        "todo": todo(request.user, person, rows, asks=bool(awards) and is_grown_old(person))
        if person
        else [],
        "cases": [case_line(row, person) for row in rows] if person else [],
        "awards": awards,
        "in_force": holds,
        "own_awards": [own_award(award, now, in_force=award in holds) for award in awards],
        "summit": summit,
        "registration": own_registration(request.user, summit) if summit else None,
        "years": years_of(awards, current=now.current_year),
        "signed": signed,
        "to_sign": to_sign(signed, awards, rows),
        "next_day": next_day(rows),
        "log": log_of(person) if person else None,
        "devices": devices_of(request),
    }
    return render(request, "me/page.html", context)


@dataclass(frozen=True)
class Devices:
    """Where somebody is signed in: here, and in how many other browsers."""

    here: Session | None
    others: int


def devices_of(request: SignedInRequest) -> Devices:
    sessions = sessions_of(request.user)
    here = next((one for one in sessions if one.session_key == request.session.session_key), None)
    return Devices(here, len(sessions) - (here is not None))


@dataclass(frozen=True)
class OwnAward:
    """One award and its papers; ``linkedin`` is empty where it proves nothing any more."""

    award: Award
    in_force: bool
    linkedin: str


def own_award(award: Award, house: Program, *, in_force: bool) -> OwnAward:
    return OwnAward(award, in_force, linkedin_address(award, house) if is_provable(award) else "")


def todo(user: Any, person: Person, rows: list[Nomination], *, asks: bool = False) -> list[dict[str, Any]]:
    """What waits for this person, the nearest day first; the first act is the primary one.

    ``asks``: nobody has looked at their profile for a year.
    """
    found: list[tuple[dt.datetime, dict[str, Any]]] = []
    if asks:
        title, why = _("Is your profile still right?"), _("You looked at it last more than a year ago.")
        due = (person.profile_asked_at or clock.now()) + dt.timedelta(days=30)
        found.append(act(due, title, why, _("Look at it"), reverse("person", args=[person.slug])))
    for row in rows:
        found += _todo_of_case(row, person)
    for link in queries.endorsements_to_write(person):
        title = _("%(name)s asks you for an endorsement") % {"name": link.nomination.nominee_name}
        why = _("For %(area)s. Say what you have seen yourself, or decline; nobody is told why.")
        href = reverse("nominations:endorsement", args=[links.token_of(link)])
        found.append(
            act(link.ends_at, title, why % {"area": named(link.nomination.area_name)}, _("Answer"), href)
        )
    found += todo_of_roles(user)
    found.sort(key=lambda pair: pair[0])
    items = [item for _day, item in found]
    for place, item in enumerate(items):
        item["primary"] = place == 0
    return items


def _todo_of_case(row: Nomination, person: Person) -> list[tuple[dt.datetime, dict[str, Any]]]:
    cycle = row.cycle
    if row.state == states.DRAFT:
        name = row.nominee_name or _("somebody")
        title = _("Finish your nomination of %(name)s") % {"name": name}
        why = _("Nobody was told of it yet. Drafts are kept for 60 days.")
        href = reverse("nominations:write", args=[row.key, "person"])
        return [act(cycle.closes_at, title, why, _("Go on"), href)]
    if row.nominee_id != person.pk:
        return []
    if row.state == states.INVITED:
        ends = queries.last_day_to_answer(row) or cycle.dossiers_close_at
        title = _("Your renewal in %(area)s") if row.is_renewal else _("You are nominated in %(area)s")
        why = _("Accept, say not now, or refuse. Nobody reviews anything until you say so.")
        if row.is_renewal:
            why = _("Accept, or retire with our thanks. Nobody reviews anything until you say so.")
        href = reverse("nominations:answer", args=[row.key])
        return [act(ends, title % {"area": named(row.area_name)}, why, _("Answer"), href)]
    if row.state == states.ACCEPTED:
        title = _("Complete your dossier in %(area)s") % {"area": named(row.area_name)}
        why = _("Choose what reviewers read. A dossier that is not complete is not reviewed.")
        href = reverse("nominations:dossier", args=[row.key])
        return [act(cycle.dossiers_close_at, title, why, _("Go on"), href)]
    return []


def case_line(row: Nomination, person: Person) -> Case:
    """One case as this person reads it."""
    support: Support | None = next(iter(row.own_supports), None)  # type: ignore[attr-defined]
    is_nominee = row.nominee_id == person.pk and row.state != states.MERGED
    relations = {queries.NOMINEE} if is_nominee else set()
    state = queries.state_shown_to(relations, row, support)
    case = queries.case_of(row)
    told = is_nominee or state not in states.OUTCOMES or case.nominator_may_learn_outcome is True
    hidden = not is_nominee and (state in (*OVER, states.INELIGIBLE) or not told)
    label = _("Decided") if not told else _("Ended") if hidden else str(Nomination.State(state).label)
    return Case(
        title=f"{_('You') if is_nominee else row.nominee_name or _('Somebody without a name yet')}"
        + (f", {named(case.area_name)}" if case.area_name else ""),
        href=_href(row, state),
        pill=label,
        kind="" if hidden else PILLS.get(state, ""),
        note=" · ".join(
            filter(None, [_role(row, support, is_nominee=is_nominee), case.cycle.label, row.key])
        ),
        label=_("%(label)s, part %(place)s of %(parts)s")
        % {"label": label, "place": min(PLACES.get(state, PARTS) + 1, PARTS), "parts": PARTS},
        segments=_segments(state),
        text=_sentence(row, state),
    )


def _href(row: Nomination, state: str) -> str:
    if state == states.DRAFT:
        return reverse("nominations:write", args=[row.key, "person"])
    return reverse("nomination", args=[row.key])


def _role(row: Nomination, support: Support | None, *, is_nominee: bool) -> str:
    if is_nominee:
        return _("Renewal") if row.is_renewal else _("You are nominated")
    if support is not None and support.kind == Support.Kind.ENDORSER:
        return _("You were asked to endorse")
    return _("You are writing") if row.state == states.DRAFT else _("You nominated")


def _segments(state: str) -> list[str]:
    if state in OVER or state == states.DRAFT:
        return []
    place = PLACES.get(state, PARTS)
    return ["done" if number < place else "current" if number == place else "" for number in range(PARTS)]


def _sentence(row: Nomination, state: str) -> str:
    cycle = queries.case_of(row).cycle
    letters = _("Letters are planned for %(letters)s.")
    if clock.now() > cycle.release_planned_at + grace(cycle):
        letters = _("Letters were planned for %(letters)s; the program office needs longer.")
    sentences = {
        states.DRAFT: _("Nominations are open until %(closes)s."),
        states.COMPLETE: _("The review begins after dossiers close on %(dossiers)s."),
        states.IN_REVIEW: letters,
        states.ACCEPTED: _("The dossier is open until %(dossiers)s."),
        states.INVITED: _("Invited; nothing is reviewed before the answer."),
    }
    return sentences.get(state, "") % {
        "closes": day_in_words(cycle.closes_at),
        "dossiers": day_in_words(cycle.dossiers_close_at),
        "letters": day_in_words(cycle.release_planned_at),
    }


def to_sign(signed: list[Any], awards: list[Award], rows: list[Nomination]) -> list[Agreement]:
    """Current versions that this person needs and has not signed: nominees before they accept sign there."""
    done = {signature.agreement_id for signature in signed}
    needed = []
    for agreement in agreements_in_force():
        for_summit = agreement.needed_for_summit and in_force_today(awards)
        was_signed_before = any(signature.agreement.kind == agreement.kind for signature in signed)
        if agreement.pk not in done and (for_summit or was_signed_before):
            needed.append(agreement)
    return needed


@dataclass(frozen=True)
class Log:
    """The last twelve months of one's log: drawn, and what a reviewer would miss."""

    months: Drawn
    missing: list[Check]


def log_of(person: Person) -> Log | None:
    log = contributions_of(person)
    gaps = gaps_of(log)
    if not gaps.entries:
        return None
    missing = [check for check in checks_of_log(gaps) if check.state == "warn"]
    return Log(months_drawn(months_of(log)), missing)


def next_summit(user: Any) -> Summit | None:
    """The summit that comes next."""
    return next(iter(upcoming(not_called_off(summits_visible_to(user)))[:1]), None)


def next_day(rows: list[Nomination]) -> dt.datetime | None:
    """The next planned day on which letters go out for one of these cases."""
    days = [row.cycle.release_planned_at for row in rows if row.state in (states.COMPLETE, states.IN_REVIEW)]
    return min((day for day in days if day > clock.now()), default=None)
