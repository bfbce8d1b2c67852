"""The parts of the measured table, in words and columns."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from awards.models import Award
from charter.models import Region
from people.models import Person
from tests.bench import (
    assignment,
    calibration,
    databases,
    nominating,
    pages,
    public,
    release,
    selection,
    simulation,
)
from tests.bench.costs import WARM_UP, Cost, Floor, Server, running
from tests.bench.strangers import Load, megabytes
from tests.bench.visitors import Visitor

LARGE, TENTH = "L", "L-tenth"
REQUESTS = int(os.environ.get("REQUESTS", "150"))
SIZES = tuple(os.environ.get("SIZES", "M L XL").split())  # of the public pages


def print_pages() -> None:
    """What pages and acts cost at both sizes, as ratios to the floor."""
    _print_costs(public=True)


def print_selection() -> None:
    """The same for the selection alone."""
    _print_costs(public=False)


def _print_costs(*, public: bool) -> None:
    for size in (TENTH, LARGE):
        databases.prepare(size)
    small, few = _costs(TENTH, public=False)
    large, many = _costs(LARGE, public=public)
    cases, reviews = many
    print(
        f"\n{cases:,} cases and {reviews:,} reviews, beside {few[0]:,} and {few[1]:,}; {REQUESTS} requests each"
    )
    print(f"{'':<22}{'× floor':>9}{'goal':>6}{'× tenth':>9}{'CPU ms':>9}{'rows':>9}{'wall ms':>9}{'kB':>8}")
    for name, cost in large.items():
        goal = (selection.GOALS | nominating.GOALS).get(name)
        growth = f"{cost.ratio / small[name].ratio:>9.2f}" if name in small else f"{'':>9}"
        print(
            f"{name:<22}{cost.ratio:>9.1f}{goal or '':>6}{growth}{cost.cpu:>9.2f}{cost.rows:>9,.0f}"
            f"{cost.wall:>9.1f}{cost.kilobytes:>8.1f}",
            flush=True,
        )
    for size in (TENTH, LARGE):
        if making := databases.making_of(size):
            print(f"generate --size {making.size}: {making.seconds:.0f} s, {making.megabytes:.0f} MB at most")


def _costs(size: str, *, public: bool) -> tuple[dict[str, Cost], tuple[int, int]]:
    """The selection's pages on one database, the public ones before them if wanted, and the floor."""
    found: dict[str, Cost] = {}
    with _serving(size) as server:
        assert server.floor is not None
        if public:
            found |= pages.costs(server, requests=REQUESTS)
            found |= nominating.costs(server, requests=REQUESTS)
        found |= selection.costs(server, requests=REQUESTS)
        mean = server.floor.mean
    found = {name: cost if cost.floor else replace(cost, floor=mean) for name, cost in found.items()}
    return {"floor": Cost(mean, 0, 0, 0, mean)} | found, selection.cases()


@contextmanager
def _serving(size: str) -> Iterator[Server]:
    """The site on the database of a size, with the floor beside it."""
    databases.use(size)
    region = Region.objects.order_by("pk").values_list("pk", flat=True).first()
    with (
        running("tests.bench.floor_settings", "--worker-class", "sync") as beside,
        running("tests.bench.settings", "--log-level", "error") as server,
    ):
        stranger = Visitor(beside.port)
        server.floor = Floor(beside, lambda: stranger.get(f"/floor/?pk={region}"))
        server.floor.spend(WARM_UP)
        server.floor = replace(server.floor, cpu=0, requests=0)
        yield server


def print_public() -> None:
    """What strangers' pages cost at each size, beside their cost at the first."""
    first: dict[str, Load] = {}
    for size in SIZES:
        databases.prepare(size)
        with _serving(size) as server:
            _print_public_head(size)
            for row, load in public.loads(server, requests=REQUESTS):
                first.setdefault(row.name, load)
                _print_load(row, load, first[row.name] if size != SIZES[0] else None)
            own = ", ".join(f"{one:,.0f}" for one in megabytes(server))
            print(f"memory of the web processes, MB: {own}", flush=True)
        if making := databases.making_of(size):
            print(f"generate --size {size}: {making.seconds:.0f} s, {making.megabytes:.0f} MB at most")


def _print_public_head(size: str) -> None:
    print(
        f"\n{size}: {Person.objects.count():,} persons, {Award.objects.count():,} awards; {REQUESTS} requests each"
    )
    print(
        f"{'':<40}{'× floor':>9}{'goal':>6}{'× ' + SIZES[0]:>7}{'CPU ms':>9}{'queries':>9}{'rows':>9}{'kB':>8}{'a second':>10}"
        f"{'p50 ms':>9}{'p95 ms':>9}"
    )


def _print_load(row: public.Row, load: Load, first: Load | None) -> None:
    growth = f"{load.ratio / first.ratio:>7.2f}" if first else f"{'':>7}"
    print(
        f"{row.name:<40}{load.ratio:>9.2f}{row.goal or '':>6}{growth}{load.cpu:>9.2f}{load.queries:>9.1f}{load.rows:>9,.0f}"
        f"{load.kilobytes:>8.1f}{load.a_second:>10,.0f}{load.p50:>9.1f}{load.p95:>9.1f}",
        flush=True,
    )


def print_assignment() -> None:
    """Who reviews what, on invented instances: those that the program is built for, and the one that strains it."""
    print(
        f"\n{'assignment: cases × reviewers (capacity)':<42}{'s':>7}{'CPU s':>7}{'MB':>7}{'filled':>9}{'loads':>8}{'forbidden':>11}"
    )
    for one in assignment.measure_all():
        name = f"{one.cases:,} × {one.reviewers:,} ({one.capacity})"
        loads = f"{one.least}–{one.most}"
        print(
            f"{name:<42}{one.seconds:>7.1f}{one.cpu:>7.1f}{one.megabytes:>7.0f}{one.filled:>9.1%}{loads:>8}{one.forbidden:>11}",
            flush=True,
        )


def print_calibration() -> None:
    """The model on a third of a million cases."""
    _print_rows(calibration.rows())


def print_simulation() -> None:
    """How often the interval holds the truth, and how many of the truly best are found."""
    _print_rows(simulation.rows())


def print_release() -> None:
    """5,000 outcomes at once, in the large database, which keeps nothing of them."""
    databases.prepare(LARGE)
    databases.use(LARGE)
    _print_rows(release.rows())


def _print_rows(rows: list[tuple[str, str]]) -> None:
    print()
    for what, figure in rows:
        print(f"{what:<90} {figure}", flush=True)
