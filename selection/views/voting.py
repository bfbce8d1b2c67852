"""The ballot of a voter: a line for each case, one key for each vote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from selection import actions
from selection.forms import VoteForm
from selection.models import Candidacy, Stage
from selection.permissions import can_vote, get_candidacy
from selection.queries import voting, work
from selection.rule_words import words_of_rule
from selection.rules import vote_rule
from selection.views.refusals import acting_user, refused

KEPT = ("show", "page")  # of the list's address, when a vote comes back to it


def voting_page(
    request: HttpRequest, stage: Stage, *, typed: tuple[str, str] = ("", ""), status: int = 200
) -> HttpResponse:
    """A page of the list; the line named by ``at`` is open, else the first without a vote.

    ``typed``: a case and the reason that was typed for it and not taken.
    """
    ballot = voting.ballot_of(
        request.user,
        stage,
        show=request.GET.get("show", ""),
        page=request.GET.get("page", "1"),
        last=request.GET.get("last", ""),
    )
    todo = next((row.candidacy.key for row in ballot.rows if not row.verdict), "")
    rule = vote_rule(stage.rule)
    context = {
        "stage": stage,
        "stages": work.stages_to_work_in(request.user),
        "ballot": ballot,
        "open": typed[0] or request.GET.get("at", "") or todo,
        "typed": typed,
        "rule": rule,
        "words": words_of_rule(rule),
        "kept": urlencode({name: request.GET[name] for name in KEPT if name in request.GET}),
        "takes_votes": stage.is_running(),
    }
    return render(request, "selection/voting.html", context, status=status)


@never_cache
@require_POST
def case_vote(request: HttpRequest, key: str) -> HttpResponse:
    """+1, 0 or −1; then the list again, with the next case open."""
    candidacy = get_candidacy(request.user, key, to=can_vote)
    form = VoteForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
        actions.give_verdict(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        typed = (key, request.POST.get("comment", ""))
        return refused(request, broken, lambda: voting_page(request, candidacy.stage, typed=typed))
    following = voting.next_to_vote_on(request.user, candidacy)
    return redirect(_back(request, candidacy.stage, last=key, at=following))


@never_cache
@require_POST
def vote_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's vote back; the case is to do again."""
    candidacy = get_candidacy(request.user, key, to=can_vote)
    try:
        actions.reopen_review(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: voting_page(request, candidacy.stage))
    return redirect(_back(request, candidacy.stage, at=candidacy))


def _back(request: HttpRequest, stage: Stage, *, last: str = "", at: Candidacy | None = None) -> str:
    query = {name: request.GET[name] for name in KEPT if name in request.GET}
    query |= {"last": last} if last else {}
    query |= {"at": at.key} if at else {}
    address = reverse("selection:stage", args=[stage.cycle.slug, stage.number])
    return f"{address}?{urlencode(query)}" + (f"#case-{at.key}" if at else "")
