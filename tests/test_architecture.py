"""The house rules that a machine can check. A rule that breaks here is explained in ARCHITECTURE.md."""

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app as jobs_app

from common import registry

ROOT = Path(settings.BASE_DIR)
APPS = [
    "common", "charter", "accounts", "people", "contributions", "awards", "nominations", "selection", "events",
]  # fmt: skip
PACKAGES = [*APPS, "mvp_program"]
ORDER = [
    "states",
    "models",
    "queries",
    "permissions",
    "emails",
    "actions",
    "tasks",
    "forms",
    "filters",
    "views",
    "api",
    "urls",
    "admin",
]
TEMPLATES = sorted((ROOT / "mvp_program" / "templates").rglob("*.html"))


def sources(*packages: str) -> list[Path]:
    """Every Python file of the packages but migrations."""
    return [
        path
        for package in packages or PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree(path)))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def room_of(path: Path) -> str:
    """The part of an app that a file belongs to: ``selection/actions/stages.py`` → ``actions``."""
    return path.relative_to(ROOT).with_suffix("").parts[1]


# State


def states_written(code: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Where code sets ``state``: by assignment, ``setattr``, ``update``, ``create`` or ``defaults``."""
    for node in code:
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [part for target in targets for part in getattr(target, "elts", [target])]
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in flat):
                yield node
        elif isinstance(node, ast.Call) and _writes_state(node):
            yield node


def _writes_state(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"update", "create", "get_or_create", "update_or_create"} and any(
        keyword.arg == "state" for keyword in call.keywords
    ):
        return True
    if name == "setattr" and len(call.args) > 1 and _is_text(call.args[1], "state"):
        return True
    return any(
        keyword.arg in ("defaults", "create_defaults")
        and isinstance(keyword.value, ast.Dict)
        and any(_is_text(key, "state") for key in keyword.value.keys)
        for keyword in call.keywords
    )


def _is_text(node: ast.AST | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def test_state_is_written_in_actions_and_bulk_alone() -> None:
    elsewhere = [
        where(path, node)
        for path in sources()
        if room_of(path) not in ("actions", "bulk")
        and path.relative_to(ROOT) != Path("common/delivery.py")  # an outbox row's: sent, failed
        for node in states_written(nodes(path))
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    "line",
    [
        "case.state = 'x'",
        "case.since, case.state = now, 'x'",
        "Case.objects.update(state='x')",
        "Case.objects.create(state='x')",
        "setattr(case, 'state', 'x')",
        "Case.objects.update_or_create(key=1, defaults={'state': 'x'})",
    ],
)
def test_no_way_of_writing_a_state_is_overlooked(line: str) -> None:
    assert list(states_written(ast.walk(ast.parse(line))))


# Rooms and their files


@pytest.mark.parametrize("room", PACKAGES)
def test_each_room_says_what_it_owns_and_where_to_start_reading(room: str) -> None:
    text = (ROOT / room / "__init__.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert 1 <= len(text.splitlines()) <= 20


def test_the_import_contract_names_every_room_in_its_order() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contract = tomllib.load(file)["tool"]["importlinter"]["contracts"][0]
    layers = [name for layer in contract["layers"] for name in layer.split(" | ")]
    assert sorted(layers) == sorted(PACKAGES)
    assert contract["layers"].index("nominations") < contract["layers"].index("awards")


def test_the_files_of_a_room_import_only_what_is_read_before_them() -> None:
    backwards = [
        f"{where(path, node)} imports {name}"
        for room in APPS
        for path in sources(room)
        if room_of(path) in ORDER
        for node, name in own_imports(path, room)
        if name in ORDER and ORDER.index(name) > ORDER.index(room_of(path))
    ]
    assert backwards == []


def own_imports(path: Path, room: str) -> Iterator[tuple[ast.AST, str]]:
    """The parts of its own room that a file imports when it is loaded."""
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            first, _dot, rest = node.module.partition(".")
            if first == room:
                for part in [rest.partition(".")[0]] if rest else [alias.name for alias in node.names]:
                    yield node, part


def test_what_is_computed_needs_neither_django_nor_a_database() -> None:
    """Whoever has arrays can import it: a fresh interpreter that has none of the rest."""
    pure = (
        "advance", "agreement", "assignment", "bands", "blinding", "calibration", "draws", "meeting", "replay",
        "rules", "scoring", "search", "standing",
    )  # fmt: skip
    code = f"import sys; from selection import {', '.join(pure)}; sys.exit(int('django' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources() if path.stem in {"utils", "helpers", "services", "manager"}] == []


def test_views_ask_queries_and_never_filter() -> None:
    asking = [
        where(path, node)
        for path in sources()
        if room_of(path) in ("views", "pages")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "filter", "exclude", "annotate")
    ]
    assert asking == []


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=0)


# Jobs and mail


def names_given_to(function: str, *, position: int = 0) -> dict[str, str]:
    """Every text that some code passes to ``function`` → where it does."""
    found = {}
    for path in sources():
        for node in nodes(path):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) == function
                and len(node.args) > position
                and isinstance(name := node.args[position], ast.Constant)
                and isinstance(name.value, str)
            ):
                found[name.value] = where(path, node)
    return found


def test_every_job_that_is_asked_for_exists() -> None:
    asked = {name: place for name, place in names_given_to("defer").items() if "." in name}
    assert "common.send_outbox" in asked
    jobs_app.perform_import_paths()
    assert {name: place for name, place in asked.items() if name not in jobs_app.tasks} == {}


def test_every_kind_of_mail_that_is_posted_can_be_written() -> None:
    posted = names_given_to("post") | names_given_to("Post")
    assert {kind: place for kind, place in posted.items() if kind not in registry.mails} == {}


def test_every_kind_of_history_has_a_rule_of_who_may_read_it() -> None:
    kinds = names_given_to("record") | names_given_to("Event")
    assert {"nomination", "award", "person"} <= set(kinds)
    assert {kind: place for kind, place in kinds.items() if kind not in registry.visible_keys} == {}


# Templates

INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=.application/(ld\+)?json)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"<(script|link|img|iframe)\b[^>]*(src|href)=.(https?:)?//"),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_that_the_content_policy_refuses(what: str) -> None:
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    assert [
        str(path.relative_to(ROOT)) for path in pages if INLINE[what].search(path.read_text("utf-8"))
    ] == []


def test_every_template_translates_its_texts() -> None:
    """A template with words between its tags loads i18n; a component that only places values needs none."""
    pages = [path for path in TEMPLATES if "styleguide" not in path.parts]  # that page is for developers
    silent = [str(path.relative_to(ROOT)) for path in pages if not _translates(path.read_text("utf-8"))]
    assert silent == []


def _translates(text: str) -> bool:
    bare = re.sub(
        r"{%.*?%}|{{.*?}}|{#.*?#}|{% comment %}.*?{% endcomment %}|<[^>]*>|&\w+;", " ", text, flags=re.S
    )
    return ("{% load" in text and "i18n" in text) or not re.search(r"[A-Za-z]{3,} [a-z]{2,}", bare)


# Personal data


def test_every_table_is_named_in_the_document_on_personal_data_once() -> None:
    text = (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")
    tables = {model._meta.label for model in apps.get_models() if model._meta.app_label in APPS}
    named = re.findall(r"`([a-z]+\.[A-Z]\w+)`", text)
    assert sorted(named) == sorted(tables)
