"""Files and records that cannot be read: one sentence with the line, and nothing half-done."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from awards.models import Award
from common import records
from people.models import Person
from tests.awards.importing.conftest import MEMBERS, Run, member, members

WHOLE = {
    "latin-1": ("roster.yml", "members:\n  - name: Zoë\n".encode("latin-1"), "Line 2: the file is not UTF-8"),
    "utf-16": ("roster.yml", "members: []".encode("utf-16"), "Line 1: the file is UTF-16"),
    "null": ("roster.yml", b"members:\n  - name: A\x00da\n", "Line 2: the character U+0000"),
    "yaml": ("roster.yml", "members:\n  - name: Ada: Vītola\n", "Line 2: this is not valid YAML"),
    "tab": ("roster.yml", "members:\n\t- name: Ada\n", "Line 2: this is not valid YAML"),
    "alias": ("roster.yml", "a: &a [x, x]\nb: &b [*a, *a]\n", "Line 2: the alias *a"),
    "nesting": ("roster.yml", "[" * 5000, "Line 1: too deeply nested"),
    "documents": ("roster.yml", "members: []\n---\nmembers: []\n", "Line 2: a second document"),
    "top": ("roster.yml", "people:\n  - name: Ada\n", "no list of records at “members”"),
    "scalar": ("roster.yml", "just a text", "no list of records at “members”"),
    "no records": ("roster.yml", "members: []", "The file holds no records"),
    "empty": ("roster.yml", "", "The file is empty"),
    "comments": ("roster.yml", "# nothing yet\n", "The file is empty"),
    "json": ("roster.json", '{"members": [\n{"name": "Ada",}\n]}', "Line 2: this is not valid JSON"),
    "json nesting": ("roster.json", "[" * 100_000, "too deeply nested"),
    "json number": ("roster.json", '{"members": [{"year": NaN}]}', "NaN is no number"),
    "ending": ("roster.txt", "members: []", "has to end in .yml, .yaml, .json or .csv"),
}


@pytest.mark.parametrize(("name", "text", "sentence"), WHOLE.values(), ids=WHOLE)
def test_a_broken_file_gets_one_sentence(run: Run, name: str, text: str | bytes, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence.replace("*", r"\*").replace("+", r"\+")):
        run(text, name=name)
    assert not Person.objects.exists()


def test_a_huge_file_is_refused_by_its_size_unread(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("was read"))
    huge = tmp_path / "roster.yml"
    with huge.open("wb") as file:
        file.truncate(100 * 1024 * 1024)  # sparse
    with pytest.raises(CommandError, match="has 100 MB; at most 25 MB"):
        _import(huge)


def test_a_folder_or_nothing_at_all_is_no_file(db: None, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yml"):
        with pytest.raises(CommandError):
            _import(path)


def _import(path: Path) -> None:
    from django.core.management import call_command

    call_command("import_roster", str(path), "--mapping", "java-champions")


RECORDS = {
    "year too long": (member(year="20225"), 3, "“20225” is no year from"),
    "year too early": (member(year="1873"), 3, "“1873” is no year"),
    "year in words": (member(year="soon"), 3, "“soon” is no year"),
    "year in wide digits": (member(year="２０１５"), 3, "is no year"),
    "no year": (member(year=""), 3, "the year is missing"),
    "no name": (member(name=""), 2, "a record without a name"),
    "long name": (member(name="A" * 10_000), 2, "has 10000 characters, at most 200 fit"),
    "country": (member(nomination="Borduria"), 5, "“Borduria” is no country that is known here."),
    "country nearly": (member(nomination="Germny"), 5, "Is it Germany?"),
    "country twice": (member() + "    country: Latvia\n", 2, "“country” stands here twice"),
    "status": (member(status="[banished]"), 6, "does not say what the status “banished” means"),
    "city as list": (member(city="[Rīga, Ogre]"), 6, "“city” should be a single value"),
    "links unnamed": (member(social="https://ada.example"), 6, "the links should be named"),
    "script": (
        member(social="{website: 'javascript:alert(1)'}"),
        6,
        "“javascript:alert(1)” is no web address",
    ),
    "no record": ("  - just a text\n", 2, "has to be a set of named values"),
}


@pytest.mark.parametrize(("record", "line", "sentence"), RECORDS.values(), ids=RECORDS)
def test_a_record_that_cannot_be_read_is_refused_alone(
    run: Run, record: str, line: int, sentence: str
) -> None:
    output = run(members(record, member("Zane Liepa")))
    assert output[0].startswith(f"refused  line {line}: ")
    assert sentence in output[0]
    assert output[-1] == "new 1, same 0, changed 0, refused 1"
    assert Person.objects.get().name == "Zane Liepa"


def test_a_record_that_comes_twice_is_refused_the_second_time(run: Run) -> None:
    output = run(members(member(), member("ada VITOLA")))
    assert output[0] == (
        "refused  line 6: ada VITOLA, 2015, Weaving: the same person, year and area as on line 2."
    )
    assert output[-1] == "new 1, same 0, changed 0, refused 1"


def test_strict_imports_all_or_nothing(run: Run) -> None:
    with pytest.raises(CommandError, match="1 record was refused, so nothing was imported"):
        run(MEMBERS + member("Nobody", "20225"), "--strict")
    assert not Person.objects.exists()


def test_an_area_that_only_refused_records_name_is_not_made(run: Run) -> None:
    rows = "Full name,Member no.,Honoured,Subject\nAda,1,2020,Glass\nZane,2,20201,Clay\n"
    run(rows, name="guild.csv", mapping="guild")
    assert Award.objects.get().area.slug == "glass"
    assert set(Award.objects.get().category.areas.values_list("slug", flat=True)) == {"glass"}


def test_the_limits_are_those_that_the_sentence_names() -> None:
    assert records.MEGABYTES_AT_MOST == 25
