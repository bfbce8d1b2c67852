"""Who may vote is fixed when a vote opens: a role that is given later has no vote in it, unless somebody of the office or
the chair hands out a task by name, which stands in the history.

Read off the history: a role has days, not hours, and its first day can lie in the past.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import RoleGrant, User
from common.actor import pseudonym
from common.models import HistoryRow
from selection import states
from selection.models import Stage


def came_late(user: Any, stage: Stage, scope: tuple[int | None, int | None] | None = None) -> bool:
    """Whether every role by which ``user`` would vote in a stage was given after it had opened. ``scope``: region and
    category of the case that it is about; none for the vote as a whole."""
    grants = [
        one
        for one in user.grants_today
        if one.role == stage.reviewer_role and (scope is None or _covers(one, *scope))
    ]
    return bool(grants) and not _in_time({user.pk: grants}, stage, [user])


def came_in_time(stage: Stage, grants: Iterable[RoleGrant]) -> set[int]:
    """Of those who hold these roles the users who held one of them when the stage opened; two statements."""
    by_user: dict[int, list[RoleGrant]] = defaultdict(list)
    for one in grants:
        by_user[one.user_id].append(one)
    return _in_time(by_user, stage, User.objects.filter(pk__in=by_user))


def stages_owing(grant: RoleGrant) -> QuerySet[Stage]:
    """Open votes and screens in which somebody takes part by this role; not the votes that had opened before it was
    given. ``came_late`` as a condition of one statement.

    What the history wrote before it named grants is not asked here, as its rows are sealed and get no number later: by
    such a role somebody takes part, so that more is hidden from them, and never less.
    """
    opened = HistoryRow.objects.filter(kind="stage", verb="open", key=OuterRef("history_key")).order_by("id")
    late = HistoryRow.objects.filter(
        kind="user", verb="grant_role", codes__grant=str(grant.pk), at__gt=OuterRef("opened")
    )
    rows = Stage.objects.filter(
        state=states.STAGE_OPEN,
        kind__in=(Stage.Kind.VOTE, Stage.Kind.SCREEN),
        reviewer_role=grant.role,
    ).annotate(
        history_key=Concat("cycle__slug", Value("/"), Cast("number", CharField())),
        opened=Coalesce(Subquery(opened.values("at")[:1]), "opens_at"),
    )
    return rows.filter(~Q(kind=Stage.Kind.VOTE) | ~Exists(late))


def _in_time(grants: dict[int, list[RoleGrant]], stage: Stage, users: Iterable[User]) -> set[int]:
    names = {one.pk: pseudonym(one) for one in users}
    numbers = [str(one.pk) for some in grants.values() for one in some]
    rows = HistoryRow.objects.filter(
        Q(codes__grant__in=numbers) | Q(key__in=list(names.values())),
        kind="user",
        verb="grant_role",
        at__gt=_opened(stage),
        codes__role=stage.reviewer_role,
    )
    given: set[str] = set()
    unnumbered: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, codes in rows.values_list("key", "codes"):
        if "grant" in codes:
            given.add(codes["grant"])
        else:
            unnumbered[key].append(codes)
    return {
        pk
        for pk, some in grants.items()
        if any(str(one.pk) not in given and not _is_like(one, unnumbered[names[pk]]) for one in some)
    }


def _is_like(grant: RoleGrant, given: list[dict[str, Any]]) -> bool:
    """Whether a row from before the history named the grant itself is of one like this. A grant keeps its number when
    its account is joined with another; such a row stays under the name of the account that was."""
    return any(
        codes["starts"] == grant.starts.isoformat()
        and codes["region"] == (grant.region.slug if grant.region else "")
        and codes["category"] == (grant.category.slug if grant.category else "")
        for codes in given
    )


def _covers(grant: RoleGrant, region: int | None, category: int | None) -> bool:
    return grant.region_id in (None, region) and grant.category_id in (None, category)


def _opened(stage: Stage) -> dt.datetime:
    """When it really opened; a stage that was filled without an act opened at its date."""
    acts = HistoryRow.objects.filter(kind="stage", key=stage.key, verb="open").order_by("id")
    return acts.values_list("at", flat=True).first() or stage.opens_at
