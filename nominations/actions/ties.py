"""Ties that somebody declares. Those that the system finds are in ``nominations.conflicts``."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.actor import Actor
from common.errors import RuleBroken
from nominations import conflicts
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
        defaults={"strength": Conflict.Strength.HARD, "source": Conflict.Source.DECLARED},
    )
    if Nomination.objects.filter(merged_into=nomination).exists():
        conflicts.recompute([nomination.pk])
    codes = {"person": person.key, "tie": kind}
    history.record("conflict", nomination.key, "declare_conflict", by=by, codes=codes)
    return conflict
