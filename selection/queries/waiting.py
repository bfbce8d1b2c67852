"""How much waits for somebody who reviews, for their own page."""

from typing import Any

from django.db.models import Count

from people.queries import person_of
from selection import states
from selection.models import Stage
from selection.queries.cases import assignments_visible_to


def open_tasks_of(user: Any) -> list[tuple[Stage, int]]:
    """Running stages with the number of one's tasks that are still to do, the first to close first."""
    person = person_of(user)
    if person is None or not user.grants_today:
        return []
    counts = dict(
        assignments_visible_to(user)
        .filter(reviewer=person, state=states.ASSIGNED, candidacy__stage__state=states.STAGE_OPEN)
        .order_by()
        .values_list("candidacy__stage")
        .annotate(number=Count("pk"))
    )
    stages = Stage.objects.filter(pk__in=list(counts)).order_by("closes_at")
    return [(stage, counts[stage.pk]) for stage in stages]
