"""The letter to the employer: what the award is, and a request for professional days for the next summit."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.actions import issue_paper
from awards.models import Award, Paper
from awards.paper_words import letter_words, said_of_holders
from awards.queries import in_force_today, years_of
from awards.views import language_of, own_award, paper_file
from charter.queries import program
from common.letters import in_language
from events.letters import summit_facts
from events.models import Summit
from events.queries import award_that_invites, not_called_off, summits_visible_to, upcoming

SUMMITS_LOOKED_AT = 5


@require_safe
@login_not_required
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """For the holder, in the language that they choose; a later call brings the same letter until something changes."""
    award = own_award(request, key)
    if isinstance(award, HttpResponse):
        return award
    language, now = language_of(request, award), program()
    years = years_of(award.person.roster_awards, current=now.current_year)  # type: ignore[attr-defined]
    summit = _summit(request.user, award)
    with in_language(language):
        facts = summit_facts(summit) if summit else None
        words = letter_words(award, program=now, years=years, summit=facts, held=said_of_holders(now))
    paper = issue_paper(
        award,
        kind=Paper.Kind.LETTER,
        language=language,
        words=words,
        about=summit.name if summit else "",
        about_key=summit.slug if summit else "",
        about_days=(summit.starts, summit.ends) if summit else (None, None),
    )
    return paper_file(paper, _("letter"))


def _summit(user: Any, award: Award) -> Summit | None:
    """The next summit that somebody may come to by an award in force."""
    if not in_force_today([award]):
        return None
    for summit in upcoming(not_called_off(summits_visible_to(user)))[:SUMMITS_LOOKED_AT]:
        if award_that_invites(user, summit):
            return summit
    return None
