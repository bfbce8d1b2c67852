"""What stands in the way of a cycle, and what should give pause, in words; the rows that the set-up pages edit."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, RoleGrant
from charter.models import Category, Cycle, CyclePlaces
from common import clock
from common.clock import site_zone
from common.dates import day_of
from selection import rules, states
from selection.models import Preset, ProtocolVersion, Release, Stage
from selection.queries.cases import stages_visible_to
from selection.queries.kept import categories_nobody_settles, words_of_stuck
from selection.queries.releases import main_release
from selection.queries.rubrics import training_gaps
from selection.rule_words import words_of_problem


@dataclass(frozen=True)
class Finding:
    """One thing that the check found. ``stops``: the stage cannot open like this. ``stage``: its number, 0 for none."""

    words: str
    stops: bool
    stage: int = 0


@dataclass(frozen=True)
class CategoryPlaces:
    """A category with its places in a cycle; ``None`` where it takes no part."""

    category: Category
    places: int | None


@dataclass(frozen=True)
class ListedCycle:
    """A cycle in the list: whether its rules are published, and how it stands."""

    cycle: Cycle
    stages: int
    published: bool
    released: bool


def listed_cycles() -> list[ListedCycle]:
    """The newest fifty, in one statement."""
    out = Release.objects.filter(cycle=OuterRef("pk"), kind=Release.Kind.MAIN, state=states.RELEASED)
    rows: Any = Cycle.objects.order_by("-opens_at").annotate(
        steps=Count("stages", distinct=True),
        published=Exists(ProtocolVersion.objects.filter(cycle=OuterRef("pk"))),
        released=Exists(out),
    )
    return [ListedCycle(one, one.steps, one.published, one.released) for one in rows[:50]]


def presets() -> list[Preset]:
    """How other programs decide, by name."""
    return list(Preset.objects.order_by("name"))


def stages_to_set_up(user: Any, cycle: Cycle) -> list[Stage]:
    """The stages of a cycle in their order."""
    return list(stages_visible_to(user).filter(cycle=cycle).order_by("number"))


def places_of(cycle: Cycle) -> list[CategoryPlaces]:
    """Every category in force, and those that have places all the same."""
    set_already = dict(CyclePlaces.objects.filter(cycle=cycle).values_list("category_id", "places"))
    rows = Category.objects.filter(Q(retired_on=None) | Q(pk__in=set_already))
    return [CategoryPlaces(one, set_already.get(one.pk)) for one in rows.order_by("position", "name")]


def is_released(cycle: Cycle) -> bool:
    """Whether the letters are out: then nothing of the rules can change any more."""
    release = main_release(cycle)
    return release is not None and release.state == states.RELEASED


def findings_of(cycle: Cycle) -> list[Finding]:
    """Everything that stops or worries, in the order of the page; five statements, seven with training cases."""
    rows: Any = (
        Stage.objects.filter(cycle=cycle)
        .select_related("rubric", "cycle")
        .annotate(weights=Sum("rubric__criteria__weight"))
    )
    stages: list[Stage] = list(rows.order_by("number"))
    return [
        *_of_dates(cycle, stages),
        *_of_stages(cycle, stages),
        *_of_training(stages),
        *_of_places(cycle, stages),
        *_of_roles(stages),
        *_of_ties(cycle),
    ]


def _of_dates(cycle: Cycle, stages: list[Stage]) -> list[Finding]:
    found = []
    if not stages:
        found.append(Finding(_("The cycle has no stage."), True))
    before, name = cycle.dossiers_close_at, _("dossiers close")
    for stage in stages:
        if stage.opens_at < before:
            words = {"stage": stage.internal_name, "opens": _day(stage.opens_at), "before": _day(before)}
            text = (
                _("%(stage)s opens on %(opens)s, before dossiers close on %(before)s.")
                if stage is stages[0]
                else _("%(stage)s opens on %(opens)s, before the stage before it closes on %(before)s.")
            )
            found.append(Finding(text % words, False, stage.number))
        if stage.state == states.STAGE_PLANNED and stage.closes_at <= clock.now():
            text = _("%(stage)s would close in the past.") % {"stage": stage.internal_name}
            found.append(Finding(text, True, stage.number))
        before, name = stage.closes_at, stage.internal_name
    if stages and cycle.release_planned_at < before:
        text = _("Letters are planned for %(release)s, before %(stage)s closes on %(before)s.")
        words = {"release": _day(cycle.release_planned_at), "stage": name, "before": _day(before)}
        found.append(Finding(text % words, False))
    if cycle.term_ends is None:
        found.append(Finding(_("Awards of this cycle have no end."), False))
    elif cycle.term_starts < day_of(cycle.release_planned_at, site_zone()):
        found.append(Finding(_("The term begins before the letters go out."), False))
    return found


def _of_stages(cycle: Cycle, stages: list[Stage]) -> list[Finding]:
    found = []
    for stage in stages:
        name, number = {"stage": stage.internal_name}, stage.number
        wrong = rules.problems(stage.kind, stage.rule)
        found += [Finding(f"{stage.internal_name}: {words_of_problem(one)}", True, number) for one in wrong]
        if stage.kind == Stage.Kind.SCREEN and stage is stages[-1]:
            text = _("%(stage)s is a screen and the last stage. A screen proposes no outcome.")
            found.append(Finding(text % name, True, number))
        if stage.kind == Stage.Kind.COUNCIL and stage is stages[0]:
            text = _("%(stage)s is a council and the first stage, so it is shown no proposal.")
            found.append(Finding(text % name, False, number))
        if stage.hide_nominee and stage.kind in (Stage.Kind.SCREEN, Stage.Kind.COUNCIL):
            text = _("%(stage)s is to hide the nominee, but a screen and a council read the whole case.")
            found.append(Finding(text % name, False, number))
        if stage.kind == Stage.Kind.SCORE:
            found += _of_rubric(stage)
        if not wrong:
            found += _of_rule(cycle, stage)
    return found


def _of_rubric(stage: Stage) -> list[Finding]:
    name = {"stage": stage.internal_name}
    if stage.rubric is None:
        return [Finding(_("%(stage)s has no rubric.") % name, True, stage.number)]
    weights = stage.weights or 0  # type: ignore[attr-defined]
    if weights != 100:
        text = _("%(stage)s: the weights of its rubric add up to %(sum)d percent, not to 100.")
        return [Finding(text % {**name, "sum": weights}, True, stage.number)]
    return []


def _of_training(stages: list[Stage]) -> list[Finding]:
    found = []
    for stage, there, unmarked in training_gaps(stages):
        name = {"stage": stage.internal_name, "there": there, "asked": stage.training_cases}
        if there < stage.training_cases:
            text = _("%(stage)s asks for %(asked)d training cases, but its rubric has %(there)d.")
            found.append(Finding(text % name, False, stage.number))
        text = _("%(stage)s: the panel has not marked the training case “%(title)s” by every criterion.")
        found += [Finding(text % {**name, "title": title}, False, stage.number) for title in unmarked]
    return found


def _of_rule(cycle: Cycle, stage: Stage) -> list[Finding]:
    name, found = {"stage": stage.internal_name}, []
    if stage.kind == Stage.Kind.VOTE:
        rule = rules.vote_rule(stage.rule)
        if rule.rounds > 1 and not cycle.carry_over_allowed:
            text = _("%(stage)s has several rounds, but the cycle does not allow carrying cases over.")
            found.append(Finding(text % name, True, stage.number))
    if stage.kind == Stage.Kind.SCORE:
        score = rules.score_rule(stage.rule)
        if score.rank_by == "calibrated":
            text = _("%(stage)s ranks by the calibrated score. The protocol says so before it opens.")
            found.append(Finding(text % name, False, stage.number))
        if stage.reviews_needed < score.experts + score.outsiders:
            text = _("%(stage)s asks for more experts and outsiders than there are reviewers on a case.")
            found.append(Finding(text % name, False, stage.number))
    if stage.reviews_needed == 0 and stage.kind == Stage.Kind.SCORE:
        found.append(Finding(_("%(stage)s asks for no review of a case.") % name, True, stage.number))
    return found


def _of_places(cycle: Cycle, stages: list[Stage]) -> list[Finding]:
    ranked = any(stage.kind == Stage.Kind.SCORE for stage in stages)
    places = list(CyclePlaces.objects.filter(cycle=cycle).select_related("category"))
    if not places:
        return [Finding(_("No category has places yet."), ranked)]
    text = _("%(category)s has no place at all.")
    return [Finding(text % {"category": one.category}, False) for one in places if one.places == 0]


def _of_roles(stages: list[Stage]) -> list[Finding]:
    """Stages whose role nobody holds today."""
    roles = {stage.reviewer_role for stage in stages}
    held: dict[str, int] = dict(
        RoleGrant.objects.in_force()
        .filter(role__in=roles, user__person__isnull=False)
        .order_by()
        .values_list("role")
        .annotate(people=Count("user", distinct=True))
    )
    text = _("Nobody holds the role that works in %(stage)s: %(role)s.")
    return [
        Finding(
            text % {"stage": stage.internal_name, "role": _role(stage.reviewer_role)}, False, stage.number
        )
        for stage in stages
        if not held.get(stage.reviewer_role)
    ]


def _of_ties(cycle: Cycle) -> list[Finding]:
    """Categories that nobody could settle; they stop no stage, but the release."""
    stuck = categories_nobody_settles(cycle)
    return [Finding(words_of_stuck(stuck), False)] if stuck else []


def _role(role: Any) -> str:
    return str(Role(role).label) if role in Role.values else str(role)


def _day(when: Any) -> str:
    return date_format(day_of(when), "DATE_FORMAT")
