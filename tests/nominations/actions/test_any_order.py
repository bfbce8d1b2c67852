"""Whatever people press in whatever order: every move is one of the rule book, and history is a chain."""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import RuleBroken
from common.models import HistoryRow
from nominations import states
from nominations.models import Nomination
from tests.cast import Cast, House
from tests.nominations.actions.test_moves import ALLOWED, act


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from([*ALLOWED, "pick"]), max_size=8))
def test_history_is_a_chain_of_allowed_moves(
    invited: Nomination, cast: Cast, house: House, names: list[str]
) -> None:
    from nominations import actions
    from tests.factories import ContributionFactory

    point = transaction.savepoint()
    more: dict[str, Callable[[], object]] = {
        "pick": lambda: actions.pick_contributions(
            invited, keys=[ContributionFactory(person=cast.nominee).key], by=cast.nominee.user
        )
    }
    try:
        for name in names:
            with suppress(RuleBroken):
                more[name]() if name in more else act(name, invited, cast, house)
        rows = HistoryRow.objects.filter(kind="nomination", key=invited.key).exclude(new_state="")
        moves = list(rows.order_by("pk").values_list("old_state", "new_state"))
        assert all(new in states.MOVES[old] for old, new in moves)
        assert [old for old, _new in moves[1:]] == [new for _old, new in moves[:-1]]
        invited.refresh_from_db()
        assert invited.state == moves[-1][1]
    finally:
        transaction.savepoint_rollback(point)
