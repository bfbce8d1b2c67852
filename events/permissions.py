"""May this person? The same predicate shows a button and guards its view."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Role
from common import clock
from events import states
from events.models import Registration, Summit
from events.queries import award_that_invites, registration_at, summit_at


def can_set_up(user: Any) -> bool:
    """The office sets summits up."""
    return bool(user.is_authenticated and user.holds(Role.PROGRAM_OFFICE))


def can_host(user: Any) -> bool:
    """The office and hosts read who comes, and note who came."""
    return can_set_up(user) or bool(user.is_authenticated and user.holds(Role.EVENT_HOST))


def can_register(user: Any, summit: Summit) -> bool:
    """Who holds an award in force that opens the summit."""
    return award_that_invites(user, summit) is not None


def can_edit(user: Any, registration: Registration) -> bool:
    """Everybody's registration is their own."""
    return bool(user.is_authenticated and registration.person.user_id == user.pk)


def can_cancel(user: Any, registration: Registration) -> bool:
    """Who is registered or in line, until the summit begins; the office for them, with a reason."""
    return registration.state in states.HELD and clock.now() < registration.summit.begins


def get_summit(user: Any, slug: str, *, to: Callable[[Any], bool] = lambda user: True) -> Summit:
    """The summit of an address: 403 to whom ``to`` does not let in, 404 if there is none."""
    if not to(user):
        raise PermissionDenied
    summit = summit_at(user, slug)
    if summit is None:
        raise Http404
    return summit


def get_registration(user: Any, key: str) -> Registration:
    """A registration for those who run the summit: 403 to others, whether there is one or not."""
    if not can_host(user):
        raise PermissionDenied
    registration = registration_at(user, key)
    if registration is None:
        raise Http404
    return registration
