"""In which language and whose time the program speaks to somebody."""

from django.db import transaction

from common import history
from common.actor import Actor
from people.actions.mirroring import locked
from people.models import Person


@transaction.atomic
def change_settings(person: Person, *, language: str, zone: str, by: Actor | None) -> Person:
    """The language of pages and mail, and the time zone of mail (empty: the program's)."""
    row = locked(person)
    changed = {
        name: value
        for name, value in (("mail_language", language), ("zone", zone))
        if getattr(row, name) != value
    }
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
        history.record("person", row.key, "change_settings", by=by, codes=changed)
    return row
