"""The pages that say what went wrong. Templates: ``errors/<status>.html``."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _

from mvp_program import logs


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``PermissionDenied("why")`` shows its sentence."""
    return _page(request, 403, reason=str(exception or ""))


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or stale; its ``reason`` speaks to programmers."""
    return _page(request, 403, template="csrf", reason=_("This form has grown too old."))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Too many sign-ins, sign-ups or codes from one place; allauth counts."""
    return _page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Ask nothing of the database, and of the template engine only what may fail as well."""
    number = logs.request_id.get()
    try:
        return HttpResponseServerError(loader.render_to_string("errors/500.html", {"request_id": number}))
    except Exception:  # the error page is itself at fault: plain words always work
        return HttpResponseServerError(
            f"We made a mistake. It is written down as {number}.", content_type="text/plain"
        )


def _page(request: HttpRequest, status: int, *, template: str = "", reason: str = "") -> HttpResponse:
    context = {"reason": reason, "request_id": logs.request_id.get()}
    try:
        return render(request, f"errors/{template or status}.html", context, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(reason or str(status), status=status, content_type="text/plain")
