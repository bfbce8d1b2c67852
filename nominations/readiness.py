"""The readiness check of a dossier, in words: what a reviewer would miss."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nominations import dossier
from nominations.actions.dossiers import blocking_sentence, findings_of
from nominations.models import DossierItem, Nomination

_SHOWN = 3


def checks_of(nomination: Nomination, items: list[DossierItem]) -> list[dict[str, Any]]:
    """Rows for the component ``checks``: what blocks, what a reviewer would miss, or that all is well."""
    found = findings_of(nomination, items)
    rows = [
        {"state": "bad", "title": blocking_sentence(nomination, finding.code), "text": _named(finding)}
        if finding.blocks
        else {"state": "warn", "title": _missing(finding.code), "text": _named(finding), **_way(finding)}
        for finding in found
    ]
    if not any(row["state"] == "bad" for row in rows):
        rows.insert(0, {"state": "good", "title": _("The dossier can be completed."), "text": ""})
    return rows


def _missing(code: str) -> str:
    return {
        dossier.NO_LINK: _("No link: reviewers cannot look for themselves"),
        dossier.NO_REACH: _("No reach: reviewers cannot score it without a number"),
        dossier.DEAD_LINK: _("A link that did not answer when we tried it"),
        dossier.NO_ENDORSEMENT: _("No endorsement yet. Two are enough; more do not score more"),
    }[code]


def _way(finding: dossier.Finding) -> dict[str, str]:
    """Where the gap can be closed: the entry, or the people who may write."""
    if finding.code == dossier.NO_ENDORSEMENT:
        return {"act": _("Ask somebody"), "href": "#endorsements"}
    if not finding.keys:
        return {}
    return {"act": _("Put it right"), "href": reverse("contributions:edit", args=[finding.keys[0]])}


def _named(finding: dossier.Finding) -> str:
    shown = ", ".join(finding.titles[:_SHOWN])
    more = len(finding.titles) - _SHOWN
    return _("%(titles)s and %(number)s more") % {"titles": shown, "number": more} if more > 0 else shown
