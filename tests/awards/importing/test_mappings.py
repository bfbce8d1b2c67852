"""Another program's file needs a mapping, not code."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from awards.importing.mappings import load_mapping, names
from awards.models import Award
from common.errors import RuleBroken
from people.models import Person
from tests.awards.importing.conftest import GUILD, Run
from tests.cast import House

TABLE = """\
Member no.;Full name;In Latin letters;Honoured;Represented;Lives in;Town;Subject;Remarks;For;Homepage;Code
7;Ада Ткач;Ada Tkach;2019;UK;USA;;Net;;Patient answers;ada.example;
7;Ада Ткач;Ada Tkach;2021;Perú;Perú;Cusco;net;founder;;ada.example;
7;Ада Ткач;Ada Tkach;2021;Perú;Perú;Cusco;C++;;;ada.example;
8;"Bo ""B"" Ek";;2020;The Netherlands;;;C#;Departed/Founder;;;
"""


@pytest.fixture
def guild(run: Run) -> list[str]:
    return run(TABLE, name="guild.csv", mapping="guild")


def test_other_columns_and_several_awards_a_person(guild: list[str]) -> None:
    assert guild[-1] == "new 4, same 0, changed 0, refused 0"
    assert list(Person.objects.order_by("pk").values_list("name", "latin_name", "country", "city")) == [
        ("Ада Ткач", "Ada Tkach", "PE", "Cusco"),
        ('Bo "B" Ek', "", "", ""),
    ]


def test_a_second_run_finds_every_award(guild: list[str], run: Run) -> None:
    assert run(TABLE, name="guild.csv", mapping="guild") == ["new 0, same 4, changed 0, refused 0"]


def test_terms_begin_in_the_month_and_last_as_long_as_the_mapping_says(guild: list[str]) -> None:
    award = Award.objects.get(first_year=2019)
    assert (award.starts, award.ends, award.last_year) == (dt.date(2019, 7, 1), dt.date(2020, 6, 30), 2019)
    assert award.citation == "Patient answers"


def test_areas_are_mapped_or_made(house: House, run: Run) -> None:
    run(TABLE, name="guild.csv", mapping="guild")
    ada = Person.objects.get(latin_name="Ada Tkach")
    areas = {award.area.slug: award.area_name for award in ada.awards.all()}
    assert areas == {"networking": "Windows Server – Networking", "c": "C++"}
    assert Person.objects.get(name__startswith="Bo").awards.get().area.slug == "c-2"  # C# is not C++


def test_a_status_of_a_term_that_was_over_by_itself_ends_nothing(guild: list[str]) -> None:
    bo = Award.objects.get(person__name__startswith="Bo")
    assert (bo.ends, bo.end_reason, bo.note) == (dt.date(2021, 6, 30), "", "One of the founders")
    assert bo.person.deceased


def test_links_may_be_columns_and_lack_their_scheme(guild: list[str]) -> None:
    link = Person.objects.get(latin_name="Ada Tkach").links.get()
    assert (link.kind, link.url) == ("website", "https://ada.example")


def test_a_term_that_overlaps_another_of_the_same_area_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two-years.yaml").write_text(GUILD.replace("lasts: 12", "lasts: 24"), encoding="utf-8")
    output = run(
        "Member no.,Full name,Honoured,Subject\n1,Ada,2019,Net\n1,Ada,2020,Net\n1,Ada,2021,Net\n",
        name="guild.csv",
        mapping="two-years",
    )
    assert "refused  line 3: Ada, 2020, Networks: the term overlaps that of 2019 for the same area." in output
    assert output[-1] == "new 2, same 0, changed 0, refused 1"


TABLES = {
    "missing": ("Full name,Subject\nAda,Net\n", "Line 1: the column “Honoured” is missing"),
    "twice": ("Full name,Honoured,Honoured\nAda,1,2\n", "Line 1: the column “Honoured” stands there twice"),
    "quote": ('Full name,Honoured\n"Ada,2020\n', "Line 2: this is not valid CSV"),
    "cell": ("Full name,Honoured\n" + "x" * 200_000, "Line 2: this is not valid CSV"),
}


@pytest.mark.parametrize(("text", "sentence"), TABLES.values(), ids=TABLES)
def test_a_broken_table_gets_one_sentence(run: Run, text: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(text, name="guild.csv", mapping="guild")


def test_a_row_with_too_many_cells_is_refused_alone(run: Run) -> None:
    output = run(
        "Full name,Member no.,Honoured,Subject\nAda,1,2020,Net,x\n\nBo,2,2020,Net\n",
        name="guild.csv",
        mapping="guild",
    )
    assert "refused  line 2: Ada: This row has 5 cells, the first line names 4 columns." in output
    assert "There is no column “Town”." in output
    assert output[-1] == "new 1, same 0, changed 0, refused 1"


@pytest.mark.parametrize("name", names())
def test_each_shipped_mapping_can_be_read(name: str) -> None:
    path = Path(__file__).parents[3] / "seeds" / "imports" / f"{name}.yaml"
    assert load_mapping(path).source == name


def test_the_mapping_that_fits_is_found(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "anything.csv"
    path.write_text("name,year,country,area\nAda,2020,UK,Net\n", encoding="utf-8")
    call_command("import_roster", str(path))
    assert capsys.readouterr().out.splitlines()[-1] == "new 1, same 0, changed 0, refused 0"
    assert Award.objects.get().source == "plain"


def test_where_none_fits_the_choice_is_named(db: None, tmp_path: Path) -> None:
    path = tmp_path / "anything.csv"
    path.write_text("who,when\nAda,2020\n", encoding="utf-8")
    with pytest.raises(CommandError, match="There are: java-champions, plain"):
        call_command("import_roster", str(path))
    with pytest.raises(CommandError, match="There is no mapping nonsense"):
        call_command("import_roster", str(path), "--mapping", "nonsense")


WRONG = {
    "key": ("source: guild", "source: guild\ncolour: red", "nobody knows the key “colour”"),
    "source": ("source: guild", "source: The Guild", "“source” has to be a short word"),
    "month": (
        "starts_in_month: 7",
        "starts_in_month: 13",
        "“starts_in_month” has to be a number from 1 to 12",
    ),
    "lasts": ("lasts: 12", "lasts: forever", "“lasts” has to be a number"),
    "end": ("ends: deceased", "ends: gone", "“Departed” may end an award as one of"),
    "name": ("  name: Full name", "", "“name” has to name a field"),
    "yaml": ("source: guild", "source: [", "is not valid YAML"),
    "nothing": (GUILD, "", "“source” is missing"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_mapping_says_what_is_wrong(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = tmp_path / "guild.yaml"
    path.write_text(GUILD.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleBroken, match=f"guild.yaml.*{sentence}"):
        load_mapping(path)
