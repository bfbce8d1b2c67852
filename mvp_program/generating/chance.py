"""Chance that falls the same way every time, and the keys and row numbers that go with it."""

import random
from collections.abc import Sequence
from typing import Generic, TypeVar

from django.db.models import Model

from common.copying import next_ids
from common.keys import ALPHABET

T = TypeVar("T")


class Keys:
    """Public keys drawn from a seeded source, each once; a few hundred at a time."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._taken: set[str] = set()
        self._ready: dict[int, list[str]] = {}

    def take(self, length: int) -> str:
        ready = self._ready.setdefault(length, [])
        while True:
            if not ready:
                signs = "".join(self._chance.choices(ALPHABET, k=length * 500))
                ready += [signs[place : place + length] for place in range(0, len(signs), length)]
            key = ready.pop()
            if key not in self._taken:
                self._taken.add(key)
                return key


class Ids:
    """Primary keys from a table's sequence, fetched a few thousand at a time."""

    def __init__(self, model: type[Model], block: int = 5000) -> None:
        self._model, self._block = model, block
        self._ready: list[int] = []

    def take(self) -> int:
        if not self._ready:
            self._ready = sorted(next_ids(self._model, self._block), reverse=True)
        return self._ready.pop()


class Weighted(Generic[T]):
    """Draws from items by weight."""

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        self.items = list(items)
        self._sums: list[float] = []
        total = 0.0
        for weight in weights:
            total += weight
            self._sums.append(total)

    def draw(self, chance: random.Random) -> T:
        return chance.choices(self.items, cum_weights=self._sums)[0]


def shares(total: int, weights: dict[str, float]) -> dict[str, int]:
    """``total`` divided by weight in whole numbers that add up: largest remainders, then alphabet."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in rest[: total - sum(parts.values())]:
        parts[name] += 1
    return parts
