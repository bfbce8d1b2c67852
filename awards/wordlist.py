"""Whose name has a word: every word of every name once, and the places of its people. Pure.

A word of a search is found inside words of a name; one or two plain letters only at their beginning. Where nobody has
it, words that differ by a letter or two count.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from awards import columns as cols
from awards.columns import Array

_SPLIT, _LAST = "\n", chr(0x10FFFF)
_PAIR = (
    np.uint32(0x9E3779B1),
    np.uint32(0x85EBCA77),
)  # odd numbers that spread pairs of letters over 64 bits
ALIKE_AT_MOST = 60


@dataclass(frozen=True, eq=False)
class WordList:
    """``words`` once each, in order; ``owners[starts[n]:starts[n + 1]]`` are the places that have the n-th."""

    words: list[str]
    owners: Array
    starts: Array
    count: int  # of places
    _lengths: Array = field(init=False)
    _letters: Array = field(init=False)  # of each word, as bits: see ``_marks``
    _pairs: Array = field(init=False)

    def __post_init__(self) -> None:
        sizes = np.fromiter((len(word) + 1 for word in self.words), np.int64, len(self.words))
        places = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(sizes) else sizes
        letters, pairs = _marks(_SPLIT + _SPLIT.join(self.words) + _SPLIT, places)
        object.__setattr__(self, "_lengths", np.minimum(sizes - 1, 2**15 - 1).astype(np.int16))
        object.__setattr__(self, "_letters", letters)
        object.__setattr__(self, "_pairs", pairs)

    def with_part(self, part: str, *, at_start: bool = False) -> Sequence[int]:
        """Which words have a part in them. Few have its letters and pairs of letters: those alone are looked at."""
        if at_start:
            return range(bisect_left(self.words, part), bisect_left(self.words, part + _LAST))
        letters, pairs = (marks[0] for marks in _marks(part, [0]))
        may_have = (self._letters & letters == letters) & (self._pairs & pairs == pairs)
        return [word for word in np.flatnonzero(may_have).tolist() if part in self.words[word]]

    def like(self, word: str) -> list[int]:
        """Words that differ from it by one letter, or by two where it is long: added, left out, changed or swapped.

        Each of these changes at most two of the letters that a word has at all, so most words need no comparing.
        """
        if len(word) < 4:
            return []
        most = 1 if len(word) < 6 else 2
        letters = _marks(_SPLIT + word, [0])[0][0]
        is_near = np.bitwise_count(self._letters ^ letters) <= 2 * most
        near = np.flatnonzero(is_near & (np.abs(self._lengths - len(word)) <= most)).tolist()
        words = [self.words[place] for place in near]
        found = extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=ALIKE_AT_MOST)
        least = min((distance for _word, distance, _place in found), default=0)
        return sorted(near[place] for _word, distance, place in found if distance == least)

    def people(self, words: Sequence[int]) -> Array:
        """The places of everybody with one of these words, ascending."""
        if not words:
            return np.empty(0, np.int32)
        if isinstance(words, range):
            parts = [self.owners[self.starts[words.start] : self.starts[words.stop]]]
        else:
            parts = [self.owners[self.starts[word] : self.starts[word + 1]] for word in words]
        if len(words) == 1:
            return parts[0]
        together = np.concatenate(parts)
        if len(together) < self.count // 20:
            return cols.each_once(together)
        named = np.zeros(self.count, bool)
        named[together] = True
        return np.flatnonzero(named).astype(np.int32)


def _marks(text: str, places: Sequence[int] | Array) -> tuple[Array, Array]:
    """Of what begins at each place and ends before the next: which letters it has, and which letters behind each other, 64
    kinds of both. What has a part has all its marks."""
    if not len(places):
        return np.empty(0, np.uint64), np.empty(0, np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    letters = np.uint64(1) << (codes % 64).astype(np.uint64)
    pairs = np.zeros(len(codes), np.uint64)
    kinds = (codes[:-1] * _PAIR[0] + codes[1:] * _PAIR[1]) >> np.uint32(26)
    pairs[:-1] = np.uint64(1) << kinds.astype(np.uint64)
    return np.bitwise_or.reduceat(letters, places), np.bitwise_or.reduceat(pairs, places)


def spread(few: WordList, numbers: Array) -> WordList:
    """The list of places by the numbers of their texts, of which ``few`` are different: place → text."""
    order = np.argsort(numbers, kind="stable").astype(np.int32)
    begins = np.searchsorted(numbers[order], np.arange(few.count + 1))
    empty = np.empty(0, np.int32)
    owners = []
    for word in range(len(few.words)):
        texts = few.owners[few.starts[word] : few.starts[word + 1]]
        places = [order[begins[text] : begins[text + 1]] for text in texts]
        owners.append(np.sort(np.concatenate(places)))
    starts = np.concatenate(([0], np.cumsum([len(places) for places in owners]))).astype(np.int64)
    return WordList(few.words, np.concatenate(owners) if owners else empty, starts, len(numbers))


def is_short(word: str) -> bool:
    """One or two plain letters: nearly every name has them somewhere."""
    return len(word) < 3 and word.isascii()


def word_list(texts: Iterable[str]) -> WordList:
    """Of texts by place; each text is words between spaces."""
    numbers: dict[str, int] = {}
    words, owners = array("i"), array("i")
    place = -1
    for place, text in enumerate(texts):
        for word in dict.fromkeys(text.split()):
            words.append(numbers.setdefault(word, len(numbers)))
            owners.append(place)
    in_order = sorted(numbers)
    ranks = np.empty(len(numbers), np.int32)
    ranks[[numbers[word] for word in in_order]] = np.arange(len(numbers))
    of_word = ranks[np.frombuffer(words, np.int32)] if words else np.empty(0, np.int32)
    order = np.argsort(of_word, kind="stable")
    starts = np.searchsorted(of_word[order], np.arange(len(numbers) + 1))
    everybody = np.frombuffer(owners, np.int32) if owners else np.empty(0, np.int32)
    return WordList(in_order, everybody[order], starts, place + 1)
