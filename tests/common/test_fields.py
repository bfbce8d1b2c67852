"""What people type comes out clean, or is refused with a sentence."""

import pytest
from django import forms

from common.fields import LineField, LinkField, ProseField


class Typed(forms.Form):
    name = LineField(max_length=20, required=False)
    text = ProseField(max_length=100, required=False)
    link = LinkField(required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ilmārs \t Vītolbergs ", "Ilmārs Vītolbergs"),
        ("\u202egnp.exe", "gnp.exe"),
        ("Nadia\u200f Al\u200b", "Nadia Al"),
        ("نادية", "نادية"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("e\u0301", "é"),
    ],
)
def test_a_line_loses_direction_marks_and_keeps_letters(typed: str, kept: str) -> None:
    form = Typed({"name": typed})
    assert form.is_valid()
    assert form.cleaned_data["name"] == kept


@pytest.mark.parametrize("field", ["name", "text"])
def test_a_null_byte_is_refused_with_a_sentence(field: str) -> None:
    form = Typed({field: "a\x00b"})
    assert "invisible character" in form.errors[field][0]


def test_a_text_keeps_its_line_ends() -> None:
    form = Typed({"text": "one\r\n\r\ntwo\u202e"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "one\r\n\r\ntwo"


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://a.example", "not a link", "https://"])
def test_a_link_is_a_web_address(typed: str) -> None:
    assert Typed({"link": typed}).errors["link"] == [
        "Write the whole address, such as https://example.org/page."
    ]


def test_a_link_without_scheme_is_taken_to_mean_https() -> None:
    form = Typed({"link": "lists.example/a"})
    assert form.is_valid()
    assert form.cleaned_data["link"] == "https://lists.example/a"
