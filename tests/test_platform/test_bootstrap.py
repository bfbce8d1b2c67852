"""The first steps on a machine: the right Python, the packages, a browser for the tests."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mvp_program import bootstrap
from tests.browser import chromium


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_three_versions_of_python_will_do(version: tuple[int, int]) -> None:
    assert bootstrap.wrong_python(version, "python3") is None


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14), (4, 0)])
def test_another_python_is_refused_with_the_way_out(version: tuple[int, int]) -> None:
    sentence = bootstrap.wrong_python(version, "/usr/bin/python3")
    assert f"/usr/bin/python3 is {version[0]}.{version[1]}" in sentence
    assert "make run PYTHON=python3.12" in sentence


def test_the_stamp_changes_with_any_pinned_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    before = bootstrap.digest_of(["requirements.txt"])
    (tmp_path / "requirements.txt").write_text("Django==5.2.20\n")
    assert bootstrap.digest_of(["requirements.txt"]) != before


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    (tmp_path / "pyvenv.cfg").write_text("command = python3 -m venv /somewhere/else/.venv")
    assert not bootstrap.is_usable(Path(sys.executable))


def test_a_link_to_another_environment_is_never_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / ".venv").symlink_to(tmp_path / "other")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    with pytest.raises(SystemExit, match="is a link to another folder"):
        bootstrap.install("requirements.txt", "digest")


def test_what_pip_says_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="pip could not install the packages:\nno network"):
        bootstrap.run(
            [sys.executable, "-c", "print('no network'); exit(1)"], "pip could not install the packages"
        )
    assert capfd.readouterr().out == ""


def test_every_package_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (bootstrap.CHECKOUT / name).read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert [line for line in packages if "==" not in line] == []


# ---- the browser -----------------------------------------------------------------------------------------


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(chromium, "NAMES", ("no-such-browser",))
    chromium.find.cache_clear()
    yield
    chromium.find.cache_clear()


def test_an_ordinary_user_without_a_browser_reads_what_to_install(
    no_browser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    with pytest.raises(chromium.NoBrowser, match=r"On Debian: `apt install chromium`.*On Ubuntu"):
        chromium.find_or_install()


def test_root_installs_one_and_says_so_when_that_failed(
    no_browser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append((command[1], command[-1]))
        return subprocess.CompletedProcess(
            command, 100, "", "E: Package 'chromium' has no installation candidate"
        )

    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        chromium.shutil, "which", lambda name, **_: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    monkeypatch.setattr(chromium.subprocess, "run", run)
    with pytest.raises(chromium.NoBrowser, match="no installation candidate"):
        chromium.find_or_install()
    assert asked == [("update", "-q"), ("install", "chromium-headless-shell"), ("install", "chromium")]


def test_a_name_without_a_browser_behind_it_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho install the snap; exit 1\n")
    stub.chmod(0o755)
    monkeypatch.setattr(chromium, "NAMES", (str(stub),))
    chromium.find.cache_clear()
    assert chromium.find() is None
    chromium.find.cache_clear()


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_only_root_goes_without_the_sandbox(
    user: int, sandbox: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium.os, "geteuid", lambda: user)
    assert ("--no-sandbox" not in chromium.flags()) is sandbox
