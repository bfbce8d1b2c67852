"""Names of any script: sorted, found and turned into addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import names
from people.models import Person

any_name = st.text(max_size=200)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ágnes Kővári", "kovari agnes"),
        ("Łukasz Żółtowski", "zoltowski lukasz"),
        ("Willem van Oosterwal", "oosterwal willem van"),
        ("Jan van der Berg", "berg jan van der"),
        ("Ann Van Dyke", "van dyke ann"),
        ("Pilar de la Ribera", "ribera pilar de la"),
        ("Omar al-Masri", "masri al omar"),
        ("Seán O’Dea", "odea sean"),
        ("Dr. Petra Lindqvist", "lindqvist petra"),
        ("Roberta (Bobbie) Fairweather", "fairweather roberta"),
        ('William "Bill" Ashgrove III', "ashgrove william"),
        ("Ana Lucía Requejo-Peña", "requejo pena ana lucia"),
        ("李伟", "li wei"),
        ("Änne Ärger", "arger anne"),
        ("Øyvind Ås", "as oyvind"),
        ("Đặng Thu Hà", "ha dang thu"),
        ("Þórdís Gylfadóttir", "gylfadottir thordis"),
        ("نادية الحرازي", "lhrzy ndyh"),
        ("김민준", "gim min jun"),
        ("დავით ლომთათიძელი", "lomtatidzeli davit"),
        ("Sukarno", "sukarno"),
        ("Мария Иванова", "ivanova mariya"),
        ("kit marlow", "marlow kit"),
        ("Q", "q"),
        ("De", "de"),
        ("🙂", "slight smile"),
        ("(Ann)", "ann"),
        ("--", "~"),
        ("", "~"),
    ],
)
def test_sort_key_is_the_family_name_in_plain_letters(name: str, key: str) -> None:
    assert names.sort_key(name) == key


def test_the_latin_name_decides_where_the_own_script_has_none() -> None:
    assert names.sort_key("李伟", "Wei Li") == "li wei"


@pytest.mark.parametrize(
    ("name", "latin_name", "query"),
    [
        ("Łukasz Żółtowski", "", "lukasz"),
        ("Łukasz Żółtowski", "", "ŁUKASZ zoltowski"),
        ("Jürgen Größe", "", "juergen"),
        ("Jürgen Größe", "", "jurgen grosse"),
        ("Goekhan Bueyuek", "", "Gökhan Büyük"),
        ("Seán O’Dea", "", "O'Dea"),
        ("李伟", "Wei Li", "李伟"),
        ("李伟", "", "liwei"),
        ("Мария Иванова", "Maria Ivanova", "Maria"),
        ("Мария Иванова", "", "иванова"),
        ("محمد الفاسي", "Mohammed El Fassi", "fassi"),
        ("김민준", "", "김민준"),
        ("Đặng Thu Hà", "", "dang ha"),
        ('Roberta "Bobbie" Fairweather', "", "bobbie"),
        ("Ingrid Åsmundsen", "", "aasmundsen"),
    ],
)
def test_a_name_is_found_however_it_is_typed(name: str, latin_name: str, query: str) -> None:
    text = names.search_text(name, latin_name)
    assert all(word in text for word in names.query_words(query))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ágnes Kővári", "agnes-kovari"),
        ("Łukasz Żółtowski", "lukasz-zoltowski"),
        ("李伟", "li-wei"),
        ("Q", "q"),
        ("--", "person"),
        ("", "person"),
        ("(Ann)", "ann"),
        ("Seán O’Dea", "sean-odea"),
    ],
)
def test_slug_is_made_of_latin_letters(name: str, slug: str) -> None:
    assert names.slug_base(name) == slug


def test_a_slug_that_is_taken_gets_a_number() -> None:
    taken = {"ann", "ann-2", "ann-3"}
    assert names.free_slug("ann", taken.__contains__) == "ann-4"
    assert names.free_slug("ben", taken.__contains__) == "ben"


def test_cleaning_drops_control_and_direction_marks_but_keeps_joiners() -> None:
    assert names.clean("\u202e A\x00nn\n\tLee\u200f ") == "Ann Lee"
    assert names.clean("می\u200cخواهم") == "می\u200cخواهم"


def test_setting_a_name_computes_everything_from_it() -> None:
    person = Person()
    names.set_name(person, " Łukasz  Żółtowski ")
    assert (person.name, person.sort_key) == ("Łukasz Żółtowski", "zoltowski lukasz")
    assert person.search_text == "lukasz zoltowski"


@given(any_name, any_name)
def test_sort_keys_hold_plain_letters_only_and_fit(name: str, latin_name: str) -> None:
    key = names.sort_key(name, latin_name)
    assert re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*|~", key)
    assert len(key) <= 200


@given(any_name, any_name)
def test_search_texts_fit_and_hold_each_word_once(name: str, latin_name: str) -> None:
    text = names.search_text(name, latin_name)
    words = text.split(" ") if text else []
    assert len(text) <= 500
    assert len(words) == len(set(words))


@given(any_name)
def test_slugs_are_valid_for_any_name(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", names.slug_base(name))
    assert len(names.slug_base(name)) <= 70


@given(any_name)
def test_folding_and_cleaning_twice_change_nothing_more(name: str) -> None:
    assert names.fold(names.fold(name)) == names.fold(name)
    assert names.clean(names.clean(name)) == names.clean(name)


@given(st.text(max_size=40))
def test_every_name_is_found_by_itself(name: str) -> None:
    text = names.search_text(names.clean(name))
    assert all(word in text for word in names.query_words(name))
