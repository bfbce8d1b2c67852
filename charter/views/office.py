"""``/office/pages/``: the office writes pages in Markdown, looks at them, publishes them and finds older ones."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charter import actions, queries
from charter.forms import ContentForm
from charter.models import ContentVersion
from charter.permissions import can_publish_content, can_see_contents, let_in
from common import markdown
from common.errors import Outdated
from common.http import sent


@never_cache
@require_safe
def content_list(request: HttpRequest) -> HttpResponse:
    let_in(request.user, to=can_see_contents)
    context = {"pages": queries.contents_by_page(), "writes": can_publish_content(request.user)}
    return render(request, "office/contents.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def content_edit(request: HttpRequest, page: str, language: str) -> HttpResponse:
    """The form; with ``go=preview`` the text as it would be shown, else it is published. ``from``: an older version."""
    let_in(request.user, to=can_publish_content)
    newest = queries.content_version(page, language, 0)
    form = ContentForm(sent(request), initial=_begun_from(request, page, language, newest))
    if request.method != "POST" or not form.is_valid():
        return _edit(request, page, language, form)
    if request.POST.get("go") == "preview":
        return _edit(request, page, language, form, preview=markdown.render(form.cleaned_data["body"]))
    try:
        actions.publish_content(page, language, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except Outdated as outdated:
        return _edit(request, page, language, **_after(request, page, language, outdated), status=409)
    messages.success(request, _("Published. Everybody reads this text now."))
    return redirect("charter:contents")


def _begun_from(
    request: HttpRequest, page: str, language: str, newest: ContentVersion | None
) -> dict[str, Any]:
    asked = request.GET.get("from", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    text = queries.content_version(page, language, number) if number else newest
    shown = {"shown": newest.number if newest else 0}
    return shown | ({"title": text.title, "lead": text.lead, "body": text.body} if text else {})


def _after(request: HttpRequest, page: str, language: str, outdated: Outdated) -> dict[str, Any]:
    """The form as it was sent, begun anew from what was published in between."""
    newest = queries.content_version(page, language, 0)
    typed = request.POST.copy()
    typed["shown"] = str(newest.number if newest else 0)
    form = ContentForm(typed)
    form.add_error(None, outdated.sentence)
    return {"form": form, "other": newest}


def _edit(
    request: HttpRequest,
    page: str,
    language: str,
    form: ContentForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "language": language,
        "name": ContentVersion.Page(page).label,
        "versions": queries.content_versions(page, language),
    }
    status = 422 if form.errors and status == 200 else status
    return render(request, "office/content_edit.html", context | more, status=status)


@never_cache
@require_safe
def content_old(request: HttpRequest, page: str, language: str, number: int) -> HttpResponse:
    """One version as it was shown."""
    let_in(request.user, to=can_see_contents)
    text = queries.content_version(page, language, number) if number else None
    if text is None:
        raise Http404
    context = {
        "text": text,
        "after": queries.versions_after(text),
        "name": ContentVersion.Page(page).label,
        "writes": can_publish_content(request.user),
    }
    return render(request, "office/content_old.html", context)
