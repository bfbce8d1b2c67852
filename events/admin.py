"""Admin of summits."""

from django.contrib import admin

from common.admin import RecordAdmin, every_field, whoever_enters
from events.models import Summit


@admin.register(Summit)
class SummitAdmin(RecordAdmin):
    visible_to = whoever_enters(Summit)
    editable = every_field(Summit)
    may_add = True
    list_display = ["name", "place", "country", "starts", "ends", "capacity"]
    search_fields = ["name", "place"]
    ordering = ["-starts"]
