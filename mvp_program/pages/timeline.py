"""The timeline of a case: what happened and what comes, step by step."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from charter.models import Cycle
from charter.queries import grace
from common import clock
from common.languages import named
from mvp_program.pages.standing import ENDED, Status, is_carried, is_retired, pill
from nominations import states
from nominations.models import Nomination, Support
from nominations.queries import last_day_to_answer
from nominations.words import day_in_words
from selection import states as selection_states
from selection.models import Stage
from selection.queries.released import close_of_dossiers_told, second_look_of, stages_of

SLACK = dt.timedelta(hours=1)  # a date that moves by less has not slipped


def steps(status: Status) -> list[dict[str, Any]]:
    """What happened and what comes, oldest first. A case that ended shows nothing after its end."""
    if status.state == states.WITHDRAWN and status.case.state != states.WITHDRAWN:
        return [_begun(status), _step(_("You took your nomination back"), "bad", _day(status.support))]
    found = [_begun(status), *_before_review(status)]
    if status.state in ENDED and not status.is_announced:
        return [*found, _end(status)]
    return [*found, *_stages(status), *_letters(status)]


def _begun(status: Status) -> dict[str, Any]:
    case, support = status.case, status.support
    if case.is_renewal:
        return _step(_("The renewal was opened"), "done", day_in_words(case.invited_at))
    if status.is_nominee:
        return _step(_("You were nominated"), "done", day_in_words(case.invited_at))
    if support is not None and support.kind != Support.Kind.ENDORSER:
        return _step(_("You sent the nomination"), "done", day_in_words(support.given_at))
    return _step(_("The nomination was sent"), "done", day_in_words(case.invited_at))


def _before_review(status: Status) -> list[dict[str, Any]]:
    """Invitation and dossier."""
    case, state = status.case, status.state
    agreed = _("You agreed to be reviewed") if status.is_nominee else _("%(name)s agreed to be reviewed")
    agreed = agreed % {"name": status.name}
    if state == states.INVITED:
        return [_asked(status), _step(_("Dossier"), "", *_dossier_until(case.cycle))]
    if case.accepted_at is None:
        return []
    joined_later = status.nomination.pk != case.pk and case.accepted_at <= (
        status.nomination.invited_at or case.accepted_at
    )
    found = [_step(agreed, "done", "" if joined_later else day_in_words(case.accepted_at))]
    if state == states.ACCEPTED:
        text = _("You choose what reviewers read.") if status.is_nominee else _("Nothing is needed from you.")
        until, moved, *pill = _dossier_until(case.cycle)
        words = " ".join(filter(None, [moved, text]))
        return [*found, _step(_("Dossier"), "current", until, words, *(pill or (_("Now"), "gold")))]
    if case.completed_at is not None:
        found.append(_step(_("Dossier complete"), "done", day_in_words(case.completed_at)))
    return found


def _dossier_until(cycle: Cycle) -> tuple[str, ...]:
    """When dossiers close; and, where that was moved, from which day and how the step is marked."""
    first = close_of_dossiers_told(cycle)
    if first is None or abs(cycle.dossiers_close_at - first) <= SLACK:
        return (_until(cycle.dossiers_close_at), "")
    words = _("It was to be complete by %(was)s; now by %(day)s.")
    words = words % {"was": day_in_words(first), "day": day_in_words(cycle.dossiers_close_at)}
    return _until(cycle.dossiers_close_at), words, _("Moved"), "warn"


def _asked(status: Status) -> dict[str, Any]:
    case = status.case
    if status.is_nominee:
        ends = last_day_to_answer(case) or case.cycle.dossiers_close_at
        return _step(
            _("Your answer"),
            "current",
            _until(ends),
            _("Nobody reviews anything until you say so."),
            _("Now"),
            "gold",
        )
    text = _("One mail, three reminders at most, %(days)s days. Nothing is needed from you.")
    return _step(
        _("%(name)s is asked") % {"name": status.name},
        "current",
        "",
        text % {"days": case.cycle.invitation_days},
        _("Now"),
        "gold",
    )


def _stages(status: Status) -> list[dict[str, Any]]:
    """The cycle's stages by their dates. Nothing here depends on how this case fares."""
    begun = status.state not in (states.INVITED, states.ACCEPTED)
    over = status.is_announced or is_carried(status)
    return _one_after_the_other(status, status.stages, begun=begun, over=over)


def _one_after_the_other(
    status: Status, stages: Iterable[Stage], *, begun: bool, over: bool
) -> list[dict[str, Any]]:
    """A stage begins once the one before has closed: where that takes longer, so does the beginning."""
    steps: list[dict[str, Any]] = []
    before: Stage | None = None
    for stage in stages:
        first, waits = status.first_told.get(stage.pk), None
        if before is not None and before.state != selection_states.STAGE_CLOSED:
            waits = before.closes_at if _slipped(stage.opens_at, before.closes_at) else None
        steps.append(_stage(stage, begun=begun, over=over, first=first, waits_until=waits))
        before = stage
    return steps


def _slipped(first: dt.datetime | None, now: dt.datetime) -> bool:
    """A date lies later than it was told at first."""
    return first is not None and now > first + SLACK


def _stage(
    stage: Stage, *, begun: bool, over: bool, first: dt.datetime | None, waits_until: dt.datetime | None
) -> dict[str, Any]:
    now = clock.now()
    span = _("%(first)s – %(last)s") % {
        "first": day_in_words(stage.opens_at),
        "last": day_in_words(stage.closes_at),
    }
    if over or (begun and stage.state == selection_states.STAGE_CLOSED):
        return _step(
            named(stage.public_name), "done", _("Finished %(day)s") % {"day": day_in_words(stage.closes_at)}
        )
    if begun and stage.state == selection_states.STAGE_OPEN:
        if now > stage.closes_at + dt.timedelta(minutes=stage.grace_minutes):
            text = _(
                "It was to end on %(day)s and takes longer. A new day is not set yet; it stands here as soon as it "
                "is. Nothing is needed from you."
            )
            return _step(
                named(stage.public_name),
                "current",
                span,
                text % {"day": day_in_words(stage.closes_at)},
                _("Delayed"),
                "warn",
            )
        if _slipped(first, stage.closes_at):
            return _step(
                named(stage.public_name), "current", span, _expected(first, stage), _("Delayed"), "warn"
            )
        return _step(
            named(stage.public_name), "current", span, _("Nothing is needed from you."), _("Now"), "gold"
        )
    if stage.state == selection_states.STAGE_PLANNED and waits_until is not None:
        text = _(
            "It was to begin on %(was)s and begins once the stage before has ended. Nothing is needed from you."
        )
        text = text % {"was": day_in_words(stage.opens_at)}
        ends = _until(stage.closes_at) if stage.closes_at > waits_until else ""
        return _step(named(stage.public_name), "", ends, text, _("Delayed"), "warn")
    if _slipped(first, stage.closes_at):
        return _step(named(stage.public_name), "", span, _expected(first, stage), _("Delayed"), "warn")
    if stage.state == selection_states.STAGE_PLANNED and now > stage.opens_at + dt.timedelta(days=1):
        return _step(
            named(stage.public_name),
            "",
            span,
            _("It was to begin earlier and has not begun yet."),
            _("Delayed"),
            "warn",
        )
    return _step(named(stage.public_name), "", span)


def _expected(first: dt.datetime | None, stage: Stage) -> str:
    days = {"was": day_in_words(first), "day": day_in_words(stage.closes_at)}
    return _("It was to end on %(was)s; now expected by %(day)s. Nothing is needed from you.") % days


def _letters(status: Status) -> list[dict[str, Any]]:
    """The release, and what came after it."""
    case, planned = status.case, status.cycle.release_planned_at
    if is_carried(status):
        return _carried(status)
    if not status.is_announced:
        return [_letters_to_come(status, planned)]
    released = (
        status.decision.release.released_at if status.decision and status.decision.release else case.ended_at
    )
    label, kind = pill(status)
    out = _step(_("Letters went out"), "done", day_in_words(released), "", label if status.told else "", kind)
    found = [out]
    if status.told and case.second_look_at:
        asked = _step(_("A second look was asked for"), "done", day_in_words(case.second_look_at))
        found = [out, asked]
        if released and released > case.second_look_at:  # the letter that is shown answers it
            answer = out | {"title": _("The answer went out")}
            begun = day_in_words(status.decision.first_told_at)
            found = [_step(_("Letters went out"), "done", begun), asked, answer]
    if status.told and case.state == states.SECOND_LOOK:
        found.append(_second_look(case))
    if status.told and case.state == states.AWARD_DECLINED:
        found.append(_step(_("The award was declined"), "done", day_in_words(case.ended_at)))
    return found


def _second_look(case: Nomination) -> dict[str, Any]:
    """Its end is a day of its own. Whether it is decided shows in nothing before the answer is out."""
    text, look = _("People who have not seen the case read it again."), second_look_of(case)
    if (
        look is None
        or look.closes_at is None
        or case.second_look_at is None
        or look.entered_at < case.second_look_at
    ):
        return _step(_("Second look"), "current", "", text, _("Now"), "gold")
    until = _until(look.closes_at)
    if clock.now() > look.closes_at + dt.timedelta(minutes=look.stage.grace_minutes):
        late = _("It takes longer; you hear as soon as there is an answer. Nothing is needed from you.")
        return _step(_("Second look"), "current", until, late, _("Delayed"), "warn")
    return _step(_("Second look"), "current", until, text, _("Now"), "gold")


def _carried(status: Status) -> list[dict[str, Any]]:
    """The outcome that was released, and the dates of the cycle in which the case is looked at again, once it is there."""
    when = day_in_words(status.decision.release.released_at)
    if status.cycle == status.case.cycle:
        text = _("The case is looked at again in the next cycle. Nothing is needed from you.")
        return [_step(_("Carried over"), "current", when, text)]
    text = _("The case is looked at again in %(cycle)s.") % {"cycle": status.cycle.label}
    stages = _one_after_the_other(status, stages_of(status.cycle), begun=True, over=False)
    letters = _letters_to_come(status, status.cycle.release_planned_at)
    return [_step(_("Carried over"), "done", when, text), *stages, letters]


def _letters_to_come(status: Status, planned: dt.datetime) -> dict[str, Any]:
    late = clock.now() > planned + grace(status.cycle)
    text = _("Everybody hears at the same moment, whatever the decision.")
    if late:
        text = _(
            "They were to go out on %(day)s. The program office needs longer; nothing is needed from you."
        )
        text = text % {"day": day_in_words(planned)}
    first = status.first_told.get(None)
    moved = not late and _slipped(first, planned)
    if moved:
        text = _("They were to go out on %(was)s; now expected on %(day)s, to everybody at the same moment.")
        text = text % {"was": day_in_words(first), "day": day_in_words(planned)}
    pill_, kind = (_("Delayed"), "warn") if late or moved else ("", "")
    return _step(_("Letters go out"), "", day_in_words(planned), text, pill_, kind)


def _end(status: Status) -> dict[str, Any]:
    titles = {
        states.WITHDRAWN: _("Withdrawn"),
        states.DECLINED: _declined(status),
        states.EXPIRED: _("The time for it ran out"),
        states.INELIGIBLE: _("Not eligible"),
    }
    title = titles[status.state] if status.is_inside else _("The nomination does not go on")
    text = _("It does not count for or against anybody later.")
    if is_retired(status):
        return _step(title, "done", day_in_words(status.case.ended_at))
    return _step(title, "bad", day_in_words(status.case.ended_at), text)


def _declined(status: Status) -> str:
    if is_retired(status):
        return _("You retired, with thanks") if status.is_nominee else _("Retired, with thanks")
    return _("You declined") if status.is_nominee else _("The nominee declined")


def _step(
    title: str, state: str, when: str = "", text: str = "", pill: str = "", pill_kind: str = ""
) -> dict[str, Any]:
    return {"title": title, "state": state, "when": when, "text": text, "pill": pill, "pill_kind": pill_kind}


def _until(moment: dt.datetime) -> str:
    return _("Until %(day)s") % {"day": day_in_words(moment)}


def _day(support: Support | None) -> str:
    return day_in_words(support.declined_at if support else None)
