"""``/office/mail/``: what could not be sent, addresses that bounce, and how every kind of mail looks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charter.queries import program
from common import delivery, letters, mail_groups, registry
from common.http import letter_page
from common.outbox import Letter
from mvp_program import queries
from people import actions
from people.queries import person_of, reader_of
from selection.permissions import can_run_cycle, can_see_cycle

ROWS = 25
View = Callable[..., HttpResponse]


def for_office(may: Callable[[Any], bool]) -> Callable[[View], View]:
    """403 to everybody whom ``may`` does not let in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return guard


@require_safe
@for_office(can_see_cycle)
def office_mail(request: HttpRequest) -> HttpResponse:
    """What could not be sent, which addresses bounce, and every kind of mail with its group."""
    failed = Paginator(queries.failed_mails_shown_to(request.user), ROWS)
    bouncing = Paginator(queries.bouncing_shown_to(request.user), ROWS)
    context = {
        "failed": failed.get_page(request.GET.get("page")),
        "bouncing": bouncing.get_page(request.GET.get("page")),
        "runs": can_run_cycle(request.user),
        "groups": kinds_by_group(),
    }
    return render(request, "office/mail.html", context)


@require_safe
@for_office(can_see_cycle)
def mail_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind of mail about invented people: HTML part and text part beside each other, in each language."""
    languages = [code for code, _name in settings.LANGUAGES]
    language = request.GET.get("language", languages[0])
    if kind not in registry.mail_examples or language not in languages:
        raise Http404
    names = [mail for _group, mails in kinds_by_group() for mail in mails]
    context = {
        "kind": kind,
        "name": mail_groups.kind_in_words(kind),
        "group": delivery.group_label(kind),
        "letter": example(request, kind, language),
        "language": language,
        "house": program(),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "tabs": [
            {"label": name, "href": f"?language={code}", "current": code == language}
            for code, name in settings.LANGUAGES
        ],
        **neighbours(kind, [one["kind"] for one in names]),
    }
    return render(request, "office/mail_kind.html", context)


@require_safe
@for_office(can_see_cycle)
def mail_kind_html(request: HttpRequest, kind: str) -> HttpResponse:
    """The HTML part alone, for the frame."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if kind not in registry.mail_examples or language not in dict(settings.LANGUAGES):
        raise Http404
    return letter_page(example(request, kind, language).html)


@require_POST
@for_office(can_run_cycle)
def mail_again(request: HttpRequest, key: str) -> HttpResponse:
    """Send a mail again that could not be sent."""
    mail = queries.failed_mail_shown_to(request.user, key)
    if mail is None:
        raise Http404
    delivery.send_again(mail, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("It goes out again, with the same Message-ID."))
    return redirect("office_mail")


@require_POST
@for_office(can_run_cycle)
def bounce_lift(request: HttpRequest, key: str) -> HttpResponse:
    """The office knows that an address works again."""
    bounce = queries.bounce_shown_to(request.user, key)
    if bounce is None:
        raise Http404
    number = actions.lift_bounce(bounce.email, by=request.user)  # type: ignore[arg-type]
    sentence = ngettext(
        "Mail goes there again. %(number)s that was withheld goes out now.",
        "Mail goes there again. %(number)s that were withheld go out now.",
        number,
    )
    messages.success(request, sentence % {"number": number})
    return redirect("office_mail")


def kinds_by_group() -> list[tuple[Any, list[dict[str, str]]]]:
    """Every kind of mail by its group, in the order of the groups."""
    found = []
    for group in mail_groups.GROUPS.values():
        kinds = [
            {"kind": kind, "name": mail_groups.kind_in_words(kind)}
            for kind in registry.mails
            if kind in registry.mail_examples and mail_groups.group_of(kind) is group
        ]
        if kinds:
            found.append((group, sorted(kinds, key=lambda one: one["name"].casefold())))
    return found


def neighbours(kind: str, kinds: list[str]) -> dict[str, str]:
    """The kinds before and after one."""
    place = kinds.index(kind)
    return {
        "before": kinds[place - 1] if place else "",
        "after": kinds[place + 1] if place + 1 < len(kinds) else "",
    }


def example(request: HttpRequest, kind: str, language: str) -> Letter:
    """A letter of this kind about invented people, as the viewer would get it: times are said in their zone."""
    person = person_of(request.user)
    stops = mail_groups.group_of(kind).may_stop or kind == delivery.DIGEST
    foot = letters.Foot(delivery.group_label(kind), letters.site_address("/me/mail/") if stops else "")
    zone = mail_groups.zone_of(reader_of(person) if person else None)
    with letters.written_for(language=language, zone=zone, foot=foot):
        return registry.mail_examples[kind](language)
