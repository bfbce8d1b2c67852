"""Every address over HTTP for every role and relation, as ``tests/access_matrix.py`` has it.

One walk asks for each page once and looks at its status, its words and its headers.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from awards.actions import sign_credential
from common.models import HistoryRow, OutboxMail
from people.models import Person
from tests.access_matrix import CSV_FILES, MATRIX, ROLES, Row
from tests.access_rows import OFFICE, SIGNED_IN
from tests.access_tables import admin_rows
from tests.drawing import draw_nothing
from tests.selection.leaks.canary import STAFF, STARTS, Canaries, Crawl, records, ways_on
from tests.selection.leaks.facts import plant
from tests.spread import all_of_them, spread
from tests.world import World, world  # noqa: F401

SignIn = Callable[[Person | None], Client]
ROWS: dict[str, Row] = MATRIX | admin_rows()
PAGES = {name: row for name, row in MATRIX.items() if not row.posts_only}
FOR_EVERYBODY = {name for name, row in PAGES.items() if row.get["anonymous"] == 200}
POSTS = {name: row for name, row in MATRIX.items() if row.posts_only}
READ_EVERYTHING = ("anonymous", "nominee", "reviewer", "office")
UNNAMED = {"admin:"}  # the admin's answer to whatever it does not know
OF_AN_AWARD = (
    "awards:certificate",
    "letter",
    "events:letter",
)  # it is somebody else's once words are planted


def addresses(
    patterns: list[URLPattern | URLResolver], space: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    """Every name under which an address can be reversed, with its route."""
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^" if before else "")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, route)
        else:
            yield f"{space}{pattern.name or ''}", route


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    named = {name for name, _route in addresses(get_resolver().url_patterns)}
    assert named - UNNAMED == set(ROWS)


GROUPS = {"outside": ROLES[:6], "selection": ROLES[6:12], "staff": ROLES[12:]}
OF_THE_TABLE = {"office": ("_add", "_delete", "_do"), "auditor": ("_change",)}  # what differs among them


def rows_of(role: str) -> dict[str, Row]:
    """What a role asks for: all but what is the same for everybody or for each table of the admin, of which it has its share.
    That the office opens lists and forms ``tests/admin/test_lists.py`` shows too."""
    tables = admin_rows()
    untied = [one for one in ROLES[1:] if one != "office_tied"]  # what is hidden from them is asked for below
    share = {name for name, who in [*spread(tables, untied), *spread(PAGES, ROLES)] if who == role}
    share |= {name for name in tables if name.endswith(OF_THE_TABLE.get(role, ()))}
    for name, row in PAGES.items():
        if role in READ_EVERYTHING or len(set(row.get.values())) > 1:
            share.add(name)
    return {name: row for name, row in (PAGES | tables).items() if name in share}


def records_of(role: str, world: World) -> list[str]:  # noqa: F811
    """Lists of the admin and forms of the case, as they are drawn: all for whom it is hidden from, the others in turn."""
    found = records([world.case.nomination.pk])
    return [address for address, who in spread(found, STAFF) if role in ("office_tied", who)]


def read_by(role: str) -> dict[str, Row]:
    """What a role reads as it is drawn: the pages that are not everybody's, those whose frame tells most of its reader
    everybody's too; of the others and of what is refused, some in turn; in make test-deep the office each page of the
    admin, whose lists and forms another test draws. Of the rest the status alone is asked for, and nothing is drawn."""
    rows = rows_of(role)
    read = {name for name, who in spread(PAGES, ROLES) if who == role}
    for name, row in rows.items():
        of_few = role in READ_EVERYTHING or row.get["anonymous"] != 200
        if row.get[role] == 200 and of_few and (name in PAGES or (role == "office" and all_of_them())):
            read.add(name)
    return {name: row for name, row in rows.items() if name in read}


def asked(names: Iterable[str], world: World) -> dict[str, str]:  # noqa: F811
    """Name → address. Some ask the database which row it is about, and some make it."""
    return {name: reverse(name, args=ROWS[name].args(world)) for name in names}


@dataclass
class Walk:
    """One role asks for each of its addresses once. ``wrong``: what differs from the matrix; ``tagged``: pages of the
    selection that a cache may keep or a tag marks; ``files``: those with cells."""

    look: Crawl
    addresses: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    tagged: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    ways: list[str] = field(default_factory=list)

    def read(self, names: Iterable[str]) -> None:
        for name in names:
            row, address = ROWS[name], self.addresses[name]
            answer = self.look.ask(address)
            if answer.status_code == 200 and row.get["anonymous"] != 200:
                self._of_few(name, answer)
            if answer.status_code == 200 and (self.look.role == "anonymous" or row.get["anonymous"] != 200):
                self.ways += ways_on(address, answer)

    def _of_few(self, name: str, answer: HttpResponse) -> None:
        """A tag or a date of change on a page that somebody may not read yet would say when others wrote."""
        said = set(answer.headers.get("Cache-Control", "").split(", "))
        marked = {"ETag", "Last-Modified"} & set(answer.headers)
        if name.startswith(("selection:", "nomination", "office", "me")) and (
            marked or not {"no-store", "private"} <= said
        ):
            self.tagged.add(name)
        if answer.headers["Content-Type"].startswith("text/csv"):
            self.files.add(name)

    def compare(self, names: Iterable[str]) -> None:
        """With the matrix, asking for what was not read yet."""
        for name in names:
            address, role = self.addresses[name], self.look.role
            status = self.look.asked.get(address) or self.look.client.get(address).status_code
            if status != ROWS[name].get[role]:
                self.wrong[f"{role} {name}"] = f"{status} and not {ROWS[name].get[role]}"


def written() -> set[tuple[object, ...]]:
    """The rows of the history and the mails."""
    mails = OutboxMail.objects.values_list("pk", "kind", "to")
    return {*HistoryRow.objects.values_list("pk", "kind", "verb"), *mails}


@pytest.mark.parametrize("roles", GROUPS.values(), ids=GROUPS)
def test_each_role_gets_what_the_matrix_says_and_meets_no_word_that_is_not_for_it(
    world: World,  # noqa: F811
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    roles: list[str],
) -> None:
    """Words are planted as ``tests/selection/leaks/test_canary.py`` says; from the pages that are not everybody's, the
    links to each other view are followed once."""
    where = asked(OF_AN_AWARD, world)
    walks = [Walk(Crawl(role, sign_in(world.people[role]), Canaries(), variants=1), where) for role in roles]
    for walk in walks:
        walk.look.client.raise_request_exception = False
        walk.compare(OF_AN_AWARD)
    canaries = plant(world)
    world.case.award.refresh_from_db()
    sign_credential(world.case.award)  # it is somebody else's now
    where |= asked(ROWS.keys() - POSTS.keys(), world)
    before = written()
    for walk in walks:
        walk.look.canaries = canaries
        walk.read(name for name in read_by(walk.look.role) if name not in OF_AN_AWARD)
    assert written() == before  # a GET changes nothing; a link may lead to an award that is signed now
    for walk in walks:
        walk.look.follow = walk.look.role not in STAFF
        walk.look.left_out |= set() if walk.look.role == "anonymous" else FOR_EVERYBODY
        behind = [] if walk.look.follow else records_of(walk.look.role, world)
        walk.look.look([*STARTS, *behind], walk.ways if walk.look.follow else [])
    before = written()
    draw_nothing(monkeypatch)
    for walk in walks:
        walk.compare(name for name in rows_of(walk.look.role) if name not in OF_AN_AWARD)
    assert written() == before
    assert {said: why for walk in walks for said, why in walk.wrong.items()} == {}
    assert "\n".join(leak for walk in walks for leak in walk.look.leaks) == ""
    assert set().union(*(walk.tagged for walk in walks)) == set()
    for walk in walks:
        assert walk.files == {name for name in CSV_FILES if MATRIX[name].get[walk.look.role] == 200}
    for walk in walks:
        assert len(walk.look.asked) >= len(read_by(walk.look.role)) - len(OF_AN_AWARD)
    assert len(set().union(*(walk.look.met for walk in walks))) > 15  # the words are there, where they may be


def test_only_those_in_the_matrix_may_post(
    world: World,  # noqa: F811
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nobody opens it as a page: one who might post there, and the roles in turn. What all who are signed in may post is
    posted by two of them, what both of the office may, by one."""
    draw_nothing(monkeypatch)
    wrong: dict[str, object] = {}
    where, opens = asked(POSTS, world), set(spread(POSTS, ROLES))
    opens |= {(name, role) for name, row in POSTS.items() for role in ROLES if role in row.may_post}
    by_all = [name for name, row in POSTS.items() if row.may_post == frozenset(SIGNED_IN)]
    by_office = [name for name, row in POSTS.items() if row.may_post == frozenset(OFFICE.split())]
    asked_of = {
        *spread(by_all, SIGNED_IN),
        *spread(by_all, SIGNED_IN[::-1]),
        *spread(by_office, OFFICE.split()),
    }
    left_out = {(name, role) for name in by_all + by_office for role in POSTS[name].may_post} - asked_of
    for role in ROLES:
        client = sign_in(world.people[role])
        client.raise_request_exception = False
        for name, row in POSTS.items():
            if (name, role) in left_out:
                continue
            if _is_let_in(client, where[name], role in row.may_post) != (role in row.may_post):
                wrong[f"{role} {name}"] = role in row.may_post
            if (name, role) in opens:
                status = client.get(where[name]).status_code
                if status != row.get[role]:
                    wrong[f"{role} opens {name}"] = f"{status} and not {row.get[role]}"
    assert wrong == {}


def _is_let_in(client: Client, address: str, should_be: bool) -> bool:
    """Whether a POST gets past the door, whatever it meets behind it. What it may do is undone."""
    with transaction.atomic() if should_be else contextlib.nullcontext():
        response = client.post(address)
        if should_be:
            transaction.set_rollback(True)
    to_sign_in = response.headers.get("Location", "").startswith(settings.LOGIN_URL)
    return response.status_code not in (403, 404, 405, 500) and not to_sign_in


def test_every_page_of_ours_is_asked_for_by_another_test_too() -> None:
    """By its name, or by the last word of its address: ``…/withdraw/``, ``"withdraw"``."""
    elsewhere = "\n".join(
        path.read_text("utf-8")
        for path in (Path(settings.BASE_DIR) / "tests").rglob("test_*.py")
        if path.name != "test_access.py"
    )
    routes = dict(addresses(get_resolver().url_patterns))
    ours = [name for name in MATRIX if not name.startswith("admin:")]  # Django tests its own
    untested = [name for name in ours if not re.search(_as_a_test_writes(name, routes[name]), elsewhere)]
    assert untested == []


def _as_a_test_writes(name: str, route: str) -> str:
    static = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)|<[^>]+>", "", route)
    words = re.findall(r"[a-z0-9.-]+", static)
    link = name.replace(":", ".")  # a page that a mail of this kind leads to
    return f'"{name}"|"{link}"|[/"\'{{}}]{re.escape(words[-1])}[/"\'?]' if words else '"/"'
