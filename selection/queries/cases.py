"""The doors: who sees which case, which assignment, which stage."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, RoleGrant
from nominations import states as cases
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Stage
from selection.queries.electorate import came_late, stages_owing
from selection.queries.kept import is_gone_on, without_kept

WORKING = (states.ASSIGNED, states.DONE)
LEADING = (Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER)
_NOBODY = Q(pk__in=())


def candidacies_visible_to(user: Any) -> QuerySet[Candidacy]:
    """The candidacies that a user may know of, always less the cases in which they have a hard conflict.

    The office: all. A regional lead: the screens of the region. A technology lead: scored stages and council
    of the category. A council member: the council of the category. Whoever votes: the votes of their category or
    region. Everybody else, while they hold the role that reviews in the stage: what is assigned to them. Where
    somebody has a tie in the category, what went on from a stage in which cases compete is there for their own tasks
    and votes alone: see ``queries.kept``. One statement, whatever the roles.
    """
    if not user.is_authenticated:
        return Candidacy.objects.none()
    person = person_of(user)
    if user.holds(Role.PROGRAM_OFFICE):
        rows = Candidacy.objects.filter(~is_gone_on(person) | Q(_assigned_to(person)))
        return without_conflicts(rows, person, case="nomination")
    reach, led = _NOBODY, [_reach(grant) for grant in user.grants_today if grant.role in LEADING]
    for grant in user.grants_today:
        reach |= votes_of(grant) | (_NOBODY if grant.role in LEADING else _reach(grant))
    if led:
        reach |= reduce(or_, led) & ~is_gone_on(person)
    if person is not None:
        reach |= Q(_assigned_to(person), stage__reviewer_role__in={g.role for g in user.grants_today})
    rows = Candidacy.objects.filter(reach).exclude(state=states.LEFT)
    return without_conflicts(rows, person, case="nomination")


def _reach(grant: RoleGrant) -> Q:
    """What a role shows without any assignment."""
    category = Q(nomination__category=grant.category_id) if grant.category_id else Q()
    region = Q(nomination__region=grant.region_id) if grant.region_id else Q()
    if grant.role == Role.REGIONAL_LEAD:
        return Q(stage__reviewer_role=Role.REGIONAL_LEAD) & region
    if grant.role == Role.TECHNOLOGY_LEAD:
        return Q(stage__kind__in=(Stage.Kind.SCORE, Stage.Kind.VOTE, Stage.Kind.COUNCIL)) & category
    if grant.role == Role.COUNCIL_MEMBER:
        return Q(stage__kind=Stage.Kind.COUNCIL) & category
    return _NOBODY


def votes_of(grant: RoleGrant) -> Q:
    """The votes that a role takes part in, within its scope."""
    votes = Q(stage__kind=Stage.Kind.VOTE, stage__reviewer_role=grant.role)
    if grant.region_id:
        votes &= Q(nomination__region=grant.region_id)
    return votes & Q(nomination__category=grant.category_id) if grant.category_id else votes


def owned_regions(user: Any) -> Q:
    """Cases of the regions that a user leads."""
    regions = [grant.region_id for grant in user.grants_today if grant.role == Role.REGIONAL_LEAD]
    return Q(pk__isnull=False) if None in regions else Q(nomination__region__in=regions)


def led_by(user: Any) -> Q:
    """Cases of the categories that a user chairs, all of them for the office. What is decided of a case is theirs to
    know, not everybody's who sees it: a chair may review in another category."""
    led = [grant.category_id for grant in user.grants_today if grant.role == Role.TECHNOLOGY_LEAD]
    if user.holds(Role.PROGRAM_OFFICE) or None in led:
        return Q(pk__isnull=False)
    return Q(nomination__category__in=led)


def outcomes_visible_to(user: Any) -> QuerySet[Candidacy]:
    """Of ``candidacies_visible_to`` those of which this user may learn what became of them, while it is pending: not
    where they have a tie in the category."""
    return without_kept(candidacies_visible_to(user), person_of(user))


def _assigned_to(person: Person | None) -> Exists:
    return Exists(Assignment.objects.filter(candidacy=OuterRef("pk"), reviewer=person, state__in=WORKING))


def assignments_visible_to(user: Any) -> QuerySet[Assignment]:
    """Tasks on the cases that a user sees: all of them for office and chairs, else one's own."""
    rows = Assignment.objects.filter(candidacy__in=candidacies_visible_to(user))
    if not user.is_authenticated or user.holds(Role.PROGRAM_OFFICE):
        return rows
    chaired = _NOBODY
    for grant in user.grants_today:
        if grant.role == Role.TECHNOLOGY_LEAD:
            everywhere = grant.category_id is None
            chaired |= (
                Q(pk__isnull=False) if everywhere else Q(candidacy__nomination__category=grant.category_id)
            )
    return rows.filter(chaired | Q(reviewer=person_of(user)))


# Regular candidacies: those with an end of their own came after the release, for a second look or a place.
IN_STAGE = Q(closes_at__isnull=True)


def readings_of(person: Person | None) -> QuerySet[Assignment]:
    """Open tasks of second looks. As long as one is open, all that was said of the case before stays hidden."""
    return Assignment.objects.filter(
        reviewer=person,
        state=states.ASSIGNED,
        candidacy__closes_at__isnull=False,
        candidacy__state=states.OPEN,
    )


def own_tasks_on(candidacy: Candidacy, person: Person | None) -> list[Assignment]:
    """The task of ``person`` on a case, open or done, with its review; at most one.

    Read once for a candidacy that ``get_candidacy`` fetched: rights, queue and review ask for it in turn.
    """
    if person is None:
        return []
    known: list[Assignment] | None = getattr(candidacy, "tasks_of_reader", None)
    if known is None or any(task.reviewer_id != person.pk for task in known):
        known = list(with_review(candidacy.assignments.filter(reviewer=person, state__in=WORKING)))
    return known


def with_review(tasks: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Tasks with what was said for them."""
    return tasks.select_related("review")


def stages_visible_to(user: Any) -> QuerySet[Stage]:
    """Stages are public facts: their dates stand on the status page. Staff see all of them."""
    return Stage.objects.select_related("cycle", "rubric") if user.is_authenticated else Stage.objects.none()


def has_vote(user: Any, candidacy: Candidacy) -> bool:
    """Whether the case is put to a vote or a screen in which this user takes part by a role, task or not."""
    stage, case = candidacy.stage, candidacy.nomination
    return stage.kind in (Stage.Kind.VOTE, Stage.Kind.SCREEN) and any(
        grant.role == stage.reviewer_role
        and grant.region_id in (None, case.region_id)
        and grant.category_id in (None, case.category_id)
        for grant in user.grants_today
    )


def own_is_missing(user: Any, candidacy: Candidacy) -> bool:
    """Whether other people's marks are still hidden from this user, because their own are not in.

    Somebody with a task on the case sees nothing of the others' before the task is done, whatever other role
    they hold; somebody without one sees them as chair, council member or office, and not as a reviewer.
    """
    case = candidacy.nomination
    if (
        case.state == cases.SECOND_LOOK
        and readings_of(person_of(user)).filter(candidacy__nomination=case).exists()
    ):
        return True
    if not candidacy.stage.hide_others_until_own:
        return False
    own = [task.state for task in own_tasks_on(candidacy, person_of(user))]
    if own:
        return states.DONE not in own
    if has_vote(user, candidacy) and _can_still_vote(user, candidacy):
        return True
    category = candidacy.nomination.category_id
    staff = (Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER)
    return not (
        user.holds(Role.PROGRAM_OFFICE)
        or (category is not None and any(user.holds(role, category=category) for role in staff))
    )


def _can_still_vote(user: Any, candidacy: Candidacy) -> bool:
    """Whether the vote that they have by a role can still come."""
    stage, case = candidacy.stage, candidacy.nomination
    return stage.state == states.STAGE_OPEN and not (
        stage.kind == Stage.Kind.VOTE and came_late(user, stage, (case.region_id, case.category_id))
    )


def without_own_missing(rows: QuerySet[Candidacy], person: Person | None) -> QuerySet[Candidacy]:
    """Annotate ``own_missing``: the row's mean, count and place in the order are hidden from ``person``."""
    own = Assignment.objects.filter(reviewer=person)
    again = readings_of(person)
    owed = Q(pk__in=own.filter(state=states.ASSIGNED).values("candidacy"))
    if by_role := _owes_by_role(person):  # the same as in ``own_is_missing``
        owed |= reduce(or_, by_role) & ~Q(pk__in=own.filter(state=states.DONE).values("candidacy"))
    hidden = Q(stage__hide_others_until_own=True) & owed | Q(
        nomination__in=again.values("candidacy__nomination")
    )
    return rows.annotate(own_missing=hidden)


def _owes_by_role(person: Person | None) -> list[Q]:
    """The votes and screens in which somebody takes part by a role, with or without a task: one for each role. As long
    as their vote can come; who is no chair, council member or office sees the marks of the others not even then."""
    user = person.user if person is not None else None
    if user is None:
        return []
    found = []
    for grant in user.grants_today:
        part = Q(stage__kind__in=(Stage.Kind.VOTE, Stage.Kind.SCREEN), stage__reviewer_role=grant.role)
        part &= Q(nomination__region=grant.region_id) if grant.region_id else Q()
        part &= Q(nomination__category=grant.category_id) if grant.category_id else Q()
        found.append(part & (Q(stage__in=stages_owing(grant).values("pk")) | ~_staff_of(user)))
    return found


def _staff_of(user: Any) -> Q:
    """Cases that a user sees as chair, council member or office."""
    if user.holds(Role.PROGRAM_OFFICE):
        return Q(pk__isnull=False)
    scopes = [grant.category_id for grant in user.grants_today if grant.role in LEADING]
    if None in scopes:
        return Q(nomination__category__isnull=False)
    return Q(nomination__category__in=scopes)


def with_blind(rows: QuerySet[Candidacy], person: Person | None) -> QuerySet[Any]:
    """Annotate ``blind``: ``person`` reviews the case in a stage that hides the nominee. It has no name for them on
    any page then, whatever other role they hold; see ``name_of``."""
    own = Assignment.objects.filter(candidacy=OuterRef("pk"), reviewer=person, state__in=WORKING)
    return rows.annotate(blind=Q(Exists(own), stage__hide_nominee=True))


def name_of(candidacy: Any) -> str:
    """What a case ``with_blind`` is called: by its nominee, or by its key."""
    if candidacy.blind:
        return _("Candidate %(key)s") % {"key": candidacy.key}
    return str(candidacy.nomination.nominee_name)


def latin_name_of(candidacy: Any) -> str:
    """The same name in Latin letters, where it has another and may be known."""
    nominee = candidacy.nomination.nominee
    return "" if candidacy.blind or nominee is None else str(nominee.latin_name)


def without_hidden_tasks(rows: QuerySet[Assignment], person: Person | None) -> QuerySet[Assignment]:
    """``rows`` less others' tasks on cases of which ``person`` has not handed in their own review: how many are
    done is as much of a hint as what they say."""
    if person is None:
        return rows
    waiting = Assignment.objects.filter(
        reviewer=person, state=states.ASSIGNED, candidacy__stage__hide_others_until_own=True
    )
    hidden = Q(candidacy__in=waiting.values("candidacy"))
    hidden |= Q(candidacy__nomination__in=readings_of(person).values("candidacy__nomination"))
    return rows.filter(Q(reviewer=person) | ~hidden)


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these candidacies may this user read the history? It names reviewers and holds means.

    The office and the auditor: of all but those with a tie; a chair: of the category. Nobody as long as their own
    review is missing, nor of what is kept from them for a tie in the category.
    """
    if not user.is_authenticated:
        return set()
    person, rows = person_of(user), Candidacy.objects.filter(key__in=list(keys))
    if not (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR)):
        chaired = _NOBODY
        for grant in user.grants_today:
            if grant.role == Role.TECHNOLOGY_LEAD:
                chaired |= _reach(grant)
        rows = rows.filter(chaired)
    rows = without_kept(without_conflicts(rows, person, case="nomination"), person)
    known: Any = without_own_missing(rows, person)
    return set(known.filter(own_missing=False).values_list("key", flat=True))


def visible_training_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Who did which training case is the office's and the auditor's to read, and one's own. Of reminders: ``behind``."""
    if user.is_authenticated and (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR)):
        return set(keys)
    person = person_of(user)
    return {key for key in keys if person is not None and key == person.key}


def visible_cycle_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Stages and releases are the office's and the auditor's to follow, all of them."""
    staff = user.is_authenticated and (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR))
    return set(keys) if staff else set()
