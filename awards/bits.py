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
FEW = 6  # times fewer words that are not zero, and what is counted among looks at those alone
_AT_ONCE = 32_000  # words that are counted together: what a core has near itself
Bits = Array  # words; the last axis runs over head and tail of a layout


@dataclass(frozen=True, eq=False)
class Among:
    """Stints among which answers are counted: all eight questions ask for the same things of them."""

    head: Bits
    tail: Bits
    at: Array | slice  # the words of the tail that may not be zero: all, a span, or one by one
    words: Bits  # these


def among(layout: "Layout", bits: Bits) -> Among:
    head, tail = bits[: layout.head], bits[layout.head :]
    at = np.flatnonzero(tail)
    if len(at) * FEW > len(tail):
        return Among(head, tail, slice(0, len(tail)), tail)
    if len(at) and at[-1] - at[0] < 2 * len(at):
        span = slice(int(at[0]), int(at[-1]) + 1)
        return Among(head, tail, span, tail[span])
    return Among(head, tail, at, tail[at])


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

    def of_places(self, places: Array) -> Bits:
        """All stints of some people by their places."""
        fits = np.zeros(len(self.places), bool)
        fits[self.slots[places]] = True
        return self.of_people(fits)

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
    """The tails of answers as those words that are not zero: ``words[starts[n]:starts[n + 1]]`` of the n-th stand ``at``.
    ``by_word``: the same in the order of where they stand, and ``begins`` where each place begins in it."""

    at: Array
    words: Array
    starts: Array
    by_word: Array
    begins: Array
    answers: Array  # of ``by_word``: whose word each is

    def any_of(self, rows: Sequence[int], size: int) -> Bits:
        found = np.zeros(size, np.uint64)
        for row in rows:
            span = slice(self.starts[row], self.starts[row + 1])
            found[self.at[span]] |= self.words[span]
        return found

    def counts(self, among: Among) -> Array:
        if len(among.words) == len(among.tail):
            set_bits = np.bitwise_count(self.words & among.tail[self.at])
            until = np.concatenate(([0], np.cumsum(set_bits, dtype=np.int64)))
            return until[self.starts[1:]] - until[self.starts[:-1]]
        if isinstance(among.at, slice):
            span = slice(self.begins[among.at.start], self.begins[among.at.stop])
            at, answers = self.by_word[span], self.answers[span]
        else:
            at = cols.spans(self.begins, among.at)
            at, answers = self.by_word[at], self.answers[at]
        set_bits = np.bitwise_count(self.words[at] & among.tail[self.at[at]])
        return np.bincount(answers, set_bits, minlength=len(self.starts) - 1)


def _tails(tails: Sequence[Bits], size: int) -> Tails:
    """``tails``: of each answer, all ``size`` words; there may be no answer at all."""
    places = [np.flatnonzero(tail) for tail in tails]
    at = np.concatenate([np.empty(0, np.int64), *places]).astype(np.int32)
    words = np.concatenate(
        [np.empty(0, np.uint64), *(t[some] for t, some in zip(tails, places, strict=True))]
    )
    by_word = np.argsort(at, kind="stable").astype(np.int32)
    numbers = np.arange(size + 1, dtype=np.int32)
    answers = np.repeat(np.arange(len(tails), dtype=np.int16), [len(some) for some in places])
    return Tails(
        at=at,
        words=words,
        starts=np.cumsum([0, *map(len, places)]),
        by_word=by_word,
        begins=np.searchsorted(at[by_word], numbers),
        answers=answers[by_word],
    )


@dataclass(frozen=True, eq=False)
class WholeTails:
    """The same with every word, for answers that are found all over."""

    words: Array  # one row an answer

    def any_of(self, rows: Sequence[int], size: int) -> Bits:
        return np.bitwise_or.reduce(self.words[list(rows)], axis=0)

    def counts(self, among: Among) -> Array:
        found, some = among.words, self.words
        step = max(1, _AT_ONCE // max(1, len(found)))
        parts = (some[start : start + step, among.at] & found for start in range(0, len(some), step))
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

    def numbers(self, among: Among) -> Array:
        """How many people give each answer by one of the stints in ``among``; each is counted once an answer."""
        people = _set_in(self.layout.laid_over(self.heads & among.head)) + self.tails.counts(among)
        return people.astype(np.uint32)

    def named(self, numbers: Array) -> dict[str, int]:
        """Answer → number, of those that anybody gives."""
        return {
            answer: number for answer, number in zip(self.answers, numbers.tolist(), strict=True) if number
        }

    def counts(self, among: Among) -> dict[str, int]:
        return self.named(self.numbers(among))


def _set_in(bits: Bits) -> Array:
    """How many of each row."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.uint32)  # half the time of eight bytes each


def facet(layout: Layout, answers: Iterable[tuple[str, Bits]]) -> Facet:
    given = [(answer, bits) for answer, bits in answers if bits.any()]
    heads = np.array([bits[: layout.head] for _answer, bits in given], np.uint64)
    tails = [bits[layout.head :] for _answer, bits in given]
    names, heads = [answer for answer, _bits in given], heads.reshape(len(given), layout.head)
    words = sum(int(np.count_nonzero(tail)) for tail in tails)
    if given and words * SPARSE > len(given) * len(tails[0]):
        return Facet(layout, names, heads, WholeTails(np.array(tails)))
    return Facet(layout, names, heads, _tails(tails, layout.size - layout.head))


@dataclass(frozen=True, eq=False)
class Hits:
    """What a search without a text finds. ``asked``: question → whoever answers it, ``everybody`` where nothing is asked."""

    columns: Columns
    layout: Layout
    everybody: Bits
    asked: Mapping[str, Bits]

    @cached_property
    def all(self) -> Bits:
        return self._without("")

    @cached_property
    def _kept(self) -> dict[str, Among]:
        return {}

    def without(self, question: str) -> Among:
        """What answers all others."""
        name = question if question in self.asked else ""
        if name not in self._kept:
            self._kept[name] = among(self.layout, self._without(name) if name else self.all)
        return self._kept[name]

    def _without(self, question: str) -> Bits:
        others = [bits for name, bits in self.asked.items() if name != question]
        return np.bitwise_and.reduce(others) if others else self.everybody

    @cached_property
    def total(self) -> int:
        return self._people_in(self.without(""))

    def total_without(self, question: str) -> int:
        return self._people_in(self.without(question))

    def _people_in(self, some: Among) -> int:
        return int(_set_in(self._people_of_head(some))) + int(_set_in(some.words))

    def _people_of_head(self, some: Among) -> Bits:
        """One bit each for those who have several stints."""
        return self.layout.laid_over(some.head.copy())

    @cached_property
    def _people(self) -> Bits:
        """One bit a slot: whether its person is found."""
        some = self.without("")
        return np.concatenate((self._people_of_head(some), some.tail))

    def _is_found(self, slots: Array) -> Array:
        return (self._people[slots // WORD] >> (slots % WORD).astype(np.uint64)) & np.uint64(1) == 1

    def _slots(self) -> Array:
        """Of everybody found."""
        at = np.flatnonzero(self._people)
        found = np.unpackbits(self._people[at].view(np.uint8), bitorder="little").reshape(-1, WORD)
        word, bit = np.nonzero(found)
        return at[word] * WORD + bit

    def part(self, sort: str, start: int, number: int, *, after: int = -1) -> Array:
        """The places of some people found, the first ``start`` of those behind the rank ``after`` left out.

        Where many are found, the order is walked along until there are enough of them.
        """
        order = self.columns.orders[sort]
        if self.total == len(order):
            return order[after + 1 + start :][:number]
        if self.total < len(order) // WORD:
            found = self.layout.places[self._slots()]
            return cols.some_places(self.columns.ranks[sort][found], order, start, number, after=after)
        parts: list[Array] = []
        at, step, have = after + 1, 1_000, 0
        while at < len(order) and have < start + number:
            passed = order[at : at + step]
            parts.append(passed[self._is_found(self.layout.slots[passed])])
            at, step, have = at + step, 2 * step, have + len(parts[-1])
        return np.concatenate([order[:0], *parts])[start : start + number]
