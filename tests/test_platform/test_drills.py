"""Drills: a cluster is made, killed, shared and left, and ``manage.py run`` ends with all that it started."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mvp_program.embedded import cluster, place

pytestmark = pytest.mark.deep
CHECKOUT = Path(__file__).resolve().parent.parent.parent
JOIN = """
import sys, time
from pathlib import Path
from mvp_program.embedded import cluster
print(cluster.join(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask again until the answer is yes."""
    give_up = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)
    return answer


def server_of(checkout: Path) -> int | None:
    """The process that serves a checkout's cluster, if it lives."""
    try:
        pid = int((checkout / ".postgres" / "data" / "postmaster.pid").read_text().split()[0])
        alive = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, ValueError):
        return None
    return pid if alive else None


class User:
    """A process that uses the cluster of a folder until it is told to leave."""

    def __init__(self, checkout: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", JOIN, str(checkout)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def has_joined(self) -> str:
        return self.process.stdout.readline().decode().strip()

    def leave(self) -> int:
        self.process.communicate()
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cluster that was made and left in order."""
    checkout = tmp_path_factory.mktemp("made")
    user = User(checkout)
    assert user.has_joined()
    user.leave()
    return checkout


@pytest.fixture
def checkout(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, in a folder of mode 0700."""
    folder = tmp_path / "checkout"
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("run"))
    folder.chmod(0o700)
    yield folder
    if server := server_of(folder):
        os.kill(server, signal.SIGQUIT)


def test_the_first_user_starts_it_and_the_last_one_stops_it(checkout: Path) -> None:
    first, second = User(checkout), User(checkout)
    assert first.has_joined() == second.has_joined()
    server = server_of(checkout)
    assert first.leave() == 0
    assert server_of(checkout) == server
    assert second.leave() == 0
    assert server_of(checkout) is None


def test_many_who_come_and_go_at_once_never_meet_a_closed_door(checkout: Path) -> None:
    for _ in range(3):
        users = [User(checkout) for _ in range(5)]
        assert all(user.has_joined() for user in users)
        assert [user.leave() for user in users] == [0] * 5
    assert server_of(checkout) is None


def test_the_server_outlives_a_killed_user_and_the_next_one_stops_it(checkout: Path) -> None:
    user = User(checkout)
    user.has_joined()
    server = server_of(checkout)
    user.kill()
    assert server_of(checkout) == server
    heir = User(checkout)
    assert heir.has_joined()
    heir.leave()
    assert server_of(checkout) is None


def test_a_killed_server_starts_again(checkout: Path) -> None:
    user = User(checkout)
    user.has_joined()
    server = server_of(checkout)
    os.kill(server, signal.SIGKILL)
    user.kill()
    with contextlib.suppress(ChildProcessError):  # ours once its user died, if this process joined a cluster
        os.waitpid(server, 0)
    heir = User(checkout)
    assert heir.has_joined()
    assert heir.leave() == 0


def test_no_superuser_comes_in(checkout: Path) -> None:
    user = User(checkout)
    folder = user.has_joined()
    programs = place.find_programs()
    done = subprocess.run(
        [programs / "psql", "-h", folder, "-U", "mvp_cluster", "-d", "mvp", "-c", "SELECT 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    user.leave()
    assert "no pg_hba.conf entry" in done.stderr


def test_a_long_path_is_no_obstacle(made: Path, tmp_path: Path) -> None:
    checkout = tmp_path / ("long " * 20) / ("and odd, " * 10)
    shutil.copytree(made, checkout, ignore=shutil.ignore_patterns("run"))
    user = User(checkout)
    folder = user.has_joined()
    assert folder.startswith("/tmp/mvp-")
    assert user.leave() == 0
    assert not Path(folder).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_root_without_user_namespaces_runs_a_copy_as_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    for folder in tmp_path.resolve().parents[:3]:
        assert folder == Path("/tmp") or folder.stat().st_uid == 0
    monkeypatch.setattr(place, "COPIES", Path("/var/lib") / f"mvp-program-drill-{os.getpid()}")
    monkeypatch.setattr(place, "_can_run", lambda *_: False)
    try:
        found = place.find_place(tmp_path)
        cluster.start(found)
        assert found.server_uid != 0
        cluster.stop(found)
    finally:
        shutil.rmtree(place.COPIES, ignore_errors=True)
    assert not copies.exists()


# ---- manage.py run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the checkout as it is committed, with its database migrated, and no demo in it."""
    folder = tmp_path_factory.mktemp("clone") / "site"
    subprocess.run(["git", "clone", "-q", CHECKOUT, folder], check=True)
    folder.chmod(0o700)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=folder, check=True)
    return folder


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


class Run:
    """``manage.py run`` as a shell starts it in the background: with INT ignored."""

    def __init__(self, site: Path, *, through: str = '"$0" manage.py run', **variables: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'trap "" INT; exec {through}', sys.executable],
            cwd=site,
            env={
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": "mvp_program.settings.demo",
                "PORT": str(self.port),
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.stdout.read()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, number: int) -> str:
        self.process.send_signal(number)
        try:
            said, _ = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # the servers end with it
            raise
        return said


def left_over(site: Path) -> list[str]:
    """Commands of processes that still have something to do with the clone."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
            if str(site) in command or process.joinpath("cwd").resolve().is_relative_to(site):
                found.append(command)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(site: Path, number: int) -> None:
    run = Run(site)
    until(run.answers)
    run.end(number)
    assert run.process.returncode == 0
    assert left_over(site) == []


def test_make_passes_on_what_it_alone_was_told(site: Path) -> None:
    (site / "drill.mk").write_text(f"run:\n\t{sys.executable} manage.py run\n")
    run = Run(site, through="make -f drill.mk")
    until(run.answers)
    run.end(signal.SIGHUP)
    assert left_over(site) == []


def test_even_a_kill_leaves_no_server_behind(site: Path) -> None:
    run = Run(site)
    until(run.answers)
    run.process.kill()
    run.process.communicate()
    until(lambda: left_over(site) == [])


def test_two_run_side_by_side_on_one_database(site: Path) -> None:
    first, second = Run(site), Run(site)
    until(first.answers)
    until(second.answers)
    first.end(signal.SIGTERM)
    assert second.answers()
    second.end(signal.SIGTERM)
    assert left_over(site) == []


def test_a_taken_port_is_one_sentence(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = Run(site, PORT=str(taken.getsockname()[1]))
        said, _ = run.process.communicate(timeout=60)
    assert run.process.returncode == 1
    assert len(said.splitlines()) == 1
    assert "Choose another port" in said


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://web@127.0.0.1:1/awards"}, "The database does not answer"),
        ({"DATABASE_URL": "awards"}, "DATABASE_URL must look like"),
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"DEMO": "yes"}, "DEMO is 'yes'"),
    ],
    ids=lambda value: "=".join(*value.items()) if isinstance(value, dict) else "",
)
def test_what_cannot_work_is_one_sentence(site: Path, variables: dict[str, str], sentence: str) -> None:
    run = Run(site, **variables)
    said, _ = run.process.communicate(timeout=60)
    assert run.process.returncode == 1
    assert sentence in said
    assert "Traceback" not in said
