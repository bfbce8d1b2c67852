"""The rows of the roster: whatever people typed is text."""

from awards.filters import Facet
from awards.lines import Line, Listed
from awards.rows import people_drawn, questions_drawn
from charter.models import Program

NOW = Program(name="P", first_year=1995, current_year=2004)
TYPED = "<b>&\"'"
ESCAPED = "&lt;b&gt;&amp;&quot;&#x27;"


def test_whatever_people_typed_is_text() -> None:
    line = Line(Listed("K", "slug", TYPED), TYPED, TYPED, TYPED, [2003, 2004], "")
    html = people_drawn([line], NOW)
    assert html.count(ESCAPED) == 4
    assert "<b>" not in html
    assert '<a href="/people/slug/">' in html


def test_a_note_stands_in_the_place_of_the_years_held() -> None:
    line = Line(Listed("K", "slug", "Ann"), "", "Networking", "", [2001], "In memoriam")
    html = people_drawn([line], NOW)
    assert "<span>In memoriam</span>" in html
    assert "1st year" not in html
    assert "1st year" in people_drawn([Line(line.person, "", "", "", [2004], "")], NOW)


def test_the_answers_of_a_question_are_text_and_the_others_are_folded() -> None:
    answer = {"value": TYPED, "label": TYPED, "count": 1200, "checked": True}
    html = questions_drawn([Facet("area", TYPED, True, [answer], [answer | {"checked": False}], "1 more")])
    assert "<b>" not in html
    assert f'value="{ESCAPED}" checked' in html
    assert '<details class="facet" open>' in html
    assert html.index("<summary>1 more") > html.index("checked")
    assert "1,200" in html
