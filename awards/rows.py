"""The roster's page where it repeats itself, drawn as strings: its people, its questions, its years."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from awards.filters import Facet, RosterFilter
from awards.lines import Line
from charter.models import Program
from common import drawing
from common.drawing import escape


def people_drawn(lines: Iterable[Line], now: Program) -> SafeString:
    """One row a person."""
    return SafeString("".join([_row(line, now) for line in lines]))


def _row(line: Line, now: Program) -> str:
    person = line.person
    headline = f'<p class="person__meta"><bdi>{escape(line.headline)}</bdi></p>' if line.headline else ""
    place = f"<br>{escape(line.place)}" if line.place else ""
    ribbon = drawing.ribbon(line.years, current=now.current_year, program_start=now.first_year)
    return (
        f'<li class="person-row">{drawing.avatar(person.name, key=person.key)}\n        '
        f'<div class="person__body"><h3 class="person__name"><a href="/people/{person.slug}/"><bdi>{escape(person.name)}'
        f"</bdi></a></h3>{headline}</div>\n        "
        f'<p class="person__meta">{escape(line.area_named)}{place}</p>\n        '
        f'<p class="person-row__tenure">{ribbon}<span>{escape(line.note or line.nth)}</span></p></li>\n      '
    )


def questions_drawn(facets: Iterable[Facet]) -> SafeString:
    """Each question with its first answers, and the others folded below them."""
    return SafeString("".join([_question(facet) for facet in facets]))


def _question(facet: Facet) -> SafeString:
    rest = ""
    if facet.rest:
        rest = (
            f'\n    <details class="facet-rest"><summary>{escape(facet.more)}</summary>'
            f"{drawing.facet_options(facet.name, facet.rest)}</details>"
        )
    return drawing.facet(rest, title=facet.title, name=facet.name, options=facet.options, open=facet.is_open)


def years_drawn(asked: RosterFilter) -> SafeString:
    """The options of the year switch, each its own value."""
    return SafeString(
        "".join(
            [
                f"<option{' selected' if is_chosen else ''}>{year}</option>"
                for year, is_chosen in asked.years()
            ]
        )
    )
