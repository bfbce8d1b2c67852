"""Codes of the pure modules in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from selection.models import Rubric, Stage
from selection.scoring import Flaw
from selection.search import FIELDS, LONGEST, MOST_PARTS, NUMBERS, STATUSES, Problem


def words_of_flaw(flaw: Flaw, rubric: Rubric | None) -> str:
    """Why a review cannot be handed in yet."""
    if flaw.code == "missing":
        return _("Mark every criterion, or say that one does not apply.")
    if flaw.code == "range":
        return _("A mark is a whole number from 1 to 5.")
    if flaw.code == "reason":
        length = rubric.reason_length if rubric else 80
        return ngettext(
            "A 1 or a 5 needs a reason of at least %(count)d character.",
            "A 1 or a 5 needs a reason of at least %(count)d characters.",
            length,
        ) % {"count": length}
    if flaw.code == "not_applicable":
        most = rubric.not_applicable_at_most if rubric else 1
        return ngettext(
            "At most %(count)d criterion may be “not applicable”.",
            "At most %(count)d criteria may be “not applicable”.",
            most,
        ) % {"count": most}
    if flaw.code == "change":
        return _(
            "These marks were in before: say why your marks have changed. Whoever may read your review reads the reason."
        )
    return _("Say how sure you are: low, medium or high.")


def words_of_choice(kind: str) -> str:
    """What can be said in a stage of this kind, where something else was."""
    if kind == Stage.Kind.VOTE:
        return _("Choose +1, 0 or −1.")
    return _("Choose pass, fail or unsure.")


def words_of_problem(problem: Problem) -> str:
    """Why a part of a search means nothing."""
    sentence = {
        "unknown": _("“%(part)s:” is no field. There are: %(fields)s."),
        "number": _("“%(part)s:” takes a number, such as %(part)s:>=2."),
        "range": _("“%(part)s:” takes a number up to %(most)s."),
        "whole": _("“%(part)s:” takes a whole number."),
        "status": _("“%(part)s” is no status. There are: %(statuses)s."),
        "area": _("No technology area is called “%(part)s”."),
        "compared": _("“%(part)s:” takes a word and cannot be compared."),
        "me": _("“unreviewed:” takes “me” and nothing else."),
        "signs": _("“%(part)s” has neither a letter nor a digit."),
        "many": _("At most %(parts)d words and fields can be asked for at once."),
        "long": _("A search has at most %(longest)d characters."),
    }[problem.code]
    return sentence % {
        "part": problem.part,
        "fields": ", ".join(f"{field}:" for field in FIELDS),
        "statuses": ", ".join(STATUSES),
        "most": NUMBERS.get(problem.part, ""),
        "parts": MOST_PARTS,
        "longest": LONGEST,
    }


def words_of_undecided(why: str) -> str:
    """Why the rule of a stage left a case to the office."""
    return {
        "tie": _("A tie"),
        "unsure": _("Every lead is unsure"),
        "no_verdict": _("No verdict is in"),
        "no_review": _("No review is in"),
        "disagreement": _("Members of the council disagree"),
        "no_proposal": _("No proposal"),
        "no_vote": _("No vote is in"),
        "no_quorum": _("Too few votes"),
        "neither": _("Neither enough for nor enough against"),
    }.get(why, _("The rule does not decide it"))


def too_late_to_vote() -> str:
    """To whom got the role after the vote had opened."""
    return _(
        "Who votes was fixed when the vote opened, and you got the role later. The chair or the program office can give "
        "you a case by name."
    )


def words_of_lack(of: str, count: int) -> str:
    """What a case does not get."""
    if of == "places":
        return ngettext("%(count)d reviewer", "%(count)d reviewers", count) % {"count": count}
    return _("an expert") if of == "expert" else _("somebody from outside its category")


def words_of_way(why: str) -> str:
    """Which rule stands in the way of a full assignment."""
    return {
        "too_few_candidates": _("Too few people may review it: the others have a tie, no right, or left it."),
        "same_employer": _("Everybody who has time works for the employer of somebody who has the case."),
        "capacity": _("Everybody who may review it has as many cases as they take."),
        "no_expert": _("No expert in the area may review it."),
        "experts_full": _("The experts in the area have as many cases as they take."),
        "no_outsider": _("Nobody from outside the category may review it."),
        "outsiders_full": _("Those from outside the category have as many cases as they take."),
        "no_place_left": _("The reviewers who have it already leave no place."),
        "time": _("The computation was given up because it took too long."),
    }.get(why, why)
