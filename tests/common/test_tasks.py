"""The worker's own tasks, run by a real worker on the real queue."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.core import mail as django_mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Session
from common import clock, history, jobs, outbox, registry, tasks
from common.models import HistoryBlock, OutboxMail
from common.outbox import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A worker that ends when the queue is empty, on connections of its own, which it leaves closed."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    return run


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_the_mail_and_seals_the_history(
    work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.mails, "test_letter", lambda keys, language: Letter("Hello", "Hello"))
    outbox.post("test_letter", to="a@example.test", cause="1")
    history.record("nomination", "K7Q2M4XD", "withdraw", by=None)
    jobs.defer("common.seal_history")
    work()
    assert [message.subject for message in django_mail.outbox] == ["Hello"]
    assert OutboxMail.objects.get().state == "sent"
    assert HistoryBlock.objects.get().row_count == 1
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"succeeded"}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_stays_to_be_seen_and_holds_nobody_up(work: Callable[[], None]) -> None:
    jobs.defer("common.send_outbox", no_such_argument=1)
    jobs.defer("common.send_outbox")
    work()
    failed = ProcrastinateJob.objects.filter(status="failed")
    assert [job.args for job in failed] == [{"no_such_argument": 1}]
    assert not ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).exists()


def test_tidying_up_takes_away_old_jobs_sessions_and_codes() -> None:
    jobs.defer("common.send_outbox")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '8 days'")
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=clock.now() + dt.timedelta(days=1))
    outbox.post("account_login_code", to="a@example.test", cause="1", keys={"code": "ABCD"})
    OutboxMail.objects.update(state="sent", created_at=clock.now() - dt.timedelta(days=2))
    async_to_sync(tasks.tidy_up.func)(SimpleNamespace(app=app))  # type: ignore[arg-type]
    assert ProcrastinateJob.objects.count() == 1  # the one that posting asked for
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert OutboxMail.objects.get().keys == {}
