"""The top-up: when the reviews of a score stage are in, cases near the line get more of them.

Three reviews each and two more on the quarter nearest the line find as many of the truly best as five each, with a
third fewer reviews. First reviews are frozen, so that nobody changes one knowing which cases are close.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Category, CyclePlaces
from common import clock, history
from common.errors import Outdated, RuleBroken
from selection import rules, states
from selection.actions.locks import acting_person, lock_cycle, lock_stage, moment
from selection.actions.numbers import compute_numbers
from selection.actions.plans import ask_for_plan
from selection.actions.protocol import follow_change
from selection.calibration import DRAWS
from selection.models import (
    Assignment,
    AssignmentPlan,
    Candidacy,
    CaseNumbers,
    GroupNumbers,
    Review,
    Stage,
)


@transaction.atomic
def top_up_stage(stage: Stage, *, closes_at: dt.datetime, by: User, reason: str = "") -> AssignmentPlan:
    """Freeze the reviews that are in, choose the cases nearest the line, ask for more reviewers, move the end.

    Before the closing date only with a reason. The plan that comes of it is looked at and published like any other.
    The new end is a change of the protocol: without a reason of its own, for the one that the rules foresee.
    """
    acting_person(by)
    cycle = lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    _refuse(stage, closes_at, reason)
    chosen = nearest_the_line(stage)
    if not chosen:
        raise RuleBroken(_("No case is near a line: there are too few reviews, or places for all."))
    before, stage.topped_up_at, stage.closes_at = stage.closes_at, clock.now(), closes_at
    stage.save(update_fields=["topped_up_at", "closes_at"])
    Assignment.objects.filter(candidacy__stage=stage, state=states.ASSIGNED).update(due_at=closes_at)
    codes = {"before": before.isoformat(), "after": closes_at.isoformat()}
    history.record(
        "stage", stage.key, "top_up", by=by, old=stage.state, new=stage.state, codes=codes, text=reason
    )
    foreseen = _("More reviews are asked for on the cases nearest the line, as the rules say.")
    follow_change(cycle, by=by, reason=reason.strip() or foreseen)
    return ask_for_plan(
        stage, category=None, purpose=AssignmentPlan.Purpose.TOP_UP, by=by, cases=[one.key for one in chosen]
    )


def nearest_the_line(stage: Stage) -> list[Candidacy]:
    """Of each category the share of open cases with the smallest |P(in) − ½|, from the numbers of all its cases.

    A category whose chances nobody knows, or that has places for all, has no line.
    """
    share = rules.score_rule(stage.rule).top_up_share
    open_cases = Candidacy.objects.filter(stage=stage, state=states.OPEN)
    places = dict(CyclePlaces.objects.filter(cycle=stage.cycle_id).values_list("category_id", "places"))
    found: list[Candidacy] = []
    for category in Category.objects.filter(pk__in=open_cases.values("nomination__category")).order_by("pk"):
        group, count = _numbers(stage, category), places.get(category.pk, 0)
        if group is None or not 0 < count < group.cases or count > group.places_known:
            continue
        rows = group.rows.filter(candidacy__in=open_cases).select_related("candidacy")
        ranked = sorted(rows, key=lambda row: (abs(2 * _times_in(row, count) - DRAWS), row.candidacy.key))
        found += [row.candidacy for row in ranked[: -(-len(ranked) * share // 100)]]
    return found


def _numbers(stage: Stage, category: Category) -> GroupNumbers | None:
    """The stored numbers of all cases of the group; computed here where a review came in after them."""
    of_group = GroupNumbers.objects.filter(stage=stage, category=category, is_whole=True)
    reviews = Review.objects.filter(
        assignment__candidacy__stage=stage, assignment__candidacy__nomination__category=category
    )
    last = reviews.aggregate(last=Max("saved_at"))["last"]
    group = of_group.first()
    if group is None or (last is not None and last > group.computed_at):
        compute_numbers(stage, category)
        group = of_group.first()
    return group


def _times_in(row: CaseNumbers, places: int) -> int:
    """In how many draws the case is among the first ``places``."""
    after = places - row.chances_from
    return 0 if after < 0 else int(row.chances[min(after, len(row.chances) - 1)])


def _refuse(stage: Stage, closes_at: dt.datetime, reason: str) -> None:
    if stage.kind != Stage.Kind.SCORE or stage.state != states.STAGE_OPEN:
        raise Outdated(_("%(stage)s is not open.") % {"stage": stage.internal_name})
    if stage.topped_up_at is not None:
        raise Outdated(_("%(stage)s has had its top-up already.") % {"stage": stage.internal_name})
    rule = rules.score_rule(stage.rule)
    if not rule.top_up_share or not rule.top_up_reviews:
        raise RuleBroken(_("The rule of this stage has no top-up."))
    if closes_at <= clock.now():
        raise RuleBroken(_("The new closing date must lie ahead, and after the opening."))
    if clock.now() < stage.closes_at and not reason.strip():
        words = {"when": moment(stage.closes_at)}
        raise RuleBroken(_("This stage closes on %(when)s. To freeze its reviews now, say why.") % words)
    open_plans = AssignmentPlan.objects.filter(stage=stage, state__in=(states.PLAN_ASKED, states.PLAN_DRAFT))
    if open_plans.exists():
        raise Outdated(_("There is a plan already. Publish it or discard it first."))
