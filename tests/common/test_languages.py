"""Names of rows in the reader's language; those that a program made up itself stay as they are."""

import pytest
from django.utils import translation

from common.languages import named

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
