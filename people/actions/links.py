"""Whether the pages that a profile links to lead back to it: looked at by the worker, never while somebody waits."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from common import clock
from common.fetching import Guard
from common.letters import site_address
from people.linkproof import leads_back
from people.models import PersonLink

AGAIN_AFTER = dt.timedelta(days=30)
LINKS_A_RUN = 60


def verify_links(key: str, *, guard: Guard | None = None) -> None:
    """All links of one person."""
    _look(PersonLink.objects.filter(person__key=key, person__erased_at=None), guard)


def verify_due_links(*, guard: Guard | None = None) -> None:
    """Those that nobody looked at for a month, the longest first."""
    due = Q(checked_at=None) | Q(checked_at__lt=clock.now() - AGAIN_AFTER)
    links = PersonLink.objects.filter(due, person__erased_at=None, person__merged_into=None)
    _look(links.order_by("checked_at", "pk")[:LINKS_A_RUN], guard)


def _look(links: Iterable[PersonLink], guard: Guard | None) -> None:
    """A page that does not answer today changes nothing but the day on which it was asked."""
    for link in PersonLink.objects.filter(pk__in=[one.pk for one in links]).select_related("person"):
        page = site_address(reverse("person", args=[link.person.slug]))
        found, now = leads_back(link.url, page, guard=guard), clock.now()
        changed = {"verified_at": now if found else None} if found is not None else {}
        PersonLink.objects.filter(pk=link.pk).update(checked_at=now, **changed)
