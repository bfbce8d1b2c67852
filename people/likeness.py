"""How alike two names are, whatever their script and order. Pure: names in, a score out.

A person decides whether two rows are one human; this only suggests whom to look at.
"""

from rapidfuzz import fuzz

from people.names import romanise

ALIKE = 85.0  # of 100


def likeness(one: str, other: str) -> float:
    """0 to 100: the best of rapidfuzz's ``ratio`` and ``token_sort_ratio`` on Latin letters without accents and,
    where both names have two or more words, ``token_set_ratio``."""
    return likeness_of_words(romanise(one), romanise(other))


def likeness_of_words(first: str, second: str) -> float:
    """The same for names that ``romanise`` has been through."""
    if not first or not second:
        return 0.0
    best = max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second))
    if " " in first and " " in second:
        best = max(best, fuzz.token_set_ratio(first, second))
    return float(best)
