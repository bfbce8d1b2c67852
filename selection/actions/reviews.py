"""What a reviewer says: drafts, marks handed in, verdicts of a screen; and taking them back while the stage runs."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import ReasonCode
from common import clock, history, prepared
from common.errors import Outdated, RuleBroken
from common.joined import Joined
from people.models import Person
from selection import rules, scoring, states
from selection.actions.copies import refuse_unchecked
from selection.actions.discussion import open_discussion
from selection.actions.locks import (
    acting_person,
    hold_stage,
    lock_candidacy,
    moment,
    refuse_tie,
    refuse_unless_running,
)
from selection.actions.means import store_summary
from selection.actions.training import refuse_untrained
from selection.models import Assignment, Candidacy, Criterion, Review, ReviewVersion, Rubric, Score, Stage
from selection.queries.workbench import criteria_of, is_frozen, was_in
from selection.sentences import words_of_choice, words_of_flaw

VERDICTS: dict[str, tuple[str, ...]] = {
    Stage.Kind.SCREEN: (Review.Verdict.PASS, Review.Verdict.FAIL, Review.Verdict.UNSURE),
    Stage.Kind.VOTE: (Review.Verdict.PLUS, Review.Verdict.NEUTRAL, Review.Verdict.MINUS),
}


class ReviewOutdated(Outdated):
    """Another browser saved this review after the page was drawn; ``saved`` is what it holds now."""

    def __init__(self, saved: Review) -> None:
        super().__init__(_("You saved this review in another window after this page was opened."))
        self.saved = saved


class ReviewIncomplete(RuleBroken):
    """The review cannot be handed in yet; ``flaws`` says why, one by one."""

    def __init__(self, flaws: list[scoring.Flaw], rubric: Rubric | None) -> None:
        super().__init__(" ".join(dict.fromkeys(words_of_flaw(flaw, rubric) for flaw in flaws)))
        self.flaws = flaws


@transaction.atomic
def save_review(candidacy: Candidacy, *, by: User, answers: scoring.Answers, version: int) -> Review:
    """Keep a draft as typed. ``version`` is the one that the page was drawn with, 0 for none.

    Raises ``ReviewOutdated`` where another window saved later; the draft of that window stays.
    """
    stage, assignment = _own_task(candidacy, by)
    if assignment.state == states.DONE:
        raise Outdated(_("This review is in. Open it again to change it."))
    review = _lock_review(assignment)
    typed = draft_of(answers)
    if review is not None and review.draft == typed:
        return review
    _refuse_older(review, version)
    if review is None:
        refuse_untrained(stage, assignment.reviewer)
    refuse_unchecked(candidacy, stage)
    review = review or Review(assignment=assignment, version=0)
    review.draft, review.saved_at, review.version = typed, clock.now(), review.version + 1
    review.save(update_fields=["draft", "saved_at", "version"] if review.pk else None)
    return review


@transaction.atomic
def submit_review(candidacy: Candidacy, *, by: User, answers: scoring.Answers, version: int) -> Review:
    """Hand in a review: marks become scores, the version is kept, the mean of the case moves.

    The same answers sent twice are handed in once. Raises ``ReviewIncomplete`` and ``ReviewOutdated``.
    """
    stage = hold_stage(candidacy.stage_id)
    candidacy = lock_candidacy(candidacy)
    candidacy.stage = stage
    _stage, assignment = _own_task(candidacy, by, stage=stage)
    review = _lock_review(assignment)
    typed = content_of(answers)
    if review is not None and assignment.state == states.DONE:
        if saved_content(review) == typed:
            return review
        raise Outdated(_("This review is in. Open it again to change it."))
    _refuse_older(review, version, unless=draft_of(answers))
    if review is None:
        refuse_untrained(stage, assignment.reviewer)
    refuse_unchecked(candidacy, stage)
    criteria = _criteria(stage)
    reason = _reason_of_change(review, typed, answers.change_reason, stage.rubric)
    _refuse_flaws(answers, criteria, stage.rubric)
    review = review or Review(assignment=assignment, version=0)
    now = clock.now()
    total = scoring.weighted_total((one.weight, answers.marks[one.code].value) for one in criteria)
    review.state, review.draft = states.REVIEW_SUBMITTED, {}
    review.comment, review.confidence = answers.comment, answers.confidence
    review.total, review.version = scoring.stored(total), review.version + 1
    review.saved_at = review.submitted_at = now
    review.save()
    review.scores.all().delete()
    Score.objects.bulk_create(
        Score(
            review=review,
            criterion=one,
            mark=answers.marks[one.code].value,
            reason=answers.marks[one.code].reason,
        )
        for one in criteria
    )
    _keep_version(review, typed, reason=reason)
    _finish(assignment)
    store_summary(candidacy)
    open_discussion(candidacy)
    _record(
        candidacy,
        "submit",
        by=by,
        old=states.REVIEW_DRAFT,
        new=states.REVIEW_SUBMITTED,
        version=review.version,
    )
    return review


@transaction.atomic
def reopen_review(candidacy: Candidacy, *, by: User) -> Review:
    """Take one's own review back to change it, while the stage takes reviews and before its top-up."""
    stage = hold_stage(candidacy.stage_id)
    candidacy = lock_candidacy(candidacy)
    candidacy.stage = stage
    _stage, assignment = _own_task(candidacy, by, stage=stage)
    if assignment.state != states.DONE:
        raise Outdated(_("This review is open already."))
    review = Review.objects.select_for_update().get(assignment=assignment)
    if stage.topped_up_at and is_frozen(review, stage):
        raise RuleBroken(
            _("More reviews were asked for on %(when)s. Those handed in before are final since then.")
            % {"when": moment(stage.topped_up_at)}
        )
    review.draft = saved_content(review) if stage.kind == Stage.Kind.SCORE else {}
    review.state, review.total, review.submitted_at = states.REVIEW_DRAFT, None, None
    review.verdict, review.reason_code = "", ""
    review.version, review.saved_at = review.version + 1, clock.now()
    review.save()
    review.scores.all().delete()
    assignment.state = states.ASSIGNED
    assignment.save(update_fields=["state"])
    store_summary(candidacy)
    _record(
        candidacy,
        "reopen",
        by=by,
        old=states.REVIEW_SUBMITTED,
        new=states.REVIEW_DRAFT,
        version=review.version,
    )
    return review


@transaction.atomic
def give_verdict(
    candidacy: Candidacy, *, by: User, verdict: str, reason_code: str = "", comment: str = ""
) -> Review:
    """Pass, fail or unsure in a screen; +1, 0 or −1 in a vote.

    It counts at once and may be changed until the stage closes; versions are kept. Who holds the stage's role for
    the case and has no task on it yet gets one.
    """
    if verdict not in VERDICTS.get(candidacy.stage.kind, ()):
        raise RuleBroken(words_of_choice(candidacy.stage.kind))
    reason_code = reason_code if verdict in (Review.Verdict.FAIL, Review.Verdict.MINUS) else ""
    _refuse_missing_reason(candidacy.stage, verdict, reason_code, comment)
    stage = hold_stage(candidacy.stage_id)
    candidacy = lock_candidacy(candidacy)
    _stage, assignment = _own_task(candidacy, by, stage=stage, make=True)
    if stage.kind == Stage.Kind.VOTE:
        refuse_unchecked(candidacy, stage)
    review = _lock_review(assignment)
    said = {"verdict": verdict, "reason_code": reason_code, "comment": comment}
    if review is not None and assignment.state == states.DONE and _said(review) == said:
        return review
    before = review.verdict if review else ""
    review = review or Review(assignment=assignment, version=0)
    review.state, review.verdict, review.reason_code = states.REVIEW_SUBMITTED, verdict, reason_code
    review.comment, review.version = comment, review.version + 1
    review.saved_at = review.submitted_at = clock.now()
    review.save()
    _keep_version(review, said)
    _finish(assignment)
    codes = {"verdict": verdict, "reason_code": reason_code, "before": before}
    _record(candidacy, "verdict", by=by, new=states.REVIEW_SUBMITTED, version=review.version, **codes)
    return review


def content_of(answers: scoring.Answers) -> dict[str, Any]:
    """A review as plain data, for the draft and the kept versions."""
    marks = {
        code: {"mark": mark.value, "not_applicable": mark.not_applicable, "reason": mark.reason}
        for code, mark in answers.marks.items()
    }
    return {"marks": marks, "comment": answers.comment, "confidence": answers.confidence}


def draft_of(answers: scoring.Answers) -> dict[str, Any]:
    """What is kept of a review that is not handed in: with the reason of a change, where there is one."""
    reason = {"change_reason": answers.change_reason} if answers.change_reason else {}
    return {**content_of(answers), **reason}


def saved_content(review: Review) -> dict[str, Any]:
    """What a review says now: its draft, or what was handed in."""
    if review.draft:
        return dict(review.draft)
    marks = {
        score.criterion.code: {
            "mark": score.mark,
            "not_applicable": score.mark is None,
            "reason": score.reason,
        }
        for score in review.scores.select_related("criterion")
    }
    return {"marks": marks, "comment": review.comment, "confidence": review.confidence}


def _own_task(
    candidacy: Candidacy, by: User, *, stage: Stage | None = None, make: bool = False
) -> tuple[Stage, Assignment]:
    """The running stage and the actor's own task in it, locked; ``make`` one where there is none."""
    person = acting_person(by)
    stage = stage or hold_stage(candidacy.stage_id)
    refuse_unless_running(stage, candidacy)
    assignment = _lock_task(candidacy, person)
    if assignment is None and make:
        assignment = _take_task(candidacy, stage, person, by)
    if assignment is None or assignment.state not in (states.ASSIGNED, states.DONE):
        raise RuleBroken(_("This case is not assigned to you."))
    return stage, assignment


TASK, REVIEW = Joined(task=Assignment), Joined(review=Review)
LOCK_TASK = f"""
    SELECT {TASK.columns}, candidacy.state, EXISTS (
        SELECT FROM nominations_conflict AS tie
        WHERE tie.nomination_id = candidacy.nomination_id AND tie.person_id = task.reviewer_id AND tie.strength = 'hard'
    )
    FROM selection_assignment AS task JOIN selection_candidacy AS candidacy ON candidacy.id = task.candidacy_id
    WHERE task.candidacy_id = %s AND task.reviewer_id = %s
    FOR UPDATE OF task
"""  # noqa: S608  names of columns alone
LOCK_REVIEW = f"SELECT {REVIEW.columns} FROM selection_review AS review WHERE assignment_id = %s FOR UPDATE"  # noqa: S608


def _lock_task(candidacy: Candidacy, person: Person) -> Assignment | None:
    """The task with what else could stand in the way, in one statement; drafts save themselves all day long."""
    rows = prepared.fetch(LOCK_TASK, [candidacy.pk, person.pk])
    *row, state, is_tied = rows[0] if rows else (_state_of(candidacy), True)
    if is_tied:
        refuse_tie(candidacy, person)
    if state == states.LEFT:
        raise Outdated(_("This case is not in the stage any more."))
    return TASK.split(row)[0] if rows else None


def _state_of(candidacy: Candidacy) -> str:
    return Candidacy.objects.values_list("state", flat=True).get(pk=candidacy.pk)


def _lock_review(assignment: Assignment) -> Review | None:
    rows = prepared.fetch(LOCK_REVIEW, [assignment.pk])
    if not rows:
        return None
    review: Review = REVIEW.split(rows[0])[0]
    review.assignment = assignment
    return review


def _take_task(candidacy: Candidacy, stage: Stage, person: Person, by: User) -> Assignment:
    assignment = Assignment.objects.create(
        candidacy=candidacy, reviewer=person, assigned_at=clock.now(), due_at=stage.closes_at
    )
    codes = {"reviewer": person.key}
    history.record("assignment", candidacy.key, "assign", by=by, new=assignment.state, codes=codes)
    return assignment


def _refuse_older(review: Review | None, version: int, *, unless: dict[str, Any] | None = None) -> None:
    """Two browsers: the later one is shown the earlier, unless both say the same."""
    now = review.version if review else 0
    if version != now and not (review and unless is not None and review.draft == unless):
        raise ReviewOutdated(review) if review else Outdated(_("This draft was taken back meanwhile."))


def _reason_of_change(
    review: Review | None, typed: dict[str, Any], reason: str, rubric: Rubric | None
) -> str:
    """Why marks that were in before have changed; empty where they have not.

    Whoever handed in has seen what others gave. Whether others had by then makes no difference: it would tell.
    """
    before = review.versions.order_by("-version").first() if review and was_in(review) else None
    if before is None or _values(before.content) == _values(typed):
        return ""
    if not reason.strip():
        raise ReviewIncomplete([scoring.Flaw("change")], rubric)
    return reason.strip()


def _values(content: dict[str, Any]) -> dict[str, Any]:
    """Criterion → its mark, without the words."""
    return {code: (mark["mark"], mark["not_applicable"]) for code, mark in content.get("marks", {}).items()}


def _refuse_flaws(answers: scoring.Answers, criteria: list[Criterion], rubric: Rubric | None) -> None:
    limits = {}
    if rubric is not None:
        limits = {
            "not_applicable_at_most": rubric.not_applicable_at_most,
            "reason_length": rubric.reason_length,
        }
    flaws = scoring.flaws(answers, [one.code for one in criteria], **limits)
    if flaws:
        raise ReviewIncomplete(flaws, rubric)


def _refuse_missing_reason(stage: Stage, verdict: str, reason_code: str, comment: str) -> None:
    """A fail needs one of the codes; a −1 a sentence, where the rule of the vote says so."""
    uses = {
        Review.Verdict.FAIL: (ReasonCode.Use.SCREEN_FAIL, ReasonCode.Use.INELIGIBLE),
        Review.Verdict.MINUS: (ReasonCode.Use.NOT_AWARDED,),
    }
    known = ReasonCode.objects.filter(use__in=uses.get(Review.Verdict(verdict), ()), code=reason_code)
    if verdict == Review.Verdict.FAIL and not (reason_code and known.exists()):
        raise RuleBroken(_("Choose the reason for a fail. The nominee reads it, in plain words."))
    if verdict == Review.Verdict.MINUS:
        if reason_code and not known.exists():
            raise RuleBroken(_("Choose one of the reasons."))
        if rules.vote_rule(stage.rule).minus_needs_reason and not comment.strip():
            raise RuleBroken(_("A −1 needs a reason. Write what speaks against the case."))


def _criteria(stage: Stage) -> list[Criterion]:
    criteria = criteria_of(stage)
    if not criteria:
        raise RuleBroken(_("This stage has no rubric. Tell the program office."))
    return criteria


def _said(review: Review) -> dict[str, str]:
    return {"verdict": review.verdict, "reason_code": review.reason_code, "comment": review.comment}


def _keep_version(review: Review, content: dict[str, Any], *, reason: str = "") -> None:
    ReviewVersion.objects.create(
        review=review, version=review.version, content=content, reason=reason, saved_at=review.saved_at
    )


def _finish(assignment: Assignment) -> None:
    if assignment.state == states.DONE:
        return
    assignment.state = states.DONE
    assignment.save(update_fields=["state"])


def _record(candidacy: Candidacy, verb: str, *, by: User, new: str, old: str = "", **codes: Any) -> None:
    codes["reviewer"] = acting_person(by).key
    history.record("review", candidacy.key, verb, by=by, old=old, new=new, codes=codes)
