"""Loads ``seeds/presets/``: how other programs decide. A new cycle can begin with one of them."""

from typing import Any

from charter.models import Cycle
from common.errors import RuleBroken
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally, put_many
from mvp_program.seeding.reading import FOLDER, Entry, SeedError, read_entry
from mvp_program.seeding.rounds import FLAGS, SETTINGS, stage_values
from selection.actions import use_preset
from selection.models import Preset, Rubric

TIMETABLE = {"closes": "closes_at", "dossiers_close": "dossiers_close_at", "release": "release_planned_at"}


def preset_files() -> tuple[str, ...]:
    """The names of the files, as ``read`` takes them."""
    return tuple(f"presets/{path.stem}" for path in sorted((FOLDER / "presets").glob("*.yaml")))


def load_presets(calendar: Calendar, tally: Tally) -> None:
    rubrics = {rubric.slug: rubric for rubric in Rubric.objects.all()}
    put_many(Preset, tally, "slug", [_preset(name, rubrics) for name in preset_files()])


def use_preset_for_next_cycle(slug: str) -> Cycle:
    """Let the newest cycle whose rules are not published decide as the preset has it."""
    known = {preset.slug: preset for preset in Preset.objects.all()}
    if slug not in known:
        raise SeedError(f"There is no preset “{slug}”. Known are: {', '.join(known)}.")
    cycle = Cycle.objects.filter(protocol=None).order_by("-opens_at").first()
    if cycle is None:
        raise SeedError("There is no cycle whose first stage is still to open.")
    try:
        use_preset(cycle, known[slug], by=None)
    except RuleBroken as broken:
        raise SeedError(broken.sentence) from None
    return cycle


def _preset(name: str, rubrics: dict[str, Rubric]) -> dict[str, Any]:
    row = read_entry(name).only("name", "summary", "settings", "timetable", "stages")
    timetable = row.entry("timetable").only(*TIMETABLE)
    content = {
        "settings": dict(row.entry("settings").only(*SETTINGS)),
        "timetable": {field: _day(timetable.entry(key)) for key, field in TIMETABLE.items()},
        "stages": [_stage(one, rubrics) for one in row.entries("stages")],
    }
    return {
        "slug": name.partition("/")[2],
        "name": row.text("name"),
        "summary": row.text("summary"),
        "content": content,
    }


def _stage(row: Entry, rubrics: dict[str, Rubric]) -> dict[str, Any]:
    """The fields of a stage as plain data; flags that are not there are as in a new stage."""
    values = stage_values(row, rubrics, more=("opens", "closes", "training_cases"))
    values = {name: value for name, value in values.items() if name not in FLAGS or name in row}
    rubric = values.pop("rubric")
    return {
        **values,
        "rubric": rubric.slug if rubric else None,
        "training_cases": row.number("training_cases", default=0),
        "opens": _day(row.entry("opens")),
        "closes": _day(row.entry("closes")),
    }


def _day(entry: Entry) -> dict[str, Any]:
    """Checked as the calendar would read it."""
    entry.only("day", "at")
    return {"day": entry.number("day"), "at": entry.time("at")}
