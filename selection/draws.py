"""A draw between equals that anybody can repeat. Pure: no Django, no database.

The seed is published with the protocol before the stage opens, and so before anybody knows who will be equal. The
order is that of SHA-256 of "seed:key", as 64 lower-case hexadecimal digits, the lowest first:

    printf '%s' 'SEED:KEY' | sha256sum
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    """One case in its place, from 1, with the digest that put it there."""

    position: int
    key: str
    digest: str


def digest(seed: str, key: str) -> str:
    """SHA-256 of seed, colon and key in UTF-8, in hexadecimal."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def draw(seed: str, keys: Iterable[str]) -> list[Drawn]:
    """The keys in drawn order, whatever order they come in. ValueError without a seed, or for a key named twice."""
    given = list(keys)
    if not seed:
        raise ValueError("a draw needs a seed that was published before")
    if len(set(given)) != len(given):
        raise ValueError("a case was named twice")
    ordered = sorted((digest(seed, key), key) for key in given)
    return [Drawn(position, key, drawn) for position, (drawn, key) in enumerate(ordered, start=1)]
