"""What the status page of a case knows, and for whom."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from charter.models import Cycle
from nominations import states
from nominations.models import Nomination, Support
from nominations.queries import NOMINEE, OFFICE
from selection import states as selection_states
from selection.models import Stage

ANNOUNCED = (*states.OUTCOMES, states.SECOND_LOOK, states.AWARD_DECLINED)

ENDED = (states.WITHDRAWN, states.DECLINED, states.EXPIRED, states.INELIGIBLE)


@dataclass
class Status:
    """What the page says. ``told``: this reader may know the outcome; ``first_told``: see ``selection.queries``;
    ``cycle``: whose dates hold, of a case carried over the later one."""

    nomination: Nomination
    case: Nomination
    relations: set[str]
    support: Support | None
    state: str
    stages: list[Stage]
    decision: Any  # see released_decision_of
    told: bool
    first_told: dict[int | None, dt.datetime] = field(default_factory=dict)
    cycle: Cycle = field(default_factory=Cycle)
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_nominee(self) -> bool:
        return NOMINEE in self.relations

    @property
    def is_inside(self) -> bool:
        """The nominee and the office read why a case ended; others only that it does not go on."""
        return bool(self.relations & {NOMINEE, OFFICE})

    @property
    def is_announced(self) -> bool:
        """The selection is over for this case. Ineligible may be the office's word before any release."""
        return self.state in ANNOUNCED and not (self.state == states.INELIGIBLE and self.decision is None)

    @property
    def name(self) -> str:
        return self.case.nominee_name or _("The nominee")


def is_retired(status: Status) -> bool:
    """A holder ends a renewal by retiring; nobody nominated them who could be refused."""
    return status.case.is_renewal and status.state == states.DECLINED


def is_carried(status: Status) -> bool:
    return (
        status.state == states.IN_REVIEW
        and status.decision is not None
        and status.decision.outcome == selection_states.CARRY_OVER
    )


PILLS = {
    states.INVITED: "info",
    states.ACCEPTED: "info",
    states.COMPLETE: "info",
    states.IN_REVIEW: "info",
    states.AWARDED: "good",
    states.SECOND_LOOK: "info",
}


def pill(status: Status) -> tuple[str, str]:
    """The state in one or two words, and its kind."""
    if status.is_announced and not status.told:
        return _("Decided"), ""
    if status.state in ENDED and not status.is_announced and not status.is_inside:
        return _("Ended"), ""
    if is_retired(status):
        return _("Retired"), ""
    return str(Nomination.State(status.state).label), PILLS.get(status.state, "")
