"""Reviewers are reminded of what waits for them, by day: by the office, each once a day at most, and by the schedule of
the stage, each once for each of its days."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history, locks, outbox
from common.bounces import bouncing_among
from common.errors import Outdated, RuleBroken
from people.models import Person
from selection import states
from selection.actions.locks import acting_person, lock_stage, moment
from selection.emails import addresses_of
from selection.models import Stage
from selection.queries.behind import (
    BETWEEN,
    REMINDER,
    last_reminders,
    reviewers_left_since,
    reviewers_to_remind,
)


@dataclass(frozen=True)
class Reminded:
    """How many get a reminder, had one within the last day, or have no address that takes mail."""

    number: int
    lately: int
    unreachable: int


@transaction.atomic
def remind_reviewers(stage: Stage, people: Iterable[str], *, by: User) -> Reminded:
    """Mail a reminder to these reviewers of a running stage, by their keys. The letter counts when it is sent.

    Who has nothing left to do as far as ``by`` may know is passed over in silence. A reminder that only a hidden case
    explains holds nothing up, as the refusal would tell of it. Two of the office who press at
    once remind once.
    """
    acting_person(by)
    locks.hold("reminders")
    stage = lock_stage(stage)
    _refuse_unless_taking(stage)
    asked = list(people)
    if not asked:
        raise RuleBroken(_("Select the reviewers to remind."))
    found = reviewers_to_remind(by, stage, asked)
    last, now = last_reminders(by, (person.key for person in found)), clock.now()
    due = [person for person in found if person.key not in last or last[person.key] <= now - BETWEEN]
    addresses = addresses_of(person.pk for person in due)
    bouncing = bouncing_among(addresses.values())
    reached = [
        person
        for person in due
        if not person.deceased and person.pk in addresses and addresses[person.pk].lower() not in bouncing
    ]
    if not reached:
        _refuse(found, due)
    outbox.post_many(
        _post(stage, person, addresses[person.pk], clock.now().isoformat()) for person in reached
    )
    history.record_many(
        history.Event("reminder", person.key, "remind", by, codes={"stage": stage.key}) for person in reached
    )
    return Reminded(len(reached), len(found) - len(due), len(due) - len(reached))


def send_due_reminders() -> int:
    """Mail what is due by the schedules of the stages that run; return how many mails. Safe to run twice.

    Where the worker stood still over several of its days, only the latest one goes out.
    """
    stages = Stage.objects.filter(state=states.STAGE_OPEN).exclude(reminder_days=[]).select_related("cycle")
    return sum(_remind_by_schedule(stage) for stage in stages if stage.is_running())


@transaction.atomic
def _remind_by_schedule(stage: Stage) -> int:
    """Whoever has had a case since before the moment and has not finished it, unless a reminder of this stage reached
    them within a day before, or after it. Everybody alike: a case that is hidden from somebody of the office adds
    nobody who is not hidden along with it (``behind.reminder_explained_to``)."""
    past = [(days, at) for days, at in stage.reminders() if at <= clock.now()]
    if not past:
        return 0
    days, at = past[-1]
    locks.hold("reminders")
    left = reviewers_left_since(stage, at)
    addresses = addresses_of(person.pk for person in left)
    bouncing = bouncing_among(addresses.values())
    reached = [one for one in left if addresses.get(one.pk, "").lower() not in {"", *bouncing}]
    cause = f"{stage.closes_at:%Y-%m-%d}:{days}"
    outbox.post_many(
        _post(stage, person, addresses[person.pk], cause, moment=at.isoformat()) for person in reached
    )
    codes = {"stage": stage.key, "days": days, "moment": at.isoformat()}
    history.record_many(history.Event("reminder", one.key, "remind", None, codes=codes) for one in reached)
    return len(reached)


def _refuse_unless_taking(stage: Stage) -> None:
    if stage.state != states.STAGE_OPEN:
        raise Outdated(_("%(stage)s is not open.") % {"stage": stage.internal_name})
    if not stage.is_running():
        words = {"stage": stage.internal_name, "when": moment(stage.closes_at)}
        raise RuleBroken(_("%(stage)s took reviews until %(when)s. Set a later closing date first.") % words)


def _refuse(found: list[Person], due: list[Person]) -> None:
    if not found:
        raise RuleBroken(_("None of these reviewers has anything left to do."))
    if not due:
        raise RuleBroken(_("All of these were reminded within the last day."))
    raise RuleBroken(_("None of these can be written to: they have no address that takes mail."))


def _post(stage: Stage, person: Person, to: str, cause: str, **keys: str) -> outbox.Post:
    return outbox.Post(
        REMINDER,
        to=to,
        cause=f"{REMINDER}:{stage.key}:{person.key}:{cause}",
        keys={"stage": stage.key, "person": person.key, **keys},
        language=person.mail_language,
        person_key=person.key,
        by_day=True,
    )
