"""Tables of counts in which nobody can be found: groups under a size are put together. Pure.

Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: cells below a threshold are unsafe, and one
of them alone could be had by subtraction from the total. Cells are not left empty here but joined ("others"), so that
every row and the total can be shown and nothing is left to subtract.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Group:
    """``cases`` of a group and how many of them were ``awarded``, which is public. ``joined``: how many groups it is."""

    name: str
    cases: int
    awarded: int = 0
    joined: int = 1

    def is_safe(self, least: int) -> bool:
        """Large enough, and those without an award too: none of them or enough."""
        without = self.cases - self.awarded
        return self.cases >= least and (without == 0 or without >= least)


def safe_groups(groups: Iterable[Group], *, others: str, least: int = LEAST) -> list[Group]:
    """The groups from the largest on, the unsafe ones as one called ``others``; nothing where even all are too few.

    Where the joined one is unsafe still, or is one group alone under another name, the smallest safe one joins it.
    """
    left = sorted((one for one in groups if one.cases), key=lambda one: (-one.cases, one.name))
    small = [one for one in left if not one.is_safe(least)]
    safe = [one for one in left if one.is_safe(least)]
    while small and safe and (len(small) == 1 or not _joined(small, others).is_safe(least)):
        small.append(safe.pop())
    if not small:
        return safe
    together = _joined(small, others)
    return [*safe, together] if together.is_safe(least) else []


def may_follow(before: list[Group], now: list[Group], *, least: int = LEAST) -> bool:
    """May a table be published where another one was, so that whoever keeps both learns nothing by subtracting them?

    No cell may change by fewer than ``least``, nor may their sum: the total is shown beside them. A group that stands in one
    table alone had no cases in the other one only where nothing is joined there; else what is joined could be taken apart.
    """
    if not before:
        return True
    then, today = ({one.name: one for one in table} for table in (before, now))
    if then.keys() != today.keys() and any(one.joined > 1 for one in (*before, *now)):
        return False
    names = then.keys() | today.keys()
    both = [(then.get(name) or Group(name, 0), today.get(name) or Group(name, 0)) for name in names]
    return bool(now) and all(
        _tells_nothing(*pair, least) for pair in [*both, (_joined(before, ""), _joined(now, ""))]
    )


def _tells_nothing(before: Group, now: Group, least: int) -> bool:
    """Each part of the group is what it was, or another by enough cases."""
    cases, awarded = now.cases - before.cases, now.awarded - before.awarded
    return all(change == 0 or abs(change) >= least for change in (cases, awarded, cases - awarded))


def _joined(groups: list[Group], name: str) -> Group:
    cases, awarded = sum(one.cases for one in groups), sum(one.awarded for one in groups)
    return Group(name, cases, awarded, len(groups))
