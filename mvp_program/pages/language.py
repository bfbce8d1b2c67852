"""``/language/``: the choice at the foot of each page. A POST; the language itself stands in no address."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from people.actions import change_settings
from people.queries import person_of


@login_not_required
@csrf_exempt  # a token in the foot of every page would make each copy of a page another one; its origin is asked instead
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and with who is signed in; go back to the page where it was chosen."""
    chosen = request.POST.get("language", "")
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    if not is_ours or not _is_from_here(request):
        raise PermissionDenied
    answer = redirect(came_from)
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        if (person := person_of(request.user)) is not None and person.user is not None:
            change_settings(person, language=chosen, zone=person.zone, by=person.user)
    return answer


def _is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
