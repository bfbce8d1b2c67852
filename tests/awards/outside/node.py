"""Installs verifiers of others with npm and shows them documents. Only ``make test-deep`` does so.

Node comes from the system's packages, as Chromium does: as root on Debian it is installed, elsewhere a sentence says
what to install.
"""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent.parent
PLACE = CHECKOUT / ".local" / "outside-verifiers"


def verdicts(pages: dict[str, Any], credentials: Iterable[str]) -> list[dict[str, Any]]:
    """What each verifier says of each credential; ``pages`` is all that they can read."""
    _install()
    asked = PLACE / f"asked-{os.getpid()}.json"
    asked.write_text(json.dumps({"pages": pages, "credentials": list(credentials)}))
    return json.loads(_run(["node", "check.mjs", str(asked)]))


def _install() -> None:
    """Into a folder of its own, once for each list of versions."""
    if not shutil.which("npm"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise RuntimeError(
                "The outside verifiers need Node 18 or newer with npm. On Debian: `apt install npm`."
            )
        print("Installing Node from the system's packages …", flush=True)
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "nodejs", "npm"], check=True
        )
    PLACE.mkdir(parents=True, exist_ok=True)
    wanted, stamp = (HERE / "package.json").read_text(), PLACE / "installed.json"
    with (PLACE / "lock").open("w") as lock:  # the workers of a run come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copy(HERE / "check.mjs", PLACE)
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.copy(HERE / "package.json", PLACE)
            _run(
                [
                    "npm",
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--no-package-lock",
                    "--silent",
                ]
            )
            stamp.write_text(wanted)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=PLACE, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
