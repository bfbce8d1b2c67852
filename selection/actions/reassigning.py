"""Open cases go from one reviewer to another, who is behind or away: the chair or the office says to whom, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import RuleBroken
from people.models import Person
from selection.actions.assignments import hand_over_assignment
from selection.actions.locks import hold_capacity, hold_stage
from selection.models import Candidacy


@dataclass(frozen=True)
class Reassigned:
    """How many cases have changed hands; and those that stay where they are, each with the rule in its way."""

    number: int
    stay: list[tuple[Candidacy, str]]


@transaction.atomic
def reassign_cases(
    candidacies: Sequence[Candidacy], *, reviewer: Person, to: Person, by: User, reason: str
) -> Reassigned:
    """Give open tasks of ``reviewer`` to somebody else, as many as the rules allow: ties, employers, capacity.

    Where none can go, RuleBroken says what stands in the way of the first.
    """
    if not candidacies:
        raise RuleBroken(_("Select the cases to hand over."))
    if reviewer == to:
        raise RuleBroken(_("%(name)s has these cases already. Choose somebody else.") % {"name": to.name})
    if not reason.strip():
        raise RuleBroken(_("Say why the cases change hands. It stands in the history."))
    # Before the first case, as what an inner transaction locked is free again once it is undone.
    hold_capacity(hold_stage(candidacies[0].stage_id), to)
    stay: list[tuple[Candidacy, str]] = []
    for one in sorted(candidacies, key=lambda one: one.pk):
        try:
            with transaction.atomic():
                hand_over_assignment(one, reviewer=reviewer, to=to, by=by, reason=reason)
        except RuleBroken as broken:
            stay.append((one, broken.sentence))
    if len(stay) == len(candidacies):
        raise RuleBroken(stay[0][1])
    return Reassigned(len(candidacies) - len(stay), stay)
