"""Admin of what the program is: rules that the office may set."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import ForeignKey
from django.http import HttpRequest

from charter.models import (
    Agreement,
    Area,
    AreaName,
    AreaSuccession,
    Category,
    ContentVersion,
    CountryAlias,
    Cycle,
    CyclePlaces,
    Program,
    ReasonCode,
    Region,
    RegionCountry,
    Wording,
)
from charter.wordings import forget_wordings
from charter.zone import forget_zone
from common.admin import RecordAdmin, Rows, every_field, whoever_enters


class RegionCountryRows(Rows):
    model = RegionCountry


class AreaNameRows(Rows):
    model = AreaName


class CyclePlacesRows(Rows):
    """Frozen with the published protocol of their cycle: then the pages of the office change them, with a reason."""

    model = CyclePlaces

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_delete_permission(request, obj)


def _is_published(cycle: Any) -> bool:
    return cycle is not None and cycle.pk is not None and cycle.protocol.exists()


@admin.register(Program)
class ProgramAdmin(RecordAdmin):
    visible_to = whoever_enters(Program)
    editable = every_field(Program)
    list_display = ["name", "organiser", "first_year", "current_year"]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        transaction.on_commit(forget_zone)  # before it, another thread would keep the old one again
        return super().log_change(request, obj, message)


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    visible_to = whoever_enters(Region)
    editable = every_field(Region)
    may_add = True
    inlines = [RegionCountryRows]
    list_display = ["name", "slug", "position"]
    search_fields = ["name", "slug"]


@admin.register(RegionCountry)
class RegionCountryAdmin(RecordAdmin):
    visible_to = whoever_enters(RegionCountry)
    editable = every_field(RegionCountry)
    may_add = may_delete = True
    list_display = ["country", "region", "starts", "ends"]
    list_select_related = ["region"]
    list_filter = ["region"]
    search_fields = ["country__iexact"]
    ordering = ["country", "starts"]


@admin.register(Category)
class CategoryAdmin(RecordAdmin):
    visible_to = whoever_enters(Category)
    editable = every_field(Category)
    may_add = True
    list_display = ["name", "slug", "position", "retired_on"]
    search_fields = ["name", "slug"]


@admin.register(Area)
class AreaAdmin(RecordAdmin):
    visible_to = whoever_enters(Area)
    editable = every_field(Area)
    may_add = True
    inlines = [AreaNameRows]
    list_display = ["name", "category", "starts", "ends"]
    list_select_related = ["category"]
    list_filter = ["category"]
    search_fields = ["name", "slug", "names__name"]


@admin.register(AreaName)
class AreaNameAdmin(RecordAdmin):
    visible_to = whoever_enters(AreaName)
    editable = every_field(AreaName)
    may_add = may_delete = True
    list_display = ["name", "area", "category", "starts", "ends"]
    list_select_related = ["area", "category"]
    search_fields = ["name"]
    ordering = ["name", "starts"]


@admin.register(AreaSuccession)
class AreaSuccessionAdmin(RecordAdmin):
    visible_to = whoever_enters(AreaSuccession)
    editable = every_field(AreaSuccession)
    may_add = may_delete = True
    list_display = ["area", "kind", "successor", "on"]
    list_select_related = ["area", "successor"]
    list_filter = ["kind"]
    ordering = ["-on"]


@admin.register(Cycle)
class CycleAdmin(RecordAdmin):
    visible_to = whoever_enters(Cycle)
    editable = every_field(Cycle)
    may_add = True
    inlines = [CyclePlacesRows]
    list_display = ["name", "award_year", "opens_at", "closes_at", "release_planned_at"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Once its rules are published, a cycle changes on the pages of the office, with a reason."""
        if _is_published(obj):
            return self.get_fields(request, obj)
        return super().get_readonly_fields(request, obj)


@admin.register(CyclePlaces)
class CyclePlacesAdmin(RecordAdmin):
    visible_to = whoever_enters(CyclePlaces)
    editable = every_field(CyclePlaces)
    may_add = True
    list_display = ["cycle", "category", "places"]
    list_select_related = ["cycle", "category"]
    list_filter = ["cycle"]
    ordering = ["-cycle__opens_at", "category__position"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is not None and _is_published(obj.cycle):
            return self.get_fields(request, obj)
        return super().get_readonly_fields(request, obj)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "cycle":
            kwargs["queryset"] = Cycle.objects.filter(protocol=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    """A version that somebody may have signed keeps its words; a new text is a new version."""

    visible_to = whoever_enters(Agreement)
    editable = every_field(Agreement)
    may_add = True
    list_display = ["title", "kind", "version", "valid_from"]
    search_fields = ["title", "kind"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fixed = ["kind", "version", "title", "body"] if obj is not None and obj.signatures.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed]


@admin.register(ReasonCode)
class ReasonCodeAdmin(RecordAdmin):
    visible_to = whoever_enters(ReasonCode)
    editable = every_field(ReasonCode)
    may_add = True
    list_display = ["label", "use", "code", "position"]
    list_filter = ["use"]
    search_fields = ["label", "code"]


@admin.register(CountryAlias)
class CountryAliasAdmin(RecordAdmin):
    visible_to = whoever_enters(CountryAlias)
    editable = every_field(CountryAlias)
    may_add = may_delete = True
    list_display = ["alias", "country"]
    search_fields = ["alias"]
    ordering = ["alias"]


@admin.register(Wording)
class WordingAdmin(RecordAdmin):
    """Whoever changes one sees it at once, others within half a minute: what is kept for strangers too."""

    visible_to = whoever_enters(Wording)
    editable = every_field(Wording)
    may_add = may_delete = True
    list_display = ["__str__", "words"]
    list_filter = ["language"]
    search_fields = ["original", "words"]
    ordering = ["language", "original"]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        forget_wordings()
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        forget_wordings()
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        super().log_deletions(request, queryset)
        forget_wordings()


@admin.register(ContentVersion)
class ContentVersionAdmin(RecordAdmin):
    """Read only: the office writes at /office/pages/, where each version is kept."""

    visible_to = whoever_enters(ContentVersion)
    list_display = ["page", "language", "number", "title", "published_at"]
    list_filter = ["page", "language"]
    search_fields = ["title", "body"]
    ordering = ["page", "language", "-number"]
