"""The letter to the employer about one summit: for whom it invites, with a number that the check finds."""

import datetime as dt

import pytest
from django.test import Client

from awards.models import Paper
from common import clock, history
from events.actions import call_off_summit, change_summit
from events.models import Summit
from tests.cast import Cast, House
from tests.events.conftest import Register

LETTER = "/summits/oulu/letter.pdf"


def test_a_holder_who_is_invited_takes_a_letter_that_can_be_checked(
    summit: Summit, cast: Cast, sign_in
) -> None:
    client = sign_in(cast.holder)
    assert LETTER in client.get("/summits/oulu/").text
    answer = client.get(LETTER)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    paper = Paper.objects.get(kind=Paper.Kind.SUMMIT_LETTER)
    assert paper.about == "Oulu Summit"
    assert paper.shown in client.get(f"/verify/?id={paper.number}").text


def test_the_same_letter_comes_again_until_a_place_is_kept(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    client = sign_in(cast.holder)
    assert client.get(LETTER).content == client.get(LETTER).content
    register(cast.holder)
    client.get(LETTER)
    assert Paper.objects.filter(kind=Paper.Kind.SUMMIT_LETTER).count() == 2


def test_it_is_written_in_the_language_that_is_asked_for(summit: Summit, cast: Cast, sign_in) -> None:
    sign_in(cast.holder).get(f"{LETTER}?language=es")
    assert Paper.objects.get(kind=Paper.Kind.SUMMIT_LETTER).language == "es"


def test_nobody_else_gets_one_nor_anybody_for_what_is_over(
    summit: Summit, cast: Cast, house: House, sign_in
) -> None:
    assert sign_in(cast.outsider).get(LETTER).status_code == 403
    summit.regions.add(house.iberia)
    assert sign_in(cast.holder).get(LETTER).status_code == 403
    summit.regions.clear()
    Summit.objects.update(
        starts=clock.today().replace(year=2004, day=1), ends=clock.today().replace(year=2004, day=2)
    )
    assert sign_in(cast.holder).get(LETTER).status_code == 403
    assert not Paper.objects.exists()


def test_its_words_stand_on_the_page_for_whom_it_is_and_for_nobody_else(
    summit: Summit, cast: Cast, sign_in
) -> None:
    words = "We ask you to grant these working days"
    assert words in sign_in(cast.holder).get("/summits/oulu/").text
    assert words not in sign_in(cast.outsider).get("/summits/oulu/").text


def test_it_says_what_the_summit_costs(summit: Summit, cast: Cast, sign_in) -> None:
    assert "What it costs" not in sign_in(cast.holder).get("/summits/oulu/").text
    Summit.objects.update(cost="There is no fee.")
    assert "What it costs: There is no fee." in sign_in(cast.holder).get("/summits/oulu/").text
    assert sign_in(cast.holder).get(LETTER).content.startswith(b"%PDF")


def test_a_letter_whose_summit_moved_says_what_it_asked_for_and_what_is_true_now(
    summit: Summit, cast: Cast, sign_in, client: Client
) -> None:
    Summit.objects.update(starts=dt.date(2099, 4, 4), ends=dt.date(2099, 4, 7))
    sign_in(cast.holder).get("/summits/oulu/letter.pdf")
    paper = Paper.objects.get()
    assert "have changed" not in client.get("/verify/", {"id": paper.number}).text
    Summit.objects.update(starts=dt.date(2099, 5, 2), ends=dt.date(2099, 5, 5))
    text = client.get("/verify/", {"id": paper.number}).text
    assert "The dates have changed since this letter" in text
    assert "for the Oulu Summit on 4–7 April 2099. It takes place on 2–5 May 2099." in text
    assert "This award is in force" in text
    Summit.objects.update(called_off_at=clock.now())
    assert "have changed" not in client.get("/verify/", {"id": paper.number}).text


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (
            {"about_starts": None, "about_ends": None},
            "were changed after that: it takes place on 2–5 May 2099.",
        ),
        ({"about_key": "", "about_starts": None, "about_ends": None}, "it takes place on 2–5 May 2099."),
        ({}, "on 4–7 April 2099. It takes place on 2–5 May 2099."),
    ],
)
def test_a_letter_from_before_summits_were_kept_with_it_says_what_has_changed_since(
    summit: Summit, cast: Cast, sign_in, client: Client, known: dict[str, object], says: str
) -> None:
    Summit.objects.update(starts=dt.date(2099, 4, 4), ends=dt.date(2099, 4, 7))
    sign_in(cast.holder).get(LETTER)
    Paper.objects.update(**known)
    number = Paper.objects.get().number
    assert "changed since" not in client.get("/verify/", {"id": number}).text
    values = {"starts": dt.date(2099, 5, 2), "ends": dt.date(2099, 5, 5), "capacity": 2, "place": "Turku"}
    summit = change_summit(summit, by=cast.office_1.user, values=values, shown=1)
    text = client.get("/verify/", {"id": number}).text
    assert says in text
    assert "takes place in Turku." in text
    summit = change_summit(summit, by=cast.office_1.user, values={"capacity": 2, "place": "Oulu"}, shown=2)
    assert "The place" not in client.get("/verify/", {"id": number}).text
    call_off_summit(summit, by=cast.office_1.user, reason="Fire.")
    assert "is void" in client.get("/verify/", {"id": number}).text


def test_a_place_that_was_changed_before_places_were_kept_is_not_said_to_differ(
    summit: Summit, cast: Cast, sign_in, client: Client
) -> None:
    sign_in(cast.holder).get(LETTER)
    history.record("summit", summit.slug, "change_summit", by=None, codes={"fields": ["place"]})
    text = client.get("/verify/", {"id": Paper.objects.get().number}).text
    assert "The place was changed after this letter" in text
    assert "The place has changed" not in text
