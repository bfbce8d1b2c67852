"""What is invented is the same every time."""

import hashlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from awards.models import Award
from contributions.models import Contribution
from mvp_program.management.commands.generate import WIDTH
from nominations.models import Nomination, Support
from people.models import Person
from selection.models import Assignment, Score


def digest() -> str:
    """Everything that was invented, without the numbers that the database gives out."""
    rows = [
        *Person.objects.order_by("key").values_list("key", "slug", "name", "city", "headline", "biography"),
        *Award.objects.order_by("person__slug", "starts", "area").values_list(
            "person__slug", "area_name", "starts"
        ),
        *Contribution.objects.exclude(source="seed")
        .order_by("title", "starts", "person__slug")
        .values_list("person__slug", "title", "starts", "reach"),
        *Nomination.objects.order_by("key").values_list("key", "nominee__slug", "state", "invited_at"),
        *Support.objects.order_by("key").values_list("key", "person__slug", "statement"),
        *Assignment.objects.order_by("candidacy__key", "reviewer__slug").values_list(
            "candidacy__key", "reviewer__slug"
        ),
        *Score.objects.order_by(
            "review__assignment__candidacy__key", "review__assignment__reviewer__slug", "criterion"
        ).values_list("review__assignment__candidacy__key", "mark", "reason"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


class Terminal(StringIO):
    """What ``generate`` writes to when somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def fills(_demo_loaded: None, django_db_blocker: DjangoDbBlocker) -> list[tuple[str, str]]:
    """The demo filled twice from the same start: what was in it, and what the terminal showed."""
    found = []
    with django_db_blocker.unblock():
        for _time in range(2):
            with transaction.atomic():
                out = Terminal()
                call_command("generate", size="S", stdout=out)
                found.append((digest(), out.getvalue()))
                transaction.set_rollback(True)
    return found


def test_the_same_people_are_invented_every_time(fills: list[tuple[str, str]]) -> None:
    assert len({digest for digest, _shown in fills}) == 1


def test_somebody_who_watches_sees_a_bar_that_is_full_at_the_end(fills: list[tuple[str, str]]) -> None:
    steps = fills[0][1].split("\r")
    assert steps[1].startswith("  [█ ")
    assert steps[-1].startswith(f"  [{'█' * WIDTH}] history sealed")
