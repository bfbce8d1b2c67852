"""Loads the training cases of a rubric."""

from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally, put
from mvp_program.seeding.reading import Entry, read_entry
from selection.models import Rubric, TrainingCase

ITEM = ("title", "kind", "when", "reach", "note")


def load_training(calendar: Calendar, tally: Tally) -> None:
    """Each criterion of the rubric needs the panel's mark within its spread, and why."""
    file = read_entry("training").only("rubric", "cases")
    rubrics = {rubric.slug: rubric for rubric in Rubric.objects.all()}
    rubric = file.found("rubric", file.text("rubric"), rubrics)
    codes = set(rubric.criteria.values_list("code", flat=True))
    for position, row in enumerate(file.entries("cases")):
        row.only("slug", "title", "about", "statement", "items", "endorsements", "marks")
        marks = row.entry("marks")
        if set(marks) != codes:
            raise marks.wrong("the panel has to mark each criterion of the rubric, and no other.")
        values = {
            "position": position,
            "title": row.text("title"),
            "about": row.text("about"),
            "statement": row.text("statement"),
            "items": [dict(item.only(*ITEM)) for item in row.entries("items")],
            "endorsements": [dict(one.only("text", "relation")) for one in row.entries("endorsements")],
            "marks": {code: _panel(marks.entry(code)) for code in marks},
        }
        put(TrainingCase, tally, values, rubric=rubric, slug=row.text("slug"))


def _panel(row: Entry) -> dict[str, int | str]:
    row.only("mark", "lowest", "highest", "why")
    mark, lowest, highest = (row.number(name) for name in ("mark", "lowest", "highest"))
    if not 1 <= lowest <= mark <= highest <= 5:
        raise row.wrong("the panel's mark has to lie within its spread, from 1 to 5.")
    return {"mark": mark, "lowest": lowest, "highest": highest, "why": row.text("why")}
