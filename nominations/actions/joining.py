"""Two nominations of one person are one case: joining them, and taking that back.

A joined row stays what it was and keeps its supports; it only points to the case that it counts in.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import history, registry
from common.actor import Actor
from common.errors import RuleBroken
from common.models import HistoryRow
from nominations import conflicts, states
from nominations.actions.moves import already_done, change_state, locked, require_move, require_text
from nominations.models import Conflict, Nomination
from nominations.queries import NO_OBSTACLE
from people.actions import create_person
from people.models import Person

_FAR = [states.INVITED, states.ACCEPTED, states.COMPLETE, states.IN_REVIEW]


def join_new(case: Nomination, standing: Nomination, *, by: Actor | None, **frozen: Any) -> None:
    """A draft that is sent for somebody whose case is open: draft → invited → joined, in one save.

    Saved once because a second invited case of the nominee and area must never exist, not even for a moment.
    """
    for new, verb in ((states.INVITED, "submit_nomination"), (states.MERGED, "merge_nominations")):
        require_move(case, new)
        old, case.state = case.state, new
        codes = {"into": standing.key} if new == states.MERGED else {}
        history.record("nomination", case.key, verb, by=by, old=old, new=new, codes=codes)
    for name, value in frozen.items():
        setattr(case, name, value)
    case.state_before, case.merged_into = states.INVITED, standing
    case.save()
    history.record("nomination", standing.key, "take_in", by=by, codes={"from": case.key})


@transaction.atomic
def merge_nominations(kept: Nomination, absorbed: Nomination, *, by: Actor | None, reason: str) -> Nomination:
    """A person of the office has found that two cases are of one nominee: one goes on, the other joins it.

    Both rows are locked in the order of their numbers, so that two who join the same pair never wait for each
    other.
    """
    reason = require_text(reason, _("Say how you know that both are the same person."))
    pair = {row.pk: row for row in map(locked, sorted((kept, absorbed), key=lambda row: row.pk))}
    kept, absorbed = pair[kept.pk], pair[absorbed.pk]
    if already_done(absorbed, states.MERGED, verb="merge_nominations", by=by):
        return absorbed
    _require_pair(kept, absorbed)
    change_state(
        absorbed,
        states.MERGED,
        verb="merge_nominations",
        by=by,
        codes={"into": kept.key},
        text=reason,
        state_before=absorbed.state,
        merged_into=kept,
    )
    history.record("nomination", kept.key, "take_in", by=by, codes={"from": absorbed.key})
    conflicts.recompute([kept.pk])
    return absorbed


@transaction.atomic
def undo_merge(nomination: Nomination, *, by: Actor | None, reason: str) -> Nomination:
    """Two cases that were joined are of two people after all: back to the state before.

    Where both stood under one person's row because of a shared, unconfirmed address, the case gets a row of
    its own for its nominee.
    """
    reason = require_text(reason, _("Say how you know that they are two people."))
    case = locked(nomination)
    kept = case.merged_into
    require_move(case, case.state_before or states.INVITED)
    if kept is None:
        raise RuleBroken(_("This nomination was not joined with another one."))
    nominee = case.nominee
    if kept.nominee_id == case.nominee_id:
        nominee = create_person(name=case.nominee_name, country=str(case.country), by=by)
    try:
        with transaction.atomic():
            change_state(
                case,
                case.state_before,
                verb="undo_merge",
                by=by,
                codes={"from": kept.key},
                text=reason,
                merged_into=None,
                state_before="",
                nominee=nominee,
            )
    except IntegrityError as error:
        raise RuleBroken(_("This person has another case for the same technology in this cycle.")) from error
    conflicts.recompute([kept.pk, case.pk])
    return case


def _require_pair(kept: Nomination, absorbed: Nomination) -> None:
    require_move(absorbed, states.MERGED)
    if kept.pk == absorbed.pk:
        raise RuleBroken(_("A case cannot be joined with itself."))
    if kept.cycle_id != absorbed.cycle_id:
        raise RuleBroken(_("The two cases are of different cycles."))
    if kept.state not in _FAR:
        raise RuleBroken(_("The case that goes on must be open."))
    if _FAR.index(kept.state) < _FAR.index(absorbed.state):
        raise RuleBroken(_("Keep the case that has come further and join the other one with it."))


def follow_merged_persons(kept: Person, absorbed: Person, by: Actor | None = None) -> None:
    """Two rows were found to be one human (``common.registry.on_merge``): their cases are one person's now."""
    for case in Nomination.objects.filter(nominee=absorbed).order_by("pk"):
        rival = (
            Nomination.objects.filter(nominee=kept, cycle=case.cycle, area=case.area)
            .exclude(state__in=NO_OBSTACLE)
            .first()
        )
        if rival is not None and case.state not in NO_OBSTACLE:
            if case.state not in _FAR or rival.state not in _FAR:
                raise RuleBroken(
                    _("Both have a case for %(area)s in %(cycle)s. Decide first which of them stands.")
                    % {"area": case.area_name, "cycle": case.cycle.label}
                )
            far, near = sorted((case, rival), key=lambda row: -_FAR.index(row.state))
            merge_nominations(far, near, by=by, reason=_("Two records were about one person."))
        Nomination.objects.filter(pk=case.pk).update(nominee=kept)
    Nomination.objects.filter(draft_by=absorbed).update(draft_by=kept)
    for support in absorbed.supports.all():
        if not support.nomination.supports.filter(person=kept).exists():
            support.person = kept
            support.save(update_fields=["person"])
    tied = _move_ties(kept, absorbed, by=by)
    conflicts.recompute_for(kept)
    registry.call(registry.on_ties_found, tied)


def _move_ties(kept: Person, absorbed: Person, *, by: Actor | None) -> list[int]:
    """What barred one row bars the human, whichever row they said it as. Returns the cases.

    A tie of both that changes is written down as it was: ``_lower_ties`` gives it back.
    """
    own = {
        (tie.nomination_id, tie.kind): tie
        for tie in Conflict.objects.filter(person=kept).select_related("nomination")
    }
    theirs = list(Conflict.objects.select_for_update().filter(person=absorbed).order_by("pk"))
    for tie in theirs:
        known = own.get((tie.nomination_id, tie.kind))
        if known is None:
            Conflict.objects.filter(pk=tie.pk).update(person=kept)
        elif tie.strength == Conflict.Strength.HARD and (
            known.strength != Conflict.Strength.HARD or known.source == Conflict.Source.SYSTEM
        ):
            raised = {
                "strength": tie.strength,
                "source": tie.source,
                "dismissed_at": None,
                "ended_at": tie.ended_at,
            }
            was = {name: getattr(known, name) for name in raised}
            if was == raised:
                continue
            codes = {"person": kept.key, "tie": tie.kind, "from": absorbed.key} | {
                "was": _as_codes(was),
                "is": _as_codes(raised),
            }
            history.record("conflict", known.nomination.key, "raise_conflict", by=by, codes=codes)
            Conflict.objects.filter(pk=known.pk).update(**raised)
    return sorted({tie.nomination_id for tie in theirs})


def _as_codes(values: dict[str, Any]) -> dict[str, str]:
    """Moments as text, none as nothing."""
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value or ""
        for name, value in values.items()
    }


def _lower_ties(kept: Person, absorbed: Person) -> list[int]:
    """Ties of ``kept`` that rows parted from it had raised are what they were, unless a row that is still joined has the
    same tie, or somebody has declared or judged it since. Returns the cases."""
    held = (
        Conflict.objects.filter(strength=Conflict.Strength.HARD).select_related("nomination").order_by("pk")
    )
    ties = {_which(tie): tie for tie in held.select_for_update(of=("self",)).filter(person=kept)}
    acts = HistoryRow.objects.filter(
        kind="conflict", key__in={key for key, _kind in ties}, codes__person=kept.key
    )
    by_tie: dict[tuple[str, str], list[HistoryRow]] = defaultdict(list)
    for act in acts.order_by("-id"):
        by_tie[act.key, act.codes["tie"]].append(act)
    theirs = {_which(tie) for tie in held.filter(person=absorbed)}
    theirs |= {
        which for which, rows in by_tie.items() if any(act.codes.get("from") == absorbed.key for act in rows)
    }
    still = {_which(tie) for tie in held.filter(person__merged_into=kept)}
    lowered = []
    for which in sorted((theirs & ties.keys()) - still):
        tie = ties[which]
        was = _before_raised(tie, by_tie[which])
        if was is not None:
            Conflict.objects.filter(pk=tie.pk).update(**was)
            lowered.append(tie.nomination_id)
    return sorted(lowered)


def _which(tie: Conflict) -> tuple[str, str]:
    return tie.nomination.key, tie.kind


def _before_raised(tie: Conflict, acts: list[HistoryRow]) -> dict[str, Any] | None:
    """What a tie was before other rows raised it, one after the other. ``acts``: all about it, the last one first."""
    was = None
    for act in acts:
        if act.verb != "raise_conflict":
            break
        present = was or _as_codes({name: getattr(tie, name) for name in act.codes["is"]})
        if present != act.codes["is"]:
            break
        was = act.codes["was"]
    if was is None:
        return None
    return {
        name: dt.datetime.fromisoformat(value) if value and name.endswith("_at") else value or None
        for name, value in was.items()
    }


def follow_parted_persons(kept: Person, absorbed: Person, by: Actor | None = None) -> None:
    """Two rows are of two people after all (``common.registry.on_unmerge``): cases that were joined across them part."""
    across = Q(nominee=kept, merged_into__nominee=absorbed) | Q(nominee=absorbed, merged_into__nominee=kept)
    for case in Nomination.objects.filter(across, state=states.MERGED).order_by("pk"):
        undo_merge(case, by=by, reason=_("Two records were about two people."))
    if lowered := _lower_ties(kept, absorbed):
        registry.call(registry.on_ties_found, lowered)
