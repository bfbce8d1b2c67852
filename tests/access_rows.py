"""What the access matrix is made of: roles, its rows, and which object of the world an address is asked about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from common import clock
from common.mail_groups import SUPPORT, stop_path
from common.models import Bounce, OutboxMail
from contributions.models import ContributionImport, DeletedContribution
from nominations.models import Conflict
from people.models import LikePair, Photo
from selection.models import (
    AssignmentPlan,
    Decision,
    ProtocolVersion,
    Release,
    TrainingCase,
    TransparencyReport,
)
from selection.queries.transparency import figures_of
from tests.factories import CycleFactory
from tests.world import World

Args = Callable[[World], list[Any]]

OFFICE = "office office_tied"
STAFF = f"{OFFICE} auditor"
ROLES = [
    "anonymous",  # nobody is signed in
    "outsider",  # an account, nothing else
    "nominator",
    "nominee",
    "endorser",
    "holder",
    "regional_lead",  # of the nominee's region
    "reviewer",  # assigned, has not handed in
    "reviewer_elsewhere",  # a reviewer, not of this case
    "reviewer_tied",  # assigned, then found to be family of the nominee
    "technology_lead",  # of the area's category
    "council_member",  # of the area's category
    "office",
    "office_tied",  # family of the nominee
    "auditor",
]  # fmt: skip
SIGNED_IN = ROLES[1:]


def nothing(world: World) -> list[Any]:
    return []


@dataclass(frozen=True)
class Row:
    """``get``: role → status of a GET. ``may_post``: who is let in by a POST, where only a POST is taken."""

    args: Args
    get: dict[str, int]
    may_post: frozenset[str] = frozenset()
    posts_only: bool = field(default=False)


def public(args: Args = nothing, status: int = 200) -> Row:
    """The same for everybody, signed in or not."""
    return Row(args, dict.fromkeys(ROLES, status))


def signed_in(
    args: Args = nothing, *, to: str = "", others: int = 404, status: int = 200, **some: int
) -> Row:
    """``status`` to the roles in ``to`` (all if empty), ``others`` to the rest, ``some`` where it differs."""
    allowed = to.split() or SIGNED_IN
    answers = {role: status if role in allowed else others for role in SIGNED_IN}
    return Row(args, {"anonymous": 302} | answers | some)


def posts(args: Args = nothing, *, by: str = "", anonymous: int = 302) -> Row:
    """Only by POST, and only by the roles in ``by`` (all who are signed in if empty)."""
    answers = {"anonymous": anonymous} | dict.fromkeys(SIGNED_IN, 405)
    return Row(args, answers, frozenset(by.split() or SIGNED_IN), posts_only=True)


def case(world: World) -> list[Any]:
    return [world.case.nomination.key]


def photo(world: World) -> list[Any]:
    kept = {"content": b"", "digest": "0" * 16, "changed_at": clock.now()}
    made, _is_new = Photo.objects.get_or_create(person=world.cast.holder, defaults=kept)
    return [world.cast.holder.slug, made.digest]


def a_summit(world: World) -> list[Any]:
    return [world.summit.slug]


def own_address(world: World) -> list[Any]:
    return [world.cast.nominee.addresses.get().key]


def own_session(world: World) -> list[Any]:
    """Of another browser of the nominee."""
    return [world.session.key]


def own_token(world: World) -> list[Any]:
    return [world.cast.nominee.user.api_tokens.get().key]  # type: ignore[union-attr]


def own_export(world: World) -> list[Any]:
    return [world.cast.nominee.exports.get().key]


def draft(world: World) -> list[Any]:
    return [world.draft.key]


def link(purpose: str) -> Args:
    return lambda world: [world.tokens[purpose]]


def scored(world: World) -> list[Any]:
    return [world.case.candidacy.key]


def screened(world: World) -> list[Any]:
    return [world.screened.key]


def voted(world: World) -> list[Any]:
    return [world.voted.key]


def in_council(world: World) -> list[Any]:
    return [world.case.decision.candidacy.key]


def cycle(world: World) -> list[Any]:
    return [world.house.cycle.slug]


def stage(world: World) -> list[Any]:
    return [world.house.cycle.slug, world.house.score.number]


def training_case(world: World) -> list[Any]:
    return [*stage(world), TrainingCase.objects.filter(rubric=world.house.score.rubric)[0].slug]


def plan(world: World) -> list[Any]:
    return [AssignmentPlan.objects.order_by("pk")[0].key]


def tie(world: World) -> list[Any]:
    return [world.case.candidacy.key, world.cast.reviewer_1.key, "domain"]


def ended_tie(world: World) -> list[Any]:
    """One whose cause is gone; whom it bars has no role."""
    made, _is_new = Conflict.objects.get_or_create(
        nomination=world.case.nomination,
        person=world.cast.holder,
        kind="employer",
        defaults={"ended_at": clock.now()},
    )
    return [world.case.candidacy.key, made.person.key, made.kind]


def group(world: World) -> list[Any]:
    return [*stage(world), world.house.servers.slug]


def draw(world: World) -> list[Any]:
    return [world.case.draw.key]


def batch(world: World) -> list[Any]:
    return [world.case.batch.key]


def release(world: World) -> list[Any]:
    return [world.case.decision.release.key]


def in_release(world: World) -> list[Any]:
    """A case that is told by the release that is under way; it has no tie to anybody."""
    decision = Decision.objects.select_related("candidacy").order_by("-release")[0]
    return [world.house.cycle.slug, decision.candidacy.key]


def published(world: World) -> list[Any]:
    return [ProtocolVersion.objects.values_list("cycle__slug", flat=True)[0]]


def reported(world: World) -> list[Any]:
    """A cycle of its own whose letters are out."""
    found = TransparencyReport.objects.filter(cycle__award_year=1999).first()
    if found is None:
        now, cycle = clock.now(), CycleFactory(award_year=1999)
        Release.objects.create(
            cycle=cycle, state="released", prepared_at=now, scheduled_at=now, released_at=now
        )
        figures = figures_of(cycle, now).as_json()
        found = TransparencyReport.objects.create(cycle=cycle, number=1, published_at=now, figures=figures)
    return [found.cycle.slug]


def own_contribution(world: World) -> list[Any]:
    return [world.contribution.key]


def own_import(world: World) -> list[Any]:
    return [ContributionImport.objects.values_list("key", flat=True).get(person=world.cast.nominee)]


def own_deleted(world: World) -> list[Any]:
    return [DeletedContribution.objects.values_list("key", flat=True).get(person=world.cast.nominee)]


def task(world: World) -> list[Any]:
    return [world.case.candidacy.key, world.case.waiting.reviewer.key]


def waiting(world: World) -> list[Any]:
    return [*stage(world), world.case.waiting.reviewer.key]


def first_stage(world: World) -> list[Any]:
    return [world.house.cycle.slug, world.house.screen.number]


def stop_link(world: World) -> list[Any]:
    return [stop_path(world.cast.nominator.key, SUPPORT).rsplit("/", 2)[1]]


def failed_mail(world: World) -> list[Any]:
    return [OutboxMail.objects.filter(state="failed").latest("pk").key]


def pair(world: World) -> list[Any]:
    return [LikePair.objects.latest("pk").pk]


def bounce(world: World) -> list[Any]:
    return [Bounce.objects.latest("pk").event]
