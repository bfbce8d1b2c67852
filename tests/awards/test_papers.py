"""Certificates and letters: every sign is printed, nothing is markup, each is issued once."""

import io
import json
import re
import threading
from typing import Any

import pypdf
import pytest
import typst
from django.db import connection
from django.utils import translation
from pypdf.generic import ContentStream

from awards import actions, paper_words
from awards.figures import YearInFigures
from awards.models import Award, Paper
from awards.paper_words import certificate_words, letter_words, printable_name, signed_by
from awards.papers import fonts, setting
from awards.papers.setting import CERTIFICATE, set_paper
from common.errors import RuleBroken
from people.actions import erase_person, rename_person
from tests.cast import Cast, House

NAMES = {
    "Latin": "Đặng Přibyslavský-Żółć", "Greek": "Ελένη Παπαδοπούλου", "Cyrillic": "Владимир Їжакевич",
    "Arabic": "محمد الفاسي", "Hebrew": "דוד כהן", "Devanagari": "राजेश कुमार क्षत्रिय", "Japanese": "霧沢部 律 ゆき",
    "Chinese": "李小龍", "Korean": "김민준",
}  # fmt: skip


def current(cast: Cast) -> Award:
    return Award.objects.filter(person=cast.holder).order_by("-first_year").first()


def words(award: Award, house: House, **changes) -> dict:
    return {**certificate_words(award, program=house.program, years=[2001, 2002]), **changes}


def issue(cast: Cast, house: House, kind: str = "certificate", language: str = "en", **changes) -> Paper:
    award = current(cast)
    return actions.issue_paper(award, kind=kind, language=language, words=words(award, house, **changes))


def letter(cast: Cast, house: House) -> dict:
    return letter_words(current(cast), program=house.program, years=[2001], summit=None)


def printed(name: str, **changes) -> pypdf.PdfReader:
    said = {
        "title": "Certificate", "kind": "Award", "name": name, "latin": "", "joined": False, "text": "Given.", "check": "At",
        "fonts": fonts.families_for(name, ""), "stripes": ["gap"] * 11 + ["first"], "signer": "Office", "role": "Office",
        "number": "H7Q2-K9DX", "language": "en", "code_says": "QR code",
    }  # fmt: skip
    content = set_paper(CERTIFICATE, {**said, **changes}, address="https://awards.example/awards/H7Q2K9DX/")
    return pypdf.PdfReader(io.BytesIO(content))


def missing_signs(reader: pypdf.PdfReader) -> int:
    """How often glyph 0, the empty box, is drawn."""
    count = 0
    for page in reader.pages:
        for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
            if operator in (b"Tj", b"TJ"):
                parts = operands[0] if operator == b"TJ" else operands
                texts = [part.original_bytes for part in parts if hasattr(part, "original_bytes")]
                count += sum(text[n : n + 2] == b"\0\0" for text in texts for n in range(0, len(text), 2))
    return count


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_in_every_script_is_printed_sign_for_sign(name: str) -> None:
    assert fonts.unprintable(name) == set()
    assert missing_signs(printed(name)) == 0


def test_a_sign_without_a_font_is_transcribed() -> None:
    text = printed("ተስፋዬ 😀").pages[0].extract_text()
    assert "tesfaye :grinning:" in text.lower()


def test_an_empty_box_would_stop_the_printing_and_this_test_would_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "printable", lambda text: text)
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        printed("ተስፋዬ")
    monkeypatch.setattr(setting, "STANDARDS", [])
    assert missing_signs(printed("ተስፋዬ")) > 0


def test_a_name_without_a_font_is_printed_in_latin_letters(cast: Cast) -> None:
    cast.holder.name, cast.holder.latin_name = "ተስፋዬ", "Tesfaye"
    award = current(cast)
    award.person = cast.holder
    assert printable_name(award) == "Tesfaye"
    cast.holder.latin_name = ""
    assert printable_name(award).isascii()


def test_one_sign_of_han_has_the_shape_of_its_country() -> None:
    first = [fonts.families_for("直", country)[6] for country in ("JP", "TW", "KR", "CN", "")]
    assert first == ["Noto Sans JP", "Noto Sans TC", "Noto Sans KR", "Noto Sans SC", "Noto Sans SC"]


def test_the_paper_is_tagged_has_a_language_and_a_title() -> None:
    root: Any = printed("Ágnes Kővári").trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize(
    "name", ["#panic()", "*x* $y$ _z_ @a <b>", '"; #import "x"', "\\u{0}", "x" * 200, "W" * 200]
)
def test_what_somebody_is_called_is_never_markup(name: str) -> None:
    reader = printed(name)
    assert len(reader.pages) == 1
    text = re.sub(r"\s", "", reader.pages[0].extract_text())
    assert re.sub(r"\s", "", name)[:20] in text


def test_a_paper_is_issued_once_and_again_when_a_name_changes(cast: Cast, house: House) -> None:
    first = issue(cast, house)
    assert issue(cast, house).pk == first.pk
    rename_person(cast.holder, by=cast.holder.user, name="Ágnes Nagy")
    assert issue(cast, house).pk != first.pk
    assert issue(cast, house, language="de").number != first.number


def test_a_certificate_bears_the_number_of_its_award_and_leads_to_its_page(cast: Cast, house: House) -> None:
    content = bytes(issue(cast, house).content)
    award = current(cast)
    assert f"/awards/{award.key}/".encode() in content
    assert award.number in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_the_letter_asks_for_days_only_where_there_is_a_summit(cast: Cast, house: House) -> None:
    award = current(cast)
    none = letter_words(award, program=house.program, years=[2001], summit=None)
    some = letter_words(
        award, program=house.program, years=[2001, 2002],
        summit={"summit": "Global Summit", "place": "Redmond", "days": "4 to 7 April"},
    )  # fmt: skip
    assert none["ask"] == ""
    assert "professional days" in some["ask"]
    assert any("Redmond" in words for words in some["paragraphs"])


def test_a_letter_says_a_name_of_another_script_in_latin_letters_too(cast: Cast, house: House) -> None:
    cast.holder.name, cast.holder.latin_name = "霧沢部 律", "Kirisawabe Ritsu"
    award = current(cast)
    award.person = cast.holder
    said = letter_words(award, program=house.program, years=[2001], summit=None)
    assert said["paragraphs"][0].startswith("霧沢部 律 (Kirisawabe Ritsu) was given")
    cast.holder.name = cast.holder.latin_name
    said = letter_words(award, program=house.program, years=[2001], summit=None)
    assert said["paragraphs"][0].startswith("Kirisawabe Ritsu was given")


def test_papers_are_signed_by_who_is_named_for_it_else_by_the_program(cast: Cast, house: House) -> None:
    assert signed_by(house.program)["signer"] == house.program.name
    house.program.signer_name, house.program.signer_role = "Beatrix Lindenau", "Head of the program office"
    with translation.override("de"):
        assert signed_by(house.program)["role"] == "Leitung des Programmbüros"
    paper = issue(cast, house, "letter", **letter(cast, house))
    text = pypdf.PdfReader(io.BytesIO(bytes(paper.content))).pages[0].extract_text()
    assert "Beatrix Lindenau" in text
    assert "Head of the program office" in text


@pytest.mark.parametrize(
    ("holders", "said"),
    [(19, ""), (20, "about 20 people."), (267, "about 260 people in more than 20 countries.")],
)
def test_a_letter_says_how_many_hold_the_award_in_round_figures(
    house: House, monkeypatch: pytest.MonkeyPatch, holders: int, said: str
) -> None:
    countries = {f"C{n}": 1 for n in range(27 if holders > 99 else 3)}
    year = YearInFigures(house.program.current_year, holders, 0, countries, {}, {}, {})
    monkeypatch.setattr(paper_words, "figures_in", lambda _loaded, _year: year)
    assert paper_words.said_of_holders(house.program).removeprefix("It is held by ") == said


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_letter_prints_a_name_in_every_script(cast: Cast, house: House, name: str) -> None:
    cast.holder.name = name
    award = current(cast)
    award.person = cast.holder
    said = letter_words(award, program=house.program, years=[2001], summit=None)
    facts = {"number": "H7Q2K-9DX4M", "date": "1 May 2026", "language": "en", "code_says": "QR code"}
    content = set_paper("letter", {**said, **facts}, address="https://awards.example/verify/?id=H7Q2K9DX4M")
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert missing_signs(reader) == 0
    assert set(name.split()[0]) <= set("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("act", ["revoke", "resign"])
def test_nothing_is_printed_for_an_award_that_proves_nothing(cast: Cast, house: House, act: str) -> None:
    if act == "revoke":
        actions.revoke_award(current(cast), by=cast.office_1.user, reason_code="conduct")
    else:
        actions.resign_award(current(cast), by=cast.holder.user)
    with pytest.raises(RuleBroken):
        issue(cast, house)


def test_erasing_somebody_takes_the_file_and_leaves_the_number(cast: Cast, house: House) -> None:
    paper = issue(cast, house)
    erase_person(cast.holder, by=None)
    left = Paper.objects.get(number=paper.number)
    assert left.content is None
    assert left.digest != paper.digest


@pytest.mark.django_db(transaction=True)
def test_who_asks_five_times_at_once_gets_one_paper(cast: Cast, house: House) -> None:
    def ask() -> None:
        try:
            issue(cast, house)
        finally:
            connection.close()

    askers = [threading.Thread(target=ask) for _ in range(5)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert Paper.objects.count() == 1


def test_words_are_plain_values(cast: Cast, house: House) -> None:
    assert json.loads(json.dumps(words(current(cast), house)))["name"] == "Ágnes Kővári"
