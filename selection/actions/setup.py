"""The office sets a cycle up: its dates and settings, its stages, its places.

Before the first stage opens everything may change. After that each change is a new version of the protocol and needs
its reason, and a stage that has begun keeps its rules: only its end may move (``stages.move_stage``).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Role, User
from charter.models import Cycle, CyclePlaces
from common import clock, history
from common.errors import Outdated, RuleBroken
from selection import rules, states
from selection.actions.locks import acting_person, lock_cycle, lock_stage
from selection.actions.protocol import follow_change
from selection.models import Preset, Release, Rubric, Stage
from selection.queries.protocol import MOMENTS, SETTINGS, is_published
from selection.rule_words import words_of_problem

CYCLE_FIELDS = ("name", *MOMENTS, "term_starts", "term_ends", *SETTINGS)
STAGE_FIELDS = (
    "kind", "public_name", "internal_name", "opens_at", "closes_at", "grace_minutes", "reviewer_role",
    "reviews_needed", "hide_nominee", "hide_others_until_own", "hide_reviewer_names", "check_redactions",
    "training_cases", "rubric", "rule", "reminder_days",
)  # fmt: skip
AT_ANY_TIME = {"internal_name", "reminder_days"}  # no outsider reads them, and nothing is decided by them
ROLES: dict[str, str] = {
    Stage.Kind.SCREEN: Role.REGIONAL_LEAD,
    Stage.Kind.SCORE: Role.REVIEWER,
    Stage.Kind.VOTE: Role.REVIEWER,
    Stage.Kind.COUNCIL: Role.COUNCIL_MEMBER,
}
BLIND = (Stage.Kind.SCORE, Stage.Kind.VOTE)  # kinds that can be read without the nominee's name
RESERVED = ("new",)  # words that stand in addresses in the place of a cycle's


@transaction.atomic
def copy_cycle(
    source: Cycle, *, slug: str, name: str, award_year: int, opens_at: dt.datetime, by: User
) -> Cycle:
    """A new cycle like ``source``: settings, stages and places; every date as long after the opening as there."""
    acting_person(by)
    shift = opens_at - source.opens_at
    years = award_year - source.award_year
    values: dict[str, Any] = {field: getattr(source, field) for field in CYCLE_FIELDS}
    values |= {field: getattr(source, field) + shift for field in MOMENTS}
    values |= {"name": name, "award_year": award_year}
    values["term_starts"] = years_later(source.term_starts, years)
    values["term_ends"] = years_later(source.term_ends, years) if source.term_ends else None
    cycle = _new_cycle(slug, values)
    for stage in source.stages.order_by("number"):
        fields = {field: getattr(stage, field) for field in STAGE_FIELDS}
        fields |= {"opens_at": stage.opens_at + shift, "closes_at": stage.closes_at + shift}
        Stage.objects.create(cycle=cycle, number=stage.number, **fields)
    _copy_places(source, cycle)
    history.record("cycle", cycle.slug, "make", by=by, codes={"like": source.slug})
    return cycle


@transaction.atomic
def make_cycle(
    preset: Preset, *, slug: str, name: str, award_year: int, opens_at: dt.datetime, by: User
) -> Cycle:
    """A new cycle as a preset has it; what the preset leaves open, and the places, are those of the last cycle."""
    acting_person(by)
    last = Cycle.objects.order_by("-opens_at").first()
    values: dict[str, Any] = {field: getattr(last, field) for field in SETTINGS} if last else {}
    values |= preset.content["settings"]
    values |= {"name": name, "award_year": award_year, "opens_at": opens_at}
    values |= {field: _moment(opens_at, when) for field, when in preset.content["timetable"].items()}
    values |= {"term_starts": dt.date(award_year, 1, 1), "term_ends": dt.date(award_year, 12, 31)}
    cycle = _new_cycle(slug, values)
    _make_stages(cycle, preset)
    if last is not None:
        _copy_places(last, cycle)
    history.record("cycle", cycle.slug, "make", by=by, codes={"preset": preset.slug})
    return cycle


@transaction.atomic
def use_preset(cycle: Cycle, preset: Preset, *, by: User | None) -> None:
    """Give a cycle the settings, dates and stages of a preset, counted from its own opening, before any has begun."""
    cycle = lock_cycle(cycle.pk)
    if is_published(cycle) or cycle.stages.exclude(state=states.STAGE_PLANNED).exists():
        raise RuleBroken(_("The first stage of %(cycle)s has opened, so its stages stay.") % {"cycle": cycle})
    for field, value in preset.content["settings"].items():
        setattr(cycle, field, value)
    for field, when in preset.content["timetable"].items():
        setattr(cycle, field, _moment(cycle.opens_at, when))
    _refuse_disorder(cycle)
    cycle.save()
    cycle.stages.all().delete()
    _make_stages(cycle, preset)
    history.record("cycle", cycle.slug, "use_preset", by=by, codes={"preset": preset.slug})


@transaction.atomic
def change_cycle(cycle: Cycle, *, values: Mapping[str, Any], by: User, reason: str = "") -> Cycle:
    """Set dates and settings."""
    acting_person(by)
    cycle = lock_cycle(cycle.pk)
    refuse_released(cycle)
    changed = [field for field in CYCLE_FIELDS if field in values and getattr(cycle, field) != values[field]]
    for field in changed:
        setattr(cycle, field, values[field])
    _refuse_disorder(cycle)
    if changed:
        cycle.save(update_fields=changed)
        history.record("cycle", cycle.slug, "change", by=by, codes={"fields": changed}, text=reason)
        follow_change(cycle, by=by, reason=reason)
    return cycle


@transaction.atomic
def set_places(cycle: Cycle, *, places: Mapping[int, int | None], by: User, reason: str = "") -> None:
    """Category → its places in this cycle; ``None``: the category takes no part."""
    acting_person(by)
    cycle = lock_cycle(cycle.pk)
    refuse_released(cycle)
    before = dict(CyclePlaces.objects.filter(cycle=cycle).values_list("category_id", "places"))
    changed = [category for category, number in places.items() if before.get(category) != number]
    for category in changed:
        number = places[category]
        if number is None:
            CyclePlaces.objects.filter(cycle=cycle, category=category).delete()
        else:
            CyclePlaces.objects.update_or_create(
                cycle=cycle, category_id=category, defaults={"places": number}
            )
    if changed:
        codes = {"categories": len(changed)}
        history.record("cycle", cycle.slug, "set_places", by=by, codes=codes, text=reason)
        follow_change(cycle, by=by, reason=reason)


@transaction.atomic
def add_stage(cycle: Cycle, *, kind: str, by: User, reason: str = "") -> Stage:
    """A stage of a kind behind the others, two weeks long, with the defaults of its kind."""
    acting_person(by)
    if kind not in Stage.Kind.values:
        raise RuleBroken(_("Choose the kind of the stage."))
    cycle = lock_cycle(cycle.pk)
    refuse_released(cycle)
    last = cycle.stages.order_by("-number").first()
    opens_at = last.closes_at if last else cycle.dossiers_close_at
    name = str(Stage.Kind(kind).label).capitalize()
    stage = Stage.objects.create(
        cycle=cycle,
        number=last.number + 1 if last else 1,
        kind=kind,
        public_name=name,
        internal_name=name,
        opens_at=opens_at,
        closes_at=opens_at + dt.timedelta(days=14),
        reviewer_role=ROLES[kind],
        rubric=Rubric.objects.order_by("pk").first() if kind == Stage.Kind.SCORE else None,
        rule=rules.dump(rules.parse(kind, {})),
        hide_others_until_own=kind != Stage.Kind.COUNCIL,
    )
    history.record("stage", stage.key, "make", by=by, new=stage.state, codes={"kind": kind}, text=reason)
    follow_change(cycle, by=by, reason=reason)
    return stage


@transaction.atomic
def change_stage(stage: Stage, *, values: Mapping[str, Any], by: User, reason: str = "") -> Stage:
    """Set dates, names, reviewers, rights, rubric and rule of a stage that has not begun.

    The internal name and the days of reminders may change at any time.
    """
    acting_person(by)
    cycle = lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    given = [field for field in STAGE_FIELDS if field in values]
    changed = [field for field in given if not _same(stage, field, values[field])]
    if stage.state != states.STAGE_PLANNED and set(changed) - AT_ANY_TIME:
        raise RuleBroken(
            _("%(stage)s has begun, so its rules stay. Only its end can move.")
            % {"stage": stage.internal_name}
        )
    if "rubric" in changed and values["rubric"] is not None:
        _hold_rubric(values["rubric"])
    for field in changed:
        setattr(stage, field, values[field])
    if stage.opens_at >= stage.closes_at:
        raise RuleBroken(_("A stage closes after it has opened."))
    if stage.hide_nominee and stage.kind not in BLIND:
        raise RuleBroken(_("Only a stage that scores or votes can hide the nominee."))
    if wrong := rules.problems(stage.kind, stage.rule):
        raise RuleBroken(" ".join(words_of_problem(one) for one in wrong))
    if changed:
        stage.save(update_fields=changed)
        history.record("stage", stage.key, "change", by=by, codes={"fields": changed}, text=reason)
        follow_change(cycle, by=by, reason=reason)
    return stage


def _hold_rubric(rubric: Rubric) -> None:
    """A rubric that a stage takes up, as whoever edits it holds it: its foreign key is checked at the commit alone, so
    that the editor would else take it for nobody's and change what this cycle has published."""
    Rubric.objects.select_for_update().get(pk=rubric.pk)


@transaction.atomic
def remove_stage(stage: Stage, *, by: User, reason: str = "") -> None:
    """Take a planned stage out; those behind it move up."""
    acting_person(by)
    cycle = lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    _refuse_begun(stage)
    key, number = stage.key, stage.number
    stage.delete()
    for later in cycle.stages.filter(number__gt=number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])
    history.record("stage", key, "remove", by=by, old=states.STAGE_PLANNED, text=reason)
    follow_change(cycle, by=by, reason=reason)


@transaction.atomic
def bring_stage_forward(stage: Stage, *, by: User, reason: str = "") -> Stage:
    """Let a planned stage change its place with the one before it, which must not have begun either."""
    acting_person(by)
    cycle = lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    before = cycle.stages.filter(number__lt=stage.number).order_by("-number").first()
    if before is None:
        raise Outdated(_("%(stage)s is the first stage already.") % {"stage": stage.internal_name})
    before = lock_stage(before)
    for one in (stage, before):
        _refuse_begun(one)
    first, second = before.number, stage.number
    for one, number in ((before, 0), (stage, first), (before, second)):  # 0: no two share a number on the way
        one.number = number
        one.save(update_fields=["number"])
    history.record("stage", stage.key, "bring_forward", by=by, codes={"from": second}, text=reason)
    follow_change(cycle, by=by, reason=reason)
    return stage


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _same(stage: Stage, field: str, value: Any) -> bool:
    """A rule is the same where it means the same, its defaults spelt out or not."""
    before = getattr(stage, field)
    if field != "rule" or rules.problems(stage.kind, before) or rules.problems(stage.kind, value):
        return bool(before == value)
    return bool(rules.parse(stage.kind, before) == rules.parse(stage.kind, value))


def _new_cycle(slug: str, values: dict[str, Any]) -> Cycle:
    if slug in RESERVED or Cycle.objects.filter(slug=slug).exists():
        raise RuleBroken(_("There is a cycle “%(slug)s” already.") % {"slug": slug})
    cycle = Cycle(slug=slug, **values)
    _refuse_disorder(cycle)
    cycle.save()
    return cycle


def _make_stages(cycle: Cycle, preset: Preset) -> None:
    rubrics = {rubric.slug: rubric for rubric in Rubric.objects.all()}
    for number, row in enumerate(preset.content["stages"], start=1):
        fields = {name: value for name, value in row.items() if name not in ("opens", "closes", "rubric")}
        Stage.objects.create(
            cycle=cycle,
            number=number,
            opens_at=_moment(cycle.opens_at, row["opens"]),
            closes_at=_moment(cycle.opens_at, row["closes"]),
            grace_minutes=cycle.grace_minutes,
            rubric=rubrics.get(row["rubric"]),
            **fields,
        )


def _moment(opens_at: dt.datetime, when: Mapping[str, Any]) -> dt.datetime:
    """A day counted from the opening, at a time in UTC."""
    day = opens_at.astimezone(dt.UTC).date() + dt.timedelta(days=when["day"])
    return dt.datetime.combine(day, dt.time.fromisoformat(when["at"]), dt.UTC)


def _copy_places(source: Cycle, cycle: Cycle) -> None:
    rows = CyclePlaces.objects.filter(cycle=source, category__retired_on=None)
    CyclePlaces.objects.bulk_create(
        CyclePlaces(cycle=cycle, category_id=row.category_id, places=row.places) for row in rows
    )


def _refuse_disorder(cycle: Cycle) -> None:
    """Dates that the database would refuse, in words."""
    if cycle.opens_at >= cycle.closes_at:
        raise RuleBroken(_("Nominations close after they have opened."))
    if cycle.closes_at > cycle.dossiers_close_at:
        raise RuleBroken(_("Dossiers close when nominations have closed, or later."))
    if cycle.term_ends and cycle.term_starts > cycle.term_ends:
        raise RuleBroken(_("The term ends after it has begun."))


def refuse_released(cycle: Cycle) -> None:
    """After the letters are out no rule changes any more."""
    released = Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN, state=states.RELEASED).first()
    if released is not None and released.released_at and released.released_at <= clock.now():
        raise Outdated(_("%(cycle)s was released. Its rules are history.") % {"cycle": cycle})


def _refuse_begun(stage: Stage) -> None:
    if stage.state != states.STAGE_PLANNED:
        raise RuleBroken(_("%(stage)s has begun, so it stays where it is.") % {"stage": stage.internal_name})
