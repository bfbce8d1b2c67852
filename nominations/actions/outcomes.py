"""What the selection does to cases, a set at a time, and what winners and others do after the release."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards import states as award_states
from awards.actions import resign_award
from awards.models import Award
from common import clock, history, registry
from common.actor import Actor
from common.errors import RuleBroken
from nominations import states
from nominations.actions.moves import already_done, change_state, locked, require_move, require_text
from nominations.models import Nomination
from nominations.queries import last_day_for_declining, why_no_second_look
from nominations.words import day_in_words


@transaction.atomic
def enter_review(nominations: QuerySet[Nomination], *, by: Actor | None) -> list[Nomination]:
    """complete → in review, for every complete case of the set; the others stay. Returns those that moved.

    Four statements for any number of cases. Run again it finds nothing left to move.
    """
    pks = nominations.filter(state=states.COMPLETE).values_list("pk", flat=True)
    cases = list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=list(pks), state=states.COMPLETE)
        .order_by("pk")
    )
    _write(cases, dict.fromkeys((case.pk for case in cases), states.IN_REVIEW), "enter_review", by=by)
    return cases


@transaction.atomic
def settle_nominations(rows: Iterable[tuple[int, str]], *, by: Actor | None) -> list[Nomination]:
    """The outcomes of a release: rows of ``(nomination_id, new state)``, all or none, in a fixed number of
    statements. A case that is in its new state already stays, so a release can be run again after a crash.

    Locks in the order of the rows' numbers. Raises ``Outdated`` if a case left the review in the meantime.
    """
    new = dict(rows)
    cases = list(Nomination.objects.select_for_update(of=("self",)).filter(pk__in=list(new)).order_by("pk"))
    moving = [case for case in cases if case.state != new[case.pk]]
    for case in moving:
        if new[case.pk] not in states.OUTCOMES:
            raise RuleBroken(_("A release announces outcomes only."))
        require_move(case, new[case.pk])
    _write(moving, new, "settle_nomination", by=by, ended_at=clock.now())
    return moving


def _write(
    cases: list[Nomination],
    new: dict[int, str],
    verb: str,
    *,
    by: Actor | None,
    ended_at: dt.datetime | None = None,
) -> None:
    by_state: dict[str, list[Nomination]] = defaultdict(list)
    for case in cases:
        by_state[new[case.pk]].append(case)
    for state, group in by_state.items():
        fields = {"state": state} | ({"ended_at": ended_at} if ended_at else {})
        Nomination.objects.filter(pk__in=[case.pk for case in group]).update(**fields)
    history.record_many(
        history.Event("nomination", case.key, verb, by, old=case.state, new=new[case.pk]) for case in cases
    )
    for case in cases:
        old, case.state = case.state, new[case.pk]
        case.ended_at = ended_at or case.ended_at
        registry.call(registry.on_case_moved, case, old, case.state)


@transaction.atomic
def request_second_look(nomination: Nomination, *, by: Actor | None, reason: str) -> Nomination:
    """not awarded → second look, once, within the days that the cycle gives."""
    reason = require_text(reason, _("Say what you think was overlooked."))
    case = locked(nomination)
    if already_done(case, states.SECOND_LOOK, verb="request_second_look", by=by):
        return case
    require_move(case, states.SECOND_LOOK)
    if sentence := why_no_second_look(case):
        raise RuleBroken(sentence)
    change_state(
        case,
        states.SECOND_LOOK,
        verb="request_second_look",
        by=by,
        text=reason,
        for_nominee=True,
        second_look_at=clock.now(),
    )
    return case


@transaction.atomic
def decline_award(nomination: Nomination, *, by: Actor | None, note: str = "") -> Nomination:
    """awarded → award declined, within the days that the cycle gives; the award becomes resigned."""
    case = locked(nomination)
    if already_done(case, states.AWARD_DECLINED, verb="decline_award", by=by):
        return case
    require_move(case, states.AWARD_DECLINED)
    last = last_day_for_declining(case)
    if last is None or clock.now() > last:
        raise RuleBroken(_("The award could be declined until %(day)s.") % {"day": day_in_words(last)})
    for award in awards_of_case(case):
        resign_award(award, by=by)
    change_state(
        case,
        states.AWARD_DECLINED,
        verb="decline_award",
        by=by,
        text=note.replace("\x00", "").strip()[:2000],
        ended_at=clock.now(),
    )
    return case


def awards_of_case(case: Nomination) -> list[Award]:
    """The award that a case won: of its nominee, area and cycle, and still standing."""
    standing = (award_states.GRANTED, award_states.ON_HOLD)
    return list(
        Award.objects.filter(person=case.nominee, area=case.area, cycle=case.cycle, state__in=standing)
    )
