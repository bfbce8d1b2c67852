"""Makes ``.venv`` and installs the pinned packages: ``python3 -m mvp_program.bootstrap [dev]``.

Runs before anything is installed, so it uses the standard library alone, and starts on any Python 3 to say which
one is needed. A second run compares one digest and is done. Two at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
OLDEST, NEWEST = (3, 11), (3, 13)


def main(wanted: str) -> None:
    """Make sure that the packages of ``requirements.txt`` are installed; with ``dev`` also those for tests."""
    if problem := wrong_python(sys.version_info[:2], sys.executable):
        sys.exit(problem)
    names = ["requirements.txt", "requirements-dev.txt"] if wanted == "dev" else ["requirements.txt"]
    try:
        (CHECKOUT / ".local").mkdir(exist_ok=True)
        with (CHECKOUT / ".local" / "bootstrap.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            install(names[-1], digest_of(names))
    except OSError as error:
        sys.exit(f"The virtual environment cannot be made here: {error}.")


def wrong_python(version: tuple[int, int], executable: str) -> str | None:
    if OLDEST <= version <= NEWEST:
        return None
    found = f"{executable} is {version[0]}.{version[1]}"
    return f"Python 3.11, 3.12 or 3.13 is needed, but {found}. Choose another: make run PYTHON=python3.12"


def digest_of(names: list[str]) -> str:
    """What the environment is made from: where, by which Python, with which packages."""
    parts = [os.fsencode(CHECKOUT), sys.version.encode(), *((CHECKOUT / name).read_bytes() for name in names)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install(name: str, digest: str) -> None:
    """Install with pip, unless the stamp says that this was done."""
    stamp, python = VENV / f"{name}.installed", VENV / "bin" / "python"
    usable = is_usable(python)
    if usable and stamp.exists() and stamp.read_text() == digest:
        return
    started = time.monotonic()
    if not usable:
        if VENV.is_symlink():
            sys.exit(".venv is a link to another folder: make the virtual environment there.")
        print("Making the virtual environment .venv …", flush=True)
        run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            "Python could not make a virtual environment",
        )
    print(f"Installing the packages of {name}; the first time takes a minute or two …", flush=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", name]
    run(pip, "pip could not install the packages")
    stamp.write_text(digest)
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def is_usable(python: Path) -> bool:
    """The environment may be missing, half made, moved, or made by a Python that is gone or is another now."""
    same = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    try:
        made_here = str(VENV.resolve()) in (VENV / "pyvenv.cfg").read_text()
        command = [str(python), "-c", same]
        return made_here and subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603 - ours
    except OSError:
        return False


def run(command: list[str], failure: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()
        sys.exit(f"{failure}:\n{said}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
