"""Admin of what someone did. A log belongs to its person and is only read here."""

from django.contrib import admin

from common.admin import RecordAdmin, beside, every_field, whoever_enters
from contributions.models import (
    Contribution,
    ContributionImport,
    ContributionType,
    DeletedContribution,
    ImportRow,
)
from people.admin import FindsPeople
from people.queries import people_visible_to


@admin.register(ContributionType)
class ContributionTypeAdmin(RecordAdmin):
    visible_to = whoever_enters(ContributionType)
    editable = every_field(ContributionType)
    may_add = True
    list_display = ["name", "code", "quantity_label", "reach_label", "link_required", "retired"]
    search_fields = ["name", "code"]


@admin.register(Contribution)
class ContributionAdmin(FindsPeople):
    visible_to = beside(Contribution, "person", people_visible_to)
    person_at = "person__"
    exact = ["key", "person__key"]
    list_display = ["title", "person", "type", "starts", "visibility"]
    list_select_related = ["person", "type"]
    list_filter = ["type", "visibility"]
    ordering = ["-id"]


@admin.register(DeletedContribution)
class DeletedContributionAdmin(FindsPeople):
    visible_to = beside(DeletedContribution, "person", people_visible_to)
    person_at = "person__"
    exact = ["key", "person__key"]
    list_display = ["title", "person", "deleted_at"]
    list_select_related = ["person"]
    ordering = ["-id"]


@admin.register(ContributionImport)
class ContributionImportAdmin(FindsPeople):
    visible_to = beside(ContributionImport, "person", people_visible_to)
    person_at = "person__"
    exact = ["key", "person__key"]
    list_display = ["file_name", "person", "state", "made_at"]
    list_select_related = ["person"]
    list_filter = ["state"]
    ordering = ["-id"]


@admin.register(ImportRow)
class ImportRowAdmin(FindsPeople):
    visible_to = beside(ImportRow, "of__person", people_visible_to)
    person_at = "of__person__"
    exact = ["key", "of__key", "of__person__key"]
    list_display = ["title", "of", "line", "fate"]
    list_select_related = ["of"]
    list_filter = ["fate"]
    ordering = ["-id"]
