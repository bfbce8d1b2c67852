"""Canaries: one word that stands nowhere else for each hidden fact of each case, and a crawler that looks for them.

``plant`` writes them into every text and number that hangs on a case, by the table in ``facts.py``; ``Crawl``
reads pages, files and headers as one role and says which words it met that were not for it.
"""

import html
import io
import itertools
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from nominations.models import Nomination

WORD = re.compile(r"qx[bcdfghjklmnpqrstvwz]{6}zq")
NUMBER = re.compile(r"(?<![\d.,%-])([1-4]\.\d\d)(?:\d\d)?(?![\d.]*\d)")
DRAWN = re.compile(r'\s(?:d|points|viewBox|transform|[xyr]|[cr][xy]|[xy][12]|width|height)="[^"]*"')
LETTERS = "bcdfghjklmnpqrstvwz"
APPS = ("nominations", "selection")
STARTS = ["/me/", "/review/", "/board/", "/office/", "/admin/"]
STAFF = ["office", "office_tied", "auditor"]  # who may open the admin


@dataclass(frozen=True)
class Token:
    """``word`` stands for one column of one row; ``seen_by``: the roles that may read it, ``at`` which addresses."""

    word: str
    fact: str
    case: int
    seen_by: frozenset[str]
    at: tuple[tuple[str, str], ...] = ()

    def is_for(self, role: str, address: str) -> bool:
        return role in self.seen_by or any(role == who and re.match(where, address) for who, where in self.at)


@dataclass
class Canaries:
    """Every token that was planted, by its word or number."""

    tokens: dict[str, Token] = field(default_factory=dict)
    words: Iterator[str] = field(
        default_factory=lambda: (f"qx{''.join(p)}zq" for p in itertools.product(LETTERS, repeat=6))
    )
    numbers: Iterator[str] = field(
        default_factory=lambda: (
            f"{n / 100:.2f}" for n in range(211, 490) if n % 25
        )  # no quarters: weights have them
    )

    def word(self, fact: str, case: int, seen_by: Iterable[str], at: dict[str, str] | None = None) -> str:
        return self._keep(next(self.words), fact, case, seen_by, at)

    def number(self, fact: str, case: int, seen_by: Iterable[str]) -> Decimal:
        return Decimal(self._keep(next(self.numbers), fact, case, seen_by, None))

    def _keep(
        self, word: str, fact: str, case: int, seen_by: Iterable[str], at: dict[str, str] | None
    ) -> str:
        self.tokens[word] = Token(word, fact, case, frozenset(seen_by), tuple((at or {}).items()))
        return word

    def close(self, fact: str, *, case: int, to: set[str]) -> None:
        """From now on these roles may not read a fact."""
        for word, one in self.tokens.items():
            if (one.fact, one.case) == (fact, case):
                self.tokens[word] = replace(one, seen_by=one.seen_by - to)

    def found_in(self, text: str) -> list[Token]:
        """The tokens in a text, each once; in whatever case, escaped for HTML or for an address."""
        plain = unquote_plus(html.unescape(text)).casefold()
        numbers = NUMBER.findall(DRAWN.sub("", text)) if "." in text else []
        return [
            self.tokens[word]
            for word in dict.fromkeys([*WORD.findall(plain), *numbers])
            if word in self.tokens
        ]


def path_to_case(model: type[Model]) -> str | None:
    """The way from a row to its case along foreign keys, ``pk`` for the case itself, ``None`` where there is none."""
    todo: deque[tuple[type[Model], str]] = deque([(model, "")])
    seen = {model}
    while todo:
        here, path = todo.popleft()
        if here is Nomination:
            return path or "pk"
        for column in here._meta.concrete_fields:
            to: Any = column.related_model
            if isinstance(column, models.ForeignKey) and to not in seen and to._meta.app_label in APPS:
                seen.add(to)
                todo.append((to, f"{path}__{column.name}" if path else column.name))
    return None


def columns_of_cases() -> dict[str, tuple[type[Model], str, Any]]:
    """Every column of text or of numbers with a fraction in a row that hangs on a case: its name → where it is."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.DecimalField, models.FloatField)
    return {
        f"{model._meta.label}.{column.name}": (model, path, column)
        for model in apps.get_models()
        if model._meta.app_label in APPS and (path := path_to_case(model)) is not None
        for column in model._meta.concrete_fields
        if isinstance(column, kinds) and not column.choices
    }


def records(cases: Iterable[int]) -> list[str]:
    """Every list of the admin, and the forms of the rows that hang on these cases: twenty a table."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        if (where := path_to_case(model)) is not None:
            rows = model._default_manager.filter(**{f"{where}__in": cases}).values_list("pk", flat=True)
            found += [reverse(f"{name}_change", args=[pk]) for pk in rows[:20]]
    return found


def text_for(column: Any, word: str) -> Any:
    """A value of the column's kind with the word in it."""
    if isinstance(column, models.EmailField):
        return f"{word}@community.example"
    if isinstance(column, models.URLField):
        return f"https://{word}.example/page"
    return word


# Looking


@dataclass
class Crawl:
    """What one role meets. ``variants``: how many addresses of one view are asked for; ``left_out``: views to which no
    link is followed."""

    role: str
    client: Client
    canaries: Canaries
    variants: int = 3
    at_most: int = 2000
    follow: bool = True
    left_out: set[str] = field(default_factory=lambda: {"account_logout", "set_language"})
    leaks: dict[str, None] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)  # address → status
    _views: Counter[str] = field(default_factory=Counter)

    def look(self, starts: Iterable[str], ways: Iterable[str] = ()) -> "Crawl":
        """Read these addresses, and all that their links and GET forms lead to; and so for ``ways``, as links."""
        todo = deque([*((start, True) for start in starts), *((found, False) for found in ways)])
        while todo and len(self.asked) < self.at_most:
            address, wanted = todo.popleft()
            if address in self.asked or not (wanted or self._has_room(address)):
                continue
            answer = self.ask(address)
            if self.follow:
                todo.extend((found, False) for found in ways_on(address, answer))
        return self

    def ask(self, address: str) -> Any:
        """Its answer, which is read."""
        answer = self.client.get(address)
        self.asked[address] = answer.status_code
        self.read(address, answer)
        return answer

    def read(self, address: str, answer: HttpResponse) -> None:
        """Look for tokens in the body, whatever kind of file it is, and in the headers."""
        asked = {one.word for one in self.canaries.found_in(address)}
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        for part, text in (("", body_of(answer)), (" (headers)", headers)):
            for token in self.canaries.found_in(text):
                self.met.add(token.fact)
                if token.word not in asked and not token.is_for(self.role, address):
                    where = f"{address}{part}"
                    self.leaks[
                        f"{self.role} at {where} saw {token.word}: {token.fact}, case {token.case}"
                    ] = None

    def _has_room(self, address: str) -> bool:
        try:
            name = resolve(urlsplit(address).path).view_name
        except Resolver404:
            return False
        if name in self.left_out:
            return False
        key = f"{name}?{'&'.join(sorted(p.split('=')[0] for p in urlsplit(address).query.split('&')))}"
        self._views[key] += 1
        return self._views[key] <= self.variants


def body_of(answer: Any) -> str:
    """The text of a page or file; what is packed is unpacked."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            raw = b"\n".join(packed.read(name) for name in packed.namelist())
    return str(raw.decode("utf-8", "replace"))


_LINK = re.compile(r'(?:href|src|hx-get|data-href|data-url)="([^"#]+)[^"]*"')
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_SELECT = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_CHOICE = re.compile(r'<(?:option|input type="(?:radio|checkbox)")[^>]*value="([^"]*)"')


def ways_on(address: str, answer: Any) -> list[str]:
    """Addresses of this site that a page leads to: redirects, links, and GET forms with each of their choices."""
    if location := answer.headers.get("Location") or answer.headers.get("HX-Location"):
        return list(_inside(address, [location]))
    if "html" not in answer.headers.get("Content-Type", ""):
        return []
    page = answer.content.decode()
    return list(_inside(address, [*map(html.unescape, _LINK.findall(page)), *_forms(page)]))


def _forms(page: str) -> Iterator[str]:
    for attributes, inside in _FORM.findall(page):
        if re.search(r'method="post"', attributes, re.IGNORECASE):
            continue
        action = re.search(r'action="([^"]*)"', attributes)
        target = html.unescape(action[1]) if action else ""
        for name, choices in _SELECT.findall(inside):
            for value in _CHOICE.findall(choices)[:8]:
                yield f"{target}?{urlencode({html.unescape(name): html.unescape(value)})}"
        for name in re.findall(r'<input\b[^>]*type="(?:search|text)"[^>]*name="([^"]+)"', inside):
            yield f"{target}?{urlencode({name: 'qx'})}"


def _inside(address: str, targets: Iterable[str]) -> Iterator[str]:
    for target in targets:
        full = urlsplit(urljoin(f"http://testserver{address}", target))
        inside = full.scheme in ("http", "https") and full.netloc in ("testserver", "localhost:8000")
        if inside and not full.path.startswith(("/static/", "/media/")):
            yield full.path + (f"?{full.query}" if full.query else "")
