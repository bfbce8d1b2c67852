"""Letters about cases. Each kind has a template of its name under ``mail/nominations/``.

A letter is written when it is sent, from rows as they are then; its outbox row holds keys alone.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from awards.models import Award
from charter.models import Cycle
from charter.queries import cycle_open_for_nominations, program
from common import clock, registry
from common.dates import moment_in_words
from common.letters import site_address, write_letter
from common.mail_groups import REMINDERS, SUPPORT
from common.outbox import Letter, NothingToSay
from nominations import links, states
from nominations.models import AccessLink, Nomination, Support
from nominations.queries import case_of, nominators_of, reason_for_nominee
from nominations.renewals import award_of, last_year_of
from nominations.words import day_in_words

Facts = dict[str, Any]

ADDRESSES = {
    AccessLink.Purpose.CONFIRM: "nominations:confirm",
    AccessLink.Purpose.RESUME: "nominations:resume",
    AccessLink.Purpose.INVITATION: "nominations:invitation",
    AccessLink.Purpose.ENDORSE: "nominations:endorsement",
}

NAMES = {
    "confirm": _lazy("Confirming a nomination"),
    "resume": _lazy("A nomination to go on with"),
    "invitation": _lazy("Invitation of a nominee"),
    "reminder": _lazy("Reminder of an invitation"),
    "renewal": _lazy("Invitation to renew an award"),
    "endorsement": _lazy("Asking for an endorsement"),
    "completed": _lazy("The dossier is complete"),
    "withdrawn": _lazy("The case is withdrawn"),
    "reopened": _lazy("The dossier is open again"),
    "ineligible": _lazy("The case is ineligible"),
    "expired": _lazy("The case has lapsed"),
    "retired": _lazy("Thanks to a holder who does not renew"),
    "held_too_long": _lazy("A nomination that waited too long"),
    "accepted": _lazy("To the nominator: the nominee accepted"),
    "bounced": _lazy("To the nominator: the invitation came back"),
    "case_completed": _lazy("To the nominator: the dossier is complete"),
    "ended": _lazy("To the nominator: the case does not go on"),
}


def register() -> None:
    """Tell the worker how each kind is written, and what pages call it."""
    of_link = {
        "confirm": _draft_facts,
        "resume": _draft_facts,
        "invitation": _case_facts_of_link,
        "reminder": _case_facts_of_link,
        "renewal": _case_facts_of_link,
        "endorsement": _case_facts_of_link,
    }
    of_nominee = ("completed", "withdrawn", "reopened", "ineligible", "expired", "retired")
    of_nominator = ("accepted", "bounced", "case_completed", "ended")
    for name, facts in of_link.items():
        registry.mails[f"nominations.{name}"] = _writer(name, facts)
    for name in of_nominee:
        registry.mails[f"nominations.{name}"] = _writer(name, _nominee_facts)
    registry.mails["nominations.held_too_long"] = _writer("held_too_long", _held_facts)
    for name in of_nominator:
        registry.mails[f"nominations.{name}"] = _writer(name, _nominator_facts)
        if name != "bounced":  # they can do something about it
            registry.mail_groups[f"nominations.{name}"] = SUPPORT
    registry.mail_groups["nominations.reminder"] = REMINDERS
    for name in (*of_link, *of_nominee, *of_nominator, "held_too_long"):
        registry.mail_examples[f"nominations.{name}"] = partial(_example, name)
        registry.mail_names[f"nominations.{name}"] = NAMES[name]


def _example(name: str, language: str) -> Letter:
    """The letter about people who are invented; it opens no case."""
    now = clock.now()
    cycle = cycle_open_for_nominations() or Cycle(
        name=str(now.year), award_year=now.year, reminder_days=[5, 12, 18],
        dossiers_close_at=now + dt.timedelta(days=40), release_planned_at=now + dt.timedelta(days=90),
    )  # fmt: skip
    case = Nomination(
        cycle=cycle, area_name="Networking", nominee_name="Ilmārs Vītolbergs", country="LV",
        is_renewal=name in ("renewal", "retired"),
    )  # fmt: skip
    facts = _facts(case, nominator="Teodora Vukanović") | {
        "address": site_address("/style-guide/"),
        "until": moment_in_words(now + dt.timedelta(days=21), program().zone),
        "name": "Teodora Vukanović",
        "hours": links.CONFIRM_HOURS,
        "support": Support(name="Teodora Vukanović"),
        "reason": _("This is the reason, as the office writes it."),
        "day": 5,
        "logged": 14,
        "award_ends": day_in_words(clock.today() + dt.timedelta(days=90)),
        "award_is_over": False,
        "sent_at": moment_in_words(now - dt.timedelta(days=60), program().zone),
        "ends": day_in_words(clock.today() + dt.timedelta(days=7)),
    }
    return write_letter(f"nominations/{name}", facts, language=language)


def _writer(name: str, facts: Callable[[Facts], Facts]) -> Callable[[Facts, str], Letter]:
    def write(keys: Facts, language: str) -> Letter:
        return write_letter(f"nominations/{name}", facts(keys), language=language)

    return write


def _link(keys: Facts) -> tuple[AccessLink, Facts]:
    link = AccessLink.objects.select_related("nomination__cycle", "nomination__nominee", "support").get(
        key=keys["link"]
    )
    path = reverse(ADDRESSES[AccessLink.Purpose(link.purpose)], args=[links.token_of(link)])
    return link, {"address": site_address(path), "until": moment_in_words(link.ends_at, program().zone)}


def _draft_facts(keys: Facts) -> Facts:
    """What a nominator reads about what they typed."""
    link, facts = _link(keys)
    typed = link.nomination.draft.get("sent") or link.nomination.draft.get("answers") or {}
    return facts | {
        "name": typed.get("name", ""),
        "nominee": typed.get("nominee_name") or _("the person you are nominating"),
        "hours": links.CONFIRM_HOURS,
    }


def _held_facts(keys: Facts) -> Facts:
    """What a nominator reads about a nomination that the office has not looked at in time."""
    case = (
        Nomination.objects.filter(key=keys["nomination"], state=states.DRAFT).select_related("cycle").first()
    )
    if case is None or not case.draft.get("sent"):
        raise NothingToSay
    return _facts(case) | {
        "name": case.draft["sent"].get("name", ""),
        "sent_at": moment_in_words(dt.datetime.fromisoformat(case.draft["sent_at"]), program().zone),
        "ends": day_in_words(clock.today() + dt.timedelta(days=7)),
        "address": site_address(reverse("nominations:sent", args=[case.key])),
    }


def _case_facts_of_link(keys: Facts) -> Facts:
    link, facts = _link(keys)
    facts |= _facts(link.nomination) | {"support": link.support, "day": keys.get("day")}
    if link.nomination.is_renewal:
        facts["logged"] = last_year_of(link.nomination, at_most=0).number
    return facts


def _nominee_facts(keys: Facts) -> Facts:
    case = _case(keys)
    facts = _facts(case) | {"address": _status_address(case.key), "reason": reason_for_nominee(case)}
    return facts | _facts_of_award(award_of(case.nominee, case) if case.is_renewal and case.nominee else None)


def _facts_of_award(award: Award | None) -> Facts:
    """The last day of an award, and whether it is over."""
    if award is None or award.ends is None:
        return {"award_ends": "", "award_is_over": False}
    return {"award_ends": day_in_words(award.ends), "award_is_over": award.ends < clock.today()}


def _nominator_facts(keys: Facts) -> Facts:
    support = Support.objects.select_related("nomination").get(key=keys["support"])
    case = case_of(_case(keys))
    return _facts(case) | {"address": _status_address(support.nomination.key), "support": support}


def _case(keys: Facts) -> Nomination:
    return Nomination.objects.select_related("cycle", "nominee", "merged_into__cycle").get(
        key=keys["nomination"]
    )


def _status_address(key: str) -> str:
    return site_address(reverse("nomination", args=[key]))


def _facts(case: Nomination, *, nominator: str = "") -> Facts:
    house = program()
    person = case.nominee
    return {
        "case": case,
        "nominee": case.nominee_name or _("somebody whose data were erased"),
        "called": person.called if person and person.name == case.nominee_name else case.nominee_name,
        "nominator": nominator or nominator_in_words(case),
        "award": house.award_name,
        "office": house.office_email,
        "year": case.cycle.award_year,
        "reminders": ", ".join(str(day) for day in case.cycle.reminder_days),
        "dossiers_close": moment_in_words(case.cycle.dossiers_close_at, house.zone),
        "letters_day": moment_in_words(case.cycle.release_planned_at, house.zone),
    }


def nominator_in_words(case: Nomination) -> str:
    """Who nominated, as the nominee reads it; those who wish to stay unnamed are not named."""
    names = list(dict.fromkeys(support.name for support in nominators_of(case) if support.named))
    if not names:
        return _("Somebody who knows your work")
    if len(names) == 1:
        return names[0]
    return _("%(first)s and others") % {"first": names[0]}
