"""Cells that a spreadsheet would run, and how the rest is written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets import plain_cell, safe_cell, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"])
def test_a_formula_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (3, "3"), (-2.5, "-2.5"), ("Ana", "Ana"), ("a=b", "a=b"), ("", "")]
)
def test_the_rest_is_as_it_is(value, cell):
    assert safe_cell(value) == cell


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2
        )
    )
)
def test_every_cell_comes_back_and_none_begins_like_a_formula(rows):
    text = write_csv(["a", "b"], rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text[1:], newline="")))[1:]
    assert read == [[safe_cell(cell) for cell in row] for row in rows]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for row in read for cell in row)


@given(st.text(st.sampled_from("'=+-@ \n\ta1")))
def test_a_guarded_cell_is_read_as_it_was(text):
    assert plain_cell(safe_cell(text)) == text
