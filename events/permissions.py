"""May this person? The same predicate shows a button and guards its view."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Role
from events.models import Registration, Summit
from events.queries import registration_at, summit_at


def can_set_up(user: Any) -> bool:
    """The office sets summits up."""
    return bool(user.is_authenticated and user.holds(Role.PROGRAM_OFFICE))


def can_host(user: Any) -> bool:
    """The office and hosts read who comes, and note who came."""
    return can_set_up(user) or bool(user.is_authenticated and user.holds(Role.EVENT_HOST))


def get_summit(user: Any, slug: str, *, to: Callable[[Any], bool] = lambda user: True) -> Summit:
    """The summit of an address: 403 to whom ``to`` does not let in, 404 if there is none."""
    if not to(user):
        raise PermissionDenied
    summit = summit_at(user, slug)
    if summit is None:
        raise Http404
    return summit


def get_registration(user: Any, key: str) -> Registration:
    """A registration for the office: 403 to others, whether there is one or not."""
    if not can_set_up(user):
        raise PermissionDenied
    registration = registration_at(user, key)
    if registration is None:
        raise Http404
    return registration
