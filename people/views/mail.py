"""How somebody wants their mail: their settings, and the link in each mail that may be stopped."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.http import sent
from common.mail_groups import DIGEST, GROUPS, OFF, read_stop_token
from people import actions
from people.forms import MailForm
from people.queries import mail_groups_of, person_of, reader_of, reader_of_key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    """``/me/mail/``: what is mailed at once, once a day or never."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    groups, reader = mail_groups_of(request.user), reader_of(person)  # type: ignore[arg-type]
    form = MailForm(sent(request), groups=groups, reader=reader)
    if form.is_valid():
        actions.choose_mail(person, form.choices, by=person.user)
        messages.success(request, _("Your mail settings are saved."))
        return redirect("people:mail")
    fixed = [group for group in GROUPS.values() if len(group.choices) == 1]
    return render(
        request, "people/mail.html", {"form": form, "fixed": fixed}, status=422 if form.errors else 200
    )


@csrf_exempt  # RFC 8058: mail software posts without a session; the signed link is the right to do it
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: a GET shows what it stops, a POST stops it, or starts it again."""
    said = read_stop_token(token)
    person = reader_of_key(said[0]) if said else None
    if said is None or person is None:
        raise Http404
    group = GROUPS.get(said[1])
    if request.method == "POST":
        if group is not None and request.POST.get("when") in group.choices:
            actions.choose_mail(person, {group.key: request.POST["when"]}, by=None)
        else:
            actions.stop_mail(person, said[1])
    reader = reader_of(person)
    stopped = [one for one in GROUPS.values() if one.may_stop and reader.wants(one) == OFF]
    context = {
        "group": group,
        "is_digest": said[1] == DIGEST,
        "is_off": group in stopped if group else request.method == "POST",
        "did": request.method == "POST",
        "stopped": stopped,
    }
    return render(request, "people/mail_stop.html", context)
