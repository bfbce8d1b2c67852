"""Rows that an action holds until it ends. Always in this order: cycle, stage, capacity, candidacy, assignment, review."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Category, Cycle
from common import clock, locks, prepared
from common.errors import Outdated, RuleBroken
from common.joined import Joined
from nominations.models import Conflict, Nomination
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Stage
from selection.queries.kept import keeps, kept_sentence


def acting_person(by: User) -> Person:
    """The human who acts; the selection never takes an act from an account without one."""
    person = person_of(by)
    if person is None:
        raise RuleBroken(_("Your account belongs to no person yet. Ask the program office."))
    return person


def lock_cycle(cycle_id: int) -> Cycle:
    """The cycle alone, for whoever changes its rules. Rows that point to it can be written meanwhile."""
    return Cycle.objects.select_for_update(no_key=True).get(pk=cycle_id)


STAGE = Joined(stage=Stage)
HOLD_STAGE = f"SELECT {STAGE.columns} FROM selection_stage AS stage WHERE id = %s FOR SHARE"  # noqa: S608


def hold_stage(stage_id: int) -> Stage:
    """The stage, kept from closing while many work in it at once (``FOR SHARE``)."""
    stage: Stage = STAGE.split(prepared.fetch(HOLD_STAGE, [stage_id])[0])[0]
    return stage


def hold_capacity(stage: Stage, reviewer: Person) -> None:
    """Count and fill the cases of a reviewer in a stage alone, for whoever gives them one by one; whoever gives many at
    once locks the stage."""
    locks.hold(f"capacity:{stage.pk}:{reviewer.pk}")


def lock_stage(stage: Stage) -> Stage:
    """The stage alone: waits until nobody works in it."""
    return Stage.objects.select_for_update(of=("self",)).select_related("cycle", "rubric").get(pk=stage.pk)


CASE = Joined(candidacy=Candidacy, nomination=Nomination, category=Category)
LOCK_CASE = f"""
    SELECT {CASE.columns}
    FROM selection_candidacy AS candidacy
    JOIN nominations_nomination AS nomination ON nomination.id = candidacy.nomination_id
    LEFT JOIN charter_category AS category ON category.id = nomination.category_id
    WHERE candidacy.id = %s FOR UPDATE OF candidacy
"""  # noqa: S608  names of columns alone


def lock_candidacy(candidacy: Candidacy) -> Candidacy:
    """The case in its stage, alone."""
    rows = prepared.fetch(LOCK_CASE, [candidacy.pk])
    if not rows:
        raise Candidacy.DoesNotExist
    locked, nomination, nomination.category = CASE.split(rows[0])
    locked.nomination = nomination
    return locked


def refuse_tie(candidacy: Candidacy, person: Person) -> None:
    """Nobody with a hard conflict acts on a case; a tie found a moment ago counts."""
    ties = Conflict.objects.filter(
        nomination=candidacy.nomination_id, person=person, strength=Conflict.Strength.HARD
    )
    if ties.exists():
        raise RuleBroken(_("You have a tie to this case, so it is not yours to judge."))


def refuse_kept(stage: Stage, category_id: int | None, person: Person) -> None:
    """Who has a tie in a category neither settles it nor learns how it is settled."""
    if keeps(person, stage, category_id):
        raise RuleBroken(kept_sentence())


def refuse_unless_running(stage: Stage, candidacy: Candidacy | None = None) -> None:
    """Work is taken from the opening to the close and for the minutes of grace after it.

    A case with an end of its own (a second look) is worked on until that, or until it is decided.
    """
    now = clock.now()
    if candidacy is not None and candidacy.closes_at is not None:
        _refuse_unless_read_anew(candidacy)
        return
    if stage.state == states.STAGE_PLANNED or now < stage.opens_at:
        raise RuleBroken(
            _("%(stage)s opens on %(when)s.") % {"stage": stage.internal_name, "when": moment(stage.opens_at)}
        )
    if stage.state == states.STAGE_CLOSED or now > stage.ends_at:
        raise Outdated(
            _("%(stage)s closed on %(when)s. What you had saved is kept, and nothing more is taken.")
            % {"stage": stage.internal_name, "when": moment(stage.closes_at)}
        )


def _refuse_unless_read_anew(candidacy: Candidacy) -> None:
    fresh = Candidacy.objects.select_related("stage").get(pk=candidacy.pk)
    if not fresh.is_running():
        raise Outdated(
            _("The second look at this case ended on %(when)s. What you had saved is kept.")
            % {"when": moment(fresh.left_at or fresh.closes_at or fresh.entered_at)}
        )


def moment(when: dt.datetime) -> str:
    """A date and time in words, with its zone."""
    return date_format(timezone.localtime(when), "j F Y, H:i e")
