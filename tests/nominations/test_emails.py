"""Every letter says who, what, and by when, in text and HTML alike, with one link that is only opened."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings

from common import registry
from common.delivery import write
from common.models import OutboxMail
from nominations import actions
from nominations.models import Nomination, Support
from tests.cast import Cast, House
from tests.nominations.conftest import answers

Submit = Callable[..., Nomination]


def letter(kind: str) -> str:
    """Subject and text of the newest mail of a kind, in one line; its HTML part holds the same links."""
    mail = OutboxMail.objects.filter(kind=f"nominations.{kind}").latest("pk")
    found = write(mail)
    for address in re.findall(rf"{settings.SITE_URL}/\S+", found.text):
        assert f'href="{address}"' in found.html
    assert "None" not in found.text
    return " ".join(f"{found.subject} {found.text}".split())


def test_the_invitation_says_who_for_what_which_data_how_long_and_how_to_refuse(
    submit: Submit, cast: Cast
) -> None:
    submit(nominee_email="dana@elsewhere.example", nominee_name="Dana Sipos")
    text = letter("invitation")
    for words in (
        "Teodora Vasilescu nominated you for the MVP award",
        "Dear Dana Sipos,",
        "Windows Server – Networking",
        "your name, this address, your country (Latvia)",
        "erased 30 days later",
        "correct it",
        "on days 5, 12, 18",
        "/invitation/",
    ):
        assert words in text


def test_an_unnamed_nominator_is_not_in_the_mail(submit: Submit) -> None:
    submit(named=False)
    assert "Teodora" not in letter("invitation")


def test_the_confirmation_names_the_nominee_and_what_happens(house: House, cast: Cast) -> None:
    given = answers(email="new@stranger.example", name="Nadia")
    draft = actions.save_draft("DRAFT222", cycle=house.cycle, answers=given, by=None)
    actions.send_nomination(draft, answers=given, by=None, person=None)
    text = letter("confirm")
    assert "Please confirm your nomination of Ilmārs Vītolbergs" in text
    assert "if somebody has nominated this person already, your text joins that case" in text.lower()


def test_names_cannot_bring_links_or_headers_into_a_mail(submit: Submit) -> None:
    submit(
        nominee_email="dana@elsewhere.example",
        nominee_name="Dana\r\nBcc: all@elsewhere.example\n\nSee:\nhttps://evil.example/x",
    )
    mail = OutboxMail.objects.get(kind="nominations.invitation")
    found = write(mail)
    assert "\n" not in found.subject
    assert 'href="https://evil.example' not in found.html


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("accepted", "Ilmārs Vītolbergs has accepted"),
        ("completed", "is complete and locked"),
        ("case_completed", "has completed the dossier"),
        ("reopened", "The second link is dead."),
        ("withdrawn", "is withdrawn"),
        ("ended", "has ended before the review"),
    ],
)
def test_each_step_is_told(kind: str, words: str, complete: Nomination, cast: Cast) -> None:
    actions.reopen_nomination(complete, by=cast.office_1.user, reason="The second link is dead.")
    text = letter(kind) if kind not in ("withdrawn", "ended") else ""
    actions.withdraw_nomination(complete, by=cast.nominee.user)
    assert words in (text or letter(kind))


def test_an_ineligible_case_is_told_with_the_rule(accepted: Nomination, cast: Cast) -> None:
    actions.mark_ineligible(accepted, by=cast.office_1.user, reason_code="employee", note="Since May.")
    text = letter("ineligible")
    assert "Works for the organiser." in text
    assert "Since May." in text


def test_endorsers_read_whom_and_until_when(endorsement: Support) -> None:
    text = letter("endorsement")
    assert "Dear Ieva Krastenberga," in text
    assert "Ilmārs Vītolbergs is nominated" in text


def test_renewals_and_reminders_speak_of_the_award(cast: Cast, house: House) -> None:
    import datetime as dt

    from common import clock

    actions.open_renewals(house.cycle, by=None)
    assert "comes to the end of its term" in letter("renewal")
    with clock.at(clock.now() + dt.timedelta(days=5, minutes=1)):
        actions.remind_nominees()
    assert "Your renewal for the" in letter("reminder")


def test_every_kind_of_ours_can_be_written() -> None:
    kinds = {kind for kind in registry.mails if kind.startswith("nominations.")}
    assert len(kinds) == 17
