"""``manage.py run``: everything that a site needs, in one terminal, until it is told to stop.

Order: the port is free → the database answers → tables → a first look is seeded → static files → web and
worker. INT, TERM and HUP end all of it, the embedded PostgreSQL included, and so does the end of web or worker.
"""

import contextlib
import ctypes
import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing

from common.models import DemoMarker, SiteFact
from mvp_program import database, demo
from mvp_program.generating import filling
from mvp_program.settings import environment
from people.models import Person

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10  # seconds that a server has to end what it is doing
WEB = ("-m", "gunicorn", "-c", "python:mvp_program.gunicorn_conf", "mvp_program.wsgi")
WORKER = ("manage.py", "worker")
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl


class Command(BaseCommand):
    help = (
        "Make the database ready, then serve the site with its worker until told to stop (INT, TERM or HUP)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start again when a source file changes")

    def handle(self, *args: Any, reload: bool, **options: Any) -> None:
        awaited = signals_that_make_awaits()  # before anybody can see that we run, and end us
        stop_on_signals()
        refuse_taken_port(settings.HOST, settings.PORT)
        with one_at_a_time():
            self.prepare_database()
            if not settings.DEBUG:
                call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["flags"])
        connections.close_all()
        servers = Servers()
        try:
            servers.start("web server", *WEB, *(["--reload"] if reload else []))
            servers.start("worker", *WORKER)
            servers.wait_until_web_answers(settings.HOST, settings.PORT)
            self.say_hello()
            servers.watch(awaited, reload=reload)
        finally:
            servers.end_all()

    def prepare_database(self) -> None:
        """Migrate, and fill an empty database where this is a demo; one that holds people stays as it is."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise ImproperlyConfigured(database.explain(error)) from None
        self.say("Bringing the tables up to date …")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except MigrationSchemaMissing:
            raise ImproperlyConfigured(
                f"The role {connection.settings_dict['USER']} may not make tables in this database: "
                "name one that may in DATABASE_OWNER_URL."
            ) from None
        if settings.DEMO:
            self.fill_demo()
        demo.refuse_unsafe_start([settings.HOST])

    def fill_demo(self) -> None:
        """Only an empty database becomes a demo. What was interrupted goes on here."""
        if not DemoMarker.objects.exists() and not Person.objects.exists():
            self.say(
                "Filling the empty database with an invented program; this first time takes a minute or two …"
            )
            call_command("seed", "--demo")
        if DemoMarker.objects.exists() and not SiteFact.objects.filter(name=filling.FACT).exists():
            call_command("generate", "--size", "M")

    def say_hello(self) -> None:
        address = f"http://{settings.HOST}:{settings.PORT}"
        self.say(f"\nThe site answers at {address}/")
        if settings.DEMO:
            self.say(f"Sign in as anybody of the cast: {address}/demo/ · read the mail: {address}/outbox/")
        else:
            self.say(f"Sign in: {address}/accounts/login/")
        self.say("Ctrl-C ends it.\n")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


class Servers:
    """Web and worker, each with a process group of its own: a signal of the terminal reaches them through us."""

    def __init__(self) -> None:
        self.running: dict[str, tuple[subprocess.Popen[bytes], tuple[str, ...]]] = {}

    def start(self, name: str, *command: str) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=environment.of_a_server(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self.running[name] = (process, command)

    def end(self, name: str) -> None:
        """Ask, wait, then kill the whole group."""
        process, _ = self.running.pop(name)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end_all(self) -> None:
        for process, _ in self.running.values():  # all at once, so that they end side by side
            process.terminate()
        for name in list(self.running):
            self.end(name)

    def refuse_fallen(self) -> None:
        for name, (process, _) in self.running.items():
            if process.poll() is not None:
                raise ImproperlyConfigured(f"The {name} ended by itself (status {process.returncode}).")

    def wait_until_web_answers(self, host: str, port: int) -> None:
        """Any answer will do; a minute is plenty."""
        to = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            self.refuse_fallen()
            with contextlib.suppress(OSError, http.client.HTTPException):
                web = http.client.HTTPConnection(to, port, timeout=5)
                web.request("GET", "/healthz")
                web.getresponse().read()
                return
            time.sleep(0.1)
        raise ImproperlyConfigured("The web server did not answer within a minute.")

    def watch(self, awaited: int | None, *, reload: bool) -> None:
        """Return never: a signal raises, and so does a server that ends. Start the worker anew with new source."""
        seen = newest_source() if reload else 0.0
        while True:
            self.refuse_fallen()
            time.sleep(0.5)
            if signals_that_make_awaits() != awaited:
                sys.exit(0)
            if reload and (newest := newest_source()) != seen:
                seen = newest
                _, command = self.running["worker"]
                self.end("worker")
                self.start("worker", *command)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two in one checkout would seed and write static files over each other."""
    folder = settings.BASE_DIR / ".local"
    folder.mkdir(exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_on_signals() -> None:
    """Install the handlers explicitly: a shell starts background commands with INT ignored."""

    def stop(number: int, frame: object) -> None:
        for each in STOP:
            signal.signal(each, signal.SIG_IGN)  # nothing disturbs the tidying up
        sys.exit(0)

    for each in STOP:
        signal.signal(each, stop)


def end_with_parent() -> None:
    """In the child: heed signals that our own shell may have ignored, and end even when we are killed outright."""
    for each in STOP:
        signal.signal(each, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGTERM)


def signals_that_make_awaits() -> int | None:
    """A mask of INT and HUP, if our parent is make; it changes when make was told to end.

    Of the signals that are sent to make alone it passes on TERM only. At INT and HUP it merely stops awaiting
    them, and then waits for us, who would never know.
    """
    parent = Path(f"/proc/{os.getppid()}")
    try:
        if parent.joinpath("comm").read_text().strip() not in ("make", "gmake"):
            return None
        awaited = re.search(r"^SigCgt:\s*(\w+)", parent.joinpath("status").read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(awaited.group(1), 16) & 0b11 if awaited else None


def refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything slow happens."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The site cannot listen at {host}:{port} ({error.strerror}). Choose another port: make run PORT=8001"
        ) from None


def newest_source() -> float:
    packages = [path.parent for path in settings.BASE_DIR.glob("*/__init__.py")]
    return max(path.stat().st_mtime for package in packages for path in package.rglob("*.py"))
