"""An invitation that comes back: whoever gave the address hears of it and sets it right."""

import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from common import bounces, delivery
from common.models import OutboxMail
from nominations import states
from nominations.models import AccessLink, Nomination
from people.models import Address, Person
from tests.cast import Cast, House

SignIn = Callable[[Person | None], Client]
Submit = Callable[..., Nomination]
WRONG, RIGHT = "ilmars@wrong.example", "ilmars@right.example"


@pytest.fixture
def returned(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> Nomination:
    """An invitation to an address that its server refuses for good."""
    case = submit(nominee_email=WRONG)
    send = EmailBackend.send_messages

    def refuse(self: Any, messages: Any) -> Any:
        for message in messages:
            if message.to == [WRONG]:
                raise smtplib.SMTPRecipientsRefused({WRONG: (550, b"no such person")})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    delivery.send_waiting()
    return case


def report(event: str) -> bounces.Report:
    mail = OutboxMail.objects.filter(kind="nominations.invitation").latest("pk")
    return bounces.Report("hard", message_id=mail.message_id, event=event, reason="550 no such person")


def mails(kind: str) -> list[str]:
    return list(
        OutboxMail.objects.filter(kind=f"nominations.{kind}").order_by("pk").values_list("to", flat=True)
    )


def test_the_nominator_hears_of_it_and_corrects_the_address(
    returned: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    assert mails("bounced") == ["teodora@community.example"]
    nominator, page = sign_in(cast.nominator), f"/nominations/{returned.key}/address/"
    assert page in nominator.get(f"/nominations/{returned.key}/").content.decode()
    assert WRONG in nominator.get(page).content.decode()
    assert nominator.post(page, {"email": RIGHT}).status_code == 302
    returned.refresh_from_db()
    assert (returned.nominee_email, returned.state) == (RIGHT, states.INVITED)
    assert mails("invitation") == [WRONG, RIGHT]
    assert not Address.objects.filter(email=WRONG).exists()
    assert AccessLink.objects.filter(purpose="invitation", used_at=None).count() == 2
    old, new = AccessLink.objects.filter(purpose="invitation").order_by("pk")
    assert old.ends_at < new.made_at or old.ends_at == new.made_at
    assert page not in nominator.get(f"/nominations/{returned.key}/").content.decode()
    assert nominator.post(page, {"email": RIGHT}).status_code == 409


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("boss@contoso.example", "People who work for Contoso"),
        ("teodora@community.example", "nobody can nominate themselves"),
        (WRONG, "the address that takes no mail"),
        ("ilmars@example", "Write the whole address"),
    ],
)
def test_a_bad_correction_gets_a_sentence(
    email: str, sentence: str, returned: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.nominator).post(f"/nominations/{returned.key}/address/", {"email": email})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_corrected_address_may_be_that_of_a_case_that_stands(
    returned: Nomination, submit: Submit, cast: Cast, sign_in: SignIn
) -> None:
    standing = submit(by=cast.holder)
    page = f"/nominations/{returned.key}/address/"
    assert sign_in(cast.nominator).post(page, {"email": "ilmars@community.example"}).status_code == 302
    returned.refresh_from_db()
    assert (returned.state, returned.merged_into) == (states.MERGED, standing)
    assert mails("invitation") == [WRONG, "ilmars@community.example"]
    assert not Person.objects.filter(addresses__email=WRONG).exists()
    assert "Invited" in sign_in(cast.nominator).get(f"/nominations/{returned.key}/").content.decode()


def test_who_joined_does_not_hear_that_another_mail_came_back(
    submit: Submit, cast: Cast, house: House
) -> None:
    case = submit(nominee_email=WRONG)
    submit(by=cast.holder, nominee_email=WRONG)
    for event in ("1", "2"):
        bounces.note_bounce(report(event))
    assert mails("bounced") == ["teodora@community.example"]
    assert case.state == states.INVITED


def test_a_confirmed_address_and_an_answered_case_are_left_alone(accepted: Nomination) -> None:
    bounces.note_bounce(report("1"))
    assert mails("bounced") == []


def test_who_gives_an_address_that_is_known_to_bounce_hears_of_it_at_once(submit: Submit, cast: Cast) -> None:
    submit(nominee_email=WRONG)
    bounces.note_bounce(report("1"))
    submit(by=cast.holder, nominee_email=WRONG, area="directory")
    assert len(mails("bounced")) == 2


def test_others_do_not_correct_an_address(returned: Nomination, cast: Cast, sign_in: SignIn) -> None:
    page = f"/nominations/{returned.key}/address/"
    assert sign_in(cast.office_1).post(page, {"email": RIGHT}).status_code == 403
    assert sign_in(cast.outsider).post(page, {"email": RIGHT}).status_code == 404
