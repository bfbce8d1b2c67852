"""Two addresses for machines."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from charter.zone import forget_zone
from common import clock, jobs
from mvp_program.pages import health


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """One that has kept nothing yet."""
    forget_zone()


def test_the_process_answers_without_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.as_app
def test_ready_when_database_and_queue_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "queue": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_not_ready_when_a_job_is_late(client: Client, minutes: int, status: int) -> None:
    jobs.defer("nominations.lapse", run_at=clock.now() - dt.timedelta(minutes=minutes))
    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_ready_while_a_job_without_a_date_is_fresh(client: Client) -> None:
    jobs.defer("nominations.lapse")
    assert client.get("/readyz").status_code == 200


def test_not_ready_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise DatabaseError

    monkeypatch.setattr(health, "late_jobs", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "does not answer")
