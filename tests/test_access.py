"""Every address over HTTP for every role and relation, as ``tests/access_matrix.py`` has it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from common.models import HistoryRow, OutboxMail
from people.models import Person
from tests.access_matrix import MATRIX, ROLES, Row, admin_rows
from tests.world import World, world  # noqa: F401

SignIn = Callable[[Person | None], Client]
ROWS: dict[str, Row] = MATRIX | admin_rows()
UNNAMED = {"admin:"}  # the admin's answer to whatever it does not know


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


def answers(client: Client, rows: dict[str, Row], world: World, role: str) -> dict[str, str]:  # noqa: F811
    """What differs from the matrix."""
    client.raise_request_exception = False
    got = {name: client.get(reverse(name, args=row.args(world))).status_code for name, row in rows.items()}
    return {
        f"{role} {name}": f"{status} and not {rows[name].get[role]}"
        for name, status in got.items()
        if status != rows[name].get[role]
    }


def test_each_role_gets_what_the_matrix_says(world: World, sign_in: SignIn) -> None:  # noqa: F811
    before = HistoryRow.objects.count(), OutboxMail.objects.count()
    wrong: dict[str, object] = {}
    for role in ROLES:
        wrong |= answers(sign_in(world.people[role]), MATRIX, world, role)
    assert wrong == {}
    assert before == (HistoryRow.objects.count(), OutboxMail.objects.count())  # a GET changes nothing


@pytest.mark.parametrize("role", ["outsider", "office", "auditor"])
def test_each_table_of_the_admin_opens_to_office_and_auditor(
    world: World,  # noqa: F811
    sign_in: SignIn,
    role: str,
) -> None:
    """The other roles stop at the admin's door: its index is in the matrix above."""
    assert answers(sign_in(world.people[role]), admin_rows(), world, role) == {}


def test_only_those_in_the_matrix_may_post(world: World, sign_in: SignIn) -> None:  # noqa: F811
    wrong: dict[str, object] = {}
    for role in ROLES:
        client = sign_in(world.people[role])
        client.raise_request_exception = False
        for name, row in MATRIX.items():
            if row.posts_only and _is_let_in(client, name, row, world) != (role in row.may_post):
                wrong[f"{role} {name}"] = role in row.may_post
    assert wrong == {}


def _is_let_in(client: Client, name: str, row: Row, world: World) -> bool:  # noqa: F811
    """Whether a POST gets past the door, whatever it meets behind it. What it does is undone."""
    with transaction.atomic():
        response = client.post(reverse(name, args=row.args(world)))
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
