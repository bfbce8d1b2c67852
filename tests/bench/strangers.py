"""Strangers who look at public pages: what their requests cost the server, one after the other and four at once.

Beside ``costs.py``, which measures the acts of people who are signed in: here no address need be asked twice, requests are
timed one by one, and statements and rows are counted apart, in this process, so that counting weighs on no figure.
"""

import http.client
import itertools
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.costs import SLICE, WARM_UP, Server
from tests.bench.processes import children_of

AT_ONCE = 4
COUNTED = 5  # requests whose statements and rows are counted
Headers = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """What is asked in one row of the table. ``addresses`` come one after the other and begin again at the end."""

    addresses: Sequence[str]
    headers: Sequence[Headers] = ({},)  # beside each address, as many or one for all
    statuses: tuple[int, ...] = (200,)
    tags: Headers = field(
        default_factory=dict
    )  # address → what a browser remembers of it, if it remembers anything

    @property
    def endless(self) -> Iterator[tuple[str, Headers]]:
        """What a browser remembers goes with its question, and changes with an answer that is not 304."""
        for address, headers in zip(
            itertools.cycle(self.addresses), itertools.cycle(self.headers), strict=False
        ):
            yield (
                address,
                {**headers, "If-None-Match": self.tags[address]} if address in self.tags else headers,
            )

    def ask(self, port: int, address: str, headers: Headers) -> bytes:
        content, answered = ask(port, address, headers, self.statuses)
        if address in self.tags and content:
            self.tags[address] = answered["ETag"]
        return content


@dataclass(frozen=True)
class Load:
    """Of one request: milliseconds of CPU of web and database, and of the floor in turns with it; wall time in
    milliseconds; statements and rows that the database fetched; kB of the answer. And requests a second, four at once."""

    cpu: float
    floor: float
    p50: float
    p95: float
    a_second: float
    queries: float
    rows: float
    kilobytes: float

    @property
    def ratio(self) -> float:
        return self.cpu / self.floor


def measure(server: Server, asked: Asked, *, requests: int) -> Load:
    """The mean over ``requests``, after some that do not count."""
    assert server.floor is not None
    waiting = asked.endless
    for address, headers in itertools.islice(waiting, WARM_UP):
        asked.ask(server.port, address, headers)
    cpu, floor, done, sizes = 0.0, 0.0, 0, 0
    walls: list[float] = []
    while done < requests:
        batch = min(SLICE, requests - done)
        before = server.cpu()
        for address, headers in itertools.islice(waiting, batch):
            began = time.perf_counter()
            sizes += len(asked.ask(server.port, address, headers))
            walls.append(time.perf_counter() - began)
        cpu += server.cpu() - before
        floor += server.floor.spend(batch)
        done += batch
    cuts = statistics.quantiles(walls, n=20)
    queries, rows = _counted(itertools.islice(waiting, COUNTED + 1))
    return Load(
        cpu=cpu / done * 1000,
        floor=floor / done * 1000,
        p50=cuts[9] * 1000,
        p95=cuts[18] * 1000,
        a_second=_a_second(server.port, asked, list(itertools.islice(waiting, requests))),
        queries=queries,
        rows=rows,
        kilobytes=sizes / done / 1000,
    )


def _a_second(port: int, asked: Asked, questions: list[tuple[str, Headers]]) -> float:
    """How many are answered in a second where four ask at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _answer in pool.map(lambda one: asked.ask(port, *one), questions):
            pass
    return len(questions) / (time.perf_counter() - began)


def _counted(asked: Iterable[tuple[str, Headers]]) -> tuple[float, float]:
    """Statements and rows fetched, of the same views in this process; the first request is not counted."""
    client, queries, rows, number = Client(HTTP_HOST="localhost"), 0, 0, 0
    for place, (address, headers) in enumerate(asked):
        before = _rows()
        with CaptureQueriesContext(connection) as captured:
            client.get(address, headers=headers)
        if place:
            queries, rows, number = queries + len(captured), rows + _rows() - before, number + 1
    return queries / number, rows / number


def _rows() -> int:
    """Rows that were read for queries so far, those of this connection told at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables"
        )
        return int(cursor.fetchone()[0])


def ask(port: int, address: str, headers: Headers, statuses: tuple[int, ...]) -> tuple[bytes, Any]:
    """The answer and its headers; any status but those expected ends the run."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    client.request(
        "GET", address, headers={"Host": f"localhost:{port}", "Accept-Encoding": "identity", **headers}
    )
    answer = client.getresponse()
    content = answer.read()
    client.close()
    if answer.status not in statuses:
        raise SystemExit(f"{quote(address[:200])} answered {answer.status}: {content[:300]!r}")
    return content, answer.headers


def megabytes(server: Server) -> list[float]:
    """What each process of the web server holds in memory of its own and shared, the first being the one that starts them."""
    found = []
    for pid in children_of(server.process.pid):
        status = Path(f"/proc/{pid}/status").read_text()
        found.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
    return found
