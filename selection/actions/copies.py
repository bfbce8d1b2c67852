"""Copies of dossiers that do not say whose they are: proposed by the system, checked by a person."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history
from common.errors import Outdated, RuleBroken
from nominations.models import Nomination
from selection import states
from selection.actions.locks import acting_person, lock_candidacy, refuse_tie
from selection.blinding import Blinder
from selection.models import Candidacy, RedactedDossier, Stage
from selection.queries.copies import (
    Source,
    cases_to_copy,
    digest_of,
    is_link,
    proposal,
    sources_of,
)

AT_ONCE = 500
LONGEST = 20_000


class StillTelling(RuleBroken):
    """Words that say who it is are left in the copy; ``words`` names them."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(
            _("This may still say who it is: %(words)s. Take it out, or say that it can stay.")
            % {"words": ", ".join(words)}
        )
        self.words = list(words)


def propose_copies(stage: Stage) -> int:
    """A copy for each case of a stage that has none, or one of other originals; return how many were written.

    Safe to run twice: a copy of the same originals stays as it is, checked or not.
    """
    keys = list(cases_to_copy(stage.pk).values_list("pk", flat=True)) if stage.hide_nominee else []
    return sum(
        _propose(cases_to_copy(stage.pk).filter(pk__in=keys[first : first + AT_ONCE]))
        for first in range(0, len(keys), AT_ONCE)
    )


@transaction.atomic
def _propose(cases: Iterable[Nomination]) -> int:
    sources = sources_of(list(cases))
    there = {
        copy.nomination_id: copy
        for copy in RedactedDossier.objects.select_for_update().filter(
            nomination__in=[source.nomination_id for source in sources]
        )
    }
    new, changed = [], []
    for source in sources:
        digest, copy = digest_of(source.originals), there.get(source.nomination_id)
        if copy is None:
            new.append(_fill(RedactedDossier(nomination_id=source.nomination_id), source, digest))
        elif copy.source_digest != digest:
            changed.append(_fill(copy, source, digest))
    RedactedDossier.objects.bulk_create(new, ignore_conflicts=True)
    fields = ["state", "texts", "open_links", "source_digest", "proposed_at", "checked_by", "checked_at"]
    RedactedDossier.objects.bulk_update(changed, fields)
    return len(new) + len(changed)


def _fill(copy: RedactedDossier, source: Source, digest: str) -> RedactedDossier:
    copy.state, copy.texts, copy.open_links = (
        states.COPY_PROPOSED,
        proposal(source.originals, source.subject),
        [],
    )
    copy.source_digest, copy.proposed_at = digest, clock.now()
    copy.checked_by, copy.checked_at = None, None
    return copy


@transaction.atomic
def check_copy(
    candidacy: Candidacy,
    *,
    by: User,
    texts: dict[str, str],
    open_links: Iterable[str],
    digest: str,
    anyway: bool = False,
) -> RedactedDossier:
    """Keep the copy as a person left it; reviewers read it from now on.

    ``digest`` is that of the originals that the page showed. A field that is left empty is shown empty. Raises
    ``StillTelling`` unless ``anyway``, and ``Outdated`` where the originals have changed since.
    """
    person = acting_person(by)
    candidacy = lock_candidacy(candidacy)
    refuse_tie(candidacy, person)
    working = (states.ASSIGNED, states.DONE)
    if candidacy.assignments.filter(reviewer=person, state__in=working).exists():
        raise RuleBroken(_("You review this case, so somebody else has to check its copy."))
    copy = RedactedDossier.objects.select_for_update().filter(nomination=candidacy.nomination_id).first()
    source = sources_of([Nomination.objects.select_related("nominee").get(pk=candidacy.nomination_id)])[0]
    if copy is None or digest != digest_of(source.originals):
        raise Outdated(_("The dossier has changed since this page was opened. Look at it again."))
    kept = {name: texts.get(name, "").strip()[:LONGEST] for name in source.originals if not is_link(name)}
    telling = Blinder(source.subject).leftovers("\n".join(kept.values()))
    if telling and not anyway:
        raise StillTelling(telling)
    if states.COPY_CHECKED not in states.COPY_MOVES[copy.state]:
        raise Outdated(_("This copy cannot be checked any more."))
    old, copy.state = copy.state, states.COPY_CHECKED
    copy.texts, copy.source_digest = kept, digest
    copy.open_links = sorted(name for name in set(open_links) if is_link(name) and name in source.originals)
    copy.checked_by, copy.checked_at = person, clock.now()
    copy.save()
    codes = {"edited": kept != proposal(source.originals, source.subject), "open_links": len(copy.open_links)}
    history.record("candidacy", candidacy.key, "check_copy", by=by, old=old, new=copy.state, codes=codes)
    return copy
