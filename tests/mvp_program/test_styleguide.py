"""The style guide: public, unindexed, without the database, in the design's own markup."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

TEMPLATES = Path(settings.BASE_DIR) / "mvp_program" / "templates"


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/style-guide/").content.decode()


def test_anybody_may_look_and_no_search_engine_keeps_it(client: Client) -> None:
    response = client.get("/style-guide/")
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"


def test_it_uses_no_style_and_no_script_of_its_own(page: str) -> None:
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))


def test_ids_are_unique(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


def test_what_a_label_or_description_points_at_is_there(page: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    pointed = " ".join(
        re.findall(r'(?:aria-labelledby|aria-describedby|\sfor|popovertarget)="([^"]+)"', page)
    )
    assert set(pointed.split()) <= ids


def test_every_component_is_shown() -> None:
    frame = {
        "frame_head", "styles", "behaviour", "wordmark", "site_nav", "search_link", "site_footer", "account", "alerts",
        "toast_area", "window_end",
    }  # fmt: skip
    inner = {"segments", "choice", "counter", "error_line", "field", "form", "person_name", "chip", "bar"}
    shown = " ".join(path.read_text() for path in (TEMPLATES / "styleguide").glob("*.html"))
    names = {path.stem for path in (TEMPLATES / "components").glob("*.html")} - frame - inner
    names = {name for name in names if not name.startswith("field_")}
    assert {n for n in names if not re.search(rf"components/{n}\.html|{{% {n}\b", shown)} == {"qr", "chart"}
