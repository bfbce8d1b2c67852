"""Measure pages against the floor: ``make bench``.

Web server and database run as ``make run`` runs them, on the data of its database. For each address: requests one
after the other, CPU time of all web and database processes divided by their number, and the ratio to the floor.
Wall time is printed for the curious; on a shared machine it says little.
"""

import http.client
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import django

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "mvp_program.settings.demo",
    "MVP_DATABASE_ROLE": "app",
    "DEMO": "1",
}
django.setup()

from django.db import connection  # noqa: E402

from awards.models import Award  # noqa: E402
from charter.models import Area, Region  # noqa: E402
from people.models import Person  # noqa: E402
from tests.bench.processes import cpu_seconds  # noqa: E402
from tests.serving import free_port, serve  # noqa: E402

REQUESTS = int(os.environ.get("REQUESTS", "150"))


@dataclass(frozen=True)
class Cost:
    """Of one request: CPU in milliseconds (web and database), wall time in milliseconds, size in kB."""

    cpu: float
    wall: float
    kilobytes: float


def fetch(port: int, address: str) -> int:
    """Bytes of the answer's body; anything but 200 ends the run."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", address, headers={"Host": f"localhost:{port}", "Accept-Encoding": "identity"})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}")
    return len(body)


def database_pid() -> int:
    """The postmaster: the parent of the process that answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def measure(port: int, server: int, database: int, address: str) -> Cost:
    for _ in range(10):
        fetch(port, address)
    walls, size = [], 0
    before = cpu_seconds(server) + cpu_seconds(database)
    for _ in range(REQUESTS):
        start = time.perf_counter()
        size = fetch(port, address)
        walls.append(time.perf_counter() - start)
    cpu = cpu_seconds(server) + cpu_seconds(database) - before
    return Cost(cpu / REQUESTS * 1000, statistics.median(walls) * 1000, size / 1000)


def addresses() -> dict[str, str]:
    """The pages to measure, with keys and slugs of rows that exist."""
    award = Award.objects.order_by("-first_year", "pk").select_related("person").first()
    area = Area.objects.order_by("pk").first()
    if award is None or area is None:
        raise SystemExit("The database is empty: start the site once with `make run`.")
    return {
        "home": "/",
        "roster": "/roster/",
        "roster, area": f"/roster/?area={area.slug}",
        "roster, text": "/roster/?q=mar",
        "roster, deep": "/roster/?page=100",
        "profile": f"/people/{award.person.slug}/",
        "award": f"/awards/{award.key}/",
        "summits": "/summits/",
        "sign in": "/accounts/login/",
        "health": "/healthz",
    }


def main() -> None:
    print(f"{Person.objects.count():,} people, {Award.objects.count():,} awards, {REQUESTS} requests each\n")
    database = database_pid()
    region = Region.objects.order_by("pk").values_list("pk", flat=True).first()
    port = free_port()
    server = serve(port, "tests.bench.floor_settings", "--worker-class", "sync")
    try:
        floor = measure(port, server.pid, database, f"/floor/?pk={region}")
    finally:
        server.terminate()
        server.wait()
    print(f"{'page':<16}{'× floor':>9}{'CPU ms':>9}{'wall ms':>9}{'kB':>8}")
    print(f"{'floor':<16}{1:>9.1f}{floor.cpu:>9.2f}{floor.wall:>9.1f}{floor.kilobytes:>8.1f}")
    port = free_port()
    server = serve(port, "mvp_program.settings.demo")
    try:
        for name, address in addresses().items():
            cost = measure(port, server.pid, database, address)
            ratio = cost.cpu / floor.cpu
            print(
                f"{name:<16}{ratio:>9.1f}{cost.cpu:>9.2f}{cost.wall:>9.1f}{cost.kilobytes:>8.1f}", flush=True
            )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
