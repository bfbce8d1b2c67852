"""The protocol in plain words, generated from the published rules alone, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role
from charter.models import Cycle, ReasonCode
from common import clock
from common.clock import site_zone
from selection import rules as rule_book
from selection.models import Stage
from selection.rule_words import words_of_mix, words_of_rule, words_of_work
from selection.rules import ScoreRule

Rules = Mapping[str, Any]


@dataclass(frozen=True)
class StageWords:
    """One stage as the page tells it."""

    number: str
    name: str
    kind: str
    who: list[tuple[str, str]]
    decides: list[str]
    rubric: str
    seed: str


@dataclass(frozen=True)
class RubricWords:
    """A rubric with every anchor; ``stages`` are the names of those who use it."""

    slug: str
    name: str
    criteria: list[dict[str, Any]]
    notes: list[str]


@dataclass(frozen=True)
class Words:
    """Everything that the page says of one version."""

    title: str
    steps: list[dict[str, Any]]
    stages: list[StageWords]
    rubrics: list[RubricWords]
    places: list[tuple[str, int]]
    reasons: list[tuple[str, list[tuple[str, str]]]]
    dates: list[tuple[str, str]]
    nominating: list[tuple[str, str]]
    release: list[str]
    seeds: list[tuple[str, str]]


def words_of(rules: Rules) -> Words:
    """The whole page from one version of the rules."""
    stages = [_stage(number, stage) for number, stage in _in_order(rules)]
    return Words(
        title=_("How the %(cycle)s decides") % {"cycle": rules["cycle"]["name"]},
        steps=_steps(rules),
        stages=stages,
        rubrics=[words_of_rubric(slug, one) for slug, one in sorted(rules["rubrics"].items())],
        places=sorted((one["name"], one["places"]) for one in rules["places"].values()),
        reasons=_reasons(rules),
        dates=_dates(rules["cycle"]),
        nominating=_nominating(rules["cycle"]),
        release=_release(rules["cycle"]),
        seeds=[(one.name, one.seed) for one in stages if one.seed],
    )


def _in_order(rules: Rules) -> list[tuple[str, Any]]:
    return sorted(rules["stages"].items(), key=lambda pair: int(pair[0]))


def _steps(rules: Rules) -> list[dict[str, Any]]:
    """From nominations to the release, with what is going on now."""
    cycle = rules["cycle"]
    return [
        _step(_("Nominations"), cycle["opens_at"], cycle["closes_at"], _who_nominates(cycle)),
        *(
            _step(one["name"], one["opens_at"], one["closes_at"], stage_in_short(one))
            for _number, one in _in_order(rules)
        ),
        _step(
            _("Release"),
            cycle["release_planned_at"],
            cycle["release_planned_at"],
            _("Two people confirm. Everybody hears at once, with reasons for every no."),
        ),
    ]


def _step(title: str, opens: str, closes: str, text: str) -> dict[str, Any]:
    now = clock.now()
    begun, over = _moment(opens) <= now, _moment(closes) < now
    state = "done" if over else "current" if begun else ""
    when = day_and_time(opens) if opens == closes else f"{day(opens)} – {day_and_time(closes)}"
    pill = _("Now") if state == "current" else ""
    return {"title": title, "state": state, "when": when, "text": text, "pill": pill, "pill_kind": "gold"}


def stage_in_short(stage: Rules) -> str:
    """What happens in a stage, in two sentences."""
    role = _role(stage["reviewer_role"])
    if stage["kind"] == Stage.Kind.SCREEN:
        return _(
            "%(who)s: is the work real, unpaid, inside the window and in the right area? Pass, fail or unsure; a "
            "fail needs a reason."
        ) % {"who": role}
    if stage["kind"] == Stage.Kind.SCORE:
        needed = ngettext(
            "%(count)d reviewer for each case, who marks a rubric.",
            "%(count)d reviewers for each case, who mark a rubric.",
            stage["reviews_needed"],
        ) % {"count": stage["reviews_needed"]}
        return f"{needed} {_hidden(stage)}".strip()
    if stage["kind"] == Stage.Kind.VOTE:
        return f"{_('Each says +1, 0 or −1 on each case.')} {_hidden(stage)}".strip()
    return _(
        "The council sees each case with the proposal. It stands unless a member overrides it in writing."
    )


def _hidden(stage: Rules) -> str:
    if stage["hide_nominee"] and stage["hide_others_until_own"]:
        return _("They see neither the nominee’s name nor each other’s answers before their own is in.")
    if stage["hide_nominee"]:
        return _("They do not see the nominee’s name.")
    if stage["hide_others_until_own"]:
        return _("They do not see each other’s answers before their own is in.")
    return ""


def _stage(number: str, stage: Rules) -> StageWords:
    try:
        rule = rule_book.parse(stage["kind"], stage["rule"])
    except rule_book.RuleWrong:
        rule = None
    return StageWords(
        number=number,
        name=stage["name"],
        kind=stage["kind"],
        who=_who(stage, rule),
        decides=words_of_rule(rule) if rule else [_("The rule of this stage cannot be read yet.")],
        rubric=stage["rubric"] or "",
        seed=stage["draw_seed"],
    )


def _who(stage: Rules, rule: Any) -> list[tuple[str, str]]:
    """Who works in a stage, how many for a case, how much, and what they see."""
    rows = [(_("Who"), _role(stage["reviewer_role"]))]
    if stage["kind"] == Stage.Kind.SCORE:
        mix = words_of_mix(rule) if rule else ""
        needed = ngettext(
            "%(count)d reviewer", "%(count)d reviewers", stage["reviews_needed"]
        ) % {"count": stage["reviews_needed"]}  # fmt: skip
        rows.append((_("Per case"), f"{needed}: {mix}." if mix else f"{needed}."))
        rows.append((_("Assigned by"), _("The program, from expertise, language and region. Nobody picks.")))
    elif stage["kind"] in (Stage.Kind.SCREEN, Stage.Kind.VOTE):
        rows.append((_("Per case"), _("Everybody who holds the role for it, less those with a tie.")))
    if rule:
        rows += [(_("Load"), " ".join(words))] if (words := words_of_work(rule)) else []
    rows.append((_("They see"), _seen(stage)))
    rows.append((_("Named to you"), _("Never, before or after.")))
    if stage["training_cases"]:
        training = ngettext(
            "%(count)d training case before the first review.",
            "%(count)d training cases before the first review.",
            stage["training_cases"],
        )
        rows.append((_("Before they begin"), training % {"count": stage["training_cases"]}))
    return rows


def _seen(stage: Rules) -> str:
    nominee = (
        _("The case without the nominee’s name, address, links and employer.")
        if stage["hide_nominee"]
        else _("The whole case.")
    )
    checked = (
        _("A person checks each such copy before it is read.")
        if stage["hide_nominee"] and stage["check_redactions"]
        else ""
    )
    others = (
        _("What others say only once their own answer is in.")
        if stage["hide_others_until_own"]
        else _("What others say from the start.")
    )
    names = _("Other reviewers under letters.") if stage["hide_reviewer_names"] else ""
    return " ".join(part for part in (nominee, checked, others, names) if part)


def words_of_rubric(slug: str, rubric: Rules) -> RubricWords:
    """A rubric as people read it."""
    criteria = [
        {
            "name": one["name"],
            "question": one["question"],
            "weight": one["weight"],
            "anchors": [sentence for _mark, sentence in sorted(one["anchors"].items())],
        }
        for one in sorted(rubric["criteria"].values(), key=lambda one: int(one["position"]))
    ]
    most, length = rubric["not_applicable_at_most"], rubric["reason_length"]
    notes = [
        ngettext(
            "A 1 or a 5 needs a reason of at least %(count)d character.",
            "A 1 or a 5 needs a reason of at least %(count)d characters.",
            length,
        )
        % {"count": length}
    ]
    if most:
        notes.append(
            ngettext(
                "At most %(count)d criterion may be left out as “not applicable”; the others are weighted again.",
                "At most %(count)d criteria may be left out as “not applicable”; the others are weighted again.",
                most,
            )
            % {"count": most}
        )
    notes.append(_("How sure a reviewer is gets shown and is never weighted."))
    notes.append(
        _("Totals and means are exact fractions, rounded half to even once, to four decimals; those decide.")
    )
    return RubricWords(slug, rubric["name"], criteria, notes)


def _reasons(rules: Rules) -> list[tuple[str, list[tuple[str, str]]]]:
    """Use → label and the sentence that people read."""
    labels = dict(ReasonCode.Use.choices)
    found: dict[str, list[Any]] = {}
    for key, one in sorted(rules["reasons"].items()):
        found.setdefault(key.partition("/")[0], []).append(one)
    return [
        (
            str(labels.get(use, use)),
            [(one["label"], one["sentence"]) for one in rows],
        )
        for use, rows in sorted(found.items())
    ]


def _dates(cycle: Rules) -> list[tuple[str, str]]:
    return [
        (_("Nominations"), f"{day(cycle['opens_at'])} – {day(cycle['closes_at'])}"),
        (_("Accept within"), _days(cycle["invitation_days"])),
        (_("Dossiers close"), day_and_time(cycle["dossiers_close_at"])),
        (_("Release"), day_and_time(cycle["release_planned_at"])),
        (_("Second look within"), _days(cycle["second_look_days"])),
        (_("Term"), _term(cycle)),
        *(
            [(_("Without an award, personal data end after"), _months(cycle))]
            if "months_kept" in cycle
            else []
        ),
    ]


def _months(cycle: Rules) -> str:
    return ngettext("%(count)d month", "%(count)d months", cycle["months_kept"]) % {
        "count": cycle["months_kept"]
    }


def _term(cycle: Rules) -> str:
    if not cycle["term_ends"]:
        return _("from %(day)s, without an end") % {"day": day(cycle["term_starts"])}
    return f"{day(cycle['term_starts'])} – {day(cycle['term_ends'])}"


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _who_nominates(cycle: Rules) -> str:
    who = {
        Cycle.Nominators.ANYONE: _("Anyone may nominate."),
        Cycle.Nominators.HOLDERS_AND_STAFF: _("Holders and staff may nominate."),
        Cycle.Nominators.OFFICE: _("The program office nominates."),
    }
    oneself = _("Self-nomination is open.") if cycle["self_nomination"] else _("Nobody nominates themselves.")
    asked = _("The nominee is asked first. Nothing is reviewed without a yes.")
    return f"{who[cycle['who_may_nominate']]} {oneself} {asked}"


def _nominating(cycle: Rules) -> list[tuple[str, str]]:
    """The limits of nominations and dossiers."""
    rows = [
        (
            _("At most"),
            _("%(people)s for one nominator, %(areas)s for one nominee.")
            % {
                "people": ngettext(
                    "%(n)d nomination", "%(n)d nominations", cycle["nominations_per_nominator"]
                )
                % {"n": cycle["nominations_per_nominator"]},
                "areas": ngettext(
                    "%(n)d technology area", "%(n)d technology areas", cycle["areas_per_nominee"]
                )
                % {"n": cycle["areas_per_nominee"]},
            },
        ),
        (
            _("Dossier"),
            _("%(all)d contributions at most, %(high)d of them with high impact; %(endorsers)d endorsements.")
            % {
                "all": cycle["contributions_at_most"],
                "high": cycle["high_impact_at_most"],
                "endorsers": cycle["endorsers_at_most"],
            },
        ),
    ]
    if cycle["co_nominator_required"]:
        rows.append((_("Second nominator"), _("A case needs two nominators.")))
    if cycle["different_employer_required"]:
        rows.append((_("Employers"), _("Nominators have other employers than the nominee.")))
    return rows


def _release(cycle: Rules) -> list[str]:
    words = [
        _(
            "Outcomes stay pending until two people of the program office have confirmed the release. Then everybody "
            "hears at the same moment."
        ),
        _("A refused place goes to the reserve, in its order."),
    ]
    if cycle["tell_failed_screen_at_once"]:
        words.append(_("Cases that fail a screen are told as soon as it closes."))
    if cycle["carry_over_allowed"]:
        words.append(_("A case may be carried over: it stays in review and enters the next cycle."))
    return words


def _role(role: str) -> str:
    return {
        Role.REGIONAL_LEAD: _("The regional leads of the nominee’s region"),
        Role.TECHNOLOGY_LEAD: _("The technology leads of the category"),
        Role.REVIEWER: _("Reviewers: holders and people of product teams"),
        Role.COUNCIL_MEMBER: _("The council of the category"),
        Role.PROGRAM_OFFICE: _("The program office"),
    }.get(Role(role) if role in Role.values else Role.REVIEWER, role)


def is_calibrated(rules: Rules) -> bool:
    """Whether a stage ranks by the calibrated score: the page says so first."""
    found = [one for _number, one in _in_order(rules) if one["kind"] == Stage.Kind.SCORE]
    return any(one["rule"].get("rank_by", ScoreRule().rank_by) == "calibrated" for one in found)


# Days


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def day(text: str) -> str:
    """A stored day or moment as a day in the program's zone."""
    if len(text) == 10:
        return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
    return date_format(timezone.localtime(_moment(text), site_zone()), "DATE_FORMAT")


def day_and_time(text: str) -> str:
    """A stored moment in the program's zone, with the zone's name."""
    return date_format(timezone.localtime(_moment(text), site_zone()), _("j F Y, H:i e"))
