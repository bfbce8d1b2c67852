"""The seeds are loaded once a module, in a transaction that is rolled back behind its last test."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from mvp_program.seeding.loading import load_seeds
from mvp_program.seeding.putting import Tally


def load(*, demo: bool = False) -> Tally:
    return load_seeds(demo=demo, say=lambda title, tally: None)


@pytest.fixture(scope="module")
def _program_loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def program(_program_loaded: None, db: None) -> None:
    """The program without people."""
