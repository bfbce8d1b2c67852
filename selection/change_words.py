"""What one version of the published rules changed, and what each key and value of them is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role
from charter.models import Cycle
from selection.models import Stage
from selection.protocol import Change, differences
from selection.protocol_words import Rules, day, day_and_time


@dataclass(frozen=True)
class ChangeWords:
    """What one version changed: label, before and after."""

    what: str
    before: str
    after: str


def changes_between(before: Rules, after: Rules) -> list[ChangeWords]:
    """What a version changed, each place with its name, its old and its new value."""
    before = _with_copied_rubrics(before, after)
    return [_change(one, before, after) for one in differences(before, after)]


def _with_copied_rubrics(before: Rules, after: Rules) -> Rules:
    """The older rules as if a rubric that a stage left for a new one had had the name of the new one already: a rubric
    that others use is copied before it changes, and what changed in it is what people want to read."""
    stages, rubrics = dict(before["stages"]), dict(before["rubrics"])
    for number, stage in after["stages"].items():
        old, new = stages.get(number, {}).get("rubric"), stage["rubric"]
        if old in rubrics and new and new not in rubrics:
            rubrics[new] = rubrics[old]
            stages[number] = {**stages[number], "rubric": new}
    kept = {slug: one for slug, one in rubrics.items() if slug in after["rubrics"] or _used(slug, stages)}
    return {**before, "stages": stages, "rubrics": kept}


def _used(slug: str, stages: Rules) -> bool:
    return any(stage["rubric"] == slug for stage in stages.values())


def _change(change: Change, before: Rules, after: Rules) -> ChangeWords:
    return ChangeWords(_place(change.path, before, after), _shown(change, "before"), _shown(change, "after"))


def _place(path: tuple[str, ...], before: Rules, after: Rules) -> str:
    """Whose value it is, and what it is called: “Technology review: closes”."""
    names: list[str] = []
    for depth in range(2, len(path) + 1):
        group = _at(after, path[:depth]) or _at(before, path[:depth])
        if isinstance(group, Mapping) and (name := group.get("name") or group.get("label")):
            names.append(str(name))
    leaf = path[-1] if not isinstance(_at(after, path) or _at(before, path), Mapping) else ""
    if leaf in ("name", "label"):
        names = names[:-1] or names
    label = label_of(leaf) if leaf else ""
    if path[0] == "cycle":
        return label
    if not leaf and path[0] == "stages":
        return _("Stage “%(name)s”") % {"name": names[-1] if names else path[1]}
    return ": ".join(part for part in (" – ".join(names), label) if part)


def _at(rules: Rules, path: tuple[str, ...]) -> Any:
    found: Any = rules
    for key in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(key)
    return found


def _shown(change: Change, side: str) -> str:
    value = getattr(change, side)
    if value is None:
        return _("none")
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("label") or _("there"))
    return value_in_words(change.path[-1], value)


def value_in_words(name: str, value: Any) -> str:
    """One value of the rules as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _("none")
    if name.endswith("_at"):
        return day_and_time(value)
    if name in ("term_starts", "term_ends"):
        return day(value)
    if name == "kind":
        return str(Stage.Kind(value).label)
    if name == "reviewer_role" and value in Role.values:
        return str(Role(value).label)
    if name == "who_may_nominate":
        return str(Cycle.Nominators(value).label)
    if name == "weight":
        return f"{value}%"
    return choice_in_words(value) if isinstance(value, str) else str(value)


def label_of(name: str) -> str:
    """What a key of the rules is called."""
    return str(_labels().get(name, name.replace("_", " ")))


def choice_in_words(value: str) -> str:
    """What a choice of a rule is called."""
    return str(_choices().get(value, value))


def _choices() -> dict[str, str]:
    return {
        "majority": _("majority"),
        "office": _("the program office decides"),
        "forward": _("the case goes forward"),
        "rank_by_mean": _("rank"),
        "threshold": _("rank among those whom each reviewer gave enough"),
        "mean": _("mean"),
        "calibrated": _("calibrated score"),
        "at_once": _("the program finds a substitute at once"),
        "chair": _("the chair finds a substitute"),
        "ballot": _("ballot: so many +1, so many −1"),
        "agree_or_override": _("the proposal stands unless overridden"),
    }


def _labels() -> dict[str, str]:
    return {
        "opens_at": _("opens"),
        "closes_at": _("closes"),
        "dossiers_close_at": _("dossiers close"),
        "release_planned_at": _("letters go out"),
        "term_starts": _("term from"),
        "term_ends": _("term until"),
        "award_year": _("award year"),
        "grace_minutes": _("silent minutes of grace"),
        "who_may_nominate": _("who may nominate"),
        "self_nomination": _("self-nomination"),
        "nominations_per_nominator": _("nominations for one nominator"),
        "areas_per_nominee": _("technology areas for one nominee"),
        "co_nominator_required": _("second nominator needed"),
        "different_employer_required": _("nominators of other employers"),
        "invitation_days": _("days to answer an invitation"),
        "reminder_days": _("days of the reminders"),
        "contributions_at_most": _("contributions at most"),
        "high_impact_at_most": _("with high impact at most"),
        "endorsers_at_most": _("endorsers at most"),
        "statement_shortest": _("shortest statement"),
        "statement_longest": _("longest statement"),
        "tell_failed_screen_at_once": _("failed screens told at once"),
        "carry_over_allowed": _("carrying over"),
        "second_look_days": _("days to ask for a second look"),
        "decline_award_days": _("days to decline an award"),
        "months_kept": _("months until a case without an award loses its personal data"),
        "places": _("places"),
        "name": _("name"),
        "label": _("words"),
        "sentence": _("what the person reads"),
        "kind": _("kind"),
        "reviewer_role": _("who reviews"),
        "reviews_needed": _("reviews for each case"),
        "hide_nominee": _("nominee hidden"),
        "hide_others_until_own": _("others hidden until one’s own is in"),
        "hide_reviewer_names": _("names of reviewers hidden"),
        "check_redactions": _("redacted copies checked"),
        "training_cases": _("training cases"),
        "rubric": _("rubric"),
        "draw_seed": _("seed of the draws"),
        "advance": _("rule of advance"),
        "tie": _("a tie"),
        "rank_by": _("ranked by"),
        "threshold": _("least mean of each reviewer"),
        "reserve": _("reserve"),
        "capacity": _("cases for one reviewer"),
        "top_up_capacity": _("more in the top-up"),
        "top_up_share": _("share of cases topped up, percent"),
        "top_up_reviews": _("reviews of the top-up"),
        "experts": _("experts"),
        "outsiders": _("outsiders"),
        "refill": _("when somebody leaves"),
        "accept": _("+1 to accept"),
        "reject": _("−1 to reject"),
        "minus_needs_reason": _("a −1 needs a reason"),
        "share": _("majority of more than, percent"),
        "quorum": _("quorum"),
        "rounds": _("rounds"),
        "weight": _("weight"),
        "position": _("order"),
        "question": _("question"),
        "not_applicable_at_most": _("“not applicable” at most"),
        "reason_length": _("characters of reason for a 1 or a 5"),
        **{str(mark): _("anchor of %(mark)d") % {"mark": mark} for mark in range(1, 6)},
    }
