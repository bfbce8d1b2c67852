"""Prints of texts: two texts that share most of their words have prints that differ in few bits. Pure.

SimHash (Charikar, 2002) of 64 bits over runs of two words. The nominee's name is left out, so that a letter which was
filled in for many people has one print.
"""

import hashlib
import re

from people.names import fold

BITS = 64
ALIKE_BITS = 12  # at most so many bits differ; of independent texts three pairs in ten million do
_RUN = 2


def print_of(text: str, *, without: str = "") -> int:
    """The print as a signed 64-bit number; ``without`` holds words that do not count."""
    names = set(fold(without).split())
    words = [word for word in re.findall(r"[^\W\d_]+", fold(text)) if word not in names]
    runs = {" ".join(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1))}
    weights = [0] * BITS
    for run in runs:
        bits = int.from_bytes(hashlib.blake2b(run.encode(), digest_size=BITS // 8).digest(), "big")
        for place in range(BITS):
            weights[place] += 1 if bits >> place & 1 else -1
    value = sum(1 << place for place, weight in enumerate(weights) if weight > 0)
    return value - (1 << BITS) if value >> (BITS - 1) else value


def distance(one: int, other: int) -> int:
    """In how many bits two prints differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()
