"""Ties that somebody declares, and suggested ones that a chair judges. The system finds its own in
``nominations.conflicts`` and ``nominations.suggestions``."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, history, registry
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import conflicts, suggestions
from nominations.models import Conflict, Nomination
from people.models import Person


@transaction.atomic
def declare_conflict(nomination: Nomination, person: Person, *, kind: str, by: Actor | None) -> Conflict:
    """Bar ``person`` from a case by their own word. A tie of that kind which was found already stays, as declared,
    so that no later computation takes it away. Rows that were joined with the case are barred with it."""
    if kind not in Conflict.Kind.values:
        raise RuleBroken(_("Say what the tie is."))
    conflict, _made = Conflict.objects.update_or_create(
        nomination=nomination,
        person=person,
        kind=kind,
        defaults={
            "strength": Conflict.Strength.HARD,
            "source": Conflict.Source.DECLARED,
            "dismissed_at": None,
            "ended_at": None,
        },
    )
    if Nomination.objects.filter(merged_into=nomination).exists():
        conflicts.recompute([nomination.pk])
    _record(conflict, "declare_conflict", by=by)
    registry.call(registry.on_ties_found, [nomination.pk])
    return conflict


@transaction.atomic
def confirm_conflict(conflict: Conflict, *, by: Actor | None) -> Conflict:
    """A suggested tie is one: the case is gone for this person."""
    conflict = _suggested(conflict)
    conflict.strength, conflict.source = Conflict.Strength.HARD, Conflict.Source.CHAIR
    conflict.save(update_fields=["strength", "source"])
    _record(conflict, "confirm_conflict", by=by)
    registry.call(registry.on_ties_found, [conflict.nomination_id])
    return conflict


@transaction.atomic
def dismiss_conflict(conflict: Conflict, *, by: Actor | None) -> Conflict:
    """A suggested tie is none; it is not suggested again."""
    conflict = _suggested(conflict)
    conflict.dismissed_at = clock.now()
    conflict.save(update_fields=["dismissed_at"])
    _record(conflict, "dismiss_conflict", by=by)
    return conflict


@transaction.atomic
def lift_conflict(conflict: Conflict, *, by: Actor | None, reason: str) -> None:
    """A tie whose cause is gone bars no more, with a reason that is kept. Should the cause come back, so does the tie."""
    if not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case."))
    held = (
        Conflict.objects.select_for_update(of=("self",))
        .select_related("nomination", "person")
        .filter(pk=conflict.pk)
        .first()
    )
    if held is None or held.ended_at is None:
        raise Outdated(_("Somebody has judged this tie already."))
    _record(held, "lift_conflict", by=by, text=reason.strip())
    held.delete()
    registry.call(registry.on_ties_found, [held.nomination_id])


def suggest_conflicts(
    cases: Iterable[int], wanted: set[tuple[int, int, str]], *, kinds: Iterable[str]
) -> None:
    """For rooms above that know of ties: ``wanted`` (case, person, kind) among these cases and kinds, and no others."""
    suggestions.suggest_ties(cases, wanted, kinds=kinds)


def _suggested(conflict: Conflict) -> Conflict:
    """The row, locked, as long as nobody has judged it."""
    conflict = (
        Conflict.objects.select_for_update(of=("self",))
        .select_related("nomination", "person")
        .filter(pk=conflict.pk)
        .first()
    ) or conflict
    if conflict.strength != Conflict.Strength.SUGGESTED or conflict.dismissed_at is not None:
        raise Outdated(_("Somebody has judged this tie already."))
    return conflict


def _record(conflict: Conflict, verb: str, *, by: Actor | None, text: str = "") -> None:
    codes = {"person": conflict.person.key, "tie": conflict.kind}
    history.record("conflict", conflict.nomination.key, verb, by=by, codes=codes, text=text)
