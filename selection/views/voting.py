"""The ballot of a voter: a line for each case, one key for each vote."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from selection.models import Stage
from selection.permissions import can_vote, get_candidacy
from selection.queries import voting, work
from selection.queries.electorate import came_late
from selection.review_forms import VoteForm
from selection.rule_words import words_of_rule
from selection.rules import vote_rule
from selection.sentences import too_late_to_vote
from selection.views.keyed_list import give, kept_of, take_back


def voting_page(
    request: HttpRequest, stage: Stage, *, typed: tuple[str, str, str] = ("", "", ""), status: int = 200
) -> HttpResponse:
    """A page of the list; the line named by ``at`` is open, else the first without a vote.

    ``typed``: a case and the two reasons, of the vote and of its change, that were typed for it and not taken.
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
    late = stage.is_running() and came_late(request.user, stage)
    context = {
        "stage": stage,
        "stages": work.stages_to_work_in(request.user),
        "ballot": ballot,
        "open": typed[0] or request.GET.get("at", "") or todo,
        "typed": typed,
        "rule": rule,
        "words": words_of_rule(rule),
        "kept": kept_of(request),
        "takes_votes": stage.is_running(),
        "late": too_late_to_vote() if late else "",
    }
    return render(request, "selection/voting.html", context, status=status)


@never_cache
@require_POST
def case_vote(request: HttpRequest, key: str) -> HttpResponse:
    """+1, 0 or −1; then the list again, with the next case open."""
    candidacy = get_candidacy(request.user, key, to=can_vote)
    typed = (key, request.POST.get("comment", ""), request.POST.get("change_reason", ""))
    page = partial(voting_page, request, candidacy.stage, typed=typed)
    return give(request, candidacy, VoteForm(request.POST), following=voting.next_to_vote_on, page=page)


@never_cache
@require_POST
def vote_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's vote back; the case is to do again."""
    candidacy = get_candidacy(request.user, key, to=can_vote)
    return take_back(request, candidacy, page=partial(voting_page, request, candidacy.stage))
