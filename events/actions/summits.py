"""The office sets summits up, changes them, and calls one off."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charter.models import Region
from common import clock, history, markdown, outbox
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from events import states
from events.actions.keeping import forget_reminders, go_on_with_line
from events.actions.line import blank_details, fill_places, locked, move_many, tell
from events.models import Summit
from events.queries import held_at, line_of, when_and_where


@transaction.atomic
def set_up_summit(*, by: Actor, regions: Iterable[Region] = (), **values: Any) -> Summit:
    """A new summit."""
    summit = Summit.objects.create(**values, agenda_html=markdown.render(values.get("agenda", "")))
    summit.regions.set(regions)
    history.record("summit", summit.slug, "set_up_summit", by=by)
    return summit


@transaction.atomic
def change_summit(
    summit: Summit,
    *,
    by: Actor,
    values: Mapping[str, Any],
    shown: int,
    regions: Iterable[Region] = (),
) -> Summit:
    """Change a summit. More places go to the line at once; those that are taken cannot be taken away. Where its days, hours
    or place move, everybody with a place or in line gets one mail; so does who was told that there is no place, where the
    line goes on.

    ``shown``: the revision that the editor began from. Raises ``Outdated`` where somebody else changed it in between.
    """
    summit = locked(summit)
    _refuse_called_off(summit)
    if summit.revision != shown:
        raise Outdated(_("Somebody else changed this summit while you were writing."))
    taken = line_of(summit).taken
    if values["capacity"] < taken:
        raise RuleBroken(
            _("%(taken)s places are taken; cancel registrations first to have fewer.") % {"taken": taken}
        )
    changed = [name for name, value in values.items() if getattr(summit, name) != value]
    was, line_was_over = when_and_where(summit), clock.now() > summit.line_ends
    for name in changed:
        setattr(summit, name, values[name])
    if set(summit.regions.all()) != set(regions):
        summit.regions.set(regions)
        changed.append("regions")
    if changed:
        summit.agenda_html = markdown.render(summit.agenda)
        summit.revision += 1
        fields = [name for name in changed if name != "regions"]
        summit.save(update_fields=[*fields, "agenda_html", "revision"])
        codes = {
            "fields": sorted(changed),
            "was": {name: was[name] for name in sorted(changed) if name in was},
        }
        history.record("summit", summit.slug, "change_summit", by=by, codes=codes)
    if was["starts"] < summit.starts.isoformat():
        forget_reminders(summit)
    moved: dict[str, dict[str, str]] = {}
    if was != when_and_where(summit) and clock.now() < summit.finishes:
        moved = _tell_moved(summit, was)
    if line_was_over and clock.now() <= summit.line_ends:
        go_on_with_line(summit, moved=moved)
    tell("events.place_freed", fill_places(summit, by=None))
    return summit


def _tell_moved(summit: Summit, was: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """One mail to everybody with a place or in line, from ``was`` to what is true when it is sent. Where the one about an
    earlier change still waits, it says all: it began with what people knew. Returns what each begins from, by the
    registration's key."""
    rows = held_at(summit)
    waiting = outbox.still_waiting("events.moved", about="registration", keys=[row.key for row in rows])
    told = {(keys["registration"], keys["number"]): {name: keys[name] for name in was} for keys in waiting}
    untold = [row for row in rows if (row.key, row.number) not in told]
    begins = {row.key: told.get((row.key, row.number), dict(was)) for row in rows}
    tell("events.moved", untold, cause=lambda row: f":{summit.revision}", own=begins)
    return begins


@transaction.atomic
def call_off_summit(summit: Summit, *, by: Actor, reason: str) -> int:
    """The summit does not take place, for good: its page says why, everybody with a place or in line gets one mail, what
    they said is erased. Letters about it are void from now on (``queries.summit_of_letter``). Returns to how many people it was told."""
    summit = locked(summit)
    _refuse_called_off(summit)
    if not reason.strip():
        raise RuleBroken(_("Say why it is called off: everybody who registered reads it."))
    if clock.now() >= summit.finishes:
        raise RuleBroken(_("The summit is over."))
    summit.called_off_at, summit.called_off_because = clock.now(), reason.strip()
    summit.revision += 1
    summit.save(update_fields=["called_off_at", "called_off_because", "revision"])
    history.record("summit", summit.slug, "call_off_summit", by=by, text=summit.called_off_because)
    rows = held_at(summit)
    for row in rows:
        for name, value in blank_details().items():
            setattr(row, name, value)
        row.cancelled_at = summit.called_off_at
    move_many(
        rows, states.CANCELLED, verb="cancel_registration", by=by, fields=(*blank_details(), "cancelled_at")
    )
    tell("events.called_off", rows)
    return len(rows)


def _refuse_called_off(summit: Summit) -> None:
    if summit.called_off_at is not None:
        raise Outdated(_("The summit was called off."))
