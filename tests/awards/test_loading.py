"""The roster as it is read from the database."""

from awards.loading import read, roster_version
from people.models import Person
from tests.cast import Cast


def test_a_text_with_ends_of_lines_in_it_is_read_as_one(cast: Cast) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(city="Nea\u2028Smyrni\x85\x1c")
    before = read(roster_version())
    assert cast.holder.pk in before.columns.ids
