"""For tests that ask a page for its status, or for what it would draw."""

import pytest
from django.template import Template


def draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on: where the status alone counts, half of the time goes into pages that nobody reads."""
    monkeypatch.setattr(Template, "render", lambda template, context: "")
