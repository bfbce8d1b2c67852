"""What pages say of a row of a file beside an entry of the log."""

import pytest
from django.utils import translation

from common import clock
from contributions.models import ContributionImport, ImportRow
from contributions.words import side_by_side
from tests.cast import Cast, House
from tests.factories import ContributionFactory

pytestmark = pytest.mark.django_db


def test_the_same_type_is_the_same_in_every_language(cast: Cast, house: House) -> None:
    entry = ContributionFactory(person=cast.nominee, type=house.article)
    row = ImportRow(
        of=ContributionImport(),
        type=entry.type,
        type_name=entry.type.name,
        day=clock.today().isoformat(),
        facts={},
    )
    for language in ("en", "de"):
        with translation.override(language):
            here, there = next(pair[1:] for pair in side_by_side(row, entry) if pair[1] == str(entry.type))
            assert here == there
