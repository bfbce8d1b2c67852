"""What requests cost: CPU time of web and database together, and the rows that the database fetched for them."""

import contextlib
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tests.bench.processes import cpu_seconds
from tests.serving import free_port, serve

# Requests before the first that counts, so that every thread has its templates, a connection and plans that are kept.
WARM_UP = 60
SLICE = 25  # requests, then as many of the floor: what else the machine does meanwhile weighs on both alike


@dataclass
class Server:
    """A running site and the database behind it, and how one request of the floor is made beside it."""

    port: int
    process: subprocess.Popen[bytes]
    database: int
    floor: "Floor | None" = None

    def cpu(self) -> float:
        """Seconds that both have spent so far."""
        return cpu_seconds(self.process.pid) + cpu_seconds(self.database)


@dataclass(frozen=True)
class Cost:
    """Of one request: CPU and wall time in milliseconds, rows fetched by the database, kB of the answer."""

    cpu: float
    wall: float
    rows: float
    kilobytes: float
    floor: float = 0.0  # CPU of one request of the floor, made in turns with these

    @property
    def ratio(self) -> float:
        return self.cpu / self.floor


@dataclass
class Floor:
    """The server of the floor, and what its requests have cost so far."""

    server: Server
    ask: Callable[[], object]
    cpu: float = 0.0
    requests: int = 0

    def spend(self, requests: int) -> float:
        """CPU seconds of this many."""
        before = self.server.cpu()
        for _number in range(requests):
            self.ask()
        spent = self.server.cpu() - before
        self.cpu, self.requests = self.cpu + spent, self.requests + requests
        return spent

    @property
    def mean(self) -> float:
        """Milliseconds of one, over all so far."""
        return self.cpu / self.requests * 1000


@contextlib.contextmanager
def running(settings: str, *options: str) -> Iterator[Server]:
    """Serve the database in use with these settings until the block ends."""
    port = free_port()
    process = serve(port, settings, *options)
    try:
        yield Server(port, process, database_pid())
    finally:
        process.terminate()
        process.wait()


def measure(
    server: Server,
    ask: Callable[[int], int],
    *,
    requests: int,
    undo: Callable[[], None] | None = None,
    at_once: int = 0,
) -> Cost:
    """The mean over ``requests`` calls of ``ask(number)``, which returns the bytes that it got.

    ``undo`` runs after every ``at_once`` requests and is not counted: it makes what they did undone.
    """
    at_once = at_once or SLICE
    for _round in range(-(-WARM_UP // at_once)):
        for number in range(at_once):
            ask(number)
        if undo is not None:
            undo()
    cpu, floor, rows, walls, size, done = 0.0, 0.0, 0, [], 0, 0
    while done < requests:
        batch = min(at_once, requests - done)
        cpu_before, rows_before = server.cpu(), rows_fetched()
        for number in range(batch):
            began = time.perf_counter()
            size = ask(number)
            walls.append(time.perf_counter() - began)
        cpu += server.cpu() - cpu_before
        rows += rows_fetched() - rows_before
        done += batch
        if undo is not None:
            undo()
        if server.floor is not None:
            floor += server.floor.spend(batch)
    wall = statistics.median(walls) * 1000
    return Cost(cpu / done * 1000, wall, rows / done, size / 1000, floor / done * 1000)


def rows_fetched() -> int:
    """Rows that all backends have read for queries so far; they tell it at the end of a statement or soon after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables"
        )
        return int(cursor.fetchone()[0])


def database_pid() -> int:
    """The postmaster: the parent of the process that answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
