"""The pages as they are delivered."""

import pytest

from charter.actions import publish_content
from charter.models import ContentVersion
from mvp_program.seeding.charter import PAGE_LANGUAGES, load_pages
from mvp_program.seeding.days import keep_first_day
from mvp_program.seeding.putting import Tally

pytestmark = pytest.mark.django_db


def load() -> Tally:
    tally = Tally()
    load_pages(keep_first_day(), tally)
    return tally


def test_every_page_comes_in_every_language() -> None:
    load()
    assert ContentVersion.objects.count() == len(ContentVersion.Page.values) * len(PAGE_LANGUAGES)


def test_loading_twice_changes_nothing_and_what_the_office_wrote_stays() -> None:
    load()
    publish_content("about", "en", title="Ours", body="Words", by=None, shown=1)
    ContentVersion.objects.filter(page="about", language="de").update(body="delivered before")
    tally = load()
    assert (tally.new, tally.changed) == (0, 1)
    assert ContentVersion.objects.filter(page="about", language="en").first().title == "Ours"  # type: ignore[union-attr]
