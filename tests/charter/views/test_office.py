"""The office writes pages, looks at them, publishes them and finds older ones."""

from collections.abc import Callable

import pytest
from django.test import Client

from charter.actions import publish_content
from charter.models import ContentVersion
from common.models import HistoryRow
from people.models import Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person | None], Client]
EDIT = "/office/pages/about/en/"


def typed(**given: object) -> dict[str, object]:
    return {"title": "About us", "lead": "", "body": "# Who", "note": "First", "shown": 0} | given


def test_the_office_publishes_a_text_and_history_keeps_it(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.office_1).post(EDIT, typed(go="publish"), follow=True)
    text = ContentVersion.objects.get()
    assert "Published." in answer.content.decode()
    assert (text.number, text.html, text.note) == (1, '<h2 id="s-who">Who</h2>', "First")
    assert HistoryRow.objects.filter(kind="content", key="about en", verb="publish_content").exists()


def test_a_preview_shows_the_text_and_publishes_nothing(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.office_1).post(EDIT, typed(go="preview", body="# Seen <b>first</b>"))
    assert "Seen &lt;b&gt;first&lt;/b&gt;</h2>" in answer.content.decode()
    assert not ContentVersion.objects.exists()


def test_who_writes_from_an_older_version_is_told_and_loses_nothing(cast: Cast, sign_in: SignIn) -> None:
    publish_content("about", "en", title="Other", body="Words", by=None, shown=0)
    client = sign_in(cast.office_1)
    answer = client.post(EDIT, typed(go="publish", body="# Mine"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody published another version" in page
    assert "# Mine" in page
    assert 'name="shown" value="1"' in page
    assert client.post(EDIT, typed(go="publish", body="# Mine", shown=1)).status_code == 302
    assert list(ContentVersion.objects.values_list("number", flat=True)) == [2, 1]


def test_the_same_text_again_makes_no_version(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    client.post(EDIT, typed(go="publish"))
    client.post(EDIT, typed(go="publish", shown=1))
    assert ContentVersion.objects.count() == 1


def test_a_text_without_words_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.office_1).post(EDIT, typed(go="publish", body=" ", title=""))
    assert answer.status_code == 422
    assert "Two things to put right" in answer.content.decode()


def test_an_older_version_can_be_read_and_begun_from(cast: Cast, sign_in: SignIn) -> None:
    for number, body in enumerate(("# Old words", "# New words")):
        publish_content("about", "en", title="About", body=body, by=None, shown=number)
    client = sign_in(cast.office_1)
    old = client.get(f"{EDIT}1/").content.decode()
    assert "Old words</h2>" in old
    assert "An old version, not in force" in old
    assert f'href="{EDIT}2/">Version 2 is in force' in old
    assert "not in force" not in client.get(f"{EDIT}2/").content.decode()
    form = client.get(f"{EDIT}?from=1").content.decode()
    assert "# Old words" in form
    assert 'name="shown" value="2"' in form
    assert client.get(f"{EDIT}99999999999/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("office_1", 200), ("auditor", 403), ("holder", 403)])
def test_only_the_office_writes(cast: Cast, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(getattr(cast, who)).post(EDIT, typed(go="preview")).status_code == status


def test_the_list_names_what_is_not_written(cast: Cast, sign_in: SignIn, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    publish_content("about", "en", title="All about it", body="Words", by=None, shown=0)
    page = sign_in(cast.auditor).get("/office/pages/").content.decode()
    assert "All about it" in page
    assert page.count("Not written.") == 14
