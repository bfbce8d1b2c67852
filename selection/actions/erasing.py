"""What becomes of the selection when somebody is erased; called through ``common.registry``.

Marks, verdicts, outcomes and who had which task stay as rows without a name, so that a released cycle can still be
computed again. Free texts about an erased nominee go; those by an erased reviewer stay, without their name.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from common import history
from common.actor import Actor
from nominations.models import Nomination
from people.models import Person
from people.names import name_remover
from selection import states
from selection.models import (
    Assignment,
    BatchLine,
    Candidacy,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Expertise,
    Feedback,
    Override,
    RedactedDossier,
    ReleasedComment,
    Review,
    ReviewVersion,
    Score,
    TrainingAnswer,
)

ERASED = "…"  # where a rule asks for a reason: there was one
KINDS = ("candidacy", "assignment", "review", "override", "decision")  # of history, under a candidacy's key


def erase_person_from_selection(person: Person, *, by: Actor | None = None) -> None:
    """Registered for erasures, after the cases of the person have ended."""
    _erase_texts(Candidacy.objects.filter(nomination__nominee=person), _remover(person))
    _erase_as_reviewer(person, by=by)
    Expertise.objects.filter(person=person).delete()
    TrainingAnswer.objects.filter(person=person).delete()


def erase_texts_of_case(nomination: Nomination) -> None:
    """Registered for cases whose time to be kept is over, while the nominee is still known."""
    if nomination.nominee is not None:
        candidacies = Candidacy.objects.filter(nomination=nomination)
        _erase_texts(candidacies, _remover(nomination.nominee))


def _remover(person: Person) -> Callable[[str], str]:
    return name_remover(person, person.addresses.values_list("email", flat=True))


def _erase_texts(cases: QuerySet[Candidacy], remove: Callable[[str], str]) -> None:
    """Everything that was written about these cases of one nominee."""
    for kind in KINDS:
        history.forget_texts(kind, cases.values_list("key", flat=True))
    reviews = Review.objects.filter(assignment__candidacy__in=cases)
    reviews.update(comment="", draft={})
    Score.objects.filter(review__in=reviews).exclude(reason="").update(reason="")
    for version in ReviewVersion.objects.filter(review__in=reviews):
        version.content, version.reason = without_texts(version.content), ""
        version.save(update_fields=["content", "reason"])
    RedactedDossier.objects.filter(nomination__in=cases.values("nomination")).delete()
    DiscussionPost.objects.filter(candidacy__in=cases).delete()
    ReleasedComment.objects.filter(decision__candidacy__in=cases).delete()
    Feedback.objects.filter(decision__candidacy__in=cases).delete()
    Override.objects.filter(candidacy__in=cases).update(reason=ERASED)
    Decision.objects.filter(candidacy__in=cases).exclude(reason="").update(reason=ERASED)
    _erase_from_batches(cases, remove)


def _erase_from_batches(cases: QuerySet[Candidacy], remove: Callable[[str], str]) -> None:
    """A reason that was written for this case alone goes; one for many cases loses the name."""
    BatchLine.objects.filter(candidacy__in=cases).exclude(reason_before="").update(reason_before=ERASED)
    batches = DecisionBatch.objects.filter(lines__candidacy__in=cases).exclude(reason="")
    shared = BatchLine.objects.exclude(candidacy__in=cases).values("batch")
    DecisionBatch.objects.filter(pk__in=batches.exclude(pk__in=shared).values("pk")).update(reason=ERASED)
    _rewrite(batches.filter(pk__in=shared).distinct(), ("reason",), remove)


def _erase_as_reviewer(person: Person, *, by: Actor | None) -> None:
    """Open tasks end with their drafts, and somebody else can get them; what was handed in stays."""
    tasks = Assignment.objects.filter(reviewer=person)
    Review.objects.filter(assignment__in=tasks, state=states.REVIEW_DRAFT).delete()
    for task in tasks.select_for_update(of=("self",)).filter(state=states.ASSIGNED).order_by("pk"):
        task.state = states.RELEASED_FROM
        task.save(update_fields=["state"])
        history.record(
            "assignment", task.candidacy.key, "take_back", by=by, old=states.ASSIGNED, new=task.state,
            codes={"reviewer": person.key},
        )  # fmt: skip
    remove = _remover(person)
    _rewrite(Review.objects.filter(assignment__in=tasks), ("comment",), remove)
    _rewrite(Score.objects.filter(review__assignment__in=tasks), ("reason",), remove)
    _rewrite(ReviewVersion.objects.filter(review__assignment__in=tasks), ("content", "reason"), remove)
    _rewrite(ReleasedComment.objects.filter(review__assignment__in=tasks), ("text",), remove)
    _rewrite(Override.objects.filter(member=person), ("reason",), remove)
    _rewrite(Decision.objects.filter(decided_by=person), ("reason",), remove)
    _rewrite(DiscussionPost.objects.filter(author=person), ("text",), remove)
    _rewrite(DecisionBatch.objects.filter(made_by=person), ("reason",), remove)
    _rewrite(BatchLine.objects.filter(decided_by_before=person), ("reason_before",), remove)


def _rewrite(rows: Any, fields: Iterable[str], remove: Callable[[str], str]) -> None:
    for row in rows:
        for field in fields:
            setattr(row, field, _in_all_texts(getattr(row, field), remove))
        row.save(update_fields=list(fields))


def without_texts(content: dict[str, Any]) -> dict[str, Any]:
    """A kept version with its marks and without its words."""
    marks = {code: {**mark, "reason": ""} for code, mark in content.get("marks", {}).items()}
    return {**content, "comment": ""} | ({"marks": marks} if marks else {})


def _in_all_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _in_all_texts(inside, change) for name, inside in value.items()}
    return [_in_all_texts(inside, change) for inside in value] if isinstance(value, list) else value
