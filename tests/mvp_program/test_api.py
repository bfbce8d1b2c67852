"""The API as a whole: its schema, its door, its documentation."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from common.ratelimit import RateLimit
from mvp_program import api_door
from mvp_program.api import api
from tests.cast import House

pytestmark = pytest.mark.django_db
COMMITTED = settings.BASE_DIR / "docs" / "openapi.json"


def test_the_schema_is_the_committed_one() -> None:
    """A change that is meant: ``manage.py export_openapi_schema --api mvp_program.api.api --indent 1 --sorted``."""
    assert json.loads(json.dumps(api.get_openapi_schema())) == json.loads(COMMITTED.read_text())


def test_reads_are_open_to_every_site_and_writes_are_not(client: Client) -> None:
    asked = client.options("/api/v1/people", headers={"origin": "https://elsewhere.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.get("/api/v1/people")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.post("/api/v1/me/contributions")


def test_what_has_not_changed_is_304(client: Client) -> None:
    answer = client.get("/api/v1/regions")
    again = client.get("/api/v1/regions", headers={"if-none-match": answer["ETag"]})
    assert (answer.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"


def test_too_many_questions_are_429(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_door, "limit", RateLimit(2))
    answers = [client.get("/api/v1/") for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert client.get("/api/v1/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_an_answer_depends_on_no_session_and_no_language(client: Client) -> None:
    answer = client.get("/api/v1/people", headers={"accept-language": "de"})
    assert answer["Vary"] == "Authorization"
    assert "public" in answer["Cache-Control"]


def test_the_documentation_is_served_from_here_and_readable_without_a_script(client: Client) -> None:
    page = client.get("/api/v1/docs")
    html = page.content.decode()
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert "'unsafe" not in page["Content-Security-Policy"]
    assert "data:" not in page["Content-Security-Policy"]
    assert "/api/v1/people/{slug}" in html


def test_the_documentation_says_every_call_parameter_and_shape(client: Client) -> None:
    schema = json.loads(COMMITTED.read_text())
    html = client.get("/api/v1/docs").text
    for path, operations in schema["paths"].items():
        assert f"<code>{path}</code>" in html
        for operation in operations.values():
            assert operation["summary"] in unescape(html)
            names = [one["name"] for one in operation.get("parameters", [])]
            assert [name for name in names if f"<code>{name}</code>" not in html] == []
    for name, shape in schema["components"]["schemas"].items():
        assert f'id="{name}"' in html
        assert [field for field in shape["properties"] if f"<code>{field}</code>" not in html] == []
    assert set(re.findall(r'href="#(\w+)"', html)) <= set(re.findall(r'id="(\w+)"', html))


@pytest.mark.parametrize("address", ["people?cursor=xyz", "people?limit=0", "people?limit=many"])
def test_a_question_that_makes_no_sense_gets_a_sentence(client: Client, address: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


@pytest.mark.parametrize("name", ["areas", "categories", "regions", "cycles", "events", "contribution-types"])
def test_what_the_program_is_can_be_read(client: Client, house: House, name: str) -> None:
    rows = client.get(f"/api/v1/{name}").json()
    assert isinstance(rows, list)
    assert rows or name == "events"


def test_the_start_says_where_to_go_on(client: Client) -> None:
    addresses = client.get(reverse("api:index")).json()
    assert reverse("api:api-root") == "/api/v1/"
    assert addresses["schema"].endswith(reverse("api:openapi-json"))
    assert client.get(reverse("api:openapi-json")).json()["openapi"].startswith("3.")
