"""May this person? The same predicate shows a button and guards its view.

Predicates ask about the person and the case's people; whether the state allows a move is the action's answer,
so that somebody who comes second reads what happened instead of "forbidden". ``acts_for`` joins the two.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Role
from charter.models import Cycle
from charter.queries import cycle_open_for_nominations
from common import clock
from nominations import states
from nominations.models import Nomination, Support
from nominations.queries import (
    ENDORSER,
    NOMINATOR,
    NOMINEE,
    OFFICE,
    address_bounced,
    case_of,
    draft_of,
    last_day_for_declining,
    last_day_for_second_look,
    nomination_visible_to,
    relations_of,
    state_shown_to,
    support_of,
)

Permission = Callable[[Any, Nomination], bool]


def can_view(user: Any, nomination: Nomination) -> bool:
    """Parties to the case and the office; whoever can fetch it may read its status."""
    return bool(relations_of(user, nomination))


def can_answer(user: Any, nomination: Nomination) -> bool:
    """The nominee accepts or declines."""
    return NOMINEE in relations_of(user, nomination)


def can_edit_dossier(user: Any, nomination: Nomination) -> bool:
    """The nominee picks contributions, asks endorsers and completes."""
    return NOMINEE in relations_of(user, nomination)


def can_withdraw(user: Any, nomination: Nomination) -> bool:
    """The nominee withdraws the case; a nominator takes back what they brought, until the nominee has answered."""
    relations = relations_of(user, nomination)
    return NOMINEE in relations or NOMINATOR in relations


def can_correct_address(user: Any, nomination: Nomination) -> bool:
    """Whoever opened the case writes the nominee's address anew when mail to it comes back."""
    support = support_of(user, nomination)
    return support is not None and support.kind == Support.Kind.NOMINATOR


def can_reopen(user: Any, nomination: Nomination) -> bool:
    """The office opens a locked dossier again."""
    return _acts_for_office(user, nomination)


def can_mark_ineligible(user: Any, nomination: Nomination) -> bool:
    return _acts_for_office(user, nomination)


def can_merge(user: Any, nomination: Nomination) -> bool:
    return _acts_for_office(user, nomination)


def can_request_second_look(user: Any, nomination: Nomination) -> bool:
    return NOMINEE in relations_of(user, nomination)


def can_decline_award(user: Any, nomination: Nomination) -> bool:
    return NOMINEE in relations_of(user, nomination)


def get_cycle(user: Any, slug: str, *, to: Callable[[Any], bool]) -> Cycle:
    """The cycle at an address: 403 to whom ``to`` does not let in, 404 if there is none."""
    if not to(user):
        raise PermissionDenied
    return get_object_or_404(Cycle, slug=slug)


def can_triage(user: Any) -> bool:
    """The office looks at held nominations; auditors read the list."""
    return bool(user.is_authenticated and user.holds(Role.PROGRAM_OFFICE))


def can_view_triage(user: Any) -> bool:
    return can_triage(user) or bool(user.is_authenticated and user.holds(Role.AUDITOR))


def can_open_renewals(user: Any) -> bool:
    return bool(user.is_authenticated and user.holds(Role.PROGRAM_OFFICE))


def _acts_for_office(user: Any, nomination: Nomination) -> bool:
    """Auditors read; only the office acts, and not on a case in which they have a hard conflict."""
    return bool(
        user.is_authenticated and user.holds(Role.PROGRAM_OFFICE) and OFFICE in relations_of(user, nomination)
    )


def acts_for(user: Any, nomination: Nomination) -> set[str]:
    """The verbs that a page offers now: the person may, and the state allows it."""
    relations = relations_of(user, nomination)
    state = nomination.state
    shown = state_shown_to(relations, nomination, support_of(user, nomination))
    office = OFFICE in relations and user.holds(Role.PROGRAM_OFFICE)
    acts: set[str] = set()
    if NOMINEE in relations:
        acts |= {"answer"} if state == states.INVITED else set()
        acts |= {"edit_dossier"} if state == states.ACCEPTED else set()
        acts |= {"withdraw"} if state in states.BEFORE_RELEASE - {states.INVITED, states.DRAFT} else set()
        if state == states.AWARDED and _is_ahead(last_day_for_declining(nomination)):
            acts.add("decline_award")
        if state == states.NOT_AWARDED and nomination.second_look_at is None:
            acts |= {"request_second_look"} if _is_ahead(last_day_for_second_look(nomination)) else set()
    elif NOMINATOR in relations and shown == states.INVITED:
        acts.add("withdraw")
        if state == states.INVITED and address_bounced(nomination):
            acts.add("correct_address")
    elif NOMINATOR in relations and shown == states.NOT_AWARDED and _may_learn(nomination):
        acts |= {"nominate_again"} if cycle_open_for_nominations() else set()
    if ENDORSER in relations and state == states.ACCEPTED:
        acts.add("endorse")
    if office:
        acts |= {"reopen"} if state == states.COMPLETE else set()
        acts |= {"mark_ineligible"} if states.INELIGIBLE in states.MOVES[state] else set()
        acts |= {"merge"} if states.MERGED in states.MOVES[state] else set()
        acts |= {"undo_merge"} if state == states.MERGED else set()
    return acts


def get_nomination(user: Any, key: str, *, to: Permission = can_view) -> Nomination:
    """The case of a key. Not theirs to know of and never existed are one answer: 404. Seen, not allowed: 403."""
    nomination = nomination_visible_to(user, key)
    if nomination is None:
        raise Http404
    if not to(user, nomination):
        raise PermissionDenied
    return nomination


def get_draft(user: Any, key: str, *, held: Iterable[str]) -> Nomination:
    """A nomination that this browser or this person began to write, sent or not. Anything else: 404."""
    nomination = draft_of(user, key, held=held)
    if nomination is None:
        raise Http404
    return nomination


def _may_learn(nomination: Nomination) -> bool:
    """The nominee lets their nominators know what became of it."""
    return case_of(nomination).nominator_may_learn_outcome is True


def _is_ahead(last: dt.datetime | None) -> bool:
    return last is not None and clock.now() <= last
