"""``/me/erase/``: what goes, what becomes a shell and what stays, before anything is erased."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from awards.queries import awards_of
from contributions.queries import contributions_of
from nominations import states
from nominations.queries import own_cases
from people.queries import person_of


@require_safe
@never_cache
def erasing(request: SignedInRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        raise Http404
    cases = [row for row in own_cases(person) if row.nominee_id == person.pk]
    context = {
        "person": person,
        "awards": awards_of(person),
        "entries": contributions_of(person).count(),
        "cases": cases,
        "in_progress": [case for case in cases if case.state in states.OPEN],
        "roles": request.user.grants_today,
    }
    return render(request, "me/erasing.html", context)
