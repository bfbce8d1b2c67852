"""Nominating in four steps. A draft belongs to the browser that began it, or to whoever is signed in."""

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from charter.models import Cycle
from charter.queries import cycle_open_for_nominations, last_closed_cycle, next_cycle, program
from common.errors import RuleBroken
from common.fields import INVISIBLE
from common.keys import new_key
from nominations import actions, eligibility, queries, states
from nominations.forms.wizard import STEPS, StepForms, read_answers, step_forms, valid_answers
from nominations.links import mailed_too_often
from nominations.models import Nomination
from nominations.permissions import get_draft
from nominations.wizard import about_this_step, steps_of
from people.queries import person_of

HELD = "drafts"  # the session's list of keys
FORM_LASTS = dt.timedelta(days=60)  # as long as a draft is kept
_SALT = "nominations.draft"


@login_not_required
@require_http_methods(["GET", "POST"])
def nomination_start(request: HttpRequest) -> HttpResponse:
    """Step 1 of a new nomination. Nothing is made before the first save."""
    cycle = cycle_open_for_nominations()
    person = person_of(request.user)
    obstacle = eligibility.nominator_obstacle(cycle, person) if cycle else ""
    if cycle is None or obstacle:
        return _closed(request, obstacle)
    if request.method == "GET":
        asked = step_forms("about", {}, cycle=cycle, person=person, check=False)
        return _page(request, "about", asked, cycle=cycle, key=new_key())
    key = _key_of(request) or new_key()
    hold(request, key)
    return _save_and_go(request, "about", key, None, cycle=cycle)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nomination_write(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Any step of a draft. POST saves what was typed, right or not; ``go`` says where to go then."""
    if request.method == "POST" and _key_of(request) == key:
        hold(
            request, key
        )  # a lost session must not lose what was typed: the form itself says whose draft it is
    draft = get_draft(request.user, key, held=request.session.get(HELD, []))
    if draft.state != states.DRAFT or hasattr(draft, "hold"):
        return redirect("nominations:sent", key=key)
    if request.method == "POST":
        return _save_and_go(request, step, key, draft, cycle=_cycle_for(draft))
    check = "check" in request.GET
    asked = step_forms(
        step, draft.draft.get("answers", {}), cycle=draft.cycle, person=person_of(request.user), check=check
    )
    return _page(request, step, asked, cycle=draft.cycle, draft=draft, status=422 if check else 200)


@login_not_required
def nomination_sent(request: HttpRequest, key: str) -> HttpResponse:
    """What happens now. The same page whether the text opened a case or joined one."""
    draft = get_draft(request.user, key, held=request.session.get(HELD, []))
    if draft.state != states.DRAFT and queries.visible_keys(request.user, [key]):
        return redirect("nomination", key=key)
    sent = draft.draft.get("sent")
    if draft.state == states.DRAFT and sent is None:
        return redirect("nominations:write", key=key, step="check")
    context = {"draft": draft, "sent": sent, "hold": getattr(draft, "hold", None), "house": program()}
    return render(request, "nominations/wizard/sent.html", context)


@login_not_required
@require_POST
def drafts_mail(request: HttpRequest) -> HttpResponse:
    """Links to what was begun under an address. The same answer whether there is anything, and whatever was typed."""
    email = request.POST.get("email", "").replace("\x00", "")
    if eligibility.looks_like_address(email):
        actions.mail_drafts(email)
    messages.success(
        request, _("If a draft was begun under this address, a link to it is in your mail shortly.")
    )
    return redirect("nominations:start")


@login_not_required
@require_POST
def nomination_discard(request: HttpRequest, key: str) -> HttpResponse:
    draft = get_draft(request.user, key, held=request.session.get(HELD, []))
    actions.discard_draft(draft, by=_user(request))
    messages.success(request, _("The draft is deleted. Nothing of it is kept."))
    return redirect("nominations:start")


def _save_and_go(
    request: HttpRequest, step: str, key: str, draft: Nomination | None, *, cycle: Cycle
) -> HttpResponse:
    """Save, then: answer the autosave, change rows, go where ``go`` says, or say what to put right."""
    person = person_of(request.user)
    typed = _with_rows(request, step, read_answers(step, request.POST, cycle=cycle))
    draft = actions.save_draft(key, cycle=cycle, answers=typed, by=person, draft=draft)
    if "autosave" in request.POST:
        return JsonResponse({})
    go = request.POST.get("go", "")
    if go == "look":
        facts = about_this_step(step, request.user, cycle, draft)
        return render(request, "nominations/wizard/eligible.html", facts)
    if go == "later":
        return _finish_later(request, draft)
    if go == "back" or "add" in request.POST or "remove" in request.POST:
        place = STEPS[max(0, STEPS.index(step) - 1)] if go == "back" else step
        return redirect(reverse("nominations:write", args=[key, place]) + ("" if go == "back" else "#rows"))
    asked = step_forms(step, draft.draft["answers"], cycle=cycle, person=person, check=True)
    invisible = str(INVISIBLE) if any("\x00" in value for value in request.POST.dict().values()) else ""
    if not asked.is_valid() or invisible:
        return _page(request, step, asked, cycle=cycle, draft=draft, status=422, refused=invisible)
    if step == "check":
        return _send(request, draft, asked)
    return redirect("nominations:write", key=key, step=STEPS[STEPS.index(step) + 1])


def _send(request: HttpRequest, draft: Nomination, asked: StepForms) -> HttpResponse:
    """Look at all steps again; what was typed stays, whatever the rules say."""
    person = person_of(request.user)
    answers, wrong = valid_answers(draft.draft["answers"], cycle=draft.cycle, person=person)
    if wrong:
        return redirect(reverse("nominations:write", args=[draft.key, wrong]) + "?check")
    try:
        ip = get_adapter(request).get_client_ip(request)  # behind a proxy, the visitor's own
        actions.send_nomination(draft, answers=answers, by=_user(request), person=person, ip=ip)
    except RuleBroken as broken:
        return _page(
            request,
            "check",
            asked,
            cycle=draft.cycle,
            draft=draft,
            status=broken.status,
            refused=broken.sentence,
        )
    return redirect("nominations:sent", key=draft.key)


def _finish_later(request: HttpRequest, draft: Nomination) -> HttpResponse:
    email = str(draft.draft["answers"].get("email") or "")
    if (
        person_of(request.user) is None
        and eligibility.looks_like_address(email)
        and not mailed_too_often(email)
    ):
        actions.mail_resume_link(draft, email=email)
        messages.success(request, _("Saved. We mailed you a link with which you can go on anywhere."))
    else:
        messages.success(request, _("Saved. You can go on whenever you like."))
    return redirect("nominations:start")


def _with_rows(request: HttpRequest, step: str, typed: dict[str, Any]) -> dict[str, Any]:
    """The buttons "add" and "remove" of steps with rows, for browsers without a script as for all others."""
    name = {"person": "links", "vouch": "endorsers"}.get(step, "")
    remove = request.POST.get("remove", "")
    if name and remove.isascii() and remove.isdigit():
        typed[name] = [row for number, row in enumerate(typed[name], start=1) if number != int(remove)]
    elif name and "add" in request.POST:
        typed[name] = [*typed[name], {}]
    return typed


def _cycle_for(draft: Nomination) -> Cycle:
    """A draft whose cycle has closed goes into the one that is open, if there is one."""
    if not eligibility.window_obstacle(draft.cycle):
        return draft.cycle
    return cycle_open_for_nominations() or draft.cycle


def hold(request: HttpRequest, key: str) -> None:
    """This browser may go on with a draft from now on."""
    held = request.session.get(HELD, [])
    if key not in held:
        request.session[HELD] = [*held, key][-20:]


def _key_of(request: HttpRequest) -> str:
    """The key that this form was given, signed, so that sending it twice makes one draft; empty for a forged one."""
    try:
        return str(signing.loads(request.POST.get("draft", ""), salt=_SALT, max_age=FORM_LASTS))
    except signing.BadSignature:
        return ""


def _page(
    request: HttpRequest,
    step: str,
    asked: StepForms,
    *,
    cycle: Cycle,
    draft: Nomination | None = None,
    key: str = "",
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    context = {
        "step": step,
        "asked": asked,
        "form": asked.form,
        "rows": asked.rows,
        "problems": list(asked.problems()) if status == 422 else [],
        "refused": refused,
        "cycle": cycle,
        "draft": draft,
        "answers": draft.draft.get("answers", {}) if draft else {},
        "token": signing.dumps(draft.key if draft else key, salt=_SALT),
        "closed": eligibility.window_obstacle(cycle),
        "steps": steps_of(step, draft),
        **about_this_step(step, request.user, cycle, draft),
    }
    if step == "about" and draft is None:
        context["drafts"] = queries.open_drafts_of(request.user, held=request.session.get(HELD, []))
    return render(request, f"nominations/wizard/{step}.html", context, status=status)


def _closed(request: HttpRequest, obstacle: str) -> HttpResponse:
    """No window is open, or not for this person: say when, and lose nothing that was typed."""
    context = {
        "obstacle": obstacle,
        "last": last_closed_cycle(),
        "next": next_cycle(),
        "typed": [
            (name, request.POST[name]) for name in ("name", "email", "employer") if request.POST.get(name)
        ],
        "drafts": queries.open_drafts_of(request.user, held=request.session.get(HELD, [])),
    }
    return render(
        request, "nominations/wizard/closed.html", context, status=422 if request.method == "POST" else 200
    )


def _user(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
