"""Pages that the office writes, as everybody reads them."""

import pytest
from django.test import Client

from charter.actions import publish_content

pytestmark = pytest.mark.django_db


def publish(language: str = "en", shown: int = 0, **given: str) -> None:
    texts = {"title": "About us", "body": "# Who\n\nWe are *people*."} | given
    publish_content("about", language, by=None, shown=shown, **texts)


def test_a_page_shows_its_newest_text_in_two_statements(client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    publish()
    publish(shown=1, title="About all of us")
    with django_assert_num_queries(2):  # has it changed? what does it say?
        page = client.get("/about/").content.decode()
    assert "<h1>About all of us</h1>" in page
    assert '<h2 id="s-who">Who</h2>' in page


def test_a_page_is_read_in_ones_language_else_in_english(client: Client) -> None:
    publish()
    english = client.get("/about/", headers={"accept-language": "de"}).content.decode()
    publish("de", title="Über uns")
    german = client.get("/about/", headers={"accept-language": "de"}).content.decode()
    assert 'lang="en" dir="ltr"' in english
    assert "<h1>Über uns</h1>" in german
    assert '<article class="prose content">' in german


def test_a_translation_says_that_the_english_text_is_newer(client: Client) -> None:
    publish("de", title="Über uns")
    publish()
    page = client.get("/about/", headers={"accept-language": "de"}).content.decode()
    assert "Die englische Fassung dieser Seite ist neuer" in page


def test_a_page_that_nobody_wrote_says_so(client: Client) -> None:
    answer = client.get("/privacy/")
    assert answer.status_code == 404
    assert "has not written this page yet" in answer.content.decode()


def test_the_foot_of_each_page_leads_to_them(client: Client) -> None:
    page = client.get("/verify/").content.decode()
    for name in ("about", "questions", "code-of-conduct", "privacy", "accessibility", "protocol"):
        assert f'href="/{name}/"' in page
