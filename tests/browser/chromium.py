"""Finds a Chromium, and as root on Debian installs one: ``python -m tests.browser.chromium``.

The browser comes from the system's packages. Without one, and without the right to install it, the tests fail
with a sentence: a page that no browser has seen is not tested.
"""

import functools
import os
import shutil
import subprocess
import sys

PACKAGES = (
    "chromium-headless-shell",
    "chromium",
)  # of Debian; the first does the same with two thirds of the CPU
NAMES = (*PACKAGES, "google-chrome", "google-chrome-stable", "chromium-browser", "microsoft-edge")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",  # a fifth less CPU
]
WHAT_TO_INSTALL = (
    "The browser tests need Chromium or Chrome and found none. On Debian: `apt install chromium`, or "
    "chromium-headless-shell, which needs less. "
    "On Ubuntu, where apt has only a snap: `snap install chromium`, or Google's own package google-chrome-stable."
)


class NoBrowser(Exception):
    """What to install."""


@functools.cache
def find() -> str | None:
    """The first browser that says its version; Ubuntu's chromium-browser without its snap does not."""
    for name in NAMES:
        path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/bin:/snap/bin")
        if path and _answers(path):
            return path
    return None


def _answers(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find_or_install() -> str:
    """Find one, else install Debian's where that is possible."""
    if path := find():
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowser(WHAT_TO_INSTALL)
    print("Installing Chromium from the system's packages …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "-q", "--no-install-recommends"]
    for command in (["update", "-q"], *([*install, name] for name in PACKAGES)):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        find.cache_clear()
        if path := find():
            return path
    raise NoBrowser(
        f"{WHAT_TO_INSTALL} (apt-get said: {(done.stderr or done.stdout).strip().splitlines()[-1:]})"
    )


def flags() -> list[str]:
    """Chromium refuses its sandbox to root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


if __name__ == "__main__":
    try:
        print(f"Browser: {find_or_install()}")
    except NoBrowser as problem:
        sys.exit(str(problem))
