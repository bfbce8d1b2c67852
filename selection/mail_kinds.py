"""The kinds of letters of the selection: how each is written, to which group it belongs, and an invented example for the
office, which opens no case."""

import datetime as dt
from functools import partial

from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from charter.queries import program
from common import clock, mail_groups, outbox, registry
from common.letters import site_address, write_letter
from nominations.models import Nomination, Support
from people.models import Person
from selection import states
from selection.emails import (
    KINDS,
    Facts,
    outcome_letter,
    supporter_letter,
    write_outcome,
    write_to_supporter,
)
from selection.models import Decision, Release, Stage, ToldDate
from selection.notice_emails import (
    DELAYED,
    DELAYED_FOR_SUPPORTER,
    HISTORY_HEAD,
    OWN_YEAR,
    TASKS,
    delay_letter,
    history_letter,
    own_year_letter,
    reminder_letter,
    tasks_letter,
    write_delay,
    write_reminder,
)
from selection.queries.behind import REMINDER
from selection.queries.releases import SUPPORTER

NAMES = {
    KINDS[states.AWARD]: _("Outcome: the award"),
    KINDS[states.RESERVE]: _("Outcome: on the reserve"),
    KINDS[states.NOT_THIS_TIME]: _("Outcome: not this time"),
    KINDS[states.INELIGIBLE]: _("Outcome: ineligible"),
    KINDS[states.CARRY_OVER]: _("Outcome: carried over"),
    SUPPORTER: _("Outcome, to nominators and endorsers"),
    OWN_YEAR: _("Thanks to reviewers for their year"),
    DELAYED: _("A date has slipped"),
    DELAYED_FOR_SUPPORTER: _("A date has slipped, to nominators and endorsers"),
    HISTORY_HEAD: _("Head of the history, to auditors"),
    TASKS: _("Cases to review"),
    REMINDER: _("Reminder of cases to review"),
}


def register() -> None:
    """Tell the worker how these letters are written, to which group they belong, and how the office sees them."""
    registry.mail_names.update(NAMES)
    for outcome, kind in KINDS.items():
        registry.mails[kind] = outcome_letter
        registry.mail_groups[kind] = mail_groups.OUTCOMES
        registry.mail_examples[kind] = partial(_example_of_outcome, outcome)
    registry.mails[SUPPORTER] = supporter_letter
    registry.mail_groups[SUPPORTER] = mail_groups.OUTCOMES
    registry.mail_examples[SUPPORTER] = _example_to_supporter
    registry.mails[OWN_YEAR] = own_year_letter
    registry.mail_groups[OWN_YEAR] = mail_groups.NEWS
    registry.mail_examples[OWN_YEAR] = _example_of_year
    registry.mails[DELAYED] = registry.mails[DELAYED_FOR_SUPPORTER] = delay_letter
    registry.mail_groups[DELAYED] = mail_groups.DELAYS
    registry.mail_groups[DELAYED_FOR_SUPPORTER] = mail_groups.SUPPORT
    registry.mail_examples[DELAYED] = partial(_example_of_delay, None)
    registry.mail_examples[DELAYED_FOR_SUPPORTER] = partial(_example_of_delay, "Teodora Vukanović")
    registry.mails[HISTORY_HEAD] = history_letter
    registry.mail_examples[HISTORY_HEAD] = _example_of_head
    registry.mails[TASKS] = tasks_letter
    registry.mail_groups[TASKS] = mail_groups.REVIEWING
    registry.mail_examples[TASKS] = _example_of_tasks
    registry.mails[REMINDER] = reminder_letter
    registry.mail_groups[REMINDER] = mail_groups.REVIEWING
    registry.mail_examples[REMINDER] = _example_of_reminder


def _invented_facts(outcome: str) -> Facts:
    now = clock.now()
    cycle = Cycle(name=f"{now.year} cycle", award_year=now.year, term_starts=clock.today())
    nominee = Person(name="Ilmārs Vītolbergs", short_name="Ilmārs")
    case = Nomination(
        cycle=cycle, area_name="Networking", nominee_name=nominee.name, nominator_may_learn_outcome=True
    )
    return Facts(
        decision=Decision(outcome=outcome),
        case=case,
        cycle=cycle,
        program=program(),
        nominee=nominee,
        link=site_address("/style-guide/"),
        award_link=site_address("/style-guide/"),
        starts=clock.today(),
        ends=clock.today() + dt.timedelta(days=364),
        reason="",
        second_look_until=now + dt.timedelta(days=30),
        decline_until=now + dt.timedelta(days=30),
        next_opens_at=now + dt.timedelta(days=200),
        is_first_no=True,
    )


def _example_of_outcome(outcome: str, language: str) -> outbox.Letter:
    return write_outcome(_invented_facts(outcome), language)


def _example_to_supporter(language: str) -> outbox.Letter:
    support = Support(name="Teodora Vukanović", nomination=Nomination())
    return write_to_supporter(_invented_facts(states.AWARD), support, language)


def _example_of_year(language: str) -> outbox.Letter:
    facts = {
        "cycle": Cycle(name="2005 cycle", award_year=2005),
        "person": Person(name="Aroha Ngata"),
        "link": site_address("/review/"),
    }
    return write_letter("selection/own_year", facts, language=language)


def _example_of_delay(supporter: str | None, language: str) -> outbox.Letter:
    now = clock.now()
    cycle = Cycle(name="2005 cycle", award_year=2005)
    stage = Stage(cycle=cycle, public_name="Technology review")
    rows = [
        ToldDate(cycle=cycle, stage=stage, was_at=now, at=now + dt.timedelta(days=7)),
        ToldDate(cycle=cycle, was_at=now + dt.timedelta(days=30), at=now + dt.timedelta(days=37)),
    ]
    nominee = Person(name="Ilmārs Vītolbergs", short_name="Ilmārs")
    case = Nomination(cycle=cycle, area_name="Networking", nominee=nominee, nominee_name=nominee.name)
    support = Support(name=supporter) if supporter else None
    return write_delay(case, support, rows, site_address("/style-guide/"), language)


def _example_of_head(language: str) -> outbox.Letter:
    release = Release(cycle=Cycle(name="2005 cycle", award_year=2005), released_at=clock.now())
    facts = {
        "release": release,
        "person": Person(name="Ioanna Kallergi"),
        "head": "5e1f" * 16,
        "zone": program().zone,
    }
    return write_letter("selection/history_head", facts, language=language)


def _example_of_tasks(language: str) -> outbox.Letter:
    stage = Stage(internal_name="Technology review", closes_at=clock.now() + dt.timedelta(days=20))
    given = {
        "stage": stage,
        "person": Person(name="Aroha Ngata"),
        "waiting": 12,
        "zone": program().zone,
        "link": site_address("/review/"),
        "capacity_link": site_address("/review/capacity/"),
    }
    return write_letter("selection/tasks", given, language=language)


def _example_of_reminder(language: str) -> outbox.Letter:
    stage = Stage(internal_name="Technology review", closes_at=clock.now() + dt.timedelta(days=6))
    return write_reminder(stage, Person(name="Aroha Ngata"), 21, language)
