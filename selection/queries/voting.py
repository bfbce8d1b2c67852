"""The ballot of a vote: a page of cases, each with what a voter needs for one key."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common.models import HistoryRow
from nominations.models import Conflict, Nomination, Support
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Review, ReviewVersion, Stage
from selection.queries.work import UNJUDGED, Choice, cases_shown, cases_to_work_on

ROWS = 50
VERDICTS = (Review.Verdict.PLUS, Review.Verdict.NEUTRAL, Review.Verdict.MINUS)


@dataclass(frozen=True)
class VoteRow:
    """One case. ``tally`` is what all voters said, empty as long as this voter may not know.

    ``was_in``: this voter's vote was in once, so that another one needs a reason. In a stage that hides the nominee
    the row has neither name nor country nor statement.
    """

    candidacy: Candidacy
    case: Nomination
    title: str
    latin: str
    country: str
    statement: str
    verdict: str
    was_in: bool
    has_task: bool
    comment: str
    tally: list[tuple[str, int]]


@dataclass(frozen=True)
class Ballot:
    """A page of the list with its counts, all of them over the reader's own votes."""

    stage: Stage
    page: Page[Any]
    rows: list[VoteRow]
    total: int
    done: int
    counts: dict[str, int]
    show: str
    choices: list[Choice]
    last: VoteRow | None


def ballot_of(user: Any, stage: Stage, *, show: str, page: str, last: str) -> Ballot:
    """Everything that the page shows, in a fixed number of statements."""
    cases = _own_votes(user, cases_to_work_on(user).filter(stage=stage))
    counts = Counter(dict(cases.order_by().values_list("verdict").annotate(count=Count("pk"))))
    total = sum(counts.values())
    shown = cases_shown(cases, show, verdicts=VERDICTS).select_related("nomination__nominee")
    listed = Paginator(shown.order_by("pk"), ROWS).get_page(page)
    undo = cases.filter(key=last).exclude(verdict="").select_related("nomination__nominee").first()
    rows = _rows([*listed.object_list, *([undo] if undo else [])], stage)
    return Ballot(
        stage=stage,
        page=listed,
        rows=rows[: len(listed.object_list)],
        total=total,
        done=total - counts[""],
        counts={verdict: counts[verdict] for verdict in VERDICTS},
        show=show,
        choices=_choices(counts, total, stage),
        last=rows[-1] if undo else None,
    )


def next_to_vote_on(user: Any, candidacy: Candidacy) -> Candidacy | None:
    """The next case of the stage without this user's vote, in the order of the list."""
    cases = _own_votes(user, cases_to_work_on(user).filter(stage=candidacy.stage_id))
    return cases.filter(verdict="", pk__gt=candidacy.pk).order_by("pk").first()


def _own_votes(user: Any, cases: QuerySet[Candidacy]) -> QuerySet[Any]:
    """Annotate ``verdict`` and ``comment``: what this user said, empty for nothing yet."""
    own = Review.objects.filter(
        assignment__candidacy=OuterRef("pk"),
        assignment__reviewer=person_of(user),
        assignment__state=states.DONE,
    )
    tasks = Assignment.objects.filter(
        candidacy=OuterRef("pk"), reviewer=person_of(user), state__in=(states.ASSIGNED, states.DONE)
    )
    before = ReviewVersion.objects.filter(
        review__assignment__candidacy=OuterRef("pk"), review__assignment__reviewer=person_of(user)
    )
    return cases.annotate(
        verdict=Coalesce(Subquery(own.values("verdict")[:1]), Value("")),
        comment=Coalesce(Subquery(own.values("comment")[:1]), Value(""), output_field=TextField()),
        was_in=Exists(before),
        has_task=Exists(tasks),
    )


def tells_why(stage: Stage) -> bool:
    """Whether an answer that changes needs a reason: in a vote, since whoever has voted is shown how others did; in a
    screen, once it had closed and was counted."""
    if stage.kind == Stage.Kind.VOTE:
        return True
    return HistoryRow.objects.filter(kind="stage", key=stage.key, verb="reopen").exists()


def _choices(counts: Counter[str], total: int, stage: Stage) -> list[Choice]:
    to_do = _("To do") if stage.is_running() else _("Without a vote of yours")
    return [
        Choice("", _("In order received"), total),
        Choice(UNJUDGED, to_do, counts[""]),
        *(Choice(one, str(one.label), counts[one]) for one in VERDICTS),
    ]


def _rows(candidacies: list[Any], stage: Stage) -> list[VoteRow]:
    known = [one.pk for one in candidacies if one.verdict or not stage.hide_others_until_own]
    tallies = _tallies(known)
    statements = {} if stage.hide_nominee else _statements([one.nomination_id for one in candidacies])
    return [
        _row(one, stage, statements.get(one.nomination_id, ""), tallies.get(one.pk)) for one in candidacies
    ]


def _row(one: Any, stage: Stage, statement: str, tally: Counter[str] | None) -> VoteRow:
    case, hidden = one.nomination, stage.hide_nominee
    return VoteRow(
        candidacy=one,
        case=case,
        title=_("Candidate %(key)s") % {"key": one.key} if hidden else case.nominee_name,
        latin="" if hidden or case.nominee is None else case.nominee.latin_name,
        country="" if hidden else str(case.country.name),
        statement=statement,
        verdict=one.verdict,
        was_in=one.was_in,
        has_task=one.has_task,
        comment=one.comment,
        tally=[(str(verdict.label), tally[verdict]) for verdict in VERDICTS] if tally else [],
    )


def _tallies(candidacies: Iterable[int]) -> dict[int, Counter[str]]:
    """Candidacy → votes that count, by verdict."""
    ties = Conflict.objects.filter(
        nomination=OuterRef("assignment__candidacy__nomination"),
        person=OuterRef("assignment__reviewer"),
        strength=Conflict.Strength.HARD,
    )
    votes = Review.objects.filter(
        ~Exists(ties),
        assignment__candidacy__in=list(candidacies),
        assignment__state=states.DONE,
        state=states.REVIEW_SUBMITTED,
    )
    found: dict[int, Counter[str]] = {}
    rows = votes.order_by().values_list("assignment__candidacy_id", "verdict").annotate(count=Count("pk"))
    for candidacy, verdict, count in rows:
        found.setdefault(candidacy, Counter())[verdict] = count
    return found


def _statements(cases: Iterable[int]) -> dict[int, str]:
    """Case → what its first nominator wrote."""
    rows = (
        Support.objects.filter(nomination__in=cases, declined_at=None)
        .exclude(kind=Support.Kind.ENDORSER)
        .order_by("nomination_id", "pk")
        .distinct("nomination_id")
    )
    return dict(rows.values_list("nomination_id", "statement"))
