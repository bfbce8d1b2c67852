"""What others handed in about a case, and its discussion: under letters, and nothing before one's own review is in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role
from common.keys import keyed_digest
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, DiscussionPost, Review, ReviewVersion
from selection.queries.cases import own_is_missing, own_tasks_on
from selection.queries.dossier import leads_case

LEAST = 2  # reviews: nobody discusses alone


@dataclass(frozen=True)
class Change:
    """Marks, or a vote, that changed after they were in: criterion, before, after; and why."""

    marks: list[tuple[str, str, str]]
    reason: str


@dataclass(frozen=True)
class OtherReview:
    """Somebody else's review, under a letter, or a name where the reader may know it."""

    by: str
    review: Review
    changes: list[Change]


def other_reviews(user: Any, candidacy: Candidacy) -> list[OtherReview]:
    """What others handed in; nothing while one's own is missing. Their number is not shown either.

    Before the discussion opens nobody has a letter, and the order says nothing.
    """
    if own_is_missing(user, candidacy):
        return []
    reviews = list(
        Review.objects.filter(
            assignment__candidacy=candidacy, assignment__state=states.DONE, state=states.REVIEW_SUBMITTED
        )
        .exclude(assignment__reviewer=person_of(user))
        .select_related("assignment__reviewer")
        .prefetch_related("scores__criterion")
    )
    named = names_reviewers(user, candidacy)
    reviews.sort(
        key=lambda one: (len(one.assignment.letter), one.assignment.letter, place_of(one.assignment))
    )
    changes = changes_of(reviews)
    return [OtherReview(_by(one.assignment, named=named), one, changes[one.pk]) for one in reviews]


def names_reviewers(user: Any, candidacy: Candidacy) -> bool:
    """Whether this user may know who said what: not in a stage that hides names, unless they lead the case and do
    not review it."""
    return not candidacy.stage.hide_reviewer_names or leads_case(user, candidacy)


def place_of(assignment: Assignment) -> str:
    """Where a reviewer stands in the order of a case: a keyed digest, so that it says nothing."""
    return keyed_digest("reviewer", f"{assignment.candidacy_id}:{assignment.reviewer_id}")


def letter_at(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _by(assignment: Assignment, *, named: bool) -> str:
    letter = (
        _("Reviewer %(letter)s") % {"letter": assignment.letter}
        if assignment.letter
        else _("Another reviewer")
    )
    if not named:
        return letter
    person = assignment.reviewer
    more = ", ".join(part for part in (person.latin_name, letter if assignment.letter else "") if part)
    return f"{person.name} ({more})" if more else person.name


def changes_of(reviews: Iterable[Review]) -> dict[int, list[Change]]:
    """Review → the changes that were given a reason, oldest first, each against the version before it."""
    versions: dict[int, list[ReviewVersion]] = defaultdict(list)
    for one in ReviewVersion.objects.filter(review__in=list(reviews)).order_by("review", "version"):
        versions[one.review_id].append(one)
    return {
        review.pk: [
            Change(_differing(before.content, after.content), after.reason)
            for before, after in zip(versions[review.pk], versions[review.pk][1:], strict=False)
            if after.reason
        ]
        for review in reviews
    }


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    if "verdict" in after:
        labels = dict(Review.Verdict.choices)
        said = [str(labels.get(one.get("verdict", ""), "–")) for one in (before, after)]
        return [(_("vote"), said[0], said[1])]
    old, new = before.get("marks", {}), after.get("marks", {})
    return [
        (code, _mark(old.get(code)), _mark(new.get(code)))
        for code in new
        if _mark(old.get(code)) != _mark(new.get(code))
    ]


def _mark(mark: dict[str, Any] | None) -> str:
    if not mark:
        return "–"
    return _("n/a") if mark.get("not_applicable") else str(mark.get("mark") or "–")


@dataclass(frozen=True)
class Post:
    """One contribution as the reader sees it."""

    pk: int
    by: str
    is_own: bool
    text: str
    made_at: Any
    is_withdrawn: bool


@dataclass(frozen=True)
class Discussion:
    """An open discussion. ``own`` is the name under which the reader takes part; empty for who only reads."""

    own: str
    posts: list[Post]
    takes_posts: bool


def discussion_for(user: Any, candidacy: Candidacy) -> Discussion | None:
    """The discussion of a case, once it is open and this user's own review is in; for reviewers, chair and office."""
    own = own_tasks_on(candidacy, person_of(user))
    leads = leads_case(user, candidacy)
    if own_is_missing(user, candidacy) or not (own or leads) or not is_open(candidacy):
        return None
    person, named = person_of(user), names_reviewers(user, candidacy)
    posts = DiscussionPost.objects.filter(candidacy=candidacy).select_related(
        "assignment__reviewer", "author"
    )
    return Discussion(
        own=_own_name(user, candidacy, own),
        posts=[
            Post(
                one.pk,
                _by(one.assignment, named=named) if one.assignment else _("Chair"),
                person is not None and one.author_id == person.pk,
                one.text,
                one.made_at,
                one.withdrawn_at is not None,
            )
            for one in posts
        ],
        takes_posts=candidacy.is_running(),
    )


def is_open(candidacy: Candidacy) -> bool:
    """Whether the discussion of a case has begun: its reviewers have their letters."""
    return candidacy.assignments.exclude(letter="").exists()


def _own_name(user: Any, candidacy: Candidacy, own: list[Assignment]) -> str:
    if own:
        return _("Reviewer %(letter)s") % {"letter": own[0].letter} if own[0].letter else ""
    return _("Chair") if is_chair(user, candidacy) else ""


def is_chair(user: Any, candidacy: Candidacy) -> bool:
    """Whether this user chairs the category of a case that they do not review."""
    category = candidacy.nomination.category_id
    leads = category is not None and user.holds(Role.TECHNOLOGY_LEAD, category=category)
    return leads and not own_tasks_on(candidacy, person_of(user))
