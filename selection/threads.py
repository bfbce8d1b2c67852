"""One thread for linear algebra. Pure: no Django, no database.

OpenBLAS, which comes with numpy and scipy, starts a thread for each core and lets them wait for each other in
a busy loop. Beside other processes, as on every server, that costs ten times what the work itself does.
"""

import contextlib
import ctypes
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import scipy

NAMES = ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads", "openblas_{}_num_threads")


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra inside uses one thread, in the whole process; also a decorator. Other libraries: no change."""
    before = [library.get() for library in _libraries()]
    for library in _libraries():
        library.set(1)
    try:
        yield
    finally:
        for library, threads in zip(_libraries(), before, strict=True):
            library.set(threads)


class _Library:
    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))  # in use already: the same one, not a second copy
        name = next(name for name in NAMES if hasattr(library, name.format("set")))
        self.get = getattr(library, name.format("get"))
        self.set = getattr(library, name.format("set"))


@cache
def _libraries() -> tuple[_Library, ...]:
    """The copies of OpenBLAS that numpy and scipy have brought along; none where the system's is used."""
    found = []
    for package in (np, scipy):
        folder = Path(str(package.__file__)).parent.with_name(f"{package.__name__}.libs")
        for path in sorted(folder.glob("*openblas*")):
            with contextlib.suppress(OSError, StopIteration):
                found.append(_Library(path))
    return tuple(found)
