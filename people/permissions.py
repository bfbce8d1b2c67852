"""What somebody may do with a person's row."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from people.models import Person
from people.queries import people_visible_to


def get_person(user: Any, slug: str, *, to: Callable[[Any, Person], bool]) -> Person:
    """The person at an address: 404 if it is not theirs to see here, 403 if they may see but not do it."""
    person = people_visible_to(user).filter(slug=slug).first()
    if person is None:
        raise Http404
    if not to(user, person):
        raise PermissionDenied
    return person


def can_edit_profile(user: Any, person: Person) -> bool:
    """Everybody edits their own profile; the office corrects one in the admin, where history says so."""
    return user is not None and user.pk is not None and person.user_id == user.pk and person.erased_at is None
