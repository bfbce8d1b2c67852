"""The component tags: pure geometry, and what the templates make of it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from common import drawing

COMPONENTS = Path(settings.BASE_DIR) / "mvp_program" / "templates" / "components"


def drawn(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_compiles_and_says_its_parameters_first(path: Path) -> None:
    get_template(f"components/{path.name}")
    assert "{#" in path.read_text().splitlines()[0]


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    sprite = (COMPONENTS.parent.parent / "static" / "icons.svg").read_text()
    held = set(re.findall(r'id="i-([a-z0-9-]+)"', sprite))
    pages = COMPONENTS.parent.rglob("*.html")
    asked = {
        name for page in pages for name in re.findall(r'(?:{% icon |icon=)"([a-z0-9-]+)"', page.read_text())
    }
    drawn = Path(drawing.__file__).read_text()
    asked |= set(re.findall(r"""["']((?:chevron|sliders)-[a-z-]+)["']""", drawn))
    assert asked | set(re.findall(r'\bicon\("([a-z0-9-]+)"', drawn)) <= held


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'role="img" aria-label="Valid"' in drawn('{% icon "check" label="Valid" %}')


def test_a_name_is_escaped_and_isolated() -> None:
    assert drawn("{% bdi name %}", name="<b>لea") == "<bdi>&lt;b&gt;لea</bdi>"


def test_a_ribbon_says_its_years_and_what_lies_before_its_window() -> None:
    html = drawn("{% ribbon years current=2026 %}", years=[2003, 2004, 2026])
    assert 'aria-label="Award years: 2026, and 2 before 2015"' in html
    assert "ribbon__more" in html


def test_an_empty_ribbon_says_so() -> None:
    assert "No award years yet" in drawn("{% ribbon years current=2026 %}", years=[])


def test_pagination_keeps_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/roster/", {"q": "a&b", "page": "2"})
    page = Paginator(range(95), 10).page(2)
    html = drawn("{% pagination page %}", page=page, request=request)
    assert 'href="?q=a%26b&amp;page=3" rel="next"' in html
    assert 'aria-current="page" aria-label="Page 2"' in html
    assert "11–20 of 95" in html


def test_one_page_has_no_pagination() -> None:
    page = Paginator(range(3), 10).page(1)
    assert drawn("{% pagination page %}", page=page, request=RequestFactory().get("/")).strip() == ""


def test_content_of_a_card_is_drawn_inside_it_and_escaped_once() -> None:
    html = drawn('{% card title=title id="t" %}<p>{{ text }}</p>{% endcard %}', title="A & B", text="<i>")
    assert "A &amp; B</h2>" in html
    assert "<p>&lt;i&gt;</p>" in html


@pytest.mark.parametrize(("number", "words"), [(1, "1st"), (2, "2nd"), (11, "11th"), (22, "22nd")])
def test_nth_says_an_ordinal(number: int, words: str) -> None:
    assert drawn("{{ number|nth }}", number=number) == words


def test_links_of_the_frame_are_drawn_anew_for_other_entries():
    one = [{"address": "/a/", "label": "A", "current": "page"}]
    other = [{"address": "/a/", "label": "A", "current": ""}]
    first, second, again = (
        drawn('{% navigation "components/site_nav.html" entries %}', entries=entries)
        for entries in (one, other, one)
    )
    assert 'aria-current="page"' in first
    assert "aria-current" not in second
    assert first == again


def test_a_chart_takes_words_that_a_template_escaped_as_they_are() -> None:
    label = "{% blocktranslate asvar words with name=name %}{{ name }} per month{% endblocktranslate %}"
    html = drawn(
        "{% load i18n %}" + label + "{% bars values label=words first=name %}", name="A&B", values=[1]
    )
    assert 'aria-label="A&amp;B per month"' in html
    assert ">A&amp;B</text>" in html


def test_every_year_of_a_profile_says_whether_it_was_held() -> None:
    html = drawn("{% ribbon_years years start=2000 current=2006 %}", years=[2001, 2002, 2003, 2004, 2005])
    assert html.count("(held)") == 3
    assert html.count("(not held)") == 2
    assert "(held, first award)" in html
    assert "(held, 5th award)" in html


def test_active_filters_and_what_a_form_carries_along_are_escaped() -> None:
    html = drawn(
        '{% chips chips clear_href="/roster/" %}', chips=[{"label": "<b>", "href": "?q=a&sort=name"}]
    )
    assert 'href="?q=a&amp;sort=name"><bdi>&lt;b&gt;</bdi>' in html
    assert '<a class="small" href="/roster/">Clear all</a>' in html
    assert drawn("{% hidden_fields kept %}", kept=[("q", '"><i>')]) == (
        '<input type="hidden" name="q" value="&quot;&gt;&lt;i&gt;">'
    )
    assert drawn('{% chips chips clear_href="/roster/" %}', chips=[]) == ""
