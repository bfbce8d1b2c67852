"""One's own data: the export, and being erased. What erasing means is the project's page ``pages/erasing.py``."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from common import clock
from people import actions
from people.forms import EraseForm
from people.queries import export_of
from people.views.account import own


@require_POST
def export_ask(request: SignedInRequest) -> HttpResponse:
    export = actions.ask_for_export(own(request), by=request.user)
    if export.made_at is None:
        messages.success(request, _("Your export is being made. A mail tells you when it is ready."))
    return redirect("/me/account/#data")


@require_safe
@never_cache
def export_download(request: SignedInRequest, key: str) -> HttpResponse:
    """The file, to its owner alone; a week later, or under another key, there is none."""
    export = export_of(own(request))
    if export is None or export.key != key or export.content is None:
        raise Http404
    name = f"mvp-program-{clock.today().isoformat()}.zip"
    answer = HttpResponse(bytes(export.content), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def person_erase(request: SignedInRequest) -> HttpResponse:
    """Erase the person who is signed in, once the word is typed, and sign them out everywhere."""
    person, form = own(request), EraseForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was erased: the word is not the one asked for."))
        return redirect("erasing")
    actions.erase_oneself(person, by=request.user)
    logout(request)
    messages.success(request, _("Your data are erased and you are signed out. We thank you for all you did."))
    return redirect("home")
