"""A release and its mail whose process or connection is lost, again and again: it finishes, and does nothing twice."""

import email
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from awards.models import Award
from common import clock
from common.models import HistoryRow, OutboxMail
from nominations.models import Nomination
from selection import actions, states
from selection.models import Decision, Release
from selection.tasks import carry_out_due_releases
from tests.selection.drill import is_untouched

pytestmark = pytest.mark.django_db(transaction=True)
OUTCOMES = {"award": "awarded", "reserve": "on_reserve", "not_this_time": "not_awarded"}


@pytest.fixture
def due(house, cast, make_candidacy):
    """A confirmed release of an award, a reserve and a no, whose time has come; committed."""
    for name in OUTCOMES:
        candidacy = make_candidacy(house.council, name=name, state=states.DECIDED)
        Decision.objects.create(candidacy=candidacy, outcome=name, decided_at=clock.now())
    for stage in (house.screen, house.score, house.council):
        stage.state = states.STAGE_CLOSED
        stage.save()
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    OutboxMail.objects.all().delete()
    return actions.confirm_release(release, by=cast.office_2.user)


def drill(what: str, folder: Path, *, step: int = 1) -> int:
    """How many processes were killed before one came through."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.selection.drill", connection.settings_dict["NAME"], folder, what, str(step)],
        cwd=settings.BASE_DIR, env={**os.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout)


def is_done_once() -> None:
    """Every case has its state, every row was written once."""
    assert dict(Nomination.objects.values_list("nominee_name", "state")) == OUTCOMES
    assert Award.objects.filter(cycle__isnull=False).count() == 1
    assert Counter(HistoryRow.objects.filter(verb="release").values_list("kind", flat=True)) == {
        "decision": 3, "release": 1,
    }  # fmt: skip
    assert HistoryRow.objects.filter(verb="settle_nomination").count() == 3
    assert OutboxMail.objects.count() == OutboxMail.objects.values("to", "cause").distinct().count() == 6


class Lost:
    """An execute wrapper behind which the connection is gone after so many statements; as if our process had died,
    but for what a process of its own costs."""

    def __init__(self, statements):
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            connection.connection.close()
        self.left -= 1
        return execute(sql, params, many, context)


def test_lost_in_its_midst_it_leaves_nothing_and_finishes_when_run_again(due):
    for statements in (2, 12, 24):
        with pytest.raises(OperationalError), connection.execute_wrapper(Lost(statements)):
            carry_out_due_releases()
        connection.close()
        assert is_untouched(), statements
    for _again in range(2):
        carry_out_due_releases()
        is_done_once()


@pytest.mark.deep
def test_killed_in_its_midst_it_leaves_nothing_and_finishes_when_run_again(due, tmp_path):
    assert drill("release", tmp_path, step=15) >= 2
    is_done_once()
    assert drill("again", tmp_path) < 5  # it connects, asks what is due, and that is nothing
    is_done_once()


@pytest.mark.deep
def test_killed_before_each_of_its_statements_it_leaves_nothing(due, tmp_path):
    assert drill("release", tmp_path) > 25
    is_done_once()
    assert Release.objects.get().state == states.RELEASED


@pytest.mark.deep
def test_killed_between_its_end_and_its_mail_every_letter_goes_out_once(due, tmp_path):
    """Also between the mail server's yes and our note of it: then it goes again under the same Message-ID."""
    drill("again", tmp_path, step=1000)
    assert drill("mail", tmp_path, step=2) > 5
    is_done_once()
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {"sent"}
    sent = [part for file in tmp_path.iterdir() for part in file.read_text().split("-" * 79) if part.strip()]
    letters = {
        (found["Message-ID"], found["To"]) for found in map(email.message_from_string, map(str.lstrip, sent))
    }
    assert letters == set(OutboxMail.objects.values_list("message_id", "to"))
