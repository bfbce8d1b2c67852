"""The embedded cluster: started by the first process that connects, stopped by the last one that leaves.

Every user holds a shared lock on ``users.lock``, and whoever can turn it into an exclusive one was the last.
``door.lock`` lets one process at a time start or stop. After kill -9 the locks are gone with their holders,
and the server is merely joined, or started again, by the next process.
"""

import atexit
import contextlib
import ctypes
import fcntl
import os
import re
import shlex
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from mvp_program.database import APP, NAME, OWNER, PORT, DatabaseProblem
from mvp_program.embedded.place import Place, find_place

PATIENCE = 30  # seconds: after a crash the old server's children may hold its shared memory for a while
PR_SET_CHILD_SUBREAPER = 36

# No superuser can connect: these two lines are the whole of pg_hba.conf, and the socket lies in a private folder.
WHO_MAY_CONNECT = f"local all {OWNER} trust\nlocal all {APP} trust\n"
TUNING = """
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
max_wal_size = 1GB
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 0  # parallel plans need more /dev/shm than a container has
timezone = 'UTC'
log_timezone = 'UTC'
"""
# Run once by `postgres --single`, before the server is ever reachable.
FIRST_STATEMENTS = (
    f"CREATE ROLE {APP} LOGIN NOSUPERUSER",
    f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER CREATEDB",
    f"GRANT {APP} TO {OWNER}",
    f"CREATE DATABASE {NAME} OWNER {OWNER}",
)


_joined: dict[Path, tuple[int, int, Place]] = {}  # checkout → process, lock, place
_one_thread = threading.Lock()


def join(checkout: Path) -> Path:
    """Hold the embedded cluster open for the life of this process, and return the folder of its socket."""
    with _one_thread:
        if checkout not in _joined:
            place = find_place(checkout)
            try:
                _joined[checkout] = (os.getpid(), _enter(place), place)
            except OSError as error:
                raise DatabaseProblem(f"The embedded PostgreSQL cannot start: {error}.") from error
            atexit.register(leave, checkout)
    return _joined[checkout][2].socket


def _enter(place: Place) -> int:
    """Take a share of the users' lock and make sure that the server answers."""
    place.private_folder(place.home)
    with _locked(place, "door.lock"):
        users = _open_lock(place, "users.lock")
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            start(place)
        except BaseException:
            os.close(users)
            raise
    return users


def leave(checkout: Path) -> None:
    """Give the cluster up; the last one out stops it. A forked child leaves that to its parent."""
    process, users, place = _joined.pop(checkout, (0, 0, None))
    if place is None or process != os.getpid():
        return
    with _locked(place, "door.lock"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else is using it
        else:
            stop(place)
        finally:
            os.close(users)


@contextlib.contextmanager
def _locked(place: Place, name: str) -> Iterator[None]:
    lock = _open_lock(place, name)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open_lock(place: Place, name: str) -> int:
    lock = os.open(place.home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if place.uid is not None:
        os.fchown(lock, place.uid, -1)
    return lock


def start(place: Place) -> None:
    """Make sure that the server answers; call with the door locked."""
    if not place.data.exists():
        make_cluster(place)
    check_version(place)
    place.private_folder(place.socket)
    _adopt_orphans()
    give_up = time.monotonic() + PATIENCE
    while (problem := _no_answer(place)) is not None:
        options = f"-k {shlex.quote(str(place.socket))}"
        started = place.run(
            "pg_ctl", "start", "-D", str(place.data), "-l", str(place.log), "-o", options, "-w", "-t", "60"
        )
        if time.monotonic() > give_up:
            end = _tail(place.log) if started.returncode else problem
            raise DatabaseProblem(f"The embedded PostgreSQL in {place.home} did not start: {end}")
        if started.returncode:
            time.sleep(0.3)


def stop(place: Place) -> None:
    """Stop the server, and take note of its end if it is ours to note: not every container's init does."""
    with contextlib.suppress(OSError, ValueError):
        server = int((place.data / "postmaster.pid").read_text().split()[0])
        place.run("pg_ctl", "stop", "-D", str(place.data), "-m", "fast", "-w", "-t", "60")
        os.waitpid(server, 0)
    with contextlib.suppress(OSError):
        place.socket.rmdir()  # it may lie in /tmp


def _adopt_orphans() -> None:
    """Become the parent of the server, once pg_ctl has left it alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def make_cluster(place: Place) -> None:
    """Make the data folder, both roles and the database, under another name until it is whole."""
    print(f"Making the embedded PostgreSQL in {place.home} …", file=sys.stderr, flush=True)
    unfinished = place.home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    arguments = ["-D", str(unfinished), "-U", "mvp_cluster", "-E", "UTF8", "--auth=reject", "--no-sync"]
    # The builtin provider knows upper and lower case of every script and sorts alike on every system.
    for provider in (["--locale-provider=builtin", "--builtin-locale=C.UTF-8"], []):
        made = place.run("initdb", *arguments, *provider, "--locale=C.UTF-8")
        if made.returncode == 0:
            break
    else:
        raise DatabaseProblem(f"The embedded PostgreSQL could not be made: {made.stderr.strip()}")
    statements = "".join(f"{statement}\n" for statement in FIRST_STATEMENTS)
    filled = place.run("postgres", "--single", "-D", str(unfinished), "template1", said=statements)
    if filled.returncode or "ERROR:" in filled.stderr:
        raise DatabaseProblem(f"The embedded PostgreSQL could not be filled: {filled.stderr.strip()}")
    _write(unfinished / "pg_hba.conf", WHO_MAY_CONNECT)
    _write(unfinished / "postgresql.conf", (unfinished / "postgresql.conf").read_text() + TUNING)
    unfinished.rename(place.data)


def _write(existing: Path, text: str) -> None:
    with existing.open("w") as file:  # an existing file keeps its owner
        file.write(text)


def check_version(place: Place) -> None:
    """Refuse data that another major version of PostgreSQL made."""
    theirs = (place.data / "PG_VERSION").read_text().strip()
    ours = place.run("postgres", "--version").stdout
    major = re.search(r"\) (\d+)", ours)
    if major is None or major.group(1) != theirs:
        raise DatabaseProblem(
            f"The data in {place.data} was made by PostgreSQL {theirs}, but this is {ours.strip()}. "
            f"Move it with pg_dump of the old version, or remove {place.home} to begin afresh."
        )


def _no_answer(place: Place) -> str | None:
    """None where the server answers, else what it said instead."""
    try:
        psycopg.connect(host=str(place.socket), port=PORT, dbname=NAME, user=OWNER, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    return None


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(lines[-3:]) or f"nothing in {log}"
