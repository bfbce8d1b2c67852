"""What happens to a log."""

from typing import Any

from django.db import transaction

from common import history
from common.actor import Actor
from contributions.models import Contribution
from people.models import Person


@transaction.atomic
def log_contribution(person: Person, *, by: Actor | None, **facts: Any) -> Contribution:
    """Add one activity. The same activity sent twice in a row (type, title, link and day) is one."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    same = {name: facts.get(name) or "" for name in ("title", "url")}
    again = Contribution.objects.filter(
        person=person, type=facts["type"], starts=facts["starts"], **same
    ).first()
    if again is not None:
        return again
    contribution = Contribution.objects.create(person=person, **facts)
    history.record("contribution", contribution.key, "log_contribution", by=by)
    return contribution


@transaction.atomic
def change_contribution(contribution: Contribution, *, by: Actor | None, **facts: Any) -> Contribution:
    """Set facts right. Dossiers that are complete keep their frozen copies."""
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    history.record("contribution", row.key, "change_contribution", by=by)
    return row


@transaction.atomic
def delete_contribution(contribution: Contribution, *, by: Actor | None) -> None:
    """Take an activity out of the log; frozen copies in complete dossiers stay."""
    key = contribution.key
    contribution.delete()
    history.record("contribution", key, "delete_contribution", by=by)
