"""All that is held on somebody, for themselves. Asked for on a page, made by the worker, gone after a week."""

import datetime as dt

from django.db import transaction

from common import clock, history, jobs, outbox
from common.actor import Actor
from people.actions.mirroring import locked
from people.models import DataExport, Person
from people.packing import pack
from people.queries import confirmed_address_of, export_of

KEPT = dt.timedelta(days=7)
FRESH = dt.timedelta(hours=1)  # who asks again sooner gets the same


@transaction.atomic
def ask_for_export(person: Person, *, by: Actor) -> DataExport:
    """Let the worker make an export; one that was asked for within the hour is the answer to both."""
    person = locked(person)
    known = export_of(person)
    if known is not None and known.asked_at > clock.now() - FRESH:
        return known
    person.exports.all().delete()
    export = DataExport.objects.create(person=person, asked_at=clock.now())
    history.record("person", person.key, "ask_for_export", by=by)
    jobs.defer("people.make_export", key=export.key)
    return export


@transaction.atomic
def make_export(key: str) -> None:
    """Fill an export and mail its owner. Twice is once."""
    export = DataExport.objects.select_for_update(of=("self",)).select_related("person__user").filter(key=key)
    row = export.first()
    if row is None or row.made_at is not None:
        return
    row.content, row.made_at = pack(row.person), clock.now()
    row.ends_at = row.made_at + KEPT
    row.save(update_fields=["content", "made_at", "ends_at"])
    if email := confirmed_address_of(row.person):
        outbox.post(
            "people.export_ready",
            to=email,
            cause=f"export/{row.key}",
            keys={"person": row.person.key},
            language=row.person.mail_language,
            person_key=row.person.key,
        )


def forget_exports() -> int:
    """Delete what has ended, and what was asked for and never made. Returns how many."""
    now = clock.now()
    ended = DataExport.objects.filter(ends_at__lte=now)
    lost = DataExport.objects.filter(made_at=None, asked_at__lt=now - KEPT)
    return (ended | lost).delete()[0]
