"""After each release the auditors have a copy of the chain's head, by mail."""

import re

from django.core import mail

from common import clock, delivery, history
from common.models import HistoryBlock, HistoryRow, HistoryWaiting, OutboxMail
from common.verification import verify
from nominations.models import Conflict
from selection import actions, states
from selection.models import Decision
from tests.common.test_verification import without_triggers
from tests.kept import kept_fixture
from tests.selection.conftest import close_stages, enter


@kept_fixture
def released(house, cast):
    """The main release of one case is out."""
    candidacy = enter(house, cast, house.council, state=states.DECIDED)
    Decision.objects.create(candidacy=candidacy, outcome="award", decided_at=clock.now())
    close_stages(house)
    made = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(made, by=cast.office_2.user)
    actions.carry_out_release(made)
    made.refresh_from_db()
    return made


def mails():
    return OutboxMail.objects.filter(kind="selection.history_head")


def test_the_digest_in_the_mail_is_of_a_block_that_holds_the_release(cast, released, run_jobs):
    run_jobs()
    [row] = mails()
    assert row.to == cast.auditor.addresses.get().email
    delivery.send_waiting()
    [letter] = [one for one in mail.outbox if one.to == [row.to]]
    [digest] = set(re.findall(r"\b[0-9a-f]{64}\b", letter.body))
    sealed = {pk for held in HistoryBlock.objects.values_list("row_ids", flat=True) for pk in held}
    assert sealed.issuperset(HistoryRow.objects.filter(verb="release").values_list("pk", flat=True))
    assert verify(known_head=digest).problems == []


def test_who_owns_the_tables_and_seals_a_changed_history_anew_is_found_by_it(released, run_jobs):
    run_jobs()
    digest = mails().get().keys["head"]
    with without_triggers():
        HistoryRow.objects.filter(verb="release", kind="decision").update(new_state="not_this_time")
        HistoryBlock.objects.all().delete()
        rows = HistoryRow.objects.values_list("pk", flat=True)
        HistoryWaiting.objects.bulk_create([HistoryWaiting(pk) for pk in rows], ignore_conflicts=True)
    history.seal()
    assert verify().problems == []
    assert len(verify(known_head=digest).problems) == 1


def test_run_twice_the_first_digest_stands(released, run_jobs):
    actions.mail_history_head(released)
    first = mails().get().keys["head"]
    history.record("release", released.key, "look", by=None)
    actions.mail_history_head(released)
    assert mails().get().keys["head"] == first != history.head()


def test_a_release_that_is_not_out_sends_none(released):
    released.state = states.CONFIRMED
    actions.mail_history_head(released)
    assert not mails().exists()


def test_an_auditor_hears_nothing_of_a_release_that_holds_nothing_but_their_ties(cast, released):
    case = released.decisions.get().candidacy.nomination
    Conflict.objects.create(nomination=case, person=cast.auditor, kind="family")
    released.kind = "later"
    released.save()
    actions.mail_history_head(released)
    assert not mails().exists()
