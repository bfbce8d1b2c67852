"""What the rule of a stage says, in sentences: for the protocol, the set-up pages and those who work in it."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from selection import rules
from selection.rules import CouncilRule, Problem, ScoreRule, ScreenRule, VoteRule


def words_of_rule(rule: rules.AnyRule) -> list[str]:
    """How a case leaves the stage, one thought in each sentence."""
    if isinstance(rule, ScreenRule):
        return _screen(rule)
    if isinstance(rule, ScoreRule):
        return _score(rule)
    if isinstance(rule, VoteRule):
        return _vote(rule)
    return _council(rule)


def _screen(rule: ScreenRule) -> list[str]:
    tie = (
        _("As many of one as of the other, and the case goes forward.")
        if rule.tie == "forward"
        else _("As many of one as of the other, and the program office decides with a written reason.")
    )
    return [
        _("Each case gets a pass, a fail or an unsure; a fail needs a reason."),
        _("The majority of pass and fail decides. Unsure counts for neither."),
        tie,
    ]


def _score(rule: ScoreRule) -> list[str]:
    words = []
    if rule.advance == "threshold":
        number = number_format(rule.threshold.normalize() if rule.threshold % 1 else int(rule.threshold))
        words.append(
            _(
                "A case is on the shortlist if the weighted mean of each of its reviewers is %(number)s or more. "
                "The others stop here."
            )
            % {"number": number}
        )
    if rule.rank_by == "calibrated":
        words.append(
            _(
                "Cases are ranked within their category by the calibrated score, which allows for strict and "
                "mild reviewers. Where it cannot be computed, by the mean of the weighted totals."
            )
        )
    else:
        words.append(
            _("Cases are ranked within their category by the mean of the weighted totals of their reviews.")
        )
    words.append(_("As many as there are places in the category are proposed for the award."))
    if rule.reserve:
        words.append(
            ngettext(
                "The next %(count)d is proposed for the reserve, in order; equals share a place in it.",
                "The next %(count)d are proposed for the reserve, in order; equals share a place in it.",
                rule.reserve,
            )
            % {"count": rule.reserve}
        )
    words.append(
        _(
            "Equal results across the last place are decided with a written reason, or by a draw whose seed is "
            "published with the protocol, before anybody has scored."
        )
    )
    return words


def _vote(rule: VoteRule) -> list[str]:
    words = [_("Each voter says +1, 0 or −1.")]
    if rule.minus_needs_reason:
        words.append(_("A −1 needs a written reason."))
    if rule.advance == "ballot":
        words += [
            ngettext(
                "%(count)d vote of −1 rejects a case.",
                "%(count)d votes of −1 reject a case, whatever speaks for it.",
                rule.reject,
            )
            % {"count": rule.reject},
            ngettext(
                "Else %(count)d vote of +1 accepts it.",
                "Else %(count)d votes of +1 accept it.",
                rule.accept,
            )
            % {"count": rule.accept},
        ]
    else:
        words += [_majority(rule.share), _quorum(rule.quorum)]
    words.append(_rounds(rule))
    words.append(_("The number of places does not limit a vote."))
    return words


def _majority(share: int) -> str:
    if share == 50:
        return _("More than half of the votes cast (+1 and −1) accept a case. A 0 is no vote cast.")
    return _("More than %(share)d%% of the votes cast (+1 and −1) accept a case. A 0 is no vote cast.") % {
        "share": share
    }


def _quorum(quorum: int) -> str:
    return ngettext(
        "At least %(count)d person has to have voted, a 0 included.",
        "At least %(count)d people have to have voted, a 0 included.",
        quorum,
    ) % {"count": quorum}


def _rounds(rule: VoteRule) -> str:
    if rule.rounds > 1:
        return ngettext(
            "A case without success stays for %(count)d round in all, one in each cycle; then it is not this time.",
            "A case without success stays for %(count)d rounds in all, one in each cycle; then it is not this time.",
            rule.rounds,
        ) % {"count": rule.rounds}
    if rule.advance == "ballot":
        return _("If neither is reached, the program office decides with a written reason.")
    return _(
        "Without a majority it is not this time. Without the quorum the program office decides with a "
        "written reason."
    )


def _council(rule: CouncilRule) -> list[str]:
    return [
        _("The council sees each case with the outcome that the stage before proposed."),
        _("To agree it does nothing. To override, a member writes a reason; all members read it."),
        _("Where members want different outcomes, the program office decides with a written reason."),
    ]


def words_of_work(rule: rules.AnyRule) -> list[str]:
    """How the work is shared out, where the rule says so."""
    if not isinstance(rule, ScoreRule):
        return []
    words = [
        ngettext(
            "At most %(count)d case for one reviewer, or fewer if they ask for it.",
            "At most %(count)d cases for one reviewer, or fewer if they ask for it.",
            rule.capacity,
        )
        % {"count": rule.capacity}
    ]
    if rule.top_up_share and rule.top_up_reviews:
        words.append(
            ngettext(
                "When the reviews are in, the %(share)d%% of cases nearest the line get %(count)d more, from "
                "reviewers with up to %(more)d cases beyond that.",
                "When the reviews are in, the %(share)d%% of cases nearest the line get %(count)d more each, from "
                "reviewers with up to %(more)d cases beyond that.",
                rule.top_up_reviews,
            )
            % {"share": rule.top_up_share, "count": rule.top_up_reviews, "more": rule.top_up_capacity}
        )
    return words


def words_of_mix(rule: rules.AnyRule) -> str:
    """Who has to be among the reviewers of a case."""
    if not isinstance(rule, ScoreRule):
        return ""
    parts = []
    if rule.experts:
        parts.append(
            ngettext(
                "at least %(count)d expert in the area",
                "at least %(count)d experts in the area",
                rule.experts,
            )
            % {"count": rule.experts}
        )
    if rule.outsiders:
        parts.append(
            ngettext(
                "at least %(count)d from outside the category",
                "at least %(count)d from outside the category",
                rule.outsiders,
            )
            % {"count": rule.outsiders}
        )
    parts.append(_("never two of one employer"))
    return ", ".join(parts)


def words_of_problem(problem: Problem) -> str:
    """What is wrong with one key of a rule."""
    if problem.code == "unknown":
        return _("“%(key)s” is not known here. Known are: %(known)s.") % {
            "key": problem.key,
            "known": ", ".join(problem.known),
        }
    if problem.code == "choice":
        return _("“%(key)s” is none of: %(known)s.") % {
            "key": problem.key,
            "known": ", ".join(problem.known),
        }
    if problem.code == "flag":
        return _("“%(key)s” has to be true or false.") % {"key": problem.key}
    if problem.code == "group":
        return _("A rule is a group of names with a value each.")
    return _("“%(key)s” has to be a number from %(least)s to %(most)s.") % {
        "key": problem.key,
        "least": _whole(problem.least),
        "most": _whole(problem.most),
    }


def _whole(number: Decimal | None) -> str:
    return "" if number is None else str(int(number))
