"""The home page: the program in figures, where the cycle stands, who is new, what comes next."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.contrib.auth.decorators import login_not_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.figures import figures_in, first_timers_in, holders_each_year
from awards.lines import lines_of
from awards.loading import Loaded, loaded, roster_version
from charter.models import Cycle, Program
from charter.queries import cycle_open_for_nominations, next_cycle, program
from common import clock, dates
from common.keeping import page_for_strangers, part_for_all
from common.languages import named
from events.queries import not_called_off, summits_visible_to, upcoming
from mvp_program.queries import home_version
from nominations.queries import totals_of
from people.models import Visibility
from selection import states
from selection.queries.public import SMALLEST_TOTAL, Progress, cycle_on_show, progress_of

KEPT_SECONDS = 60
NEWCOMERS, SUMMITS = 8, 3


@dataclass(frozen=True)
class Track:
    """Where a cycle stands: its steps as components/track.html draws them."""

    year: int
    slug: str
    now: str
    steps: list[dict[str, Any]]


@dataclass(frozen=True)
class Figures:
    """The program's figures for one award year: people, their countries and technologies, those who are new."""

    holders: int
    countries: int
    areas: int
    first_timers: int


@dataclass(frozen=True)
class Overview:
    """What is counted at most once a minute, and when that was."""

    at: dt.datetime
    figures: Figures
    by_year: list[tuple[int, int]]
    newcomers: list[dict[str, Any]]
    track: Track | None


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return page_for_strangers(request, _version, lambda known: _home(request, known or _version()))


def _version() -> tuple[Any, int]:
    return home_version(), _minute()


def _minute() -> int:
    return int(clock.now().timestamp()) // KEPT_SECONDS


def _home(request: HttpRequest, version: tuple[Any, int]) -> HttpResponse:
    now = program()
    main = part_for_all("home", version, lambda: _main(now))
    return render(request, "home/home.html", {"program": now, "main": main})


def _main(now: Program) -> str:
    """The same for everybody, by the program's clock."""
    context = {
        "program": now,
        "overview": overview_of(now),
        "open_cycle": cycle_open_for_nominations(),
        "next_cycle": next_cycle(),
        "summits": list(upcoming(not_called_off(summits_visible_to(None)))[:SUMMITS]),
    }
    with timezone.override(clock.site_zone()):
        return render_to_string("home/main.html", context)


def overview_of(now: Program) -> Overview:
    """Counted once in each minute: everybody sees the same."""
    key = f"home.overview.{now.current_year}.{_minute()}.{get_language()}"
    kept: Overview | None = cache.get(key)
    if kept is None:
        read = loaded(roster_version())
        kept = Overview(
            at=clock.now(),
            figures=_figures(read, now.current_year),
            by_year=holders_each_year(read, first=now.first_year),
            newcomers=_newcomers(read, now.current_year),
            track=track_of(cycle_on_show(), clock.site_zone()),
        )
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _figures(read: Loaded, year: int) -> Figures:
    found = figures_in(read, year)
    countries = sum(1 for code in found.countries if code)
    return Figures(found.holders, countries, len(found.areas), found.first_timers)


def _newcomers(read: Loaded, year: int) -> list[dict[str, Any]]:
    """Some of those for whom it is the first year, others every day."""
    places = first_timers_in(read, year)
    order = np.random.default_rng(clock.today().toordinal()).permutation(len(places))
    return [
        {
            "name": line.person.name,
            "key": line.person.key,
            "slug": line.person.slug,
            "area": line.area_named,
            "place": line.place,
        }
        for line in lines_of(places[order[:NEWCOMERS]], read.columns, viewer=Visibility.EVERYONE)
    ]


def track_of(cycle: Cycle | None, zone: ZoneInfo) -> Track | None:
    """Nominations, every stage, the letters: with their dates and what can be said of each."""
    if cycle is None:
        return None
    steps = [_nominations(cycle, zone), *(_stage(progress, zone) for progress in progress_of(cycle))]
    steps.append(_letters(cycle, zone))
    current = next((step["title"] for step in steps if step["state"] == "current"), "")
    return Track(cycle.award_year, cycle.slug, current, steps)


def _nominations(cycle: Cycle, zone: ZoneInfo) -> dict[str, Any]:
    cases, countries = totals_of(cycle)
    moment, text = clock.now(), ""
    if cases >= SMALLEST_TOTAL:
        words = ngettext(
            "%(cases)s nominations from one country.",
            "%(cases)s nominations from %(countries)s countries.",
            countries,
        )
        text = words % {"cases": intcomma(cases), "countries": countries}
    if cycle.closes_at <= moment < cycle.dossiers_close_at:
        until = date_format(cycle.dossiers_close_at.astimezone(zone), "MONTH_DAY_FORMAT")
        text = f"{text} {_('Nominees complete their dossiers until %(day)s.') % {'day': until}}".strip()
    elif moment < cycle.closes_at:
        text = f"{text} {_time_left(cycle.closes_at)}".strip()
    state = "current" if moment < cycle.dossiers_close_at else "done"
    return _step(_("Nominations"), state, _span(cycle.opens_at, cycle.closes_at, zone), text)


def _stage(progress: Progress, zone: ZoneInfo) -> dict[str, Any]:
    """A stage that has opened or should have; one that runs past its date says so."""
    stage, moment, text = progress.stage, clock.now(), ""
    state = {states.STAGE_OPEN: "current", states.STAGE_CLOSED: "done"}.get(stage.state, "")
    if state == "current" and progress.entered and progress.reviewed is not None:
        numbers = {"done": intcomma(progress.reviewed), "all": intcomma(progress.entered)}
        text = _("%(done)s of %(all)s cases reviewed.") % numbers
    elif state == "current" and progress.entered:
        text = _("%(all)s cases are under review.") % {"all": intcomma(progress.entered)}
    elif state == "done" and progress.entered:
        text = _("%(all)s cases were looked at.") % {"all": intcomma(progress.entered)}
    if state == "current":
        late = _("It takes longer than planned.")
        text = f"{text} {_time_left(stage.closes_at) if moment < stage.closes_at else late}".strip()
    elif not state and stage.opens_at < moment:
        text = _("It begins later than planned.")
    return _step(named(stage.public_name), state, _span(stage.opens_at, stage.closes_at, zone), text)


def _letters(cycle: Cycle, zone: ZoneInfo) -> dict[str, Any]:
    text = _("Letters go out to every nominee at the same moment.")
    if cycle.release_planned_at < clock.now():
        text = _("The letters are late. They go out to every nominee at the same moment.")
    return _step(
        _("Announcement"),
        "",
        date_format(cycle.release_planned_at.astimezone(zone), "SHORT_DATE_FORMAT"),
        text,
    )


def _step(title: str, state: str, when: str, text: str) -> dict[str, Any]:
    return {"title": title, "state": state, "when": when, "text": text}


def _span(first: dt.datetime, last: dt.datetime, zone: ZoneInfo) -> str:
    return dates.span(first.astimezone(zone).date(), last.astimezone(zone).date(), month="M")


def _time_left(end: dt.datetime) -> str:
    days = (end - clock.now()).days
    if days < 1:
        return _("It ends today.")
    return ngettext("One day left.", "%(days)s days left.", days) % {"days": days}
