"""Nonsense in every field of every form of the selection: a sentence, a page, never an error of the server.

Null bytes, ten thousand signs, wrong types, formulas of spreadsheets, tags, far numbers and dates that never were.
"""

import csv
import inspect
import io
import re
from html import unescape

import pytest
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import selection.forms
import selection.review_forms
from nominations.models import Nomination
from people.models import Person
from selection.models import Review, Score
from tests.access_matrix import CSV_FILES, MATRIX
from tests.spread import all_of_them, examples, spread
from tests.world import make_world

FORMULAS = ['=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1", "\r=1"]
NONSENSE = [
    "", " ", "\x00", "a\x00b", "x" * 10_000, "9" * 400, "-1", "0", "1e999", "NaN", "1.5", "٣", "true", "null", "[]",
    '{"a": 1}', "<script>alert(1)</script>", "{{ 7|add:7 }}", "%s%n", "\\", "'; DROP TABLE x; --", "\u202e\u2066",
    "\U0001f600" * 50, "\ufffe\uffff", "2004-02-31", "0000-00-00", "9999-12-31", "24:61", "../../etc/passwd",
    *FORMULAS,
]  # fmt: skip
SENSE = [
    "1",
    "3",
    "na",
    "pass",
    "fail",
    "plus",
    "minus",
    "award",
    "forward",
    "recuse",
    "2030-01-01",
    "12:00",
    "It is so.",
]
QUESTIONS = [
    "page",
    "show",
    "last",
    "at",
    "stage",
    "category",
    "q",
    "sort",
    "o",
    "order",
    "cycle",
    "case",
    "places",
]
POSTS = {name: row for name, row in MATRIX.items() if row.posts_only and name.startswith("selection:")}
GETS = {name: row for name, row in MATRIX.items() if not row.posts_only and name.startswith("selection:")}


def fields_of_forms() -> list[str]:
    """The names of all fields that a form of the selection has, those that a rubric makes included."""
    named = {"version", "autosave", "reviewer", "rule", "order", "seed"}
    found = [
        one
        for module in (selection.forms, selection.review_forms)
        for one in inspect.getmembers(module, inspect.isclass)
    ]
    for _name, form in found:
        if issubclass(form, forms.BaseForm):
            named |= set(form.base_fields)  # type: ignore[attr-defined]
    return sorted(named | {f"{part}_{code}" for part in ("mark", "reason") for code in ("impact", "conduct")})


FIELDS = fields_of_forms()


@pytest.fixture
def world(house, cast):
    return make_world(house, cast)


@pytest.fixture
def post(world, client_of):
    """Post to an address as somebody who is let in, and take back what it did; returns the status."""

    def ask(name, data, role="", **headers):
        row = POSTS[name]
        role = role or sorted(row.may_post)[0]
        client = client_of(role)
        with transaction.atomic():
            answer = client.post(reverse(name, args=row.args(world)), data, **headers)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (name, role, data)
        return answer

    return ask


OF_CASES = ("selection:", "nominations:", "me")  # of the other pages none has a word of a case
SWEEP = ["\x00", "x" * 10_000, "9" * 400, "-1", "2004-02-31"]


BODIES = [
    *(("application/json", body) for body in ("[1, 2", "\xff\xfe", '{"version": {}}')),
    ("application/x-www-form-urlencoded", "a=%00&b=%ff&%=1"),
    ("multipart/form-data", ""),
]


def test_the_same_nonsense_in_every_field_of_every_address_or_a_body_that_is_no_form(post):
    """Each address meets one of them in turn: one value in all fields, files in the place of text, broken bodies."""
    for name, wrong in spread(POSTS, [*SWEEP, *BODIES]):
        if isinstance(wrong, str):
            post(name, dict.fromkeys(FIELDS, wrong))
        elif body := wrong[1]:
            post(name, body, content_type=wrong[0])
        else:
            post(name, {field: SimpleUploadedFile("a.csv", b"=1+1\x00\xff") for field in FIELDS[:6]})


def test_any_mixture_of_sense_and_nonsense(post):
    words = st.sampled_from(NONSENSE + SENSE) | st.text(max_size=40)
    typed = st.dictionaries(st.sampled_from(FIELDS), words | st.lists(words, max_size=3), max_size=9)

    @settings(
        examples(15),
        suppress_health_check=[HealthCheck.too_slow],  # that measures how busy the machine is
    )
    @given(
        st.sampled_from(sorted(POSTS)),
        typed,
        st.sampled_from(["text/html", "application/json"]),
        st.booleans(),
    )
    def ask(name, data, accepts, htmx):
        headers = {"HTTP_ACCEPT": accepts} | ({"HTTP_HX_REQUEST": "true"} if htmx else {})
        data = {field: _encodable(value) for field, value in data.items()}
        post(name, data, sorted(POSTS[name].may_post)[len(data) % len(POSTS[name].may_post)], **headers)

    ask()


def _encodable(value):
    return (
        value.encode("utf-8", "replace").decode()
        if isinstance(value, str)
        else [_encodable(v) for v in value]
    )


def _too_far(field):
    """What its own field takes for a value, and no column or calendar does."""
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return "9999-12-31"
    if isinstance(field, forms.IntegerField | SimpleArrayField):
        return "32768"
    return "9" * 400


@pytest.mark.parametrize(
    "name",
    ["cycle_new", "cycle_edit", "places_edit", "stage_edit", "stage_top_up", "capacity", "training_case"],
)
def test_each_field_of_a_page_with_a_form_by_itself_too_far_beside_good_ones(world, client_of, name):
    row = GETS[f"selection:{name}"]
    client = client_of(next(role for role in row.get if row.get[role] == 200))
    address = reverse(f"selection:{name}", args=row.args(world))
    form = client.get(address).context["form"]
    drawn = {field: form[field].value() for field in form.fields}
    good = {field: value for field, value in drawn.items() if value not in (None, False)}
    good |= {"source": "copy:next"} if "source" in drawn else {}
    for field in drawn:
        with transaction.atomic():
            answer = client.post(address, good | {field: _too_far(form.fields[field])})
            transaction.set_rollback(True)
        assert answer.status_code in (302, 409, 422), field


def test_questions_in_an_address_that_make_no_sense(world, client_of):
    asked = ["x" * 2000, "9" * 400, "-1", "[]", "%s\\", "reviews:>=x spread:<-1 status:zz area:'"]
    questions = [dict.fromkeys(QUESTIONS, value) for value in asked]
    opened = {
        name: role for name, row in GETS.items() for role in list(row.get)[::-1] if row.get[role] == 200
    }
    for name, question in spread(opened, questions):
        answer = client_of(opened[name]).get(reverse(name, args=GETS[name].args(world)), question)
        assert answer.status_code < 500, (name, question)


def test_a_null_byte_in_an_address_is_a_bad_request(world, sign_in):
    assert sign_in(world.people["office"]).get("/board/?page=%00").status_code == 400


def test_what_was_typed_comes_back_as_text_and_never_as_a_tag(world, client_of):
    """On every page that shows it: a comment, reasons, a statement, a name, a title."""
    tag = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    case = world.case.nomination
    Nomination.objects.filter(pk=case.pk).update(nominee_name=tag)
    case.supports.update(statement=tag, relation=tag, name=tag, links=[{"url": "javascript:alert(1)"}])
    case.dossier_items.update(title=tag, description=tag, private_note=tag, url="javascript:alert(1)")
    Review.objects.update(comment=tag)
    Score.objects.update(reason=tag)
    seen = 0
    for name, row in MATRIX.items():
        if row.posts_only or name.startswith("admin:") or row.get["anonymous"] == 200:
            continue  # what everybody may read has no word of a case: see the walk of tests/test_access.py
        if not (all_of_them() or name.startswith(OF_CASES)):
            continue
        readers = ("technology_lead", "reviewer", "office", "council_member", "regional_lead")
        for role in [role for role in readers if row.get[role] == 200][: None if all_of_them() else 1]:
            answer = client_of(role).get(reverse(name, args=row.args(world)))
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue  # a file is not drawn as a page; its cells have a test of their own
            page = answer.content.decode()
            seen += "onerror" in unescape(page)
            assert "<img src=x" not in page, (name, role)
            assert "<script>alert" not in page, (name, role)
            assert not re.search(r'(?:href|src|action)="\s*javascript:', page), (name, role)
    assert seen >= 5


def test_no_cell_of_a_file_is_a_formula(world, client_of):
    """A name that a spreadsheet would run, in every file with cells that any address gives to anybody."""
    cells, files = 0, {}
    for name in CSV_FILES:  # the walk of tests/test_access.py finds them
        row = MATRIX[name]
        role = next(role for role in ("technology_lead", "office", "nominee") if row.get[role] == 200)
        files[reverse(name, args=row.args(world))] = client_of(role)
    for formula in FORMULAS:
        Nomination.objects.filter(nominee__isnull=False).update(nominee_name=formula, area_name=formula)
        Person.objects.update(name=formula, latin_name=formula)
        for address, client in files.items():
            text = client.get(address).content.decode("utf-8-sig")
            found = [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
            assert [cell for cell in found if re.match(r"[=+@\t\r]|-(?![\d.]+$)", cell)] == [], address
            cells += sum(formula.strip() in cell for cell in found)
    assert cells > 0
