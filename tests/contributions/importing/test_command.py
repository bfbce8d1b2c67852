"""A whole file into a log by command: what its last line says, and what the log holds then."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contributions.models import Contribution, ContributionImport
from people.models import Person
from tests.cast import House
from tests.contributions.importing.conftest import Import, export_file, exported, table, workbook
from tests.factories import ContributionFactory

GATEWAYS = ["Article", "Two gateways", "2004-10-21", "https://articles.example/1", 4100]


def last(said: str) -> str:
    return said.splitlines()[-1]


def test_an_export_of_the_retired_api_is_read_as_it_is(load: Import, owner: Person, house: House) -> None:
    second = exported(Title="Other", AdditionalTechnologies=[{"Name": "Spreadsheets"}, {"Name": "Quantum"}])
    assert last(load(export_file(exported(), second), "export.json")) == "new 2, same 0, changed 0, refused 0"
    row, other = Contribution.objects.order_by("title").filter(person=owner)
    assert (row.title, row.starts.isoformat(), row.source_ref) == ("My Activity #410", "2021-09-28", "410")
    assert (row.quantity, row.second_quantity, row.reach, row.visibility) == (16, 12, 0, "holders")
    assert row.area == house.networking
    assert (list(other.more_areas.all()), other.area_text) == ([house.spreadsheets], "Quantum")


def test_run_again_everything_is_the_same(load: Import) -> None:
    file = export_file(exported(), exported(ContributionId=1), exported(Title="Another #410"))
    assert last(load(file, "export.json")) == "new 3, same 0, changed 0, refused 0"
    assert last(load(file, "export.json")) == "new 0, same 3, changed 0, refused 0"


@pytest.mark.parametrize(
    "change",
    [
        {"ContributionId": 7},
        {"Title": "Another"},
        {"StartDate": "2021-09-29T00:00:00+02:00"},
        {"ContributionType": {"Name": "Article"}},
    ],
    ids=str,
)
def test_id_type_day_and_title_together_recognise_a_row(change: dict[str, Any], load: Import) -> None:
    load(export_file(exported()), "export.json")
    assert last(load(export_file(exported(**change)), "e.json")) == "new 1, same 0, changed 0, refused 0"


def test_a_changed_number_is_named_and_an_empty_field_empties_nothing(load: Import) -> None:
    load(export_file(exported()), "export.json")
    said = load(export_file(exported(AnnualReach=77, Description=None)), "export.json", verbosity=2)
    assert "changes reach" in said
    assert last(said) == "new 0, same 0, changed 1, refused 0"
    assert list(Contribution.objects.values_list("reach", "description")) == [(77, "Words.")]


def test_an_area_that_is_not_known_is_kept_as_text_with_a_note(load: Import) -> None:
    said = load(export_file(exported(ContributionTechnology={"Name": "Quantum"})), "export.json")
    assert "“Quantum” is no area here; kept as text." in said
    assert Contribution.objects.get().area_text == "Quantum"


def test_a_dry_run_names_every_row_and_changes_nothing(load: Import) -> None:
    said = load(table(GATEWAYS, ["Article", "", "2004-10-21", "", ""]), dry_run=True)
    assert "new      line 2: Two gateways" in said
    assert "refused  line 3 (There is no title.)" in said
    assert last(said) == "new 1, same 0, changed 0, refused 1"
    assert not Contribution.objects.exists()
    assert not ContributionImport.objects.exists()


def test_every_kind_of_file_says_the_same(load: Import) -> None:
    record = dict(zip(["type", "title", "date", "link", "reach"], GATEWAYS, strict=True))
    yaml = "- " + "\n  ".join(f"{name}: {value}" for name, value in record.items())
    assert last(load(table(GATEWAYS))) == "new 1, same 0, changed 0, refused 0"
    for name, content in {
        "log.xlsx": workbook(GATEWAYS),
        "log.yaml": yaml,
        "log.json": json.dumps({"contributions": [record]}),
        "semicolons.csv": table(GATEWAYS).replace(",", ";"),
        "utf16.csv": table(GATEWAYS).encode("utf-16"),
        "bare.csv": table(GATEWAYS).encode("utf-16-le"),
    }.items():
        assert last(load(content, name)) == "new 0, same 1, changed 0, refused 0", name


def test_a_latin_file_is_read_with_a_remark(load: Import) -> None:
    said = load(table(["Article", "Két átjáró", "2004-10-21", "", ""]).encode("latin-1"))
    assert "read as Windows-1252" in said
    assert Contribution.objects.get().title == "Két átjáró"


def test_a_row_that_the_file_holds_twice_counts_once(load: Import) -> None:
    said = load(table(GATEWAYS, GATEWAYS))
    assert "Row 2 of this file says the same." in said
    assert last(said) == "new 1, same 0, changed 0, refused 1"


def test_what_resembles_an_entry_is_added_and_named(load: Import, owner: Person, house: House) -> None:
    twin = ContributionFactory(person=owner, type=house.article, title="Two gateways!", starts="2004-10-21")
    said = load(table(GATEWAYS))
    assert f"may be the same as {twin.key}" in said
    assert last(said) == "new 1, same 0, changed 0, refused 0"


def test_numbers_may_be_called_as_their_type_calls_them(load: Import) -> None:
    load(table(["Article", "A", "2004-10-21", 7], head=["type", "title", "date", "views"]))
    assert Contribution.objects.get().reach == 7


def test_a_number_that_the_type_does_not_ask_for_is_noted(load: Import) -> None:
    said = load(table(["Forum moderator", "A", "2004-10-21", "", 99]))
    assert "asks for no reach; 99 is left out" in said
    said = load(table(["Article", "B", "2004-10-21", 98], head=["type", "title", "date", "threads"]))
    assert "has no number called “threads”; 98 is left out" in said


def test_somebody_who_does_not_exist_is_said(tmp_path: Any, db: None) -> None:
    for person in ("0", "nobody", "99999999999999999999"):
        with pytest.raises(CommandError, match="There is no person"):
            call_command("import_contributions", str(tmp_path / "log.csv"), person=person)
