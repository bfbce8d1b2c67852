"""Reasons that people choose, and the sentence that the person concerned reads."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from charter.models import ReasonCode
from common.languages import named
from tests.messages import ROOT, rows_of

migration = import_module("charter.migrations.0007_where_to_ask_for_the_rule")
pytestmark = pytest.mark.django_db


def test_a_site_that_was_set_up_before_says_where_to_ask_for_the_rule_in_every_language() -> None:
    of_its_own = ReasonCode.objects.create(use="ineligible", code="own", sentence="Ask Ann.")
    code = ReasonCode.objects.create(use="ineligible", code="R9", sentence=migration.BEFORE)
    migration.forwards(apps, None)
    code.refresh_from_db()
    of_its_own.refresh_from_db()
    assert of_its_own.sentence == "Ask Ann."
    assert code.sentence in [row.get("sentence") for row in rows_of(ROOT / "seeds/reason_codes.yaml")]
    with translation.override("de"):
        assert named(code.sentence) != code.sentence
    migration.backwards(apps, None)
    code.refresh_from_db()
    assert code.sentence == migration.BEFORE
