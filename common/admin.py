"""What every page of the admin has in common. The admin is for rare edits; its buttons call actions.

A ``RecordAdmin`` starts from the same ``…_visible_to(user)`` as every other page, lets the office change the
fields named in ``editable`` and nobody else anything, and notes each edit in the history. States are never
edited: a ``Button`` calls the action and shows its sentence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model, QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common import history
from common.errors import RuleBroken

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline

COUNTED_AT_MOST = 10_000
_LOOKUPS = ("", "__exact", "__in", "__isnull", "__id__exact", "__gte", "__lt")  # what links of filters ask
_WITHOUT_OURS = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class OfficeSite(admin.AdminSite):
    """The admin behind the site's own sign-in, for our records only."""

    site_header = _("Records")
    site_title = _("Records")
    index_title = _("Everything that is stored")
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Packages bring admins that know nothing of who may see what: they stay out."""
        if admin_class is not None and issubclass(admin_class, RecordAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the admin's own doors: signing in, out and passwords are the site's."""
        urls = [url for url in super().get_urls() if getattr(url, "name", None) not in _WITHOUT_OURS]
        for url in urls:
            view: Any = url.callback
            if hasattr(view, "login_url"):  # LoginRequiredMiddleware asks the view
                view.login_url = settings.LOGIN_URL
        return urls

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Without the list of all tables that Django makes for every page: only a sidebar would show it."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": request.META["SCRIPT_NAME"] or self.site_url,
            "has_permission": self.has_permission(request),
            "available_apps": [],
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": self.get_log_entries(request),
        }

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No form of ours uses it, so nobody searches through it."""
        raise PermissionDenied

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def ours_alone(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return ours_alone


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than ``COUNTED_AT_MOST``: who looks for one row among a million searches."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: COUNTED_AT_MOST + 1].count())


@dataclass(frozen=True)
class Button:
    """A thing that can be done to a record: ``run(record, user, answers)`` calls an action.

    ``offered`` says whether the state of the record lets it be done; the action checks again.
    """

    verb: str
    label: Any
    run: Callable[[Any, Any, dict[str, Any]], Any]
    form: type[forms.Form] = forms.Form
    offered: Callable[[Any], bool] = lambda record: True


class RecordAdmin(ModelAdmin):
    """Rows of one model, as this user may see them."""

    visible_to: ClassVar[Any]  # the room's query: user → the rows that they may see
    editable: ClassVar[Sequence[str]] = ()
    secret: ClassVar[Sequence[str]] = ()  # fields that nobody reads here
    may_add = False
    may_delete = False
    buttons: ClassVar[Sequence[Button]] = ()

    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    paginator = BoundedPaginator
    change_form_template = "admin/record.html"
    formfield_overrides: ClassVar[dict[Any, Any]] = {URLField: {"assume_scheme": "https"}}

    # Who sees and changes what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = type(self).visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may_add and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.editable or self.may_add) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        hidden = {*self.secret, self.opts.pk.name if self.opts.pk.auto_created else ""}
        return [
            field.name
            for field in (*self.opts.concrete_fields, *self.opts.many_to_many)
            if field.name not in hidden
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = self.get_fields(request, obj)
        return [*self.readonly_fields, *(name for name in fields if name not in self.editable)]

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """What the filters beside the list offer and nothing else: any other column in the address, a secret one
        too, would say letter by letter what it holds by how many rows remain."""
        return any(lookup == f"{name}{suffix}" for name in self._filtered() for suffix in _LOOKUPS)

    def _filtered(self) -> list[str]:
        parts = [part[0] if isinstance(part, (tuple, list)) else part for part in self.list_filter]
        return [part if isinstance(part, str) else str(getattr(part, "parameter_name", "")) for part in parts]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A choice offers only what this user may see."""
        known = self.admin_site._registry.get(db_field.remote_field.model)
        if known is not None and "queryset" not in kwargs:
            kwargs["queryset"] = known.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Writing

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the changed columns alone: another's move of the state, made meanwhile, stands."""
        columns = {field.name for field in self.opts.concrete_fields}
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name in columns])
        else:
            obj.save()

    def note(self, request: HttpRequest, obj: Any, verb: str, codes: dict[str, Any]) -> None:
        history.record(self.history_kind, self.history_key(obj), verb, by=request.user, codes=codes)  # type: ignore[arg-type]

    def history_key(self, obj: Any) -> str:
        """The name of a row in the history; never one that opens something."""
        names = [name for name in ("key", "slug") if name not in self.secret]
        return str(next(filter(None, (getattr(obj, name, "") for name in names)), obj.pk))

    @property
    def history_kind(self) -> str:
        return str(self.opts.model_name)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Which fields have changed, and which tables of rows that are edited with the record."""
        tables = [rows.model._meta.model_name for rows in formsets or [] if rows.has_changed()]
        return sorted({*form.changed_data, *tables})

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The admin's own log keeps names for ever; ours keeps keys."""
        self.note(request, obj, "add_record", {})

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            self.note(request, obj, "edit_record", {"fields": message})

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            self.note(request, obj, "delete_record", {})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record's own history, in the list of all."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        key = self.history_key(obj)
        address = reverse(f"{self.admin_site.name}:common_historyrow_changelist")
        return HttpResponseRedirect(f"{address}?kind={self.history_kind}&key={key}")

    # Buttons

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        route = "<path:object_id>/do/<slug:verb>/"
        button = path(route, self.admin_site.admin_view(self.button_view), name=name)
        return [*([button] if self.buttons else []), *super().get_urls()]

    def offered(self, request: HttpRequest, obj: Any) -> list[Button]:
        """What this user may do to this record now."""
        may = obj is not None and super().has_change_permission(request, obj)
        return [button for button in self.buttons if button.offered(obj)] if may else []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["buttons"] = [] if IS_POPUP_VAR in request.GET else self.offered(request, obj)
        context["do"] = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_do"
        return super().render_change_form(request, context, *args, **kwargs)

    def button_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """GET asks, POST acts. A record out of sight and one that never was answer alike."""
        obj = self.get_object(request, object_id)
        button = next((button for button in self.buttons if button.verb == verb), None)
        if obj is None or button is None:
            raise Http404
        if not super().has_change_permission(request, obj):
            raise PermissionDenied
        form = button.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            self._run(request, button, obj, form.cleaned_data)
            pages = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
            if self.get_object(request, object_id) is None:  # the action took it out of sight
                return HttpResponseRedirect(reverse(f"{pages}_changelist"))
            return HttpResponseRedirect(reverse(f"{pages}_change", args=[obj.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(button.label),
            "subtitle": str(obj),
            "opts": self.opts,
            "original": obj,
            "form": form,
        }
        return TemplateResponse(request, "admin/record_button.html", context)

    def _run(self, request: HttpRequest, button: Button, obj: Any, answers: dict[str, Any]) -> None:
        try:
            button.run(obj, request.user, answers)
        except RuleBroken as broken:
            self.message_user(request, broken.sentence, messages.ERROR)
        else:
            self.message_user(request, _("Done: %(label)s.") % {"label": button.label}, messages.SUCCESS)


def whoever_enters(model: type[Model]) -> Callable[[Any], QuerySet[Any]]:
    """For rows that are no secret: whoever may enter the admin sees them all."""
    return lambda user: model._default_manager.all()


def beside(
    model: type[Model], path: str, rows_visible_to: Callable[[Any], QuerySet[Any]]
) -> Callable[[Any], QuerySet[Any]]:
    """For rows that hang on others: seen by whoever sees what is at the end of ``path``."""
    return lambda user: model._default_manager.filter(**{f"{path}__in": rows_visible_to(user)})


def every_field(model: type[Model], *, but: Sequence[str] = ()) -> tuple[str, ...]:
    """All fields that a form can write, for rows that are configuration; never a state."""
    fields: list[Field[Any, Any]] = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return tuple(f.name for f in fields if f.editable and f.name not in ("id", "state", *but))


class Rows(TabularInline):
    """Rows that belong to one record and are edited with it."""

    extra = 0
