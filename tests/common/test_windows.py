"""One thing open in two windows: what was saved in one is not lost in silence by the other."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from contributions.models import Contribution
from nominations import links
from nominations.models import AccessLink, Support
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory
from tests.nominations.conftest import accepted, endorsement, invited, submit  # noqa: F401
from tests.people.views.test_profile_edit import TYPED

SignIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.django_db
WORDS = "She answered every question of the user group for a year, with traces and with patience. " * 2


def seen_on(page: bytes) -> str:
    return re.search(rb'name="seen" value="(\w+)"', page)[1].decode()  # type: ignore[index]


def test_an_entry_of_the_log(cast: Cast, house: House, sign_in: SignIn) -> None:
    entry, client = ContributionFactory(person=cast.holder, type=house.article), sign_in(cast.holder)
    page = f"/me/contributions/{entry.key}/"
    form = {"type": entry.type.code, "starts": entry.starts.isoformat(), "visibility": "everyone"}
    form["seen"] = seen_on(client.get(page).content)
    assert client.post(page, {**form, "title": "Of the first window"}).status_code == 302
    late = client.post(page, {**form, "title": "Of the second window"})
    assert late.status_code == 409
    assert b"Of the second window" in late.content
    assert Contribution.objects.get().title == "Of the first window"
    form["seen"] = seen_on(late.content)
    assert client.post(page, {**form, "title": "Of the second window"}).status_code == 302
    assert Contribution.objects.get().title == "Of the second window"


def test_what_is_found_out_about_a_link_is_no_change_of_the_entry(
    cast: Cast, house: House, sign_in: SignIn
) -> None:
    entry, client = ContributionFactory(person=cast.holder, type=house.article), sign_in(cast.holder)
    page = f"/me/contributions/{entry.key}/"
    form = {
        "type": entry.type.code,
        "starts": entry.starts.isoformat(),
        "visibility": "everyone",
        "title": "Mine",
    }
    form["seen"] = seen_on(client.get(page).content)
    Contribution.objects.update(link_answers=False, link_failures=1)
    assert client.post(page, form).status_code == 302


def test_an_endorsement(endorsement: Support, client: Client) -> None:  # noqa: F811
    page = f"/endorse/{links.token_of(AccessLink.objects.get(purpose='endorse', support=endorsement))}/"
    seen = seen_on(client.get(page).content)
    assert client.post(page, {"statement": WORDS, "seen": seen}).status_code == 302
    late = client.post(page, {"statement": WORDS + "And more.", "seen": seen})
    assert late.status_code == 409
    assert b"And more." in late.content
    endorsement.refresh_from_db()
    assert "And more." not in endorsement.statement


def test_a_profile(cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in(cast.holder), f"/people/{cast.holder.slug}/edit/"
    seen = seen_on(client.get(page).content)
    assert client.post(page, {**TYPED, "headline": "First", "seen": seen}).status_code == 302
    late = client.post(page, {**TYPED, "headline": "Second", "seen": seen})
    assert late.status_code == 409
    cast.holder.refresh_from_db()
    assert cast.holder.headline == "First"
