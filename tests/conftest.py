"""Fixtures for every test: the cast and its house, the database, the queue."""

import contextlib
import fcntl
import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.template import Context, Template
from django.test import TransactionTestCase, utils
from django.test.signals import template_rendered
from pytest_django import DjangoDbBlocker

from awards import loading
from charter.wordings import forget_wordings
from charter.zone import keep_zone
from common import keeping
from tests import template_database
from tests.cast import cast, house, sign_in  # noqa: F401
from tests.emptying import empty_what_was_filled

# The same examples each time, so that a red run means a changed program; test-deep draws more, and new ones.
hypothesis.settings.register_profile("quick", max_examples=20, derandomize=True, deadline=None)
hypothesis.settings.register_profile("deep", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("quick")

CHECKOUT = Path(__file__).resolve().parent.parent
FIRST = ("tests/seeds/demo/", "tests/test_access.py")


def pytest_configure(config: pytest.Config) -> None:
    """Give each run of the tests in this checkout its own databases: test_mvp, test_mvp_1, …"""
    gc.disable()  # until the tests are collected: they stay
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end: end the workers too
    if "MVP_TEST_SLOT" not in os.environ:  # the workers of pytest-xdist inherit their controller's
        folder = CHECKOUT / ".local"
        folder.mkdir(exist_ok=True)
        for free in range(100):
            slot = os.open(folder / f"tests-{free}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # held until we end
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.environ["MVP_TEST_SLOT"] = str(free)
                break
    number = os.environ["MVP_TEST_SLOT"]
    name = "test_mvp" if number == "0" else f"test_mvp_{number}"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    TransactionTestCase._fixture_teardown = empty_what_was_filled


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long texts by the name of their argument: each worker sends the names of all tests, and ``[xxx…`` says nothing."""
    return argname if isinstance(val, str | bytes) and len(val) > 200 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what is loaded once for a folder, and what takes longest: a worker that has nothing left takes over the end
    of another's list, which would load it a second time, or wait for it alone."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_collection_finish() -> None:
    """What was loaded stays, and most of what a test makes goes without the collector: a sixth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    gc.enable()
    utils.instrumented_test_render = _draw


def _draw(template: Template, context: Context) -> str:
    """For ``response.context``; Django says so, and copies the context, of each of hundreds of includes of a page too."""
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Each worker's database is a copy, not migrated anew."""
    with django_db_blocker.unblock():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template_database.make(CHECKOUT)


@pytest.fixture(autouse=True)
def _rights_of_the_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests marked ``as_app`` run with the rights that web and worker have."""
    if not request.node.get_closest_marker("as_app"):
        yield
        return
    mark = request.node.get_closest_marker("django_db")
    transactional = bool(mark and mark.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if transactional else "db")
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.DATABASE_APP_ROLE}"')
    yield
    if transactional:  # otherwise the roll-back undoes it
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Counters of failed sign-ins, what is kept of the roster and the like belong to one test."""
    cache.clear()
    loading.forget()
    keeping.forget_pages()
    forget_wordings()
    keep_zone("UTC")


def run_due_jobs() -> int:
    """Run, here and now, every job that is due, and say how many there were."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    from common import clock

    count = 0
    while job := (
        ProcrastinateJob.objects.filter(status="todo")
        .filter(Q(scheduled_at=None) | Q(scheduled_at__lte=clock.now()))
        .order_by("id")
        .first()
    ):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
        app.tasks[job.task_name](**job.args)
        count += 1
    return count


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """``run_due_jobs``."""
    return run_due_jobs
