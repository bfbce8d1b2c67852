"""What a person says about themselves."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from common import clock, history, jobs
from common.actor import Actor
from common.windows import require_unchanged
from people import names
from people.models import Person, PersonLink

_KINDS_OF_LINK = {
    "github.com": "github",
    "linkedin.com": "linkedin",
    "youtube.com": "youtube",
    "bsky.app": "bluesky",
    "twitter.com": "twitter",
    "x.com": "twitter",
    "xing.com": "xing",
    "sessionize.com": "sessionize",
}


def words_of(person: Person, fields: Iterable[str]) -> list[Any]:
    """What a profile says: these fields, its links, and who sees what."""
    links = list(person.links.values_list("url", flat=True))
    return [*(str(getattr(person, name)) for name in sorted(fields)), links, person.visibility]


@transaction.atomic
def edit_profile(
    person: Person,
    *,
    by: Actor | None,
    fields: dict[str, Any],
    links: Sequence[str],
    visibility: dict[str, str],
    seen: str | None = None,
) -> Person:
    """Write what a profile says and who sees which part. History keeps which fields changed, not their text.

    ``seen`` is the print of ``words_of`` as the form had it; raises ``Outdated`` where the profile holds other words by now.
    """
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require_unchanged(seen, words_of(locked, fields))
    values = {**fields, "visibility": visibility}
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, values[name])
    if "latin_name" in changed:  # names are sorted and found by what is computed from it
        names.set_name(locked, locked.name, locked.latin_name)
    if changed:
        locked.save(update_fields=sorted({*changed, *names.NAME_FIELDS}))
    if _change_links(locked, links):
        changed.append("links")
    Person.objects.filter(pk=locked.pk).update(profile_confirmed_at=clock.now())  # who saves it has read it
    if changed:
        history.record("person", locked.key, "edit_profile", by=by, codes={"fields": sorted(changed)})
    return locked


def _change_links(person: Person, links: Sequence[str]) -> bool:
    """What was found out about a link that stays is kept; new ones are looked at by the worker."""
    before = {link.url: link for link in person.links.all()}
    if list(before) == list(links):
        return False
    person.links.exclude(url__in=links).delete()
    for place, url in enumerate(links):
        if url in before:
            person.links.filter(url=url).update(position=place)
    new = [(place, url) for place, url in enumerate(links) if url not in before]
    PersonLink.objects.bulk_create(
        PersonLink(person=person, kind=_kind_of_link(url), url=url, position=place) for place, url in new
    )
    if new:
        jobs.defer("people.verify_links", once=f"verify {person.key}", key=person.key)
    return True


def _kind_of_link(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return next(
        (kind for site, kind in _KINDS_OF_LINK.items() if host == site or host.endswith(f".{site}")),
        "website",
    )
