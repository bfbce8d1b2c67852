"""What a reviewer would miss in a log, all year round: findings in words, each with the way to its gaps."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.queries import Gaps

REACH, LINK, DEAD = "reach", "link", "dead"
GAPS = (REACH, LINK, DEAD)


@dataclass(frozen=True)
class Check:
    """A row of the component ``checks``."""

    state: str
    title: str
    text: str = ""
    act: str = ""
    href: str = ""


def checks_of_log(gaps: Gaps) -> list[Check]:
    """Of the last 12 months: what is missing, what does not answer, and what is well."""
    if not gaps.entries:
        return [
            Check(
                "warn", _("Nothing logged in the last twelve months"), _("A dossier draws on these months.")
            )
        ]
    return [_reach(gaps), _links(gaps), _answers(gaps)]


def _reach(gaps: Gaps) -> Check:
    if not gaps.reach:
        return Check("good", _("Every entry that can says its reach"))
    title = ngettext("%(number)d entry says no reach", "%(number)d entries say no reach", gaps.reach)
    text = _("Reviewers score reach from your numbers.")
    return Check("warn", title % {"number": gaps.reach}, text, _("Add the numbers"), _to(REACH))


def _links(gaps: Gaps) -> Check:
    if not gaps.link:
        return Check("good", _("Every entry has a link"))
    title = ngettext("%(number)d entry has no link", "%(number)d entries have no link", gaps.link)
    text = _("Reviewers cannot look for themselves.")
    return Check("warn", title % {"number": gaps.link}, text, _("Add the links"), _to(LINK))


def _answers(gaps: Gaps) -> Check:
    if gaps.dead:
        title = ngettext("%(number)d link does not answer", "%(number)d links do not answer", gaps.dead)
        text = _("We try each link about once a week.")
        return Check("warn", title % {"number": gaps.dead}, text, _("Replace or archive"), _to(DEAD))
    if gaps.checked:
        return Check("good", _("No link is known to be dead"), _("We try each link about once a week."))
    return Check("", _("Links have not been tried yet"))


def _to(gap: str) -> str:
    return f"{reverse('contributions:list')}?gap={gap}#log-head"
