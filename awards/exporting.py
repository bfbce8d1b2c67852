"""What the roster says of people, as a table to keep."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from awards.lines import Line, lines_of
from awards.roster import Result
from common.sheets import write_csv

PEOPLE_AT_MOST = 10_000
_AT_ONCE = 1_000


def roster_as_csv(result: Result) -> str:
    """One line a person, in the order of the list, with the columns in the reader's language."""
    header = (
        _("Name"), _("Technology"), _("Place"), _("Award years"), _("First year"), _("Last year"), _("Years held"),
        _("Remark"), _("Profile"),
    )  # fmt: skip
    return write_csv(header, (_row(line) for line in _lines(result)))


def _lines(result: Result) -> Iterator[Line]:
    most = min(result.people, PEOPLE_AT_MOST)
    for start in range(0, most, _AT_ONCE):
        places = result.places(start, min(start + _AT_ONCE, most))
        yield from lines_of(places, result.found.columns, viewer=result.search.viewer)


def _row(line: Line) -> tuple[object, ...]:
    page = settings.SITE_URL + reverse("person", args=[line.person.slug])
    years = " ".join(map(str, line.years))
    return (
        line.person.name, line.area, line.place, years, line.years[0], line.years[-1], len(line.years), line.note,
        page,
    )  # fmt: skip
