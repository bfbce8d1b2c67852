"""Names of rows in the reader's language; those that a program made up itself stay as they are."""

import pytest
from django.utils import translation

from common.languages import language_names, named

pytestmark = pytest.mark.django_db  # the office may have written other words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Blog post"), ("de", "Blogbeitrag"), ("es", "Entrada de blog")]
)
def test_a_name_of_the_seeds_is_read_in_each_language(language: str, words: str) -> None:
    with translation.override(language):
        assert named("Blog post") == words


@pytest.mark.parametrize("text", ["", "Night of the projectors", "Views"])
def test_other_names_stay(text: str) -> None:
    with translation.override("de"):
        assert named(text) == text


@pytest.mark.parametrize(
    ("code", "english", "german"),
    [("si", "Sinhala", "Singhalesisch"), ("zh", "Chinese", "Chinesisch"), ("pl", "Polish", "Polnisch")],
)
def test_languages_that_people_speak_have_names(code: str, english: str, german: str) -> None:
    assert (language_names("en")[code], language_names("de")[code]) == (english, german)
