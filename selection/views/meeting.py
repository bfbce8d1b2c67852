"""The order of a meeting, to be printed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter.models import Category
from people.queries import person_of
from selection.permissions import can_hold_meeting
from selection.queries import meeting, stages_visible_to
from selection.queries.kept import keeps, kept_sentence


@never_cache
@require_safe
def meeting_page(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """The cases of a category, those with the same people out of the room together."""
    stage = get_object_or_404(stages_visible_to(request.user), cycle__slug=cycle, number=number)
    group = get_object_or_404(Category, slug=category)
    if not can_hold_meeting(request.user, group):
        raise PermissionDenied
    if keeps(person_of(request.user), stage, group.pk):
        raise PermissionDenied(kept_sentence())
    return render(
        request, "selection/meeting.html", {"meeting": meeting.meeting_of(request.user, stage, group)}
    )
