"""Pages of the roster by a cursor: what comes after a person, also where others came or went in between. Pure but for
the loaded columns; the last page costs what the first one does."""

import base64
import binascii
from dataclasses import dataclass

import numpy as np

from awards.columns import Array
from awards.roster import Result


@dataclass(frozen=True)
class Cursor:
    """The last person of a page, and their rank in case they are gone."""

    key: str
    rank: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(f"{self.rank}.{self.key}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    """None for what no answer of ours gave out."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    rank, _dot, key = plain.partition(".")
    if not (rank.isdigit() and len(rank) < 10 and key.isalnum() and len(key) <= 20):
        return None
    return Cursor(key, int(rank))


def rank_of(result: Result, pk: int | None, otherwise: int) -> int:
    """Where a person stands in the order that is asked for; ``otherwise`` where they are gone."""
    columns = result.found.columns
    places = np.flatnonzero(columns.ids == (pk or 0))
    return int(columns.ranks[result.search.sort][places[0]]) if len(places) else otherwise


def places_after(result: Result, rank: int, number: int) -> Array:
    """The next people after a rank (-1: from the start), in order."""
    return result.part(0, number, after=rank)
