"""Who asks, and what a page says when a rule stands in the way."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from common.errors import RuleBroken


def refused(request: HttpRequest, broken: RuleBroken, page: Callable[[], HttpResponse]) -> HttpResponse:
    """``page`` as it stands now, the sentence above it, 409 or 422."""
    messages.error(request, broken.sentence)
    response = page()
    response.status_code = broken.status
    return response


def acting_user(request: HttpRequest) -> User:
    """The user who acts; sign-in is required everywhere here, so this only tells the types."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
