"""What a reviewer says: drafts, marks handed in, verdicts of a screen; and taking them back while the stage runs."""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import ReasonCode
from common import clock, history, prepared
from common.errors import Outdated, RuleBroken
from selection import rules, scoring, states
from selection.actions.discussion import open_discussion
from selection.actions.locks import acting_person, moment
from selection.actions.means import SUMMARY, add_to_summary, numbers_due, store_summary
from selection.actions.own_task import hold_own_task
from selection.actions.training import refuse_untrained
from selection.models import Assignment, Candidacy, Criterion, Review, ReviewVersion, Rubric, Stage
from selection.queries.voting import tells_why
from selection.queries.workbench import criteria_of, is_frozen
from selection.sentences import words_of_choice, words_of_flaw

VERDICTS: dict[str, tuple[str, ...]] = {
    Stage.Kind.SCREEN: (Review.Verdict.PASS, Review.Verdict.FAIL, Review.Verdict.UNSURE),
    Stage.Kind.VOTE: (Review.Verdict.PLUS, Review.Verdict.NEUTRAL, Review.Verdict.MINUS),
}


NOTHING_YET = "none"  # what a page says it showed where it showed no answer


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
    held = hold_own_task(candidacy, by, alone=False)
    task, review, typed = held.task, held.review, draft_of(answers)
    if task.state == states.DONE:
        raise Outdated(_("This review is in. Open it again to change it."))
    if review is not None and review.draft == typed:
        return review
    _refuse_older(review, version)
    if review is None:
        refuse_untrained(held.stage, task.reviewer)
    held.refuse_unchecked()
    review = review or Review(assignment=task, version=0)
    review.draft, review.saved_at, review.version = typed, clock.now(), review.version + 1
    review.save(update_fields=["draft", "saved_at", "version"] if review.pk else None)
    return review


@transaction.atomic
def submit_review(candidacy: Candidacy, *, by: User, answers: scoring.Answers, version: int) -> Review:
    """Hand in a review: marks become scores, the version is kept, the mean of the case moves.

    The same answers sent twice are handed in once. Raises ``ReviewIncomplete`` and ``ReviewOutdated``.
    """
    held = hold_own_task(candidacy, by)
    stage, task, review, typed = held.stage, held.task, held.review, content_of(answers)
    if review is not None and task.state == states.DONE:
        if saved_content(review) == typed:
            return review
        raise Outdated(_("This review is in. Open it again to change it."))
    _refuse_older(review, version, unless=draft_of(answers))
    if review is None:
        refuse_untrained(stage, task.reviewer)
    held.refuse_unchecked()
    criteria = _criteria(candidacy.stage if candidacy.stage.rubric_id == stage.rubric_id else stage)
    rubric = criteria[0].rubric
    reason = _reason_of_change(held.before, typed, answers.change_reason, rubric)
    _refuse_flaws(answers, criteria, rubric)
    total = scoring.weighted_total((one.weight, answers.marks[one.code].value) for one in criteria)
    add_to_summary(held.candidacy, total)
    review = review or Review(assignment=task, version=0)
    review.comment, review.confidence = answers.comment, answers.confidence
    review.total, review.version = scoring.stored(total), review.version + 1
    review.saved_at = review.submitted_at = clock.now()
    review.state, review.draft, task.state = states.REVIEW_SUBMITTED, {}, states.DONE
    _write(review, held.candidacy, [(one.pk, answers.marks[one.code]) for one in criteria], typed, reason)
    numbers_due(stage.pk, held.candidacy.nomination.category_id)
    if held.is_last:
        open_discussion(held.candidacy)
    codes = {"version": review.version}
    _record(held.candidacy, "submit", by=by, old=states.REVIEW_DRAFT, new=review.state, **codes)
    return review


# All that handing in writes into the selection's own tables, in one statement.
HAND_IN = """
    WITH review AS (
        INSERT INTO selection_review (
            assignment_id, state, verdict, reason_code, comment, confidence, total, draft, version, saved_at,
            submitted_at
        )
        VALUES (
            %(task)s, %(state)s, '', '', %(comment)s, %(confidence)s, %(total)s, '{}', %(version)s, %(now)s, %(now)s
        )
        ON CONFLICT (assignment_id) DO UPDATE SET
            state = excluded.state, comment = excluded.comment, confidence = excluded.confidence,
            total = excluded.total, draft = excluded.draft, version = excluded.version,
            saved_at = excluded.saved_at, submitted_at = excluded.submitted_at
        RETURNING id
    ), scores AS (
        INSERT INTO selection_score (review_id, criterion_id, mark, reason)
        SELECT review.id, criterion, mark, score.reason
        FROM review, unnest(%(criteria)s::bigint[], %(marks)s::smallint[], %(reasons)s::text[])
            AS score (criterion, mark, reason)
    ), kept AS (
        INSERT INTO selection_reviewversion (review_id, version, content, reason, saved_at)
        SELECT id, %(version)s, %(content)s::jsonb, %(reason)s, %(now)s FROM review
    ), task AS (
        UPDATE selection_assignment SET state = %(task_state)s WHERE id = %(task)s
    ), summary AS (
        UPDATE selection_candidacy SET
            reviews_in = %(reviews_in)s, mean = %(mean)s, median = %(median)s, lowest = %(lowest)s,
            highest = %(highest)s, sd = %(sd)s
        WHERE id = %(candidacy)s
    )
    SELECT id FROM review
"""


def _write(
    review: Review, candidacy: Candidacy, scores: list[tuple[int, scoring.Mark]], content: Any, reason: str
) -> None:
    """A review that is handed in, its scores (a draft has none), its version, the task, the case's summary."""
    values = {
        "task": review.assignment_id,
        "state": review.state,
        "comment": review.comment,
        "confidence": review.confidence,
        "total": review.total,
        "version": review.version,
        "now": review.saved_at,
        "criteria": [criterion for criterion, _mark in scores],
        "marks": [mark.value for _criterion, mark in scores],
        "reasons": [mark.reason for _criterion, mark in scores],
        "content": json.dumps(content),
        "reason": reason,
        "task_state": review.assignment.state,
        "candidacy": candidacy.pk,
        **{name: getattr(candidacy, name) for name in SUMMARY},
    }
    review.pk = prepared.fetch(HAND_IN, values)[0][0]


@transaction.atomic
def reopen_review(candidacy: Candidacy, *, by: User) -> Review:
    """Take one's own review back to change it, while the stage takes reviews and before its top-up."""
    held = hold_own_task(candidacy, by)
    candidacy, stage, assignment, review = held.candidacy, held.stage, held.task, held.review
    if assignment.state != states.DONE or review is None:
        raise Outdated(_("This review is open already."))
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
    candidacy: Candidacy,
    *,
    by: User,
    verdict: str,
    reason_code: str = "",
    comment: str = "",
    seen: str = "",
    change_reason: str = "",
) -> Review:
    """Pass, fail or unsure in a screen; +1, 0 or −1 in a vote.

    It counts at once and may be changed until the stage closes; versions are kept. Who holds the stage's role for the
    case and has no task on it yet gets one. Another answer than the one before needs a reason once the voter has been
    shown how others voted, or the stage had closed and counted already. Raises ``Outdated`` where the page showed
    another answer of one's own (``seen``, ``none`` for nothing yet) than the one that another browser gave since.
    """
    if verdict not in VERDICTS.get(candidacy.stage.kind, ()):
        raise RuleBroken(words_of_choice(candidacy.stage.kind))
    reason_code = reason_code if verdict in (Review.Verdict.FAIL, Review.Verdict.MINUS) else ""
    _refuse_missing_reason(candidacy.stage, verdict, reason_code, comment)
    held = hold_own_task(candidacy, by, make=True)
    candidacy, stage, assignment, review = held.candidacy, held.stage, held.task, held.review
    if stage.kind == Stage.Kind.VOTE:
        held.refuse_unchecked()
    said = {"verdict": verdict, "reason_code": reason_code, "comment": comment}
    if review is not None and assignment.state == states.DONE and _said(review) == said:
        return review
    before = review.verdict if review else ""
    if seen and seen != (before or NOTHING_YET):
        _refuse_unseen(before)
    reason = _reason_of_other_answer(stage, held.before, verdict, change_reason)
    review = review or Review(assignment=assignment, version=0)
    review.state, review.verdict, review.reason_code = states.REVIEW_SUBMITTED, verdict, reason_code
    review.comment, review.version = comment, review.version + 1
    review.saved_at = review.submitted_at = clock.now()
    review.save()
    _keep_version(review, said, reason=reason)
    _finish(assignment)
    codes = {"verdict": verdict, "reason_code": reason_code, "before": before}
    _record(candidacy, "verdict", by=by, new=states.REVIEW_SUBMITTED, version=review.version, **codes)
    return review


def _refuse_unseen(before: str) -> None:
    """Two browsers: the later one is shown what the earlier one said, and may say otherwise after that."""
    if not before:
        raise Outdated(_("You took your answer back in another window. Answer again if you want to."))
    raise Outdated(
        _("You said “%(answer)s” in another window after this page was opened. Answer again to change it.")
        % {"answer": Review.Verdict(before).label}
    )


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


def _refuse_older(review: Review | None, version: int, *, unless: dict[str, Any] | None = None) -> None:
    """Two browsers: the later one is shown the earlier, unless both say the same."""
    now = review.version if review else 0
    if version != now and not (review and unless is not None and review.draft == unless):
        raise ReviewOutdated(review) if review else Outdated(_("This draft was taken back meanwhile."))


def _reason_of_change(
    before: dict[str, Any] | None, typed: dict[str, Any], reason: str, rubric: Rubric | None
) -> str:
    """Why marks that were in before have changed; empty where they have not.

    Whoever handed in has seen what others gave. Whether others had by then makes no difference: it would tell.
    """
    if before is None or _values(before) == _values(typed):
        return ""
    if not reason.strip():
        raise ReviewIncomplete([scoring.Flaw("change")], rubric)
    return reason.strip()


def _reason_of_other_answer(stage: Stage, before: dict[str, Any] | None, verdict: str, reason: str) -> str:
    """Why a vote or verdict is another than the one that was in, after the voter knew the tally or the stage had
    counted; empty where nothing is asked."""
    if before is None or before.get("verdict") in (None, "", verdict) or not tells_why(stage):
        return ""
    if not reason.strip():
        raise RuleBroken(
            _(
                "Your answer was in before: write why it changes. Whoever may read it reads both answers and the reason."
            )
        )
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
