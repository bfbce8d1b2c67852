"""A page that the office writes, as everybody reads it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from charter.models import ContentVersion
from charter.queries import content_shown, texts_version
from common.keeping import page_for_strangers


@require_safe
@login_not_required
def content(request: HttpRequest, page: str) -> HttpResponse:
    """In the reader's language where there is such a text; 404 with a sentence while nobody has written any."""
    return page_for_strangers(request, lambda: texts_version(page), lambda _known: _content(request, page))


def _content(request: HttpRequest, page: str) -> HttpResponse:
    text = content_shown(page, get_language() or "")
    context = {"page": page, "name": ContentVersion.Page(page).label, "text": text}
    return render(request, "charter/content.html", context, status=200 if text else 404)
