"""One text template gives subject, text part and HTML part."""

from pathlib import Path

import pytest
from django.test import override_settings

from common.letters import write_letter
from common.outbox import Letter

TEMPLATE = """{% load i18n %}{{ name }} nominated you

Dear {{ called }},

{% blocktranslate %}{{ name }} nominated you.
Nobody reviews anything until you say so.{% endblocktranslate %}

See it and answer:
{{ site }}/nominations/K7Q2M4XD/

~ The link works until 19 October
and is meant for you alone.
"""


@pytest.fixture(params=["en", "xx"])
def letter(tmp_path: Path, settings: object, request: pytest.FixtureRequest) -> Letter:
    """In the site's language, and in one that it does not know."""
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "invitation.txt").write_text(TEMPLATE)
    (engine,) = settings.TEMPLATES  # type: ignore[attr-defined]
    with override_settings(TEMPLATES=[{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]):
        return write_letter(
            "invitation", {"name": "Zoë <b>O'Dea</b>", "called": "Ilmārs"}, language=request.param
        )


def test_the_first_line_is_the_subject(letter: Letter) -> None:
    assert letter.subject == "Zoë <b>O'Dea</b> nominated you"


def test_the_text_part_says_everything_as_typed(letter: Letter) -> None:
    assert letter.text == (
        "Dear Ilmārs,\n\n"
        "Zoë <b>O'Dea</b> nominated you.\nNobody reviews anything until you say so.\n\n"
        "See it and answer:\n\n  http://localhost:8000/nominations/K7Q2M4XD/\n\n"
        "The link works until 19 October and is meant for you alone.\n\n"
        "-- \nMVP Program office\n"
    )


def test_the_html_part_escapes_and_links(letter: Letter) -> None:
    assert "<p>Zoë &lt;b&gt;O&#x27;Dea&lt;/b&gt; nominated you.<br>Nobody reviews" in letter.html
    assert '<a href="http://localhost:8000/nominations/K7Q2M4XD/">See it and answer</a>' in letter.html
    assert "<small>The link works until 19 October and is meant for you alone.</small>" in letter.html
    assert "<h3>Dear Ilmārs,</h3>" in letter.html
