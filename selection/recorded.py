"""What was recorded of a closed selection, as plain data: what a replay is computed from. Pure: no Django, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from selection import scoring


@dataclass(frozen=True)
class ReviewFacts:
    """A review that is in. ``marks``: weight and mark of each criterion that has a score, ``None`` for "n/a".

    ``counts``: its author had the task and no tie when the stage closed. ``criteria``: how many there are.
    """

    reviewer: str
    counts: bool = True
    marks: tuple[tuple[int, int | None], ...] = ()
    criteria: int = 0
    total: Decimal | None = None
    verdict: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class AwardFacts:
    """Whose award, for which area, cycle and first year, under which key."""

    key: str
    person: int
    area: int
    cycle: int | None
    first_year: int


@dataclass(frozen=True)
class DecisionFacts:
    """The outcome as stored. ``released``: it is visible; ``place`` is the one on the reserve."""

    outcome: str
    proposed: str = ""
    place: int | None = None
    released: bool = False
    order: int = 0  # of several decisions of a case, the highest was made last
    award: AwardFacts | None = None


@dataclass(frozen=True)
class CandidacyFacts:
    """One case in one stage and round: what was recorded of it, and what the stage stored.

    ``took_part``: it was in the stage when the rule was applied. ``resolved``: what the office said after that
    of a case that the rule left open. ``on_board``: what the chair proposed instead, undone decisions aside, and
    ``reserve_order`` the place on the reserve that the chair gave. ``later``: made after the release, for a
    place on the reserve or a second look; ``again``: what the office then decided; ``read_anew``: after reviews
    of its own. ``closed_mean`` and ``closed_as``: the mean and the outcome that the sealed history noted at the close.
    """

    key: str
    case: str
    round: int = 1
    group: int | None = None
    took_part: bool = True
    reviews: tuple[ReviewFacts, ...] = ()
    overrides: tuple[str, ...] = ()
    resolved: str = ""
    on_board: str = ""
    reserve_order: int | None = None
    later: bool = False
    again: str = ""
    read_anew: bool = False
    closed_mean: str = ""
    closed_as: str | None = None
    state: str = ""
    by_rule: str = ""
    proposed: str = ""
    rank: int | None = None
    summary: scoring.Summary = field(default_factory=scoring.Summary)
    decision: DecisionFacts | None = None


@dataclass(frozen=True)
class DrawFacts:
    """A draw between equals, by the key of each case: position and digest as stored."""

    seed: str
    drawn: Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class StageFacts:
    """A closed stage. ``rule`` and ``places`` (category → number) are those of the protocol; ``following`` is the
    kind of the next stage, empty for the last."""

    number: int
    kind: str
    rule: Mapping[str, Any]
    places: Mapping[int | None, int]
    following: str
    candidacies: tuple[CandidacyFacts, ...]
    seed: str = ""
    draws: tuple[DrawFacts, ...] = ()


@dataclass(frozen=True)
class CaseFacts:
    """A nomination. ``holds_for_good``: the nominee holds the area without an end, and needs no other award;
    ``is_shell``: whose it was is erased, and a place on the reserve went with it."""

    key: str
    state: str
    nominee: int | None
    area: int | None
    holds_for_good: bool = False
    is_shell: bool = False


@dataclass(frozen=True)
class CycleFacts:
    """A cycle with its closed stages in order. ``awards``: all that name this cycle as theirs. ``unpublished``: what
    of its rules is not as the protocol has it."""

    cycle: int
    award_year: int
    is_released: bool
    stages: tuple[StageFacts, ...]
    cases: Mapping[str, CaseFacts]
    awards: tuple[AwardFacts, ...] = ()
    unpublished: tuple["Difference", ...] = ()


@dataclass(frozen=True)
class Difference:
    """A figure that is stored otherwise than it comes out. ``key``: of the candidacy, of an award of nobody, or of
    the cycle or stage whose rule it is."""

    case: str
    key: str
    stage: int
    what: str
    stored: object
    computed: object
