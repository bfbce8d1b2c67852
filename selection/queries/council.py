"""What the council is shown: each case with the outcome that the stage before proposed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from awards.models import Award
from nominations.models import Nomination
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Decision, Override, Stage
from selection.queries.numbers import Scored, scores_before
from selection.queries.work import Choice, cases_to_work_on

ROWS = 50
ORDER = (states.AWARD, states.RESERVE, states.NOT_THIS_TIME)
OVERRIDDEN = "overridden"


@dataclass(frozen=True)
class Proposal:
    """One case before the council, as one member sees it."""

    candidacy: Candidacy
    case: Nomination
    proposed: str
    label: str
    award_years: int
    own: Override | None
    others: list[Override]
    scored: Scored | None


@dataclass(frozen=True)
class Council:
    """A page of proposals, in the order of outcome and mean."""

    stage: Stage
    page: Page[Any]
    proposals: list[Proposal]
    show: str
    choices: list[Choice]
    total: int
    own_overrides: int
    all_overrides: int

    @property
    def shows_scores(self) -> bool:
        """Whether a case of this page has a plot."""
        return any(one.scored for one in self.proposals)

    @property
    def shows_model(self) -> bool:
        """Whether one has a calibrated score."""
        return any(one.scored and one.scored.score is not None for one in self.proposals)


def council_of(user: Any, stage: Stage, *, show: str, page: str) -> Council:
    """Everything that the page shows, in a fixed number of statements."""
    cases = cases_to_work_on(user).filter(stage=stage)
    counts = Counter(dict(cases.order_by().values_list("proposed").annotate(count=Count("pk"))))
    standing = Override.objects.filter(candidacy__in=cases, withdrawn_at=None)
    overrides = standing.aggregate(
        all=Count("candidacy", distinct=True),
        own=Count("candidacy", distinct=True, filter=Q(member=person_of(user))),
    )
    listed = Paginator(_shown(cases, show), ROWS).get_page(page)
    return Council(
        stage=stage,
        page=listed,
        proposals=_proposals(user, stage, list(listed.object_list)),
        show=show,
        choices=_choices(counts, overrides["all"]),
        total=sum(counts.values()),
        own_overrides=overrides["own"],
        all_overrides=overrides["all"],
    )


def proposal_of(user: Any, candidacy: Candidacy) -> Proposal:
    """One case before the council."""
    rows = Candidacy.objects.filter(pk=candidacy.pk)
    return _proposals(user, candidacy.stage, list(_with_parts(rows)))[0]


def _shown(cases: QuerySet[Candidacy], show: str) -> QuerySet[Candidacy]:
    if show == OVERRIDDEN:
        cases = cases.filter(overrides__withdrawn_at=None, overrides__isnull=False).distinct()
    elif show in ORDER:
        cases = cases.filter(proposed=show)
    place = Case(
        *(When(proposed=outcome, then=Value(place)) for place, outcome in enumerate(ORDER)),
        default=Value(len(ORDER)),
        output_field=IntegerField(),
    )
    return _with_parts(cases).alias(place=place).order_by("place", "rank", "key")


def _with_parts(cases: QuerySet[Candidacy]) -> QuerySet[Candidacy]:
    standing = Override.objects.filter(withdrawn_at=None).select_related("member")
    return cases.select_related("nomination__nominee", "nomination__category").prefetch_related(
        Prefetch("overrides", standing)
    )


def _choices(counts: Counter[str], overridden: int) -> list[Choice]:
    labels = dict(Decision.Outcome.choices)
    return [
        Choice("", _("All proposals"), sum(counts.values())),
        *(Choice(outcome, str(labels[outcome]).capitalize(), counts[outcome]) for outcome in ORDER),
        Choice(OVERRIDDEN, _("Overridden"), overridden),
    ]


def _proposals(user: Any, stage: Stage, candidacies: list[Candidacy]) -> list[Proposal]:
    person = person_of(user)
    scored = scores_before(user, stage, [one.nomination_id for one in candidacies])
    years = award_years({one.nomination.nominee_id for one in candidacies})
    labels = dict(Decision.Outcome.choices)
    return [
        Proposal(
            candidacy=one,
            case=one.nomination,
            proposed=one.proposed,
            label=str(labels.get(one.proposed, _("no proposal"))),
            award_years=years.get(one.nomination.nominee_id, 0),
            own=next((o for o in one.overrides.all() if person and o.member_id == person.pk), None),
            others=[o for o in one.overrides.all() if not person or o.member_id != person.pk],
            scored=scored.get(one.nomination_id),
        )
        for one in candidacies
    ]


def award_years(people: set[int | None]) -> dict[int | None, int]:
    """Person → how many award years they have."""
    rows = Award.objects.filter(person__in=[pk for pk in people if pk is not None]).values_list("person_id")
    return dict(rows.annotate(count=Count("first_year", distinct=True)))
