"""What is computed from a name: its Latin form, sort key, search text and the slug of its page."""

import re
import unicodedata

from anyascii import anyascii
from django.db.models import Q

from common.keys import keyed_digest, new_key
from people.models import OldSlug, Person, Tombstone

SLUG_LENGTH = 60


def latin(text: str) -> str:
    """``text`` in plain Latin letters, lower-cased, in single spaces.

    >>> latin("Đặng Thu Hà")
    'dang thu ha'
    """
    plain = anyascii(unicodedata.normalize("NFC", text)).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).split())


def sort_key(name: str, latin_name: str = "") -> str:
    """What lists are sorted by: the Latin form, where one was given that one."""
    return latin(latin_name or name)[:200]


def search_text(name: str, latin_name: str = "") -> str:
    """What text search looks in: the name as written, its given and its computed Latin form."""
    parts = [name.casefold(), latin(latin_name), latin(name)]
    return " ".join(dict.fromkeys(part for part in parts if part))[:500]


def slug_digest(slug: str) -> str:
    """The only trace that an erased profile leaves."""
    return keyed_digest("slug", slug, length=64)


def new_slug(name: str, latin_name: str = "") -> str:
    """A slug that no profile has, had or left a tombstone for: ``ines-abrantes``, ``ines-abrantes-2``."""
    base = latin(latin_name or name).replace(" ", "-")[:SLUG_LENGTH].strip("-") or "person"
    like = Q(slug=base) | Q(slug__startswith=f"{base}-")
    taken = set(Person.objects.filter(like).values_list("slug", flat=True))
    taken |= set(OldSlug.objects.filter(like).values_list("slug", flat=True))
    for number in range(1, len(taken) + 20):
        slug = base if number == 1 else f"{base}-{number}"
        if slug in taken or Tombstone.objects.filter(slug_digest=slug_digest(slug)).exists():
            continue
        return slug
    return f"{base}-{new_key(6).lower()}"
