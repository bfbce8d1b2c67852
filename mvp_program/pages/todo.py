"""``/me/``, what waits for those who review, chair or run a cycle: each with its day, a sentence and one act."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import dates
from selection.models import Stage
from selection.queries import waiting

Item = tuple[dt.datetime, dict[str, Any]]


def todo_of_roles(user: Any) -> list[Item]:
    """What waits because of a role; nothing for those who have none."""
    if not user.grants_today:
        return []
    found = [
        _in_stage(
            stage,
            ngettext(
                "%(number)s case waits for your review", "%(number)s cases wait for your review", number
            ),
            number,
            _("Review"),
            reverse("selection:stage", args=[stage.cycle.slug, stage.number]),
        )
        for stage, number in waiting.open_tasks_of(user)
    ]
    found += [
        _in_stage(
            stage,
            ngettext("%(number)s case needs reviewers", "%(number)s cases need reviewers", number),
            number,
            _("Assign"),
            reverse("selection:board"),
        )
        for stage, number in waiting.cases_without_reviewers(user)
    ]
    found += [
        _in_stage(
            stage,
            ngettext(
                "%(number)s copy without a name to check", "%(number)s copies without names to check", number
            ),
            number,
            _("Check"),
            reverse("selection:copies"),
        )
        for stage, number in waiting.copies_waiting(user)
    ]
    found += [
        _in_stage(
            stage,
            ngettext("%(number)s proposal to look at", "%(number)s proposals to look at", number),
            number,
            _("Read"),
            reverse("selection:stage", args=[stage.cycle.slug, stage.number]),
        )
        for stage, number in waiting.proposals_to_read(user)
    ]
    return found + _todo_of_office(user)


def _todo_of_office(user: Any) -> list[Item]:
    work = waiting.office_work_of(user)
    found = []
    for cycle, number in work.undecided:
        title = ngettext("%(number)s case needs a decision", "%(number)s cases need a decision", number)
        why = _("%(cycle)s: a closed stage left it to the office.") % {"cycle": cycle.name}
        href = reverse("selection:undecided", args=[cycle.slug])
        found.append(act(cycle.release_planned_at, title % {"number": number}, why, _("Decide"), href))
    for cycle, number in work.after_release:
        title = ngettext(
            "%(number)s case waits after the release", "%(number)s cases wait after the release", number
        )
        why = _("%(cycle)s: a second look, or a place on the reserve.") % {"cycle": cycle.name}
        href = reverse("selection:after_release", args=[cycle.slug])
        found.append(act(cycle.release_planned_at, title % {"number": number}, why, _("Look"), href))
    for stage in work.to_close:
        title = _("Close “%(stage)s”") % {"stage": stage.internal_name}
        why = _("%(cycle)s: its day has passed.") % {"cycle": stage.cycle.name}
        href = reverse("selection:cycle", args=[stage.cycle.slug])
        found.append(act(stage.closes_at, title, why, _("Open"), href))
    for release in work.to_confirm:
        title = _("Confirm the release of %(cycle)s") % {"cycle": release.cycle.name}
        why = _("Prepared by %(name)s; a second person of the office has to confirm it.")
        why %= {"name": release.prepared_by.name if release.prepared_by else _("somebody else")}
        href = reverse("selection:release", args=[release.cycle.slug])
        found.append(act(release.scheduled_at, title, why, _("Look"), href))
    return found


def _in_stage(stage: Stage, title: str, number: int, label: str, href: str) -> Item:
    why = _("%(stage)s of %(cycle)s") % {"stage": stage.internal_name, "cycle": stage.cycle.name}
    return act(stage.closes_at, title % {"number": number}, why, label, href)


def act(due: dt.datetime, title: str, why: str, label: str, href: str) -> Item:
    """One line of "what needs you today" with its day."""
    return due, {
        "due": dates.short_day(dates.day_of(due)),
        "left": _left(due),
        "title": title,
        "why": why,
        "act": label,
        "href": href,
    }


def _left(due: dt.datetime) -> str:
    days = (dates.day_of(due) - dates.reader_today()).days
    if days < 0:
        return _("was due")
    return _("today") if days == 0 else ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
