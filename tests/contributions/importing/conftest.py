"""Files as people hand them in, all invented, and a log to import them into."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from contributions.models import ContributionType
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionTypeFactory
from tests.kept import kept_fixture

HEAD = ["type", "title", "date", "link", "reach"]
Import = Callable[..., str]


@kept_fixture
def types(house: House) -> list[ContributionType]:
    blog = ContributionTypeFactory(
        code="blog-post", name="Blog post", quantity_label="posts", second_quantity_label="subscribers",
        reach_label="visitors", link_required=True,
    )  # fmt: skip
    forum = ContributionTypeFactory(
        code="forum-moderator", name="Forum moderator", quantity_label="threads", reach_label=""
    )
    blog.other_names, forum.other_names = ["Blog/Website Post"], ["Forum Moderation (Any Forum)"]
    blog.save()
    forum.save()
    return [house.article, blog, forum]


@pytest.fixture
def owner(cast: Cast) -> Person:
    return cast.holder


@pytest.fixture
def load(owner: Person, types: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    """Import a file and return what was said: lists become CSV, bytes and texts stay."""

    def load_file(content: Any, name: str = "log.csv", **options: Any) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_contributions", str(path), person=str(owner.pk), **options)
        return capsys.readouterr().out

    return load_file


def table(*rows: list[Any], head: list[str] = HEAD) -> str:
    return "\n".join(",".join(str(cell) for cell in row) for row in [head, *rows])


def workbook(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def exported(**changes: Any) -> dict[str, Any]:
    """One record in the shape of the retired API's export."""
    record = {
        "ContributionId": 410,
        "ContributionTypeName": None,
        "ContributionType": {"Id": "b-1", "Name": "Blog/Website Post", "EnglishName": "Blog/Website Post"},
        "ContributionTechnology": {
            "Id": "a-1",
            "Name": "Networking",
            "AwardName": "Servers",
            "Active": False,
        },
        "AdditionalTechnologies": [],
        "StartDate": "2021-09-28T00:05:15.632083+02:00",
        "Title": "My Activity #410",
        "ReferenceUrl": "https://blog.example/410",
        "Visibility": {"Id": 100000001, "Description": "MVP Community", "LocalizeKey": "MVPVisibilityText"},
        "AnnualQuantity": 16,
        "SecondAnnualQuantity": 12,
        "AnnualReach": 0,
        "Description": "Words.",
    }
    return {**record, **changes}


def export_file(*records: dict[str, Any]) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(list(records), indent=2).encode()
