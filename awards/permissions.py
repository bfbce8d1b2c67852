"""What somebody may do with an award."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from awards.models import Award
from awards.queries import award_with_person


def get_award(user: Any, key: str, *, to: Callable[[Any, Award], bool]) -> Award:
    """One award of the record with its person's ``roster_awards``: 404 if there is none, 403 if they may not do it."""
    award = award_with_person(user, key)
    if award is None:
        raise Http404
    if not to(user, award):
        raise PermissionDenied
    return award


def can_take_papers(user: Any, award: Award) -> bool:
    """Certificates and letters are their holder's; others check them by their number."""
    return user is not None and user.pk is not None and award.person.user_id == user.pk
