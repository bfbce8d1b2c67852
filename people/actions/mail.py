"""How somebody wants their mail."""

from collections.abc import Mapping

from django.db import transaction

from common import clock, delivery, history
from common.actor import Actor
from common.mail_groups import DAILY, DIGEST, GROUPS, OFF
from people.actions.mirroring import locked
from people.models import MailChoice, Person
from people.queries import reader_of


@transaction.atomic
def choose_mail(person: Person, choices: Mapping[str, str], *, by: Actor | None) -> Person:
    """Write how a person wants groups of mail; what waits for them follows."""
    person = locked(person)
    changed = []
    before = reader_of(person)
    for group, when in choices.items():
        if before.wants(GROUPS[group]) == when or when not in GROUPS[group].choices:
            continue
        MailChoice.objects.update_or_create(
            person=person, group=group, defaults={"when": when, "chosen_at": clock.now()}
        )
        delivery.follow_choice(person.key, group, when)
        changed.append(f"{group}={when}")
    if changed:
        history.record("person", person.key, "choose_mail", by=by, codes={"changed": changed})
    return person


@transaction.atomic
def stop_mail(person: Person, group: str) -> Person:
    """One click in a mail: no more of its group. Of the mail of the day: of every group in it that may stop."""
    if group != DIGEST:
        return choose_mail(person, {group: OFF}, by=None)
    reader = reader_of(person)
    stopped = {one.key: OFF for one in GROUPS.values() if one.may_stop and reader.wants(one) == DAILY}
    return choose_mail(person, stopped, by=None)
