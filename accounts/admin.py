"""Admin of who may sign in. Roles are granted and ended by the actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import end_role, grant_role
from accounts.models import AgreementSignature, ApiToken, RoleGrant, User
from common.admin import Button, RecordAdmin, whoever_enters
from common.clock import today


@admin.register(User)
class UserAdmin(RecordAdmin):
    visible_to = whoever_enters(User)
    editable = ["is_active"]
    secret = ["password"]
    list_display = ["email", "is_active", "date_joined", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["email__istartswith"]
    ordering = ["email"]


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    """That there is one. Its owner makes and revokes it."""

    visible_to = whoever_enters(ApiToken)
    secret = ["digest"]
    list_display = ["user", "name", "start", "may_write", "ends_on", "used_on"]
    list_select_related = ["user"]
    search_fields = ["user__email__istartswith"]
    ordering = ["-made_at", "-id"]


def _counts_today(grant: RoleGrant) -> bool:
    return grant.ends is None or grant.ends >= today()


@admin.register(RoleGrant)
class RoleGrantAdmin(RecordAdmin):
    visible_to = whoever_enters(RoleGrant)
    may_add = True
    raw_id_fields = ["user"]
    buttons = [
        Button(
            "end",
            _("end this role today"),
            lambda grant, user, _: end_role(grant, by=user),
            offered=_counts_today,
        )
    ]
    list_display = ["user", "role", "region", "category", "starts", "ends"]
    list_select_related = ["user", "region", "category"]
    list_filter = ["role"]
    search_fields = ["user__email__istartswith"]
    ordering = ["-starts", "-id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [] if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        grant = grant_role(
            obj.user, obj.role, by=by, region=obj.region, category=obj.category,
            starts=obj.starts, ends=obj.ends, reason=obj.reason,
        )  # fmt: skip
        obj.pk = grant.pk

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The action has noted it."""


@admin.register(AgreementSignature)
class AgreementSignatureAdmin(RecordAdmin):
    visible_to = whoever_enters(AgreementSignature)
    list_display = ["user", "agreement", "signed_at"]
    list_select_related = ["user", "agreement"]
    search_fields = ["user__email__istartswith"]
    ordering = ["-signed_at"]
