"""The demo is loaded once for all tests of this folder, in a transaction that is rolled back behind the last."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from nominations.models import Nomination
from selection.models import Assignment, Candidacy, Review, Score
from tests.seeds.conftest import load


@pytest.fixture(scope="package")
def _demo_loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        _sweep()
    with django_db_blocker.unblock(), transaction.atomic():
        load(demo=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_demo_loaded: None, db: None) -> None:
    """The program, the cast and the cycles that they played through."""


def _sweep() -> None:
    """Else the planner counts on what a large test rolled back before, and reads its dead rows over and over."""
    tables = ", ".join(model._meta.db_table for model in (Nomination, Candidacy, Assignment, Review, Score))
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {tables}")
