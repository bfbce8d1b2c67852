"""Second looks: the office opens one, people who have not seen the case read it, the office decides from their marks."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history
from common.errors import Outdated, RuleBroken
from nominations import states as cases
from nominations.models import Nomination
from selection import states
from selection.actions.locks import acting_person, moment, refuse_tie
from selection.actions.means import left_out
from selection.actions.plans import ask_for_readers
from selection.models import Assignment, Candidacy, Stage


@transaction.atomic
def open_second_look(nomination: Nomination, *, closes_at: dt.datetime, by: User) -> Candidacy:
    """Bring a case that asked for it once more into its cycle's stage with marks, in a round and with an end of its own.

    The worker finds reviewers who never had the case; chair and office may give it to others.
    """
    person = acting_person(by)
    case = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    if case.state != cases.SECOND_LOOK or reading_of(case) is not None:
        raise Outdated(_("A second look at this case is not waiting to be opened."))
    if closes_at <= clock.now():
        raise RuleBroken(_("The end of the second look must lie ahead."))
    stage = _stage_of(case)
    candidacy = Candidacy(
        nomination=case,
        stage=stage,
        round=next_round(case, stage),
        entered_at=clock.now(),
        closes_at=closes_at,
    )
    refuse_tie(candidacy, person)
    candidacy.save()
    codes = {"case": case.key, "until": closes_at.isoformat()}
    history.record("candidacy", candidacy.key, "look_again", by=by, new=candidacy.state, codes=codes)
    ask_for_readers(candidacy)
    return candidacy


def next_round(case: Nomination, stage: Stage) -> int:
    """The number of a case's next round in a stage, 2 at least: the first belongs to the stage's own cases."""
    rounds = case.candidacies.filter(stage=stage).values_list("round", flat=True)
    return max(rounds, default=1) + 1


def reading_of(nomination: Nomination) -> Candidacy | None:
    """The second look at a case that is open, if one is."""
    rows = nomination.candidacies.filter(closes_at__isnull=False, state=states.OPEN)
    return rows.select_related("stage").first()


def end_reading(candidacy: Candidacy, outcome: str) -> dict[str, object]:
    """Close a locked second look as decided; what history says of it. Refused while somebody still reads.

    "No" needs a reading; open tasks are taken back once its time is over.
    """
    open_tasks = Assignment.objects.select_for_update().filter(candidacy=candidacy, state=states.ASSIGNED)
    if open_tasks.exists() and candidacy.is_running():
        raise RuleBroken(
            _("The case is still being read, until %(when)s.")
            % {"when": moment(candidacy.closes_at or clock.now())}
        )
    if outcome == states.NOT_THIS_TIME and not candidacy.reviews_in:
        raise RuleBroken(_("Nobody has read the case anew. Give it to reviewers first."))
    for task in open_tasks:
        task.state = states.RELEASED_FROM
        task.save(update_fields=["state"])
        codes = {"reviewer": task.reviewer.key}
        history.record(
            "assignment",
            candidacy.key,
            "take_back",
            by=None,
            old=states.ASSIGNED,
            new=task.state,
            codes=codes,
        )
    uncounted = left_out([candidacy]).get(candidacy.pk)
    candidacy.state, candidacy.left_at = states.DECIDED, clock.now()
    candidacy.save(update_fields=["state", "left_at"])
    return {"left_out": uncounted} if uncounted else {}


def _stage_of(case: Nomination) -> Stage:
    """The last stage with marks that the case was in, else the cycle's first: a failed screen is read in full."""
    scored = Stage.objects.filter(kind=Stage.Kind.SCORE)
    last = scored.filter(candidacies__nomination=case).order_by("-opens_at", "-number").first()
    stage = last or scored.filter(cycle=case.cycle_id).order_by("number").first()
    if stage is None:
        raise RuleBroken(_("This cycle has no stage with marks, so the office decides by itself."))
    return stage
