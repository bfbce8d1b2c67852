"""States and days in words, for sentences that actions, pages and mails share."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from common.dates import day_of
from nominations import states
from nominations.models import Hold, Nomination, Support


def what_happened(case: Nomination) -> str:
    """Where the case stands now, in a sentence for whoever wanted something else."""
    day = day_in_words(_since(case))
    sentences = {
        states.DRAFT: _("This nomination has not been sent yet."),
        states.INVITED: _("The nominee was invited on %(day)s and has not answered yet."),
        states.ACCEPTED: _("The nominee accepted on %(day)s; the dossier is open."),
        states.COMPLETE: _("The dossier was completed on %(day)s and is locked now."),
        states.IN_REVIEW: _("The case is in review now; its dossier is locked."),
        states.AWARDED: _("The outcome of this case was announced on %(day)s."),
        states.ON_RESERVE: _("The outcome of this case was announced on %(day)s."),
        states.NOT_AWARDED: _("The outcome of this case was announced on %(day)s."),
        states.SECOND_LOOK: _("The case is being looked at a second time."),
        states.INELIGIBLE: _("The office found the case ineligible on %(day)s."),
        states.DECLINED: _("The nominee declined the nomination on %(day)s."),
        states.AWARD_DECLINED: _("The award was declined on %(day)s."),
        states.EXPIRED: _("The nomination expired on %(day)s."),
        states.WITHDRAWN: _("The nomination was withdrawn on %(day)s."),
        states.MERGED: _("The nomination was joined with another one of the same person."),
    }
    return sentences[case.state] % {"day": day}


def _since(case: Nomination) -> dt.datetime | None:
    at = {
        states.INVITED: case.invited_at,
        states.ACCEPTED: case.accepted_at,
        states.COMPLETE: case.completed_at,
    }
    return at.get(case.state, case.ended_at)


def day_in_words(moment: dt.datetime | dt.date | None) -> str:
    """``28 September 2004``, by the reader's clock."""
    if moment is None:
        return "–"
    day = day_of(moment) if isinstance(moment, dt.datetime) else moment
    return str(date_format(day, "DATE_FORMAT"))


def country_name(code: str) -> str:
    """The name of a country in the reader's language, empty for no country."""
    return str(countries.name(code) or "")


def held_line(hold: Hold) -> dict[str, Any]:
    """One held nomination, as the office reads it in a list: what was sent, or what the case holds."""
    case = hold.nomination
    sent = case.draft.get("sent") or {}
    support = next((row for row in case.supports.all() if row.kind == Support.Kind.NOMINATOR), None)
    return {
        "key": case.key,
        "nominee": case.nominee_name,
        "nominee_email": case.nominee_email,
        "nominator": case.draft_by.name if case.draft_by else sent.get("name", ""),
        "nominator_email": support.email if support else sent.get("email", ""),
        "statement": support.statement if support else sent.get("statement", ""),
        "cycle": case.cycle.name,
        "made_at": hold.made_at,
        "reasons": [Hold.Reason(reason).label for reason in hold.reasons],
        "is_case": case.state == states.INVITED,
        "problem": hold.problem,
    }
