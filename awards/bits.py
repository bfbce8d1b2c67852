"""Who gives which answer, one bit a person: a search is an AND of bits, and a count is how many of them are set. Pure.

Awards of a person that differ in nothing but their years are a *stint*: it has one bit, and has a year if one of them
covers it. People stand in slots, those with most stints first, and within that by country and area. A row of bits has a
*head* and a *tail*. The head is for the few who have several stints, in layers: the first has everybody's first stint, the
next the second of those who have one, and so on; so each layer is as long as the beginning of the one before, and laid
over each other they have one bit a person. The tail has one bit for each of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from awards import columns as cols
from awards.columns import Array, Columns

WORD = 64
SPARSE = 4  # times fewer words that are not zero, and an answer's tail is kept as those alone
_AT_ONCE = 32_000  # words that are counted together: what a core has near itself
Bits = Array  # words; the last axis runs over head and tail of a layout


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the bits of people and their stints stand."""

    places: Array  # slot → place
    slots: Array  # place → slot
    lengths: list[int]  # people in each layer of the head
    bit_of_row: Array
    layers: list[int] = field(init=False)  # words of each layer of the head
    head: int = field(init=False)  # words
    size: int = field(init=False)  # words of head and tail

    def __post_init__(self) -> None:
        layers = [_words(length) for length in self.lengths]
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "head", sum(layers))
        object.__setattr__(self, "size", sum(layers[1:]) + _words(len(self.places)))

    def of_rows(self, rows: Array) -> Bits:
        """Stints that have one of these rows."""
        found = np.zeros(self.size * WORD, bool)
        found[self.bit_of_row[rows]] = True
        return _packed(found)

    def of_people(self, fits: Array) -> Bits:
        """All stints of some people; ``fits``: slot → whether they are among them."""
        found, start = np.zeros(self.size * WORD, bool), 0
        for length, words in zip(self.lengths, self.layers, strict=True):
            found[start : start + length] = fits[:length]
            start += words * WORD
        rest = fits[sum(self.layers[:1]) * WORD :]
        found[start : start + len(rest)] = rest
        return _packed(found)

    def people(self, bits: Bits) -> Bits:
        """One bit a slot."""
        return np.concatenate((self.laid_over(bits[: self.head].copy()), bits[self.head :]))

    def laid_over(self, heads: Bits) -> Bits:
        """The layers of heads over each other, in the place of the first."""
        first, start = heads[..., : sum(self.layers[:1])], sum(self.layers[:1])
        for words in self.layers[1:]:
            first[..., :words] |= heads[..., start : start + words]
            start += words
        return first


def layout_of(columns: Columns) -> Layout:
    kinds = _kinds((columns.area, columns.category, columns.region, columns.country))
    keys = columns.people.astype(np.int64) * (int(kinds.max(initial=0)) + 1) + kinds
    by_stint = np.argsort(keys, kind="stable")  # nearly in order already
    is_first = np.diff(keys[by_stint], prepend=-1) != 0
    firsts = by_stint[is_first]  # stint → its first row
    owners = columns.people[firsts]
    begins = np.searchsorted(owners, np.arange(len(columns.ids) + 1, dtype=owners.dtype))
    stints, homes = np.diff(begins), firsts[begins[:-1]]
    places = np.lexsort((columns.area[homes], columns.country[homes], -stints)).astype(np.int32)
    slots = np.empty_like(places)
    slots[places] = np.arange(len(places), dtype=np.int32)
    several = [int(np.count_nonzero(stints > layer)) for layer in range(1, stints.max(initial=1))]
    first = [min(_words(length) * WORD, len(places)) for length in several[:1]]  # to the end of its last word
    lengths = [*first, *several]
    starts = np.cumsum([0, *map(_words, lengths)]) * WORD
    layer, slot = np.arange(len(owners)) - begins[owners], slots[owners]
    is_tail = (layer == 0) & (slot >= sum(first))
    bits = starts[layer] + slot + is_tail * int(starts[-1] - sum(first))
    bit_of_row = np.empty(len(columns.people), np.int32)
    bit_of_row[by_stint] = bits[np.cumsum(is_first) - 1]
    return Layout(places, slots, lengths, bit_of_row)


def _kinds(columns: Iterable[Array]) -> Array:
    """Row → the number of what it has in all columns together."""
    together = np.zeros(1, np.int64)
    for column in columns:
        together = together * (int(column.max(initial=0)) + 1) + column
    return np.unique(together, return_inverse=True)[1]


def _words(bits: int) -> int:
    return -(-bits // WORD)


def _packed(found: Array) -> Bits:
    return np.packbits(found, bitorder="little").view(np.uint64)


@dataclass(frozen=True, eq=False)
class Tails:
    """The tails of answers as those words that are not zero: ``words[starts[n]:starts[n + 1]]`` of the n-th stand ``at``."""

    at: Array
    words: Array
    starts: Array

    def any_of(self, rows: Sequence[int], size: int) -> Bits:
        found = np.zeros(size, np.uint64)
        for row in rows:
            span = slice(self.starts[row], self.starts[row + 1])
            found[self.at[span]] |= self.words[span]
        return found

    def counts(self, among: Bits) -> Array:
        set_bits = np.bitwise_count(self.words & among[self.at])
        until = np.concatenate(([0], np.cumsum(set_bits, dtype=np.int64)))
        return until[self.starts[1:]] - until[self.starts[:-1]]


@dataclass(frozen=True, eq=False)
class WholeTails:
    """The same with every word, for answers that are found all over."""

    words: Array  # one row an answer

    def any_of(self, rows: Sequence[int], size: int) -> Bits:
        return np.bitwise_or.reduce(self.words[list(rows)], axis=0)

    def counts(self, among: Bits) -> Array:
        step = max(1, _AT_ONCE // max(1, len(among)))
        parts = (self.words[start : start + step] & among for start in range(0, len(self.words), step))
        return np.concatenate([_set_in(part) for part in parts])


@dataclass(frozen=True, eq=False)
class Facet:
    """A question's answers with whoever gives them; answers that nobody gives are left out."""

    layout: Layout
    answers: list[str]
    heads: Bits  # one row an answer
    tails: Tails | WholeTails

    def any_of(self, wanted: Iterable[str]) -> Bits:
        """Who gives one of these answers."""
        rows = [self.answers.index(answer) for answer in wanted if answer in self.answers]
        head = np.bitwise_or.reduce(self.heads[rows], axis=0)
        return np.concatenate((head, self.tails.any_of(rows, self.layout.size - self.layout.head)))

    def counts(self, among: Bits) -> dict[str, int]:
        """Answer → people by one of the stints in ``among``; each is counted once an answer."""
        head = self.layout.head
        people = _set_in(self.layout.laid_over(self.heads & among[:head])) + self.tails.counts(among[head:])
        return {
            answer: number for answer, number in zip(self.answers, people.tolist(), strict=True) if number
        }


def _set_in(bits: Bits) -> Array:
    """How many of each row."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)


def facet(layout: Layout, answers: Iterable[tuple[str, Bits]]) -> Facet:
    given = [(answer, bits) for answer, bits in answers if bits.any()]
    heads = np.array([bits[: layout.head] for _answer, bits in given], np.uint64)
    tails = [bits[layout.head :] for _answer, bits in given]
    at = [np.flatnonzero(tail) for tail in tails]
    starts = np.cumsum([0, *map(len, at)])
    names, shape = [answer for answer, _bits in given], (len(given), layout.head)
    if given and starts[-1] * SPARSE > len(given) * len(tails[0]):
        return Facet(layout, names, heads.reshape(shape), WholeTails(np.array(tails)))
    words = [tail[some] for tail, some in zip(tails, at, strict=True)]
    return Facet(
        layout,
        names,
        heads.reshape(shape),
        Tails(
            np.concatenate([np.empty(0, np.int64), *at]).astype(np.int32),
            np.concatenate([np.empty(0, np.uint64), *words]),
            starts,
        ),
    )


@dataclass(frozen=True, eq=False)
class Hits:
    """What a search without a text finds. ``asked``: question → whoever answers it, ``everybody`` where nothing is asked."""

    columns: Columns
    layout: Layout
    everybody: Bits
    asked: Mapping[str, Bits]

    @cached_property
    def all(self) -> Bits:
        return self.without("")

    def without(self, question: str) -> Bits:
        """What answers all others."""
        others = [bits for name, bits in self.asked.items() if name != question]
        return np.bitwise_and.reduce(others) if others else self.everybody

    @cached_property
    def total(self) -> int:
        return self._people_in(self.all)

    def total_without(self, question: str) -> int:
        return self._people_in(self.without(question))

    def _people_in(self, bits: Bits) -> int:
        return int(_set_in(self.layout.people(bits)))

    @cached_property
    def _is_found(self) -> Array:
        """Slot → whether its person is found."""
        bits = self.layout.people(self.all).view(np.uint8)
        return np.unpackbits(bits, count=len(self.layout.places), bitorder="little").view(bool)

    def part(self, sort: str, start: int, number: int, *, after: int = -1) -> Array:
        """The places of some people found, the first ``start`` of those behind the rank ``after`` left out.

        Where many are found, the order is walked along until there are enough of them.
        """
        order = self.columns.orders[sort]
        if self.total == len(order):
            return order[after + 1 + start :][:number]
        if self.total < len(order) // WORD:
            found = self.layout.places[np.flatnonzero(self._is_found)]
            return cols.some_places(self.columns.ranks[sort][found], order, start, number, after=after)
        parts: list[Array] = []
        at, step, have = after + 1, 1_000, 0
        while at < len(order) and have < start + number:
            passed = order[at : at + step]
            parts.append(passed[self._is_found[self.layout.slots[passed]]])
            at, step, have = at + step, 2 * step, have + len(parts[-1])
        return np.concatenate([order[:0], *parts])[start : start + number]
