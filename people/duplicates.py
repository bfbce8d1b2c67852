"""Who may be the same human as somebody: people with a like name, for a person to look at. Nothing is decided here.

Candidates are found in the database by trigrams of names in Latin letters without accents (``Person.sort_key``); the
best of them by ``people.likeness``.
"""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import QuerySet

from people import names
from people.likeness import ALIKE, likeness_of_words
from people.models import Person

CANDIDATES = 50
SIMILAR = 0.4  # at least so similar are candidates


@dataclass(frozen=True)
class Likely:
    """Somebody with a like name, and how like: 85 to 100."""

    person: Person
    score: float


def people_like(name: str, *, among: QuerySet[Person], at_most: int = 10) -> list[Likely]:
    """Those of ``among`` whose name is like ``name``, the likest first. Two statements, whatever the number of people."""
    wanted = names.sort_key(name)
    if not any(letter.isalnum() for letter in wanted):
        return []
    with transaction.atomic():
        _be_strict()
        candidates = list(
            among.filter(sort_key__trigram_similar=wanted)
            .annotate(similarity=TrigramSimilarity("sort_key", wanted))
            .order_by("-similarity", "pk")
            .only("slug", "name", "latin_name", "sort_key")[:CANDIDATES]
        )
    written = names.romanise(name)
    scored = [
        Likely(
            person,
            max(
                likeness_of_words(written, names.romanise(person.latin_name or person.name)),
                likeness_of_words(wanted, person.sort_key),
            ),
        )
        for person in candidates
    ]
    found = [likely for likely in scored if likely.score >= ALIKE]
    return sorted(found, key=lambda likely: (-likely.score, likely.person.pk))[:at_most]


def _be_strict() -> None:
    """Let the index answer for ``SIMILAR``; its own threshold would give it several times as many rows to look at."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {SIMILAR}")
