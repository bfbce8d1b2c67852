"""Outcomes that are kept from whoever has a tie in the category, until the release.

Who sees what was proposed for all cases of a category but one, and knows how many places it has, knows how the hidden
one fares. So from the close of a stage in which cases compete nothing of what became of them is shown to somebody with
a tie in the category, nor theirs to change: somebody without one settles it. Asked of every case of the category that
entered the selection of the cycle, whatever became of it, so that the answer says nothing of its fate. Screens
are left out: each case passes or fails by itself, whatever the places.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, RoleGrant
from charter.models import Category, Cycle
from common import prepared
from nominations.models import Conflict
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Release, Stage

COMPETING = (Stage.Kind.SCORE, Stage.Kind.VOTE, Stage.Kind.COUNCIL)
M = TypeVar("M", bound=Model)


def kept_sentence() -> str:
    """What a page says in the place of outcomes that are kept from its reader."""
    return _(
        "You have a tie in this category; its outcomes are settled by others and shown to you at the release."
    )


def is_kept(person: Person | None, at: str = "") -> Q:
    """Of a candidacy, or of a row from which ``at`` leads to one: what became of it is kept from ``person``."""
    closed = Q(**{f"{at}stage__state": states.STAGE_CLOSED, f"{at}stage__kind__in": COMPETING})
    return _tied(person, at) & (closed | _is_later(at))


def is_gone_on(person: Person | None) -> Q:
    """Of a candidacy: that it is in its stage at all is an outcome of the stage before, and kept from ``person``."""
    return _tied(person, "") & _is_later("")


def _is_later(at: str) -> Q:
    before = Stage.objects.filter(
        cycle=OuterRef(f"{at}stage__cycle"),
        number__lt=OuterRef(f"{at}stage__number"),
        kind__in=(Stage.Kind.SCORE, Stage.Kind.VOTE),
    )
    return Q(Exists(before))


def _tied(person: Person | None, at: str) -> Q:
    """That ``person`` has a tie in the category, asked only where they have one at all, and before the release."""
    own = Conflict.objects.filter(person=person, strength=Conflict.Strength.HARD)
    here = own.filter(
        nomination__category=OuterRef("nomination__category"),
        nomination__candidacies__stage__cycle=OuterRef("stage__cycle"),
    )
    # A set, not joined to each case: who has no tie at all pays nothing for it.
    cases = Q(**{f"{at}pk__in": Candidacy.objects.filter(Exists(here)).values("pk")})
    return Q(Exists(own)) & cases & ~Q(Exists(_main_release(OuterRef(f"{at}stage__cycle"))))


def _main_release(cycle: Any) -> QuerySet[Release]:
    return Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN, released_at__isnull=False)


def without_kept(rows: QuerySet[M], person: Person | None, *, at: str = "") -> QuerySet[M]:
    """``rows`` less those whose outcome is kept from ``person``; ``at`` leads from a row to its candidacy."""
    return rows if person is None else rows.filter(~is_kept(person, at))


KEPT = """
    SELECT EXISTS (
        SELECT FROM nominations_conflict AS tie
        JOIN nominations_nomination AS nomination ON nomination.id = tie.nomination_id
        JOIN selection_candidacy AS candidacy ON candidacy.nomination_id = nomination.id
        JOIN selection_stage AS entered ON entered.id = candidacy.stage_id
        WHERE tie.person_id = %(person)s AND tie.strength = 'hard'
            AND nomination.category_id = %(category)s AND entered.cycle_id = %(cycle)s
    ) AND NOT EXISTS (
        SELECT FROM selection_release AS release
        WHERE release.cycle_id = %(cycle)s AND release.kind = 'main' AND release.released_at IS NOT NULL
    )
"""


def keeps(person: Person | None, stage: Stage, category: int | None) -> bool:
    """Whether the outcomes of a category in a stage are kept from ``person``; one statement once it has closed."""
    if person is None or category is None or stage.kind not in COMPETING:
        return False
    if stage.state != states.STAGE_CLOSED and stage.kind != Stage.Kind.COUNCIL:
        return False
    asked = {"person": person.pk, "category": category, "cycle": stage.cycle_id}
    return bool(prepared.fetch(KEPT, asked)[0][0])


def ties_in(cycle: Cycle) -> QuerySet[Conflict]:
    """Hard ties to cases that entered the selection of a cycle, whatever became of them."""
    entered = Candidacy.objects.filter(stage__cycle=cycle, nomination=OuterRef("nomination"))
    return Conflict.objects.filter(Exists(entered), strength=Conflict.Strength.HARD)


def categories_kept_from(person: Person | None, cycle: Cycle) -> QuerySet[Category]:
    """The categories in which ``person`` has a tie, until the main release of a cycle is out."""
    ties = ties_in(cycle).filter(person=person, nomination__category=OuterRef("pk"))
    rows = Category.objects.filter(Exists(ties), ~Exists(_main_release(cycle)))
    return rows.order_by("position", "name")


def in_other_categories(
    rows: QuerySet[M], cycle: Cycle, person: Person | None, *, at: str = ""
) -> QuerySet[M]:
    """``rows`` less those of categories whose outcomes are kept from ``person``; ``at`` leads to a nomination."""
    if person is None:
        return rows
    return rows.exclude(**{f"{at}category__in": categories_kept_from(person, cycle).order_by().values("pk")})


def categories_nobody_settles(cycle: Cycle) -> list[Category]:
    """Categories with cases in a cycle in which every chair and everybody of the office has a tie; two statements."""
    entered = Candidacy.objects.filter(stage__cycle=cycle, nomination__category=OuterRef("pk"))
    settling = RoleGrant.objects.in_force().filter(
        role__in=(Role.PROGRAM_OFFICE, Role.TECHNOLOGY_LEAD),
        user__is_active=True,
        user__person__isnull=False,
    )
    tied = ties_in(cycle).filter(
        person=OuterRef("user__person"), nomination__category=OuterRef(OuterRef("pk"))
    )
    free = settling.filter(
        Q(role=Role.PROGRAM_OFFICE) | Q(category=None) | Q(category=OuterRef("pk")), ~Exists(tied)
    )
    return list(Category.objects.filter(Exists(entered), ~Exists(free)).order_by("position", "name"))


def words_of_stuck(categories: Iterable[Category]) -> str:
    """What is to be done where nobody can settle a category."""
    text = _(
        "Every chair and everybody of the office has a tie in %(categories)s. Give one more person a role there."
    )
    return text % {"categories": _names(categories)}


def _names(categories: Iterable[Category]) -> str:
    return ", ".join(one.name for one in categories)


def kept_words(user: Any, cycle: Cycle) -> str:
    """Which categories of a cycle are settled by others, of those whose outcomes would be this user's to read, as a
    sentence; empty where none is. One statement."""
    person = person_of(user)
    names = _names(categories_kept_from(person, cycle).filter(_read_by(user))) if person is not None else ""
    if not names:
        return ""
    text = _(
        "You have a tie in %(categories)s; its outcomes are settled by others and shown to you at the release."
    )
    return text % {"categories": names}


def councils_kept_words(user: Any) -> list[str]:
    """The same for each council that sits now, for a member who has none of its cases."""
    if not user.holds(Role.COUNCIL_MEMBER):
        return []
    running = Stage.objects.filter(kind=Stage.Kind.COUNCIL, state=states.STAGE_OPEN).select_related("cycle")
    return [words for stage in running.order_by("pk") if (words := kept_words(user, stage.cycle))]


def _read_by(user: Any) -> Q:
    if user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR):
        return Q()
    leading = (Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER)
    led = [grant.category_id for grant in user.grants_today if grant.role in leading]
    return Q() if None in led else Q(pk__in=led)
