"""Mail says what its text says and nothing else: not by its headers, its subject, its number or its hour."""

import re

import pytest

from common import clock, delivery, registry
from common.models import OutboxMail
from selection import actions, states
from selection.emails import KINDS
from selection.models import Decision
from tests.selection.conftest import WHY
from tests.test_mails import keys_for
from tests.world import make_world

HEADERS = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
    "Content-Language",
}  # fmt: skip


@pytest.fixture
def world(house, cast):
    return make_world(house, cast)


def message(kind, world):
    mail = OutboxMail(
        kind=kind, to="reader@mail.example", keys=keys_for(kind, world), language="en",
        message_id="<0123456789abcdef@mvp-program.example>",
    )  # fmt: skip
    return delivery.message_of(mail, delivery.write(mail), None).message()


def test_no_header_names_a_thread_a_list_or_whom_to_answer(world):
    """``References`` and ``In-Reply-To`` once tied letters of one case together, ``List-Id`` named its group, and
    ``Reply-To`` the one who had written the review."""
    for kind in registry.mails:
        assert set(message(kind, world).keys()) == HEADERS, kind


def test_a_message_id_says_neither_kind_nor_case_and_is_kept(house, cast, make_candidacy):
    _decide(house, cast, make_candidacy)
    mails = list(OutboxMail.objects.filter(kind__startswith="selection."))
    assert len({mail.message_id for mail in mails}) == len(mails) >= 2
    for mail in mails:
        assert re.fullmatch(r"<[0-9a-z]+@[a-z0-9.-]+>", mail.message_id)
        for word in (*mail.keys.values(), *mail.kind.split("."), *mail.cause.split(":")):
            assert str(word).casefold() not in mail.message_id


def test_no_subject_says_a_no_and_none_tells_a_nominator_the_outcome(world):
    """It stands on locked screens and in previews, and servers log it."""
    noes = {str(message(KINDS[one], world)["Subject"]) for one in (states.NOT_THIS_TIME, states.INELIGIBLE)}
    told = set()
    for outcome in KINDS:
        Decision.objects.filter(pk=world.case.decision.pk).update(outcome=outcome)
        told.add(str(message("selection.supporter", world)["Subject"]))
    assert (len(noes), len(told)) == (1, 1)


def test_no_mail_is_written_before_the_release(house, cast, make_candidacy):
    candidacy = make_candidacy(house.council, proposed="award", nominee=cast.nominee)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    assert Decision.objects.get(candidacy=candidacy).outcome == states.AWARD
    assert not OutboxMail.objects.filter(kind__startswith="selection.").exists()


def test_all_letters_of_a_release_have_one_moment(house, cast, make_candidacy):
    """First the winners, then the others: the hour of a letter would tell what stands in it."""
    _decide(house, cast, make_candidacy)
    mails = OutboxMail.objects.filter(kind__startswith="selection.")
    assert len(set(mails.values_list("created_at", "try_at"))) == 1
    assert set(mails.values_list("kind", flat=True)) > {"selection.awarded", "selection.not_awarded"}


def _decide(house, cast, make_candidacy):
    for number, outcome in enumerate(("not_this_time", "award")):
        make_candidacy(house.council, proposed=outcome, name=f"Nominee {number}")
    for stage in (house.screen, house.score):
        stage.state = states.STAGE_CLOSED
        stage.save()
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    assert actions.carry_out_release(release) == 2
