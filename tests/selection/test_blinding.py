"""Names are taken out of texts as whole words, in every script."""

import pytest

from selection.blinding import hider


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Vaira Paegle", "Vaira Paegle and VAIRA, Paegle's", "[name] and [name], [name]'s"),
        ("Ann Li", "Li listens; Ann plans annual talks", "Li listens; [name] plans annual talks"),
        ("Ágnes Kővári", "Ask ágnes", "Ask [name]"),
        ("折橋 拓海", "折橋さんと拓海", "[name]さんと[name]"),
        ("A.* (Bob)", "A.* and Bob, not AXX", "[name] and [name], not AXX"),
        ("", "Nobody", "Nobody"),
    ],
)
def test_a_name_and_its_parts_are_replaced(name: str, text: str, shown: str) -> None:
    assert hider([(name, "[name]")])(text) == shown
