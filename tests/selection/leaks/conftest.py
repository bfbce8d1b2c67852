"""What the searches for leaks share."""

import functools
from collections.abc import Callable

import pytest
from django.test import Client

from people.models import Person
from tests.world import World


@pytest.fixture
def client_of(world: World, sign_in: Callable[[Person | None], Client]) -> Callable[[str], Client]:
    """``client_of("office")`` is signed in as that role of the world, the same client each time."""
    return functools.cache(lambda role: sign_in(world.people[role]))
