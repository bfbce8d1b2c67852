"""``/me/account/``: addresses, devices, settings and being erased, each by POST and each only one's own."""

import re

import pytest
from django.test import Client

from accounts.models import Session
from awards.models import Award
from common import clock, delivery
from common.models import HistoryRow, OutboxMail
from people import actions
from people.models import Person
from tests import factories
from tests.cast import Cast

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


def page_of(client: Client) -> str:
    answer = client.get("/me/account/")
    assert answer.status_code == 200
    return answer.content.decode()


def link_in_mail(to: str) -> str:
    mail = OutboxMail.objects.filter(kind="people.confirm_address", to=to).latest("id")
    return re.search(r"http://[^/]+(/\S+)", delivery.write(mail).text)[1]


# Addresses


def test_an_address_is_added_by_the_link_and_the_button(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    client.post("/me/account/addresses/add/", {"email": "Agnes@Work.example"})
    assert "Not confirmed" in page_of(client)
    link = link_in_mail("agnes@work.example")
    assert "Opening this page changed nothing" in client.get(link).content.decode()
    assert not cast.holder.addresses.filter(email="agnes@work.example").exclude(confirmed_at=None).exists()
    client.post(link)
    address = cast.holder.addresses.get(email="agnes@work.example")
    assert address.confirmed_at
    assert not address.primary
    assert OutboxMail.objects.get(kind="people.addresses_changed").to == "agnes@community.example"
    client.post(f"/me/account/addresses/{address.key}/choose/")
    cast.holder.user.refresh_from_db()
    assert cast.holder.user.email == "agnes@work.example"


def test_an_address_whose_link_cannot_be_mailed_today_is_not_kept(
    cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.actions.addresses.CONFIRMATIONS_A_DAY", 0)
    answer = sign_in(cast.holder).post("/me/account/addresses/add/", {"email": "agnes@work.example"})
    assert "That was too often" in answer.text
    assert not cast.holder.addresses.filter(email="agnes@work.example").exists()


def test_the_link_of_one_account_is_over_for_another(cast: Cast, sign_in) -> None:
    sign_in(cast.holder).post("/me/account/addresses/add/", {"email": "agnes@work.example"})
    link = link_in_mail("agnes@work.example")
    assert sign_in(cast.outsider).post(link).status_code == 410
    address = cast.holder.addresses.get(email="agnes@work.example")
    sign_in(cast.holder).post(f"/me/account/addresses/{address.key}/remove/")
    assert sign_in(cast.holder).get(link).status_code == 410
    assert "/accounts/login/" in Client().get(link)["Location"]


def test_an_address_of_somebody_else_is_said_to_its_reader_alone(cast: Cast, sign_in) -> None:
    client = sign_in(cast.outsider)
    free = client.post("/me/account/addresses/add/", {"email": "nobody@work.example"})
    taken = client.post("/me/account/addresses/add/", {"email": "agnes@community.example"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    answer = client.post(link_in_mail("agnes@community.example"))
    assert answer.status_code == 422
    assert "belongs to somebody else" in answer.content.decode()


def test_links_are_mailed_ten_times_a_day_and_ten_addresses_are_kept(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    for number in range(9):
        client.post("/me/account/addresses/add/", {"email": f"agnes{number}@work.example"})
    answer = client.post("/me/account/addresses/add/", {"email": "agnes9@work.example"})
    assert "as many addresses as we keep" in answer.content.decode()
    key = cast.holder.addresses.get(email="agnes1@work.example").key
    assert client.post(f"/me/account/addresses/{key}/ask/").status_code == 302
    answer = client.post(f"/me/account/addresses/{key}/ask/")
    assert (answer.status_code, "Go on tomorrow" in answer.content.decode()) == (422, True)
    assert OutboxMail.objects.filter(kind="people.confirm_address").count() == 10


def test_the_only_way_in_stays(cast: Cast, sign_in) -> None:
    address = cast.holder.addresses.get()
    answer = sign_in(cast.holder).post(f"/me/account/addresses/{address.key}/remove/")
    assert answer.status_code == 422
    assert cast.holder.addresses.exists()
    assert sign_in(cast.outsider).post(f"/me/account/addresses/{address.key}/remove/").status_code == 404


def test_what_is_no_address_stays_in_the_form(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.holder).post("/me/account/addresses/add/", {"email": "agnes at home"})
    assert answer.status_code == 422
    assert "agnes at home" in answer.content.decode()
    answer = sign_in(cast.holder).post("/me/account/addresses/add/", {"email": cast.holder.user.email})
    assert answer.status_code == 422
    assert "This address is confirmed already." in answer.context["new_address"].errors["email"]


# Devices


def test_devices_are_listed_and_signed_out(cast: Cast) -> None:
    here, there, third = Client(), Client(HTTP_USER_AGENT=FIREFOX), Client()
    for client in (here, there, third):
        client.force_login(cast.holder.user)
    other = Session.objects.get(session_key=there.session.session_key)
    assert page_of(here).count("Sign it out") == 2
    here.post(f"/me/account/sessions/{other.key}/end/")
    assert there.get("/me/").status_code == 302
    assert here.post(f"/me/account/sessions/{other.key}/end/").status_code == 404
    here.post("/me/account/sessions/others/end/")
    assert third.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_nobody_ends_the_session_of_another(cast: Cast, sign_in) -> None:
    sign_in(cast.holder)
    session = Session.objects.get(user=cast.holder.user)
    assert sign_in(cast.office_1).post(f"/me/account/sessions/{session.key}/end/").status_code == 404
    assert session.session_key not in page_of(sign_in(cast.holder))


# Settings


def test_language_and_zone_are_kept(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    client.post("/me/account/settings/", {"language": "en", "zone": "Europe/Budapest"})
    cast.holder.refresh_from_db()
    assert (cast.holder.mail_language, cast.holder.zone) == ("en", "Europe/Budapest")
    answer = client.post("/me/account/settings/", {"language": "tlh", "zone": "Mars/Base"})
    assert answer.status_code == 422
    assert HistoryRow.objects.filter(verb="change_settings").count() == 1


# Being erased


def test_the_page_says_what_goes_and_what_stays_and_changes_nothing(cast: Cast, sign_in) -> None:
    page = sign_in(cast.holder).get("/me/erase/").content.decode()
    assert "your 4 awards" in page
    assert "name withheld at the holder’s request" in page
    assert Person.objects.get(pk=cast.holder.pk).erased_at is None


def test_without_the_word_nothing_is_erased(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    for word in ("", "yes", "erase me"):
        assert client.post("/me/account/erase/", {"word": word})["Location"] == "/me/erase/"
    assert Person.objects.get(pk=cast.holder.pk).erased_at is None


def test_with_the_word_somebody_is_erased_and_signed_out_everywhere(cast: Cast, sign_in) -> None:
    client, other = sign_in(cast.holder), sign_in(cast.holder)
    slug = cast.holder.slug
    answer = client.post("/me/account/erase/", {"word": " Erase "}, follow=True)
    assert "Your data are erased" in answer.content.decode()
    assert client.get("/me/").status_code == other.get("/me/").status_code == 302
    assert Client().get(f"/people/{slug}/").status_code == 410
    award = Award.objects.filter(person=cast.holder).first()
    page = Client().get(f"/awards/{award.key}/").content.decode()
    assert "name withheld" in page.lower()
    assert "Kővári" not in page


def test_the_program_is_never_left_without_an_office(cast: Cast, sign_in) -> None:
    client = sign_in(cast.office_1)
    for grant in cast.office_2.user.grants.all():
        grant.ends = clock.today()
        grant.starts = grant.ends
        grant.save()
    cast.office_2.user.grants.all().delete()
    answer = client.post("/me/account/erase/", {"word": "erase"})
    assert "only one in the program office" in answer.content.decode()
    assert Person.objects.get(pk=cast.office_1.pk).erased_at is None


def test_erasing_oneself_twice_at_once_is_once(cast: Cast) -> None:
    for _time in range(2):
        actions.erase_oneself(cast.outsider, by=cast.outsider.user)
    assert HistoryRow.objects.filter(verb="erase_person").count() == 1


def test_an_account_without_a_person_has_no_such_page(house) -> None:
    client = Client()
    client.force_login(factories.UserFactory())
    assert client.get("/me/account/").status_code == 404
    assert client.get("/me/erase/").status_code == 404
