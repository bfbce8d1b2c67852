"""Tasks: given by the system or by hand, taken back, and the three ways of stepping back from one."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Role, RoleGrant, User
from common import clock, history, jobs
from common.errors import Outdated, RuleBroken
from nominations import conflicts
from nominations.actions import declare_conflict
from nominations.models import Conflict
from people.models import Person
from selection import rules, states
from selection.actions.discussion import open_discussion
from selection.actions.locks import (
    acting_person,
    hold_capacity,
    hold_stage,
    lock_candidacy,
    refuse_tie,
    refuse_unless_running,
)
from selection.actions.means import store_summary
from selection.actions.plans import ask_for_substitute, tell_reviewers
from selection.actions.ties import follow_ties
from selection.models import (
    Assignment,
    Candidacy,
    Decision,
    DiscussionPost,
    Expertise,
    Override,
    Review,
    ReviewerCapacity,
    Stage,
    TrainingAnswer,
)
from selection.queries.cases import own_is_missing
from selection.queries.electorate import came_in_time


@transaction.atomic
def assign_reviewer(
    candidacy: Candidacy, *, reviewer: Person, by: User, is_top_up: bool | None = None
) -> Assignment:
    """Give the case to a reviewer by hand. Refuses ties, full hands and a second reviewer of one employer.

    A task that is open and one that is done are refused alike: whose review is in is not for everybody to know.
    ``is_top_up``: of the task that this one takes the place of; else it belongs to the round that runs.
    """
    stage = hold_stage(candidacy.stage_id)
    hold_capacity(stage, reviewer)
    refuse_unless_running(stage, candidacy)
    candidacy = lock_candidacy(candidacy)
    refuse_tie(candidacy, acting_person(by))
    _refuse_unfit(candidacy, stage, reviewer)
    if reviewer == acting_person(by):
        _refuse_who_could_read(candidacy, stage)
    known = candidacy.assignments.select_for_update().filter(reviewer=reviewer).first()
    if known is not None and (
        known.state == states.DONE or states.ASSIGNED not in states.ASSIGNMENT_MOVES[known.state]
    ):
        raise Outdated(_("%(name)s has this case already.") % {"name": reviewer.name})
    assignment = known or Assignment(candidacy=candidacy, reviewer=reviewer)
    old = assignment.state if known else ""
    assignment.state, assignment.assigned_at, assignment.due_at = (
        states.ASSIGNED,
        clock.now(),
        candidacy.closes_at or stage.closes_at,
    )
    if is_top_up is None:
        is_top_up = stage.topped_up_at is not None and candidacy.closes_at is None
    assignment.is_top_up = is_top_up
    assignment.save()
    _record(assignment, "assign", by=by, old=old)
    tell_reviewers(stage, [reviewer], cause=f"by hand {stage.key} {clock.today():%Y%m%d}")
    jobs.defer("selection.suggest_ties", once=f"selection.suggest_ties {stage.pk}", stage=stage.pk)
    return assignment


@transaction.atomic
def take_back_assignment(candidacy: Candidacy, *, reviewer: Person, by: User, reason: str = "") -> None:
    """Take an unfinished task away; a review that is in stays.

    Not for whoever has not handed in their own: what comes of it would say who has. Once the stage has closed
    somebody else excuses a reviewer like this, so that they may read what was decided.
    """
    _take_back(candidacy, reviewer=reviewer, by=by, reason=reason)
    open_discussion(candidacy)


@transaction.atomic
def hand_over_assignment(
    candidacy: Candidacy, *, reviewer: Person, to: Person, by: User, reason: str
) -> None:
    """Take an unfinished task from one reviewer and give it to another, by the rules of both acts. In between, the
    discussion does not begin. The new task belongs to the round of the old one."""
    hold_capacity(hold_stage(candidacy.stage_id), to)
    old = _take_back(candidacy, reviewer=reviewer, by=by, reason=reason)
    assign_reviewer(candidacy, reviewer=to, by=by, is_top_up=old.is_top_up)


def _take_back(candidacy: Candidacy, *, reviewer: Person, by: User, reason: str) -> Assignment:
    stage = hold_stage(candidacy.stage_id)
    if stage.state != states.STAGE_CLOSED or candidacy.closes_at is not None:
        refuse_unless_running(stage, candidacy)
    elif reviewer == acting_person(by):
        raise RuleBroken(_("The stage has closed. Somebody else takes your task back."))
    refuse_tie(candidacy, acting_person(by))
    if reviewer != acting_person(by) and own_is_missing(by, candidacy):
        raise RuleBroken(_("Hand in your own review first. Until then somebody else takes tasks back."))
    candidacy = lock_candidacy(candidacy)
    assignment = candidacy.assignments.select_for_update().filter(reviewer=reviewer).first()
    if assignment is None or assignment.state != states.ASSIGNED:
        raise Outdated(_("%(name)s has no open task on this case.") % {"name": reviewer.name})
    _move(assignment, states.RELEASED_FROM, "take_back", by=by, reason=reason)
    return assignment


@transaction.atomic
def recuse(candidacy: Candidacy, *, by: User, tie: str) -> None:
    """Step back because of a tie: a declared conflict, and the case is gone for this person for good.

    A task ends, and what was typed or handed in for it is deleted. The chair learns the kind of tie only.
    """
    person = acting_person(by)
    if tie not in Conflict.Kind.values:
        raise RuleBroken(_("Say what the tie is."))
    refuse_unless_running(hold_stage(candidacy.stage_id), candidacy)
    candidacy = lock_candidacy(candidacy)
    assignment = candidacy.assignments.select_for_update().filter(reviewer=person).first()
    if assignment is not None and assignment.state in (states.ASSIGNED, states.DONE):
        Review.objects.filter(assignment=assignment).delete()
        _move(assignment, states.RECUSED, "recuse", by=by, codes={"tie": tie})
        DiscussionPost.objects.filter(assignment=assignment).delete()
        store_summary(candidacy)
        ask_for_substitute(candidacy)
        open_discussion(candidacy)
    declare_conflict(candidacy.nomination, person, kind=tie, by=by)


def abstain(candidacy: Candidacy, *, by: User) -> None:
    """Say "I cannot judge this": no tie, no review."""
    _step_back(candidacy, states.ABSTAINED, "abstain", by=by)


def decline_assignment(candidacy: Candidacy, *, by: User) -> None:
    """Say "I have no time": no tie, no review."""
    _step_back(candidacy, states.ASSIGNMENT_DECLINED, "decline", by=by)


@transaction.atomic
def _step_back(candidacy: Candidacy, to: str, verb: str, *, by: User) -> None:
    refuse_unless_running(hold_stage(candidacy.stage_id), candidacy)
    person = acting_person(by)
    candidacy = lock_candidacy(candidacy)
    assignment = candidacy.assignments.select_for_update().filter(reviewer=person).first()
    if assignment is None:
        raise RuleBroken(_("This case is not assigned to you."))
    if assignment.state == states.DONE:
        raise Outdated(_("Your review of this case is in. Open it again first."))
    Review.objects.filter(assignment=assignment).delete()
    _move(assignment, to, verb, by=by)
    ask_for_substitute(candidacy)
    open_discussion(candidacy)


@transaction.atomic
def skip_task(candidacy: Candidacy, *, by: User) -> None:
    """Put a task off: it waits at the end of its reviewer's queue. Nothing else changes, so no history."""
    refuse_unless_running(hold_stage(candidacy.stage_id), candidacy)
    tasks = candidacy.assignments.select_for_update().filter(reviewer=acting_person(by))
    assignment = tasks.filter(state=states.ASSIGNED).first()
    if assignment is None:
        raise Outdated(_("There is no open task of yours on this case."))
    assignment.skipped_at = clock.now()
    assignment.save(update_fields=["skipped_at"])


def assign_role_holders(stage: Stage, candidacies: Sequence[Candidacy], *, by: User | None) -> int:
    """Give each case to all who hold the stage's role for its region or category, less those with a tie.

    Returns how many tasks were made.
    """
    by_region = stage.reviewer_role == Role.REGIONAL_LEAD
    holders: dict[int | None, set[int]] = {}
    grants = RoleGrant.objects.in_force().filter(role=stage.reviewer_role, user__person__isnull=False)
    if stage.kind == Stage.Kind.VOTE:  # cases that come in late are put to those who voted on the first
        grants = grants.filter(user__in=came_in_time(stage, grants.select_related("region", "category")))
    for scope_id, person_id in grants.values_list(
        "region_id" if by_region else "category_id", "user__person__pk"
    ):
        holders.setdefault(scope_id, set()).add(person_id)
    ties = _hard_ties(candidacies, {person for people in holders.values() for person in people})
    now = clock.now()
    tasks = [
        Assignment(candidacy=one, reviewer_id=holder, assigned_at=now, due_at=stage.closes_at)
        for one in candidacies
        for holder in sorted(holders.get(_scope(one, by_region), set()) | holders.get(None, set()))
        if (one.nomination_id, holder) not in ties
    ]
    Assignment.objects.bulk_create(tasks, batch_size=2000, ignore_conflicts=True)
    people = Person.objects.in_bulk({task.reviewer_id for task in tasks})
    history.record_many(
        history.Event(
            "assignment", task.candidacy.key, "assign", by, new=states.ASSIGNED,
            codes={"reviewer": people[task.reviewer_id].key},
        )
        for task in tasks
    )  # fmt: skip
    return len(tasks)


def _scope(candidacy: Candidacy, by_region: bool) -> int | None:
    case = candidacy.nomination
    return case.region_id if by_region else case.category_id


def follow_merged_persons(kept: Person, absorbed: Person, by: User | None = None) -> None:
    """Registered for merges: tasks, overrides, expertise and training go to the row that is kept.

    Where both rows had a task on one case, that of the kept row stands and the other stays as it was. A tie of the
    kept row was found before the tasks came to it, perhaps long before: it ends those that it bars.
    """
    for model, owner, within in (
        (Assignment, "reviewer", "candidacy"),
        (Override, "member", "candidacy"),
        (Expertise, "person", "area"),
        (ReviewerCapacity, "person", "stage"),
        (TrainingAnswer, "person", "case"),
    ):
        both = model.objects.filter(**{owner: kept}).values(within)
        model.objects.filter(**{owner: absorbed}).exclude(**{f"{within}__in": both}).update(**{owner: kept})
    tasks = Assignment.objects.filter(reviewer=kept, state__in=(states.ASSIGNED, states.DONE))
    follow_ties(sorted(set(tasks.values_list("candidacy__nomination", flat=True))))


def refuse_to_part_winners(kept: Person, absorbed: Person, by: User | None = None) -> None:
    """Registered for merges that are undone: an award that one row holds came of a case that is now the other's."""
    awards = Decision.objects.filter(award__person=kept, candidacy__nomination__nominee=absorbed)
    if awards.exists():
        raise RuleBroken(
            _("%(name)s holds an award that came of a case of the other row. Decide first whose it is.")
            % {"name": kept.name}
        )


def _hard_ties(candidacies: Sequence[Candidacy], people: Iterable[int]) -> set[tuple[int, int]]:
    ties = Conflict.objects.filter(
        nomination__in=[one.nomination_id for one in candidacies],
        person__in=list(people),
        strength=Conflict.Strength.HARD,
    )
    return set(ties.values_list("nomination_id", "person_id"))


def _refuse_unfit(candidacy: Candidacy, stage: Stage, reviewer: Person) -> None:
    conflicts.recompute([candidacy.nomination_id])
    if not _may_review(candidacy, stage, reviewer):
        role = Role(stage.reviewer_role).label
        raise RuleBroken(
            _("%(name)s does not hold the role that this stage asks for: %(role)s.")
            % {"name": reviewer.name, "role": role}
        )
    ties = Conflict.objects.filter(
        nomination=candidacy.nomination_id, person=reviewer, strength=Conflict.Strength.HARD
    )
    if ties.exists():
        raise RuleBroken(_("%(name)s has a tie to this case.") % {"name": reviewer.name})
    _refuse_who_knows_the_case(candidacy, reviewer)
    capacity = None if candidacy.closes_at else _capacity(stage, reviewer)
    tasks = Assignment.objects.filter(
        reviewer=reviewer, candidacy__stage=stage, state__in=(states.ASSIGNED, states.DONE)
    ).exclude(candidacy=candidacy)
    if capacity is not None and tasks.count() >= capacity:
        # Without the number: cases that are hidden from whoever assigns count too.
        raise RuleBroken(
            _("%(name)s takes no more cases in this stage. Choose somebody else.") % {"name": reviewer.name}
        )
    colleague = _colleague(candidacy, reviewer)
    if colleague is not None:
        raise RuleBroken(
            _("%(name)s works for the same employer as %(other)s, who has this case.")
            % {"name": reviewer.name, "other": colleague.name}
        )


def _capacity(stage: Stage, reviewer: Person) -> int | None:
    """What they said they take, else what the rule says and what the top-up adds; None without a limit."""
    own = (
        ReviewerCapacity.objects.filter(stage=stage, person=reviewer).values_list("cases", flat=True).first()
    )
    if own is not None:
        return own
    usual = int(stage.rule.get("capacity", 0))
    more = rules.score_rule(stage.rule).top_up_capacity if usual and stage.topped_up_at else 0
    return usual + more or None


def _refuse_who_could_read(candidacy: Candidacy, stage: Stage) -> None:
    """Whoever gives themselves a case has led it until now, and read every review that is in."""
    reviews = Review.objects.filter(assignment__candidacy=candidacy, state=states.REVIEW_SUBMITTED)
    if stage.hide_others_until_own and reviews.exists():
        raise RuleBroken(
            _("Reviews of this case are in, and you could read them. Somebody else has to review it.")
        )


def _refuse_who_knows_the_case(candidacy: Candidacy, reviewer: Person) -> None:
    """A second look is for people who have not seen the case, in whatever stage and round."""
    before = Assignment.objects.filter(candidacy__nomination=candidacy.nomination_id, reviewer=reviewer)
    if candidacy.closes_at and before.exclude(candidacy=candidacy).exists():
        raise RuleBroken(
            _("%(name)s has had this case before. A second look needs fresh eyes.") % {"name": reviewer.name}
        )


def _may_review(candidacy: Candidacy, stage: Stage, reviewer: Person) -> bool:
    if reviewer.user is None:
        return False
    case = candidacy.nomination
    if stage.reviewer_role == Role.REGIONAL_LEAD:
        return reviewer.user.holds(stage.reviewer_role, region=case.region_id)
    return reviewer.user.holds(stage.reviewer_role, category=case.category_id)


def _colleague(candidacy: Candidacy, reviewer: Person) -> Person | None:
    """Somebody with this case who has, or had within twelve months, the same employer; the organiser aside."""
    tasks = candidacy.assignments.filter(state__in=(states.ASSIGNED, states.DONE)).exclude(reviewer=reviewer)
    others = [task.reviewer for task in tasks.select_related("reviewer")]
    return next((other for other in others if conflicts.share_employer(reviewer, other)), None)


def _move(
    assignment: Assignment,
    to: str,
    verb: str,
    *,
    by: User,
    reason: str = "",
    codes: dict[str, str] | None = None,
) -> None:
    if to not in states.ASSIGNMENT_MOVES[assignment.state]:
        raise Outdated(
            _("That is not possible any more: the task is %(state)s.")
            % {"state": assignment.get_state_display()}
        )
    old, assignment.state = assignment.state, to
    assignment.save(update_fields=["state"])
    _record(assignment, verb, by=by, old=old, reason=reason, codes=codes)


def _record(
    assignment: Assignment,
    verb: str,
    *,
    by: User,
    old: str = "",
    reason: str = "",
    codes: dict[str, str] | None = None,
) -> None:
    history.record(
        "assignment",
        assignment.candidacy.key,
        verb,
        by=by,
        old=old,
        new=assignment.state,
        codes={"reviewer": assignment.reviewer.key, **(codes or {})},
        text=reason,
    )
