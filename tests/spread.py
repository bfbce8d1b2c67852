"""Which of many combinations are tried: each value and each row in ``make test``, all of them in ``make test-deep``."""

import itertools
from collections.abc import Iterable
from typing import TypeVar

import hypothesis

Row = TypeVar("Row")
Value = TypeVar("Value")


def all_of_them() -> bool:
    """Whether the run was asked for its larger examples (``--hypothesis-profile=deep``)."""
    return hypothesis.settings().max_examples >= 1000


def examples(quick: int) -> hypothesis.settings:
    """So many in ``make test``, where each takes long; a thousand in ``make test-deep``."""
    return hypothesis.settings(max_examples=1000 if all_of_them() else quick, deadline=None)


def spread(rows: Iterable[Row], values: Iterable[Value]) -> list[tuple[Row, Value]]:
    """Rows and values in pairs: all, or as many as let each row and each value come up once."""
    rows, values = list(rows), list(values)
    if all_of_them():
        return list(itertools.product(rows, values))
    longest = max(len(rows), len(values)) if rows and values else 0
    return [(rows[i % len(rows)], values[i % len(values)]) for i in range(longest)]
