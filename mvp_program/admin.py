"""Admin of common's models: history, mail, facts about the site. All of it is only read.

A row of the history or a mail that is about a case out of the user's sight is out of sight too.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet

from common.admin import RecordAdmin, beside, whoever_enters
from common.models import (
    DemoMarker,
    HistoryBlock,
    HistoryRow,
    HistoryText,
    HistoryWaiting,
    OutboxMail,
    SiteFact,
)
from nominations.models import AccessLink, Support
from nominations.queries import nominations_hidden_from
from people.queries import person_of
from selection.models import Candidacy, Release
from selection.queries import without_own_missing
from selection.queries.cycle import releases_visible_to


def history_shown_to(user: Any) -> QuerySet[HistoryRow]:
    """Every row but those that name a hidden case."""
    hidden = keys_hidden_from(user)
    if not hidden:
        return HistoryRow.objects.all()
    others = HistoryRow.objects.exclude(key__in=hidden)
    return others.filter(_without(hidden, "codes", ("case", "into", "from")))


def mails_shown_to(user: Any) -> QuerySet[OutboxMail]:
    """Every mail but those about a hidden case."""
    hidden = keys_hidden_from(user)
    if not hidden:
        return OutboxMail.objects.all()
    return OutboxMail.objects.filter(
        _without(hidden, "keys", ("nomination", "candidacy", "link", "support", "case"))
    )


def _without(hidden: list[str], field: str, names: Iterable[str]) -> Q:
    """No value under any of these names of a JSON field is one of ``hidden``; a name may be missing."""
    parts = [~Q((f"{field}__has_key", name)) | ~Q((f"{field}__{name}__in", hidden)) for name in names]
    return reduce(and_, parts)


def keys_hidden_from(user: Any) -> list[str]:
    """Keys of cases in which this user has a hard conflict, of what hangs on them, of releases that hold nothing
    else, and of candidacies whose other reviews wait for the user's own."""
    person = person_of(user)
    if person is None:
        return []
    cases = nominations_hidden_from(person)
    waiting: QuerySet[Any] = without_own_missing(
        Candidacy.objects.filter(assignments__reviewer=person), person
    )
    rows: list[QuerySet[Any]] = [
        cases,
        Candidacy.objects.filter(nomination__in=cases),
        Support.objects.filter(nomination__in=cases),
        AccessLink.objects.filter(nomination__in=cases),
        waiting.filter(own_missing=True),
        Release.objects.exclude(pk__in=releases_visible_to(user).values("pk")),
    ]
    first, *others = [row.order_by().values_list("key", flat=True) for row in rows]
    return list(first.union(*others))


def without_long_lists(user: Any) -> QuerySet[HistoryBlock]:
    """A block holds a thousand ids and digests; pages have no use for them."""
    return HistoryBlock.objects.defer("row_ids", "row_digests")


@admin.register(HistoryRow)
class HistoryRowAdmin(RecordAdmin):
    visible_to = history_shown_to
    list_display = ["at", "kind", "key", "verb", "old_state", "new_state", "actor"]
    search_fields = ["key__exact", "actor__exact"]
    ordering = ["-id"]

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup in ("kind", "key", "verb", "actor")


@admin.register(HistoryText)
class HistoryTextAdmin(RecordAdmin):
    visible_to = beside(HistoryText, "row", history_shown_to)
    secret = ["salt"]
    list_display = ["row", "__str__", "for_nominee"]
    list_select_related = ["row"]
    search_fields = ["row__key__exact"]
    ordering = ["-id"]


@admin.register(HistoryBlock)
class HistoryBlockAdmin(RecordAdmin):
    visible_to = without_long_lists
    secret = ["row_ids", "row_digests"]
    list_display = ["id", "first_row", "last_row", "row_count", "sealed_at", "digest"]
    ordering = ["-id"]


@admin.register(HistoryWaiting)
class HistoryWaitingAdmin(RecordAdmin):
    visible_to = whoever_enters(HistoryWaiting)
    list_display = ["row_id"]
    ordering = ["row_id"]


@admin.register(OutboxMail)
class OutboxMailAdmin(RecordAdmin):
    """Without its keys: some open a link or are a code to sign in with."""

    visible_to = mails_shown_to
    secret = ["keys", "cause", "message_id"]
    list_display = ["to", "kind", "state", "created_at", "sent_at", "attempts"]
    list_filter = ["state"]
    search_fields = ["to__istartswith", "person_key__exact"]
    ordering = ["-id"]


@admin.register(SiteFact)
class SiteFactAdmin(RecordAdmin):
    visible_to = whoever_enters(SiteFact)
    list_display = ["name", "value"]


@admin.register(DemoMarker)
class DemoMarkerAdmin(RecordAdmin):
    visible_to = whoever_enters(DemoMarker)
    list_display = ["id", "written_at"]
