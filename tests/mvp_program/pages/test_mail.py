"""The office's page of mail: what did not arrive, and how every kind looks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import registry
from common.bounces import is_bouncing
from common.models import Bounce, HistoryRow, OutboxMail
from nominations.models import Conflict
from tests.cast import Cast, House
from tests.filling import fill_tables

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


def test_every_kind_opens_in_every_language_with_both_parts(
    cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    client = sign_in(cast.office_1)
    page = client.get("/office/mail/").content.decode()
    for kind in registry.mails:
        address = reverse("mail_kind", args=[kind])
        assert address in page, kind
        assert client.get(address, {"language": "ar"}).status_code == 200, kind
        html = client.get(f"{address}html/", {"language": "ar"})
        assert '<html lang="ar" dir="rtl">' in html.content.decode(), kind
        assert "default-src 'none'" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize("ask", ["no.such", "selection.tasks?language=xx"])
def test_what_is_no_kind_or_language_is_not_found(cast: Cast, sign_in: SignIn, ask: str) -> None:
    kind, _mark, query = ask.partition("?")
    address = f"/office/mail/kinds/{kind}/"
    assert sign_in(cast.office_1).get(f"{address}?{query}").status_code == 404
    assert sign_in(cast.office_1).get(f"{address}html/?{query}").status_code == 404


def test_a_failed_mail_goes_out_again_once(house: House, cast: Cast, sign_in: SignIn) -> None:
    fill_tables(house, cast, number=1)
    mail = OutboxMail.objects.get(state="failed")
    client = sign_in(cast.office_1)
    assert mail.to in client.get("/office/mail/").content.decode()
    assert client.post(f"/office/mail/{mail.key}/again/").status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == ("queued", 0, "")
    assert client.post(f"/office/mail/{mail.key}/again/").status_code == 404
    assert HistoryRow.objects.filter(kind="mail", verb="send_again").count() == 1


def test_the_office_lifts_a_mark(house: House, cast: Cast, sign_in: SignIn) -> None:
    fill_tables(house, cast, number=1)
    bounce = Bounce.objects.get()
    assert is_bouncing(bounce.email)
    sign_in(cast.office_1).post(f"/office/mail/bounces/{bounce.event}/lift/")
    assert not is_bouncing(bounce.email)


def test_the_auditor_reads_and_does_nothing(house: House, cast: Cast, sign_in: SignIn) -> None:
    fill_tables(house, cast, number=1)
    client, bounce = sign_in(cast.auditor), Bounce.objects.get()
    page = client.get("/office/mail/").content.decode()
    assert bounce.email in page
    assert "Works again" not in page
    assert client.post(f"/office/mail/bounces/{bounce.event}/lift/").status_code == 403


def test_whom_a_tie_bars_from_a_case_sees_nothing_of_its_mail(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    case = fill_tables(house, cast, number=1)
    before = sign_in(cast.office_2).get("/office/mail/").content
    Conflict.objects.create(nomination=case.nomination, person=cast.office_2, kind=Conflict.Kind.FAMILY)
    mail, bounce = OutboxMail.objects.get(state="failed"), Bounce.objects.get()
    client = sign_in(cast.office_2)
    page = client.get("/office/mail/").content
    assert mail.to.encode() in before
    assert mail.to.encode() not in page
    assert client.post(f"/office/mail/{mail.key}/again/").status_code == 404
    assert client.post(f"/office/mail/bounces/{bounce.event}/lift/").status_code == 404


def test_one_row_and_three_take_the_same_queries(
    house: House, cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(cast.office_1)
    for number in (1, 2, 3):
        fill_tables(house, cast, number=number)
        if number != 2:
            with django_assert_num_queries(8):
                client.get("/office/mail/")
