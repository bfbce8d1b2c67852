"""What parties to a case may know of the selection: the dates of its stages, and what was released.

Nothing else. A pending decision, a failed screen, a count of reviews change no row that is read here, so the
status page is the same whatever the selection holds.
"""

from charter.models import Cycle
from nominations.models import Nomination
from selection.models import Decision, Stage


def stages_of(cycle: Cycle) -> list[Stage]:
    """The stages of a cycle in their order, the same for all its cases."""
    return list(Stage.objects.filter(cycle=cycle).order_by("number"))


def released_decision_of(nomination: Nomination) -> Decision | None:
    """The latest outcome of a case that was released; its visibility hangs on ``released_at`` alone."""
    return (
        Decision.objects.filter(candidacy__nomination=nomination, release__released_at__isnull=False)
        .select_related("candidacy__stage__cycle", "candidacy__nomination__nominee", "release", "award")
        .order_by("-release__released_at", "-pk")
        .first()
    )
