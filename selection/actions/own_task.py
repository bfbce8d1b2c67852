"""The actor's own task on a case, held with all that an act on it depends on: two statements, since drafts save
themselves all day long."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history, prepared
from common.errors import Outdated, RuleBroken
from common.joined import Joined
from people.models import Person
from selection import states
from selection.actions.locks import (
    acting_person,
    hold_stage,
    lock_candidacy,
    refuse_tie,
    refuse_unless_running,
)
from selection.models import Assignment, Candidacy, Review, Stage
from selection.queries.electorate import came_late
from selection.sentences import too_late_to_vote

HELD, REVIEW = Joined(stage=Stage, candidacy=Candidacy, task=Assignment), Joined(review=Review)
HOLD = f"""
    SELECT {HELD.columns}
    FROM selection_stage AS stage
    JOIN selection_candidacy AS candidacy ON candidacy.stage_id = stage.id
    JOIN selection_assignment AS task ON task.candidacy_id = candidacy.id
    WHERE candidacy.id = %s AND task.reviewer_id = %s
    FOR SHARE OF stage FOR UPDATE OF {{rows}}
"""  # noqa: S608  names of columns alone
# What was there when the locks were got, not when they were asked for: a statement of its own.
LOOK = f"""
    SELECT candidacy.state,
        EXISTS (
            SELECT FROM nominations_conflict
            WHERE nomination_id = candidacy.nomination_id AND person_id = %(person)s AND strength = 'hard'
        ),
        EXISTS (
            SELECT FROM selection_redacteddossier
            WHERE nomination_id = candidacy.nomination_id AND state = 'checked'
        ),
        EXISTS (SELECT FROM selection_assignment WHERE candidacy_id = candidacy.id AND letter <> '')
        OR NOT EXISTS (
            SELECT FROM selection_assignment
            WHERE candidacy_id = candidacy.id AND state = 'assigned' AND id <> %(task)s
        ),
        (
            SELECT content::text FROM selection_reviewversion
            WHERE review_id = review.id ORDER BY version DESC LIMIT 1
        ),
        {REVIEW.columns}
    FROM selection_candidacy AS candidacy
    LEFT JOIN LATERAL (
        SELECT {REVIEW.columns} FROM selection_review AS review WHERE assignment_id = %(task)s FOR UPDATE
    ) AS review ON true
    WHERE candidacy.id = %(candidacy)s
"""  # noqa: S608  names of columns alone


@dataclass
class OwnTask:
    """A task of the actor with its stage, case and review, if there is one.

    ``copy_is_checked``: the dossier without the name. ``is_last``: nobody else has still to hand in, or the
    discussion has begun. ``before``: what the review said when it was handed in last, if it ever was.
    """

    stage: Stage
    candidacy: Candidacy
    task: Assignment
    review: Review | None
    copy_is_checked: bool
    is_last: bool
    before: dict[str, Any] | None

    def refuse_unchecked(self) -> None:
        """Where a person checks each copy first, nobody scores what they could not read."""
        if self.stage.hide_nominee and self.stage.check_redactions and not self.copy_is_checked:
            raise RuleBroken(
                _("The copy of this case without its name is being checked. It cannot be scored before.")
            )


def hold_own_task(candidacy: Candidacy, by: User, *, alone: bool = True, make: bool = False) -> OwnTask:
    """The actor's open or done task in a running stage, and its review, locked; with the case where ``alone``.

    ``make`` one where there is none: who holds the stage's role needs no task before the first verdict.
    """
    person = acting_person(by)
    statement = HOLD.format(rows="candidacy, task" if alone else "task")
    rows = prepared.fetch(statement, [candidacy.pk, person.pk])
    if not rows:
        _refuse_or_make(candidacy, person, by, make=make)
        rows = prepared.fetch(statement, [candidacy.pk, person.pk])
    stage, held, task = HELD.split(rows[0])
    held.stage, held.nomination, task.candidacy, task.reviewer = stage, candidacy.nomination, held, person
    refuse_unless_running(stage, held)
    keys = {"candidacy": held.pk, "person": person.pk, "task": task.pk}
    held.state, is_tied, copy_is_checked, is_last, before, *row = prepared.fetch(LOOK, keys)[0]
    if is_tied:
        refuse_tie(held, person)
    if held.state == states.LEFT:
        raise Outdated(_("This case is not in the stage any more."))
    if task.state not in (states.ASSIGNED, states.DONE):
        raise _not_assigned()
    review = REVIEW.split(row)[0]
    if review is not None:
        review.assignment = task
    return OwnTask(
        stage, held, task, review, copy_is_checked, is_last, json.loads(before) if before else None
    )


def _refuse_or_make(candidacy: Candidacy, person: Person, by: User, *, make: bool) -> None:
    """Why somebody without a task may not act; else their task, unless another window made it meanwhile."""
    stage = hold_stage(candidacy.stage_id)
    held = lock_candidacy(candidacy)
    refuse_unless_running(stage, held)
    refuse_tie(held, person)
    if held.state == states.LEFT:
        raise Outdated(_("This case is not in the stage any more."))
    if not make:
        raise _not_assigned()
    scope = candidacy.nomination.region_id, candidacy.nomination.category_id
    if stage.kind == Stage.Kind.VOTE and came_late(by, stage, scope):
        raise RuleBroken(too_late_to_vote())
    task, is_new = Assignment.objects.get_or_create(
        candidacy=held, reviewer=person, defaults={"assigned_at": clock.now(), "due_at": stage.closes_at}
    )
    if is_new:
        codes = {"reviewer": person.key}
        history.record("assignment", held.key, "assign", by=by, new=task.state, codes=codes)


def _not_assigned() -> RuleBroken:
    return RuleBroken(_("This case is not assigned to you."))
