"""A case's status page, for those it concerns: where it stands, what comes next and by when.

Until a release nothing of the selection shows but the dates of its stages, which are the same for all cases.
What a nominator reads is told in ``nominations.queries.state_shown_to``.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter.queries import program
from common.dates import day_of
from mvp_program.pages.standing import ENDED, Status, is_retired, pill
from mvp_program.pages.timeline import steps
from nominations import links, queries, states
from nominations.models import Nomination
from nominations.permissions import acts_for, get_nomination
from nominations.queries import NOMINEE, OFFICE
from people.queries import person_of
from selection import states as selection_states
from selection.emails import Facts, facts_of
from selection.queries.feedback import feedback_of
from selection.queries.released import cycle_standing_in, first_told, released_decision_of, stages_of


@require_safe
@never_cache
def nomination(request: HttpRequest, key: str) -> HttpResponse:
    """``/nominations/<key>/``: 404 for everybody whom the case does not concern."""
    found = get_nomination(request.user, key)
    if found.state == states.DRAFT:
        return redirect("nominations:write", key=key, step="about")
    status = status_of(request.user, found)
    facts = facts_of(status.decision) if status.decision and status.told and status.is_nominee else None
    acts = acts_for(request.user, found)
    endorse_at = address_to_endorse(request.user, found) if "endorse" in acts else ""
    context = {
        "status": status,
        "nomination": found,
        "case": status.case,
        "headline": headline(status),
        "pill": pill(status),
        "acts": acts if endorse_at else acts - {"endorse"},
        "endorse_at": endorse_at,
        "letter": letter(status, facts),
        "facts": facts,
        "reason": queries.reason_for_nominee(status.case)
        if status.is_nominee or OFFICE in status.relations
        else "",
        "house": program(),
    }
    return render(request, "nominations/status.html", context)


def address_to_endorse(user: Any, found: Nomination) -> str:
    """Where this user writes the endorsement that they were asked for; empty once the link has ended."""
    person = person_of(user)
    asked = queries.endorsements_to_write(person) if person else []
    mine = [link for link in asked if link.nomination_id == found.pk]
    return reverse("nominations:endorsement", args=[links.token_of(mine[0])]) if mine else ""


def status_of(user: Any, found: Nomination) -> Status:
    """Everything about a case that this user may know."""
    case, relations = queries.case_of(found), queries.relations_of(user, found)
    support = queries.support_of(user, found)
    told = bool(relations & {NOMINEE, OFFICE}) or case.nominator_may_learn_outcome is True
    decision = released_decision_of(case)
    carried = decision is not None and decision.outcome == selection_states.CARRY_OVER
    cycle = cycle_standing_in(case) if carried else case.cycle
    status = Status(
        found,
        case,
        relations,
        support,
        queries.state_shown_to(relations, found, support),
        stages_of(case.cycle),
        decision,
        told,
        first_told(cycle),
        cycle,
    )
    status.steps = steps(status)
    return status


def headline(status: Status) -> str:
    """Who is where, in one sentence."""
    you, state = status.is_nominee, status.state
    if status.is_announced:
        return _outcome_headline(status)
    if is_retired(status) and status.is_inside:
        return _("You retired, with thanks") if you else _("%(name)s retired") % {"name": status.name}
    if state in ENDED and not status.is_inside:
        if not status.case.nominee_name:  # erased
            return _("The nomination does not go on")
        return _("The nomination of %(name)s does not go on") % {"name": status.name}
    if state == states.IN_REVIEW:
        now = next((step["title"] for step in status.steps if step["state"] == "current"), "")
        if you:
            return _("You are in review: %(stage)s") % {"stage": now} if now else _("You are in review")
        where = {"name": status.name, "stage": now}
        return _("%(name)s is in review: %(stage)s") % where if now else _("%(name)s is in review") % where
    sentences = {
        states.INVITED: (
            _("Your renewal is open") if status.case.is_renewal else _("You are nominated"),
            _("%(name)s is asked"),
        ),
        states.ACCEPTED: (_("Your dossier is open"), _("%(name)s accepted")),
        states.COMPLETE: (_("Your dossier is complete"), _("The dossier of %(name)s is complete")),
        states.WITHDRAWN: (_("The nomination is withdrawn"), _("The nomination of %(name)s is withdrawn")),
        states.DECLINED: (_("You declined"), _("%(name)s declined")),
        states.EXPIRED: (_("The nomination has lapsed"), _("The nomination of %(name)s has lapsed")),
        states.INELIGIBLE: (_("Your case is not eligible"), _("The case of %(name)s is not eligible")),
    }
    return sentences[state][0 if you else 1] % {"name": status.name}


def _outcome_headline(status: Status) -> str:
    you, state = status.is_nominee, status.state
    if not status.told:
        return _("The selection of %(cycle)s is over") % {"cycle": status.case.cycle.label}
    words = {"name": status.name, "award": program().award_name, "year": status.case.cycle.award_year}
    sentences = {
        states.AWARDED: (
            _("You hold the %(award)s for %(year)s"),
            _("%(name)s holds the %(award)s for %(year)s"),
        ),
        states.ON_RESERVE: (_("You are on the reserve"), _("%(name)s is on the reserve")),
        states.NOT_AWARDED: (
            _("You do not receive the award this time"),
            _("%(name)s does not receive the award this time"),
        ),
        states.SECOND_LOOK: (
            _("Your case is read a second time"),
            _("The case of %(name)s is read a second time"),
        ),
        states.AWARD_DECLINED: (_("You declined the award"), _("%(name)s declined the award")),
        states.INELIGIBLE: (_("Your case is not eligible"), _("The case of %(name)s is not eligible")),
    }
    return sentences[state][0 if you else 1] % words


def letter(status: Status, facts: Facts | None) -> dict[str, Any] | None:
    """The letter on the page, after the release and for the nominee alone: the outcome and its reasons."""
    if facts is None or status.decision is None or status.decision.release is None:
        return None
    stood, comments = feedback_of(status.decision)
    return {
        "bands": bands_in_words(stood.bands) if stood else [],
        "reviews_in": stood.reviews_in if stood else 0,
        "comments": comments,
        "subject": _("Letter, %(cycle)s") % {"cycle": status.case.cycle.label},
        "date": date_format(day_of(status.decision.release.released_at), "DATE_FORMAT"),
        "outcome": status.decision.outcome,
    }


def bands_in_words(bands: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Each criterion with its third in words and as three segments, the lowest first."""
    words = {"lower": _("lower third"), "middle": _("middle third"), "upper": _("upper third")}
    return [
        {
            "name": one["name"],
            "words": words[one["band"]],
            "segments": ["done" if name == one["band"] else "" for name in words],
        }
        for one in bands
    ]
