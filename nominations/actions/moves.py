"""The one place where a case changes its state: lock, check, save, history, hooks."""

from typing import Any

from common import history, registry
from common.actor import Actor, pseudonym
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow
from nominations import states
from nominations.models import Nomination
from nominations.words import what_happened


def locked(nomination: Nomination) -> Nomination:
    """The case as it is now, locked until the transaction ends."""
    return Nomination.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=nomination.pk)


def change_state(
    case: Nomination,
    new: str,
    *,
    verb: str,
    by: Actor | None,
    codes: dict[str, Any] | None = None,
    text: str = "",
    for_nominee: bool = False,
    **fields: Any,
) -> None:
    """Move a locked case along ``MOVES``; ``fields`` are saved with it. Raises ``Outdated`` where it may not."""
    old = case.state
    require_move(case, new)
    case.state = new
    for name, value in fields.items():
        setattr(case, name, value)
    case.save(update_fields=["state", *fields])
    history.record(
        "nomination", case.key, verb, by=by, old=old, new=new, codes=codes, text=text, for_nominee=for_nominee
    )
    registry.call(registry.on_case_moved, case, old, new)


def require_move(case: Nomination, new: str) -> None:
    """May this state become that? If not, say what the case is now."""
    if new not in states.MOVES[case.state]:
        raise too_late(case)


def require_state(case: Nomination, *allowed: str) -> None:
    """Is the case in a state in which this can be done at all?"""
    if case.state not in allowed:
        raise too_late(case)


def already_done(case: Nomination, new: str, *, verb: str, by: Actor | None) -> bool:
    """A second click on the same button: the case is there already, and the same person's act brought it there."""
    if case.state != new:
        return False
    last = HistoryRow.objects.filter(kind="nomination", key=case.key).order_by("-id").first()
    return last is not None and last.verb == verb and last.new_state == new and last.actor == pseudonym(by)


def too_late(case: Nomination) -> Outdated:
    """What happened to the case in the meantime, in words."""
    return Outdated(what_happened(case))


def require_text(text: str, sentence: str, *, longest: int = 2000) -> str:
    """A reason that somebody must give, without what a database refuses to hold."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise RuleBroken(sentence)
    return text[:longest]
