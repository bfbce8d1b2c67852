"""Chance that falls the same way every time, and the keys and row numbers that go with it."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np
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

    def of(self, length: int) -> Iterator[str]:
        """One after the other."""
        while True:
            yield self.take(length)


def many_keys(chance: random.Random, length: int, number: int, *, taken: Iterable[str] = ()) -> Iterator[str]:
    """``number`` different keys by the million, none of them ``taken``, as numbers of eight bytes until they are read."""
    base, at_once = len(ALPHABET), 10_000
    powers = base ** np.arange(length, dtype=np.int64)
    value_of = np.zeros(128, np.int64)
    value_of[[ord(sign) for sign in ALPHABET]] = np.arange(base)
    known = np.frombuffer("".join(taken).encode(), np.uint8).reshape(-1, length)
    drawn = np.random.default_rng(chance.getrandbits(64))
    more = number // 20 + 100 + len(known)  # some are drawn twice
    numbers = np.setdiff1d(drawn.integers(0, base**length, size=number + more), value_of[known] @ powers)
    drawn.shuffle(numbers)
    signs = np.frombuffer(ALPHABET.encode(), np.uint8)
    for start in range(0, number, at_once):
        some = numbers[start : min(start + at_once, number)]
        text = signs[some[:, None] // powers % base].tobytes().decode()
        yield from (text[place : place + length] for place in range(0, len(text), length))


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
