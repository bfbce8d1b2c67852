"""Pages that are kept for strangers: the same bytes as drawn, never another's."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from charter.zone import keep_zone
from common import keeping
from common.keeping import page_for_strangers, part_for_all


def ask(version: object = 1, *, path: str = "/roster/", drawn: list[str] | None = None, **headers):
    drawn = drawn if drawn is not None else []
    request = RequestFactory().get(path, headers=headers)

    def draw(_known: object) -> HttpResponse:
        drawn.append(path)
        return HttpResponse(f"{path} {version}", status=404 if "lost" in path else 200)

    return page_for_strangers(request, lambda: version, draw)


def test_a_page_is_drawn_once_for_a_version() -> None:
    drawn: list[str] = []
    pages = [ask(version, drawn=drawn).content for version in (1, 1, 2, 1)]
    assert pages == [b"/roster/ 1", b"/roster/ 1", b"/roster/ 2", b"/roster/ 1"]
    assert len(drawn) == 2


def test_who_has_the_page_already_is_told_so() -> None:
    tag = ask()["ETag"]
    again = ask(**{"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert ask(2, **{"If-None-Match": tag}).status_code == 200
    assert ask(path="/roster/?q=a", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("cookie", ["sessionid=x", "messages=x"])
def test_who_is_known_gets_a_page_of_their_own(cookie: str) -> None:
    drawn: list[str] = []
    for _time in range(2):
        assert "ETag" not in ask(drawn=drawn, Cookie=cookie)
    assert len(drawn) == 2


@pytest.mark.django_db
def test_a_part_is_drawn_once_for_a_version_and_a_language() -> None:
    drawn: list[object] = []

    def draw() -> str:
        drawn.append(get_language())
        return f"<b>{len(drawn)}</b>"

    parts = [part_for_all("home", version, draw) for version in (1, 1, 2)]
    with override("de"):
        parts.append(part_for_all("home", 2, draw))
    parts.append(part_for_all("away", 2, draw))
    assert parts == [f"<b>{number}</b>" for number in (1, 1, 2, 3, 4)]
    assert all(isinstance(part, SafeString) for part in parts)


def test_a_page_and_its_answer_at_the_door_go_with_the_clock_of_their_times() -> None:
    drawn: list[str] = []
    request = RequestFactory().get("/roster/")
    keeping.remember(request, ask(drawn=drawn))
    assert keeping.at_the_door(request) is not None
    keep_zone("Asia/Tokyo")
    with override_settings(KEPT_PAGES_TRUSTED_SECONDS=0):
        assert keeping.at_the_door(request) is None
    ask(drawn=drawn)
    assert len(drawn) == 2


def test_what_is_not_found_is_not_kept() -> None:
    drawn: list[str] = []
    assert [ask(path="/lost/", drawn=drawn).status_code for _time in range(2)] == [404, 404]
    assert len(drawn) == 2


def test_the_oldest_pages_go_where_there_is_no_room(monkeypatch) -> None:
    monkeypatch.setattr(keeping, "BYTES_AT_MOST", 25)
    drawn: list[str] = []
    for version in (1, 2, 3, 3, 1):  # ten bytes each
        ask(version, drawn=drawn)
    assert len(drawn) == 4


def test_a_page_that_several_threads_drew_at_once_is_counted_once(monkeypatch) -> None:
    monkeypatch.setattr(keeping, "BYTES_AT_MOST", 25)
    keeping.forget_pages()
    all_drawing, drawn = threading.Barrier(8, timeout=10), []

    def draw(_known: object) -> HttpResponse:
        all_drawing.wait()
        drawn.append(1)
        return HttpResponse("ten bytes.")

    def read(_number: int) -> bytes:
        return page_for_strangers(RequestFactory().get("/roster/"), lambda: 1, draw).content

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(read, range(8))) == {b"ten bytes."}
    assert len(drawn) == 8
    ask(2, drawn=drawn)  # there is room for both
    assert read(0) == b"ten bytes."
    assert len(drawn) == 9
