"""Markdown as HTML that is safe to show."""

import pytest

from common.markdown import render


def test_headings_begin_below_the_title_and_can_be_linked_to() -> None:
    assert render("# Größe und Maß\n\n# Größe und Maß") == (
        '<h2 id="s-grosse-und-mass">Größe und Maß</h2>\n<h2 id="s-grosse-und-mass-2">Größe und Maß</h2>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        '<img src=x onerror="alert(1)">',
        "![a](https://elsewhere.example/pixel.png)",
        "<https://a.example/\"onmouseover='x'>",
        '[a](/b "x\\" onclick=\\"y")',
        "<div style='position:fixed'>",
    ],
)
def test_what_a_page_must_not_hold_does_not_come_through(text: str) -> None:
    html = render(text)
    for bad in (
        "<script",
        "<img",
        "<div style",
        'href="javascript',
        'href="data',
        ' onclick="',
        " onmouseover=",
    ):
        assert bad not in html


def test_a_table_scrolls_by_itself() -> None:
    html = render("| a | b |\n| --- | --- |\n| 1 | 2 |")
    assert html.startswith('<div class="table-scroll" tabindex="0"><table class="table">')
    assert '<th scope="col">a</th>' in html
