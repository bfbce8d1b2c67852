"""Who was signed out while a form was open comes back to its page after signing in."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FORM = "/review/AAAAAAAA/submit/"


@pytest.mark.parametrize(
    ("referer", "back_to"),
    [
        ("http://testserver/review/AAAAAAAA/?show=drafts", "/review/AAAAAAAA/%3Fshow%3Ddrafts"),
        ("http://elsewhere.example/review/AAAAAAAA/", FORM),
        ("", FORM),
    ],
)
def test_a_post_of_a_stranger_leads_back_to_the_page_of_its_form(referer: str, back_to: str) -> None:
    answer = Client().post(FORM, headers={"Referer": referer} if referer else {})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={back_to}"


def test_a_page_that_a_stranger_reads_is_itself_where_they_come_back() -> None:
    answer = Client().get("/me/", headers={"Referer": "http://testserver/roster/"})
    assert answer.headers["Location"] == "/accounts/login/?next=/me/"
