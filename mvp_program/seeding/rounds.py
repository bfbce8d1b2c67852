"""Loads the rubric, the cycles with their stages and places, the contribution types and the summits."""

import datetime as dt
from typing import Any

from charter.models import Agreement, Category, Cycle, CyclePlaces, Region
from common import markdown
from contributions.models import ContributionType
from events.models import Summit
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally, put, put_many, put_owned
from mvp_program.seeding.reading import Entry, read_entry, read_list
from selection.bulk import put_stage
from selection.models import Anchor, Criterion, Rubric, Stage
from selection.rule_words import words_of_problem
from selection.rules import problems

SETTINGS = (
    "grace_minutes", "self_nomination", "nominations_per_nominator", "areas_per_nominee", "co_nominator_required",
    "different_employer_required", "invitation_days", "reminder_days", "contributions_at_most", "high_impact_at_most",
    "endorsers_at_most", "statement_shortest", "statement_longest", "tell_failed_screen_at_once",
    "carry_over_allowed", "second_look_days", "decline_award_days", "months_kept", "who_may_nominate",
)  # fmt: skip
FLAGS = ("hide_nominee", "hide_others_until_own", "hide_reviewer_names")
MOMENTS = {
    "opens": "opens_at",
    "closes": "closes_at",
    "dossiers_close": "dossiers_close_at",
    "release": "release_planned_at",
}


def load_contribution_types(calendar: Calendar, tally: Tally) -> None:
    kinds = []
    for position, row in enumerate(read_list("contribution_types")):
        row.only("code", "name", "also", "quantity", "second_quantity", "reach", "link")
        values: dict[str, Any] = {
            "code": row.text("code"),
            "name": row.text("name"),
            "other_names": row.texts("also"),
            "quantity_label": row.text("quantity", default=""),
            "second_quantity_label": row.text("second_quantity", default=""),
            "reach_label": row.text("reach", default=""),
            "link_required": row.choice("link", ["required", "optional"], default="optional") == "required",
            "position": position,
        }
        kinds.append(values)
    put_many(ContributionType, tally, "code", kinds)


def load_rubric(calendar: Calendar, tally: Tally) -> None:
    row = read_entry("rubric").only(
        "slug", "name", "not_applicable_at_most", "reason_for_extremes", "criteria"
    )
    values = {
        "name": row.text("name"),
        "not_applicable_at_most": row.number("not_applicable_at_most"),
        "reason_length": row.number("reason_for_extremes"),
    }
    rubric = put(Rubric, tally, values, slug=row.text("slug"))
    criteria = row.entries("criteria")
    if sum(criterion.number("weight") for criterion in criteria) != 100:
        raise row.wrong("the weights of the criteria have to add up to 100.")
    for position, criterion in enumerate(criteria):
        criterion.only("code", "name", "weight", "question", "anchors")
        values = {
            "name": criterion.text("name"),
            "question": criterion.text("question"),
            "weight": criterion.number("weight"),
            "position": position,
        }
        made = put(Criterion, tally, values, rubric=rubric, code=criterion.text("code"))
        sentences = criterion.texts("anchors")
        if len(sentences) != 5:
            raise criterion.wrong("each criterion has five anchor sentences, worst first.")
        anchors = [{"mark": mark, "sentence": text} for mark, text in enumerate(sentences, start=1)]
        put_owned(Anchor, tally, "criterion", {made.pk: anchors})


def load_cycles(calendar: Calendar, tally: Tally, *, demo: bool) -> None:
    file = read_entry("cycles").only("settings", "timetable", "cycles")
    for row in file.entries("cycles"):
        row.only("key", "demo", "year", "day_zero", "timetable", "stages", "places", *SETTINGS)
        if row.flag("demo") and not demo:
            continue
        timetable = (row if "timetable" in row else file).entry("timetable")
        load_cycle(row, file.entry("settings"), timetable, calendar, tally)


def load_cycle(row: Entry, settings: Entry, timetable: Entry, calendar: Calendar, tally: Tally) -> Cycle:
    """One cycle; slug, name and term follow its award year."""
    year, zero = calendar.year(row.number("year")), row.number("day_zero")
    values: dict[str, Any] = {
        "name": f"{year} cycle",
        "award_year": year,
        "term_starts": dt.date(year, 1, 1),
        "term_ends": dt.date(year, 12, 31),
    }
    for name, field in MOMENTS.items():
        values[field] = calendar.moment(timetable.entry(name), from_day=zero)
    for name in settings.only(*SETTINGS):
        values[name] = row.get(name, settings[name])
    published = Cycle.objects.filter(slug=str(year), protocol__number=1).first()
    if published is not None:  # its rules are frozen: they change on the pages of the office, with a reason
        tally.same += 1
        return published
    cycle = put(Cycle, tally, values, slug=str(year))
    categories = {category.slug: category for category in Category.objects.all()}
    places = row.entry("places")
    wanted = [
        {"category": places.found("category", slug, categories), "places": places.number(slug)}
        for slug in places
    ]
    put_owned(CyclePlaces, tally, "cycle", {cycle.pk: wanted})
    _load_stages(cycle, row, timetable.entry("stages"), calendar, tally)
    return cycle


def _load_stages(cycle: Cycle, row: Entry, dates: Entry, calendar: Calendar, tally: Tally) -> None:
    stages = row.found("list of stages in stages.yaml", row.text("stages"), read_entry("stages"))
    rubrics = {rubric.slug: rubric for rubric in Rubric.objects.all()}
    for number, stage in enumerate(stages, start=1):
        when = dates.entry(stage.text("key")).only("opens", "closes")
        values = stage_values(stage, rubrics, more=("key", "training_cases")) | {
            "training_cases": stage.number("training_cases", default=0),
            "grace_minutes": cycle.grace_minutes,
            "opens_at": calendar.moment(when.entry("opens"), from_day=row.number("day_zero")),
            "closes_at": calendar.moment(when.entry("closes"), from_day=row.number("day_zero")),
        }
        _made, fate = put_stage(cycle, number, values)
        setattr(tally, fate, getattr(tally, fate) + 1)


def stage_values(stage: Entry, rubrics: dict[str, Rubric], *, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a stage but its dates; ``more`` are keys that the caller reads."""
    names = ("public_name", "internal_name", "reviewer_role")
    stage.only("kind", "reviews_needed", "reminder_days", "rubric", "rule", *names, *FLAGS, *more)
    kind = stage.choice("kind", Stage.Kind.values)
    rule = stage.entry("rule")
    for problem in problems(kind, rule):
        raise rule.wrong(words_of_problem(problem))
    days = (
        {"reminder_days": stage.numbers("reminder_days", least=1, most=90)}
        if "reminder_days" in stage
        else {}
    )
    return {
        **days,
        **{name: stage.text(name) for name in names},
        **{name: stage.flag(name) for name in FLAGS},
        "kind": kind,
        "reviews_needed": stage.number("reviews_needed"),
        "rubric": stage.found("rubric", stage.text("rubric"), rubrics) if "rubric" in stage else None,
        "rule": dict(rule),
    }


def load_summits(calendar: Calendar, tally: Tally, *, demo: bool) -> None:
    regions = {region.slug: region for region in Region.objects.all()}
    for row in read_list("summits"):
        row.only(
            "slug", "demo", "name", "place", "country", "zone", "starts", "ends", "registration_opens",
            "registration_closes", "waitlist_ends", "capacity", "regions", "agreement", "summary", "begins", "finishes",
            "guest_evening", "agenda", "cost",
        )  # fmt: skip
        if row.flag("demo") and not demo:
            continue
        zone = row.text("zone")
        agreement = Agreement.objects.filter(kind=row.text("agreement", default="")).first()
        values: dict[str, Any] = {
            name: row.text(name) for name in ("name", "place", "country", "zone", "summary")
        }
        values |= {
            "starts": calendar.day(row.number("starts")),
            "ends": calendar.day(row.number("ends")),
            "registration_opens_at": calendar.moment(row.entry("registration_opens"), zone=zone),
            "registration_closes_at": calendar.moment(row.entry("registration_closes"), zone=zone),
            "capacity": row.number("capacity"),
            "agreement": agreement,
            "begins_at": dt.time.fromisoformat(row.time("begins")),
            "finishes_at": dt.time.fromisoformat(row.time("finishes")),
            "guest_evening": calendar.day(row.number("guest_evening")) if "guest_evening" in row else None,
        }
        values["cost"] = row.text("cost", default="")
        agenda = row.text("agenda", default="")
        values |= {"agenda": agenda, "agenda_html": markdown.render(agenda)}
        if "waitlist_ends" in row:
            values["waitlist_ends_at"] = calendar.moment(row.entry("waitlist_ends"), zone=zone)
        summit = put(Summit, tally, values, slug=row.text("slug"))
        wanted = [row.found("region", slug, regions) for slug in row.texts("regions")]
        if set(summit.regions.all()) != set(wanted):
            summit.regions.set(wanted)
            tally.changed += 1
