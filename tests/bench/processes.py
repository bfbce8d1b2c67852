"""CPU seconds of processes, read from /proc (Linux)."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    """Every descendant of a process, itself included."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(current := waiting.pop())
        waiting += parents.get(current, [])
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, its living descendants, and the dead ones it has reaped.

    Of the living to the nanosecond: ``stat`` tells hundredths of a second, and a process that does little in each of
    them is a tenth off over two dozen requests.
    """
    total = 0.0
    for member in children_of(pid):
        for task in Path(f"/proc/{member}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text().split()[0]) / 1e9
            except OSError:
                continue
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return total + sum(int(fields[index]) for index in (13, 14)) / TICKS
