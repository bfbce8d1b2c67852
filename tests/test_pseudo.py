"""The public pages, those of nominees and nominators and their mail in a language that nobody speaks.

A word that stands there as the code has it, and that no row of the database holds, was never translated.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from common import delivery, registry
from common.models import OutboxMail
from tests import pseudo
from tests.access_matrix import MATRIX
from tests.filling import our_models
from tests.spread import spread
from tests.test_mails import CALLED_OFF, keys_for
from tests.world import World, world  # noqa: F401

ROLES = ("anonymous", "outsider", "nominator", "nominee", "endorser", "holder")
WORD = re.compile(r"[A-Za-z]{3,}")
# What is written the same in every language: names of formats, of the program and of languages, addresses.
THE_SAME = {
    "mvp", "program", "utc", "json", "csv", "xlsx", "yaml", "yml", "sha", "api", "http", "https", "www", "html", "pdf",
    "english", "deutsch", "example", "com", "org", "mail", "esc", "enter", "program’s",
}  # fmt: skip
CODES = re.compile(r"\S+@\S+|https?://\S+|/[a-z/-]+/|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
# The API's reference is for programmers, and English.
STAFF = {"styleguide", "selection:year", "selection:review", "selection:capacity", "api:openapi-view"}
SKIPPED = {"script", "style", "svg", "option", "bdi", "code", "kbd"}


class Words(HTMLParser):
    """The words of a page that a reader sees or hears, but for those marked as another language or as data."""

    VOID = {"meta", "link", "input", "br", "hr", "img", "path", "use", "rect", "circle", "line", "polyline"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [
            given[name] or "" for name in ("aria-label", "title", "placeholder", "alt") if name in given
        ]
        if tag not in self.VOID:
            hidden = tag in SKIPPED or (tag != "html" and ("lang" in given or given.get("dir") == "auto"))
            self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _tag, hidden in self.open):
            self.found.append(data)


def words_of_data() -> set[str]:
    """Every word of every row, but for codes that pages put in words of their own."""
    words: set[str] = set()
    for model in our_models():
        fields = [field for field in model._meta.concrete_fields if not field.choices]
        for row in model._default_manager.all():
            words |= {
                word.lower() for field in fields for word in WORD.findall(str(getattr(row, field.attname)))
            }
    return words


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[None]:
    with pseudo.spoken(tmp_path):
        yield


def untranslated(text: list[str], known: set[str]) -> set[str]:
    return {
        word for part in text for word in WORD.findall(re.sub(CODES, " ", part)) if word.lower() not in known
    }


def test_no_page_of_the_public_and_the_parties_says_a_word_that_was_not_translated(
    world: World,  # noqa: F811
    sign_in,
    spoken: None,
) -> None:
    known = words_of_data() | THE_SAME
    wrong: dict[str, set[str]] = {}
    everybodys = [name for name, row in MATRIX.items() if row.get["anonymous"] == 200]
    in_turn = {*spread(everybodys, ROLES[1:]), ("home", "holder")}
    for role in ROLES:
        client: Client = sign_in(world.people[role])
        client.cookies["language"] = pseudo.CODE
        for name, row in MATRIX.items():
            if row.posts_only or row.get[role] != 200 or name in STAFF or name.startswith("admin:"):
                continue
            if role != "anonymous" and row.get["anonymous"] == 200 and (name, role) not in in_turn:
                continue  # the same words but for the frame's
            answer = client.get(reverse(name, args=row.args(world)))
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            page = Words()
            page.feed(answer.content.decode())
            if found := untranslated(page.found, known):
                wrong[f"{role} {name}"] = found
    assert wrong == {}


def test_no_letter_to_a_party_says_a_word_that_was_not_translated(world: World, spoken: None) -> None:  # noqa: F811
    wrong = {}
    kinds = [kind for kind in registry.mails if kind not in STAFF_MAIL]
    known = words_of_data() | THE_SAME | {"abc", "def", *WORD.findall(CALLED_OFF.lower())}
    for kind in kinds:
        mail = OutboxMail(
            kind=kind, keys=keys_for(kind, world), language=pseudo.CODE, message_id="<a@b>", cause=""
        )
        letter = delivery.write(mail)
        if found := untranslated([letter.subject, letter.text], known):
            wrong[kind] = found
    assert len(kinds) > 15
    assert wrong == {}


STAFF_MAIL = {
    "selection.tasks",
    "selection.reminder",
    "selection.own_year",
    "selection.history_head",
    "people.bounced",
}


def test_the_language_is_for_tests_alone() -> None:
    from django.conf import settings

    assert pseudo.CODE not in dict(settings.LANGUAGES)
    with translation.override(pseudo.CODE):
        assert translation.gettext("Sign in") == "Sign in"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sign in", "[Šíğñ íñ~~]"),
        ("%(name)s, <b>now</b>", "[%(name)s, <b>ñóŵ</b>~~~~~~]"),
        ("a" * 27, f"[{'á' * 27}~~~~~~~~ ~]"),
        ("j M", "j M"),
        ("", ""),
    ],
)
def test_what_becomes_of_a_text(text: str, words: str) -> None:
    assert pseudo.pseudo(text) == words
