"""What is invented is the same every time."""

import hashlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

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


@pytest.mark.deep
def test_the_same_people_are_invented_every_time_before_one_who_watches(demo: None) -> None:
    """Filled twice from the same start; the terminal shows a bar that is full at the end."""
    found, shown = set(), ""
    for _time in range(2):
        with transaction.atomic():
            out = Terminal()
            call_command("generate", size="S", stdout=out)
            found.add(digest())
            shown = out.getvalue()
            transaction.set_rollback(True)
    assert len(found) == 1
    steps = shown.split("\r")
    assert steps[1].startswith("  [█ ")
    assert steps[-1].startswith(f"  [{'█' * WIDTH}] history sealed")
