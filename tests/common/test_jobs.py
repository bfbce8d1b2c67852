"""Work for later: in the caller's transaction, once where asked, and only what exists."""

import ast
import datetime as dt
import threading
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from common import jobs, tasks
from mvp_program.settings.base import BASE_DIR

OURS = [name for name in settings.INSTALLED_APPS if (BASE_DIR / name).is_dir()]


def deferred_names() -> set[tuple[str, str]]:
    """Each first argument of ``jobs.defer(…)`` in the source, with its file; a query's ``defer`` is another."""
    found = set()
    for path in (path for name in OURS for path in (BASE_DIR / name).rglob("*.py")):
        code = path.read_text()
        for node in ast.walk(ast.parse(code)) if "defer(" in code else ():
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in ("defer", "jobs.defer"):
                name = (
                    node.args[0].value
                    if isinstance(node.args[0], ast.Constant)
                    else ast.unparse(node.args[0])
                )
                found.add((str(name), str(path.relative_to(BASE_DIR))))
    return found


def test_every_deferred_job_exists() -> None:
    names = deferred_names()
    assert ("common.send_outbox", "common/outbox.py") in names
    assert {(name, path) for name, path in names if name not in app.tasks} == set()


def test_every_task_is_named_after_its_app() -> None:
    for name, task in app.tasks.items():
        module = task.func.__module__  # type: ignore[attr-defined]
        if module.endswith(".tasks") and not module.startswith("procrastinate"):
            assert name == f"{module.removesuffix('.tasks')}.{task.func.__name__}"  # type: ignore[attr-defined]
            assert Path(module.replace(".", "/")).parts[0] in OURS


@pytest.mark.django_db
def test_once_drops_a_request_while_an_equal_one_waits() -> None:
    for _ in range(3):
        jobs.defer("common.send_outbox", once="mail")
    jobs.defer("common.send_outbox", once="other")
    assert ProcrastinateJob.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_commit_no_job() -> None:
    with transaction.atomic():
        jobs.defer("common.send_outbox")
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_once_never_makes_one_transaction_wait_for_another() -> None:
    asked, done = threading.Event(), threading.Event()

    def ask_and_hold() -> None:
        try:
            with transaction.atomic():
                jobs.defer("common.send_outbox", once="mail")
                asked.set()
                assert done.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask_and_hold)
    thread.start()
    assert asked.wait(30)
    jobs.defer("common.send_outbox", once="mail")  # would hang here
    done.set()
    thread.join()
    assert ProcrastinateJob.objects.count() == 2


@pytest.mark.django_db
def test_a_job_for_later_waits_for_its_time(run_jobs: object) -> None:
    jobs.defer("common.send_outbox", run_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    assert run_jobs() == 0  # type: ignore[operator]


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "status"), [(1, "todo"), (tasks.RESCUES, "failed")])
def test_a_job_whose_worker_vanished_is_queued_again_but_not_for_ever(attempts: int, status: str) -> None:
    jobs.defer("common.send_outbox")
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES ('2001-01-01') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = %s",
            [attempts, cursor.fetchone()[0]],
        )
    async_to_sync(tasks.return_stalled_jobs)(app.job_manager)
    assert ProcrastinateJob.objects.get().status == status


def test_a_periodic_job_of_ours_runs_for_mail_history_and_rescue() -> None:
    periodic = {entry.task.name for entry in app.periodic_registry.periodic_tasks.values()}
    assert periodic >= {"common.send_outbox", "common.seal_history", "common.rescue_jobs", "common.tidy_up"}
