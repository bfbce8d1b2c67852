"""Admin of common's models: history, mail, facts about the site. All of it is only read.

A row of the history or a mail that is about a case out of the user's sight is out of sight too.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.admin import RecordAdmin, beside, whoever_enters
from common.models import (
    Bounce,
    DemoMarker,
    HistoryBlock,
    HistoryRow,
    HistoryText,
    HistoryWaiting,
    OutboxMail,
    SiteFact,
)
from mvp_program.queries import bounces_shown_to, history_shown_to, mails_shown_to


def in_words(code: str) -> str:
    """A code of the history as people say it: ``Take back``. The codes themselves stand in the row's own page."""
    return code.replace("_", " ").capitalize()


def without_long_lists(user: Any) -> QuerySet[HistoryBlock]:
    """A block holds a thousand ids and digests; pages have no use for them."""
    return HistoryBlock.objects.defer("row_ids", "row_digests")


@admin.register(HistoryRow)
class HistoryRowAdmin(RecordAdmin):
    visible_to = history_shown_to
    list_display = ["at", "about", "key", "act", "before", "after", "actor"]
    search_fields = ["key__exact", "actor__exact"]
    ordering = ["-id"]

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup in ("kind", "key", "verb", "actor")

    @admin.display(description=_("about"), ordering="kind")
    def about(self, row: HistoryRow) -> str:
        return in_words(row.kind)

    @admin.display(description=_("act"), ordering="verb")
    def act(self, row: HistoryRow) -> str:
        words = in_words(row.verb)
        if (
            row.verb in ("grant_role", "end_role") and "grant" not in row.codes
        ):  # sealed: it gets no number later
            return _("%(act)s (older: without the number of the role)") % {"act": words}
        return words

    @admin.display(description=_("before"), ordering="old_state")
    def before(self, row: HistoryRow) -> str:
        return in_words(row.old_state)

    @admin.display(description=_("after"), ordering="new_state")
    def after(self, row: HistoryRow) -> str:
        return in_words(row.new_state)


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


@admin.register(Bounce)
class BounceAdmin(RecordAdmin):
    visible_to = bounces_shown_to
    secret = ["event"]
    list_display = ["email", "kind", "noted_at", "lifted_at", "reason"]
    list_filter = ["kind"]
    search_fields = ["email__istartswith"]
    ordering = ["-id"]


@admin.register(SiteFact)
class SiteFactAdmin(RecordAdmin):
    visible_to = whoever_enters(SiteFact)
    list_display = ["name", "value"]


@admin.register(DemoMarker)
class DemoMarkerAdmin(RecordAdmin):
    visible_to = whoever_enters(DemoMarker)
    list_display = ["id", "written_at"]
