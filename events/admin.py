"""Admin of summits."""

from django.contrib import admin

from common.admin import RecordAdmin, every_field, whoever_enters
from events.models import DETAILS, Registration, Summit
from events.queries import registrations_visible_to

KEPT_BY_ACTIONS = ("agenda", "agenda_html", "revision", "called_off_at", "called_off_because")


@admin.register(Summit)
class SummitAdmin(RecordAdmin):
    visible_to = whoever_enters(Summit)
    editable = every_field(Summit, but=KEPT_BY_ACTIONS)
    may_add = True
    list_display = ["name", "place", "country", "starts", "ends", "capacity"]
    search_fields = ["name", "place"]
    ordering = ["-starts"]


@admin.register(Registration)
class RegistrationAdmin(RecordAdmin):
    visible_to = registrations_visible_to
    secret = DETAILS  # who runs the summit reads them on its own pages
    list_display = ["person", "summit", "state", "number", "placed_at", "attended"]
    list_filter = ["state"]
    search_fields = ["key", "person__name"]
    list_select_related = ["person", "summit"]
    ordering = ["-joined_at"]
