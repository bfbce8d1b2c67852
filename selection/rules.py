"""The settings of each kind of stage: the keys of ``Stage.rule``, what they may be, and what they are by default.

Pure: no Django, no database. ``parse`` makes a rule of what is stored and refuses what it does not know;
``problems`` says in codes what is wrong with it; ``dump`` is the way back, and ``parse(kind, dump(rule)) == rule``.
"""

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any

SCREEN, SCORE, VOTE, COUNCIL = "screen", "score", "vote", "council"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one key: ``unknown``, ``choice``, ``number``, ``range``, ``flag`` or ``group``.

    ``known``: the keys or choices there are; ``least`` and ``most``: the range.
    """

    code: str
    key: str = ""
    known: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None


class RuleWrong(ValueError):
    """A stored rule cannot be used; ``problems`` says why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(", ".join(f"{one.key}: {one.code}" for one in found))
        self.problems = found


def _choice(*choices: str) -> Any:
    """The first is the default."""
    return field(default=choices[0], metadata={"choices": choices})


def _number(default: int, least: int, most: int) -> Any:
    return field(default=default, metadata={"least": Decimal(least), "most": Decimal(most)})


def _flag(default: bool) -> Any:
    return field(default=default, metadata={"flag": True})


@dataclass(frozen=True)
class ScreenRule:
    """Pass, fail or unsure. ``tie``: who decides as many passes as fails, the office or the benefit of the doubt."""

    advance: str = _choice("majority")
    tie: str = _choice("office", "forward")


@dataclass(frozen=True)
class ScoreRule:
    """Marks by a rubric.

    ``advance``: the rank alone, or only for cases to which each reviewer gave a weighted mean of ``threshold`` or
    more. ``rank_by``: the mean, or the calibrated score. ``reserve``: so many after the last place. ``capacity``:
    cases of one reviewer, ``top_up_capacity`` more in the top-up, which gives ``top_up_reviews`` more reviews to
    the ``top_up_share`` percent of cases nearest the line. ``experts`` and ``outsiders``: at least so many of each
    on a case. ``refill``: whether the system finds a substitute at once or the chair does.
    """

    advance: str = _choice("rank_by_mean", "threshold")
    rank_by: str = _choice("mean", "calibrated")
    threshold: Decimal = field(
        default=Decimal(3), metadata={"least": Decimal(1), "most": Decimal(5), "exact": True}
    )
    tie: str = _choice("office")
    reserve: int = _number(0, 0, 1000)
    capacity: int = _number(12, 1, 1000)
    top_up_capacity: int = _number(4, 0, 1000)
    top_up_share: int = _number(25, 0, 100)
    top_up_reviews: int = _number(2, 0, 10)
    experts: int = _number(1, 0, 10)
    outsiders: int = _number(1, 0, 10)
    refill: str = _choice("at_once", "chair")


@dataclass(frozen=True)
class VoteRule:
    """+1, 0 or −1.

    ``advance``: a *ballot* (``reject`` times −1 refuse, else ``accept`` times +1 accept) or a *majority* (more than
    ``share`` percent of +1 and −1, with at least ``quorum`` votes of any kind). ``rounds``: in how many cycles a case
    without success is voted on before it is "not this time"; 1 for no second round.
    """

    advance: str = _choice("ballot", "majority")
    accept: int = _number(3, 1, 1000)
    reject: int = _number(2, 1, 1000)
    minus_needs_reason: bool = _flag(True)
    share: int = _number(50, 50, 99)
    quorum: int = _number(3, 1, 1000)
    rounds: int = _number(1, 1, 20)


@dataclass(frozen=True)
class CouncilRule:
    """The proposal stands unless a member overrides it with a reason."""

    advance: str = _choice("agree_or_override")


AnyRule = ScreenRule | ScoreRule | VoteRule | CouncilRule
KINDS: dict[str, type[AnyRule]] = {
    SCREEN: ScreenRule,
    SCORE: ScoreRule,
    VOTE: VoteRule,
    COUNCIL: CouncilRule,
}


def parse(kind: str, data: Any) -> Any:
    """The rule of a stage of this kind; missing keys have their defaults. Raises ``RuleWrong``."""
    found = problems(kind, data)
    if found:
        raise RuleWrong(found)
    return KINDS[kind](**{one.name: _value(one, data) for one in fields(KINDS[kind])})


def screen_rule(data: Any) -> ScreenRule:
    rule: ScreenRule = parse(SCREEN, data)
    return rule


def score_rule(data: Any) -> ScoreRule:
    rule: ScoreRule = parse(SCORE, data)
    return rule


def vote_rule(data: Any) -> VoteRule:
    rule: VoteRule = parse(VOTE, data)
    return rule


def problems(kind: str, data: Any) -> list[Problem]:
    """Everything that is wrong with a stored rule, key by key; nothing for one that can be used."""
    if not isinstance(data, Mapping):
        return [Problem("group")]
    known = {one.name: one for one in fields(KINDS[kind])}
    found = [Problem("unknown", str(key), tuple(known)) for key in data if key not in known]
    for key, one in known.items():
        if key in data and (problem := _problem(one, data[key])) is not None:
            found.append(problem)
    return found


def dump(rule: AnyRule) -> dict[str, Any]:
    """The rule as plain data for ``Stage.rule``, every key spelt out."""
    return {key: _plain(value) for key, value in asdict(rule).items()}


def _plain(value: Any) -> Any:
    """Exact numbers as whole ones or as text, so that JSON keeps them exactly."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return value


def _problem(one: "Field[Any]", value: Any) -> Problem | None:
    limits = one.metadata
    if "choices" in limits:
        return None if value in limits["choices"] else Problem("choice", one.name, limits["choices"])
    if "flag" in limits:
        return None if isinstance(value, bool) else Problem("flag", one.name)
    number = _exact_of(value) if "exact" in limits else _whole_of(value)
    least, most = limits["least"], limits["most"]
    if number is None:
        return Problem("number", one.name, least=least, most=most)
    if not least <= number <= most:
        return Problem("range", one.name, least=least, most=most)
    return None


def _value(one: "Field[Any]", data: Mapping[str, Any]) -> Any:
    if one.name not in data:
        return one.default
    return _exact_of(data[one.name]) if "exact" in one.metadata else data[one.name]


def _whole_of(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _exact_of(value: Any) -> Decimal | None:
    """A number with at most four decimals; a float counts as what it prints."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -4 else None
