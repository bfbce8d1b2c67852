"""Every table that names or points to a person stands in docs/personal-data.md, with who sees it and when it ends."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.models import User
from common import registry
from people.models import Person

TEXT = (settings.BASE_DIR / "docs" / "personal-data.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+\.\w+)` \|(.+)\|$", TEXT, re.MULTILINE))
OURS = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()}


def is_personal(model: type[models.Model]) -> bool:
    """It has an address, or points to somebody, or is somebody."""
    return model in (User, Person) or any(
        isinstance(field, models.EmailField) or field.related_model in (User, Person)
        for field in model._meta.concrete_fields
    )


PERSONAL = sorted(
    model._meta.label for model in apps.get_models() if model._meta.app_label in OURS and is_personal(model)
)


@pytest.mark.parametrize("label", PERSONAL)
def test_a_table_says_who_sees_it_and_when_it_ends(label: str) -> None:
    holds, seen_by, ends = (cell.strip() for cell in ROWS[label].split("|"))
    assert holds
    assert seen_by
    assert ends


def test_the_document_names_no_table_that_is_gone() -> None:
    assert set(ROWS) <= {model._meta.label for model in apps.get_models()}


_NAMES = set(re.findall(r"`(\w+)`", TEXT[TEXT.index("Left out") : TEXT.index("What somebody else")]))
LEFT_OUT = {table for table in ROWS if table.partition(".")[2] in _NAMES}


def test_every_table_of_the_document_is_in_the_export_of_ones_data_or_says_why_not() -> None:
    """A new table gets a reader in its room's ``held.py``, or a word where the document says what is left out."""
    assert set(registry.held_on) | LEFT_OUT == set(ROWS)
    assert set(registry.held_on) & LEFT_OUT == set()
