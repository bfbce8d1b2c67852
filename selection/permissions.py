"""May this person do this? The same function shows the button and guards the view."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Role
from charter.models import Category
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Release, Stage
from selection.queries.before_release import people_to_confirm
from selection.queries.cases import has_vote, own_tasks_on
from selection.queries.discussion import is_chair
from selection.queries.dossier import leads_case
from selection.queries.one import candidacy_visible_to


def get_candidacy(user: Any, key: str, *, to: Callable[[Any, Candidacy], bool]) -> Candidacy:
    """The case, or 404 if it is not theirs to know of (hidden and missing alike), 403 if it is but no more."""
    candidacy = candidacy_visible_to(user, key)
    if candidacy is None:
        raise Http404
    if not to(user, candidacy):
        raise PermissionDenied
    return candidacy


def can_read(user: Any, candidacy: Candidacy) -> bool:
    """Read the dossier: whoever sees the case at all."""
    return True


def can_screen(user: Any, candidacy: Candidacy) -> bool:
    """Say pass, fail or unsure: the leads of the region, and whom the office asked."""
    if candidacy.stage.kind != Stage.Kind.SCREEN:
        return False
    region = candidacy.nomination.region_id
    return _has_task(user, candidacy) or (
        region is not None and user.holds(Role.REGIONAL_LEAD, region=region)
    )


def can_vote(user: Any, candidacy: Candidacy) -> bool:
    """Say +1, 0 or −1: whoever holds the role that votes, and whom the office asked."""
    if candidacy.stage.kind != Stage.Kind.VOTE:
        return False
    return _has_task(user, candidacy) or has_vote(user, candidacy)


def can_review(user: Any, candidacy: Candidacy) -> bool:
    """Score the rubric: whoever has the task."""
    return candidacy.stage.kind == Stage.Kind.SCORE and _has_task(user, candidacy)


def can_discuss(user: Any, candidacy: Candidacy) -> bool:
    """Take part in the discussion: reviewers whose own review is in, and the chair."""
    own = own_tasks_on(candidacy, person_of(user))
    if own:
        return own[0].state == states.DONE and candidacy.stage.kind == Stage.Kind.SCORE
    return candidacy.stage.kind == Stage.Kind.SCORE and is_chair(user, candidacy)


def can_hold_meeting(user: Any, category: Category) -> bool:
    """Print the order of a category's meeting, which names ties: its chair and the office."""
    return user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.TECHNOLOGY_LEAD, category=category)


def can_recuse(user: Any, candidacy: Candidacy) -> bool:
    """Step back because of a tie: whoever takes part, by a task or by a role."""
    return (
        _has_task(user, candidacy)
        or can_screen(user, candidacy)
        or can_vote(user, candidacy)
        or can_assign(user, candidacy)
        or can_override(user, candidacy)
    )


def can_assign(user: Any, candidacy: Candidacy) -> bool:
    """Give and take back tasks: the chair of the category, and the office."""
    if user.holds(Role.PROGRAM_OFFICE):
        return True
    category = candidacy.nomination.category_id
    return (
        candidacy.stage.kind == Stage.Kind.SCORE
        and category is not None
        and user.holds(Role.TECHNOLOGY_LEAD, category=category)
    )


def can_override(user: Any, candidacy: Candidacy) -> bool:
    """Say no to a proposal: a member of the category's council."""
    category = candidacy.nomination.category_id
    return (
        candidacy.stage.kind == Stage.Kind.COUNCIL
        and category is not None
        and user.holds(Role.COUNCIL_MEMBER, category=category)
    )


def can_resolve(user: Any, candidacy: Candidacy) -> bool:
    """Decide what a closed stage left undecided: the office."""
    return user.holds(Role.PROGRAM_OFFICE)


SEARCHING = (
    Role.PROGRAM_OFFICE, Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER, Role.REGIONAL_LEAD, Role.REVIEWER,
)  # fmt: skip


def can_search(user: Any) -> bool:
    """Search the cases that they see: everybody who takes part in the selection."""
    return any(user.holds(role) for role in SEARCHING)


def can_check_copy(user: Any, candidacy: Candidacy) -> bool:
    """Check the copy without the name: the chair of the category and the office, unless they review the case."""
    return candidacy.stage.hide_nominee and leads_case(user, candidacy)


def refuse_unless_leading(user: Any) -> None:
    """403 for whoever chairs nothing and is not of the office."""
    if not can_see_board(user):
        raise PermissionDenied


def can_see_board(user: Any) -> bool:
    """Open the decision board: chairs and the office."""
    return user.holds(Role.TECHNOLOGY_LEAD) or user.holds(Role.PROGRAM_OFFICE)


def can_plan(user: Any, category: Category | None) -> bool:
    """Have reviewers assigned: the chair in the category, the office anywhere and for all at once (``None``)."""
    if user.holds(Role.PROGRAM_OFFICE):
        return True
    return category is not None and user.holds(Role.TECHNOLOGY_LEAD, category=category)


def can_decide(user: Any, category: Any) -> bool:
    """Propose outcomes on the board: the chair of the category, and the office."""
    return user.holds(Role.PROGRAM_OFFICE) or can_see_offsets(user, category)


def can_decide_case(user: Any, candidacy: Candidacy) -> bool:
    """Give a case its place on the reserve: whoever decides on the board of its category."""
    return can_decide(user, candidacy.nomination.category_id)


def can_see_offsets(user: Any, category: Any) -> bool:
    """Read how strictly each reviewer marks: the chair of the category alone. An offset is not an error."""
    return category is not None and bool(user.holds(Role.TECHNOLOGY_LEAD, category=category))


def can_see_cycle(user: Any) -> bool:
    """Read the state of a cycle: the office and the auditor."""
    return user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR)


def can_run_cycle(user: Any) -> bool:
    """Open and close stages, prepare a release: the office."""
    return user.holds(Role.PROGRAM_OFFICE)


def can_confirm(user: Any, release: Release) -> bool:
    """Confirm a release: somebody of the office who did not prepare it, and sees what its preparer must not."""
    person = person_of(user)
    return (
        can_run_cycle(user)
        and release.state == states.PLANNED
        and person is not None
        and person.pk != release.prepared_by_id
        and people_to_confirm(release).filter(pk=person.pk).exists()
    )


def _has_task(user: Any, candidacy: Candidacy) -> bool:
    return bool(own_tasks_on(candidacy, person_of(user)))
