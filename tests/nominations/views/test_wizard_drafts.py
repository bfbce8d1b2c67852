"""A draft goes on where it was begun, elsewhere by a link, for nobody else, and is not lost."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from common import clock
from common.models import OutboxMail
from nominations import states
from nominations.models import Nomination
from people.models import Person
from tests.cast import Cast, House
from tests.nominations.views.test_journey import CHECK, PERSON, VOUCH, link_in_mail, start
from tests.nominations.views.test_wizard import typed, write

SignIn = Callable[[Person | None], Client]


def test_a_draft_of_a_closed_cycle_goes_into_the_open_one(
    draft: Nomination, cast: Cast, house: House, sign_in: SignIn
) -> None:
    from tests.factories import CycleFactory

    later = CycleFactory(opens_at=house.cycle.closes_at + dt.timedelta(days=100))
    with clock.at(later.opens_at + dt.timedelta(days=1)):
        write(sign_in(cast.nominator), draft, "check", **CHECK)
    draft.refresh_from_db()
    assert (draft.state, draft.cycle) == (states.INVITED, later)


@pytest.mark.parametrize("who", ["outsider", "office_1", "nobody"])
def test_somebody_elses_draft_does_not_exist(
    who: str, draft: Nomination, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(getattr(cast, who, None))
    for path in (f"/nominate/{draft.key}/person/", "/nominate/NOSUCH22/person/"):
        assert client.get(path).status_code == 404
        assert client.post(path, PERSON).status_code == 404
    assert typed(draft)["nominee_name"] == "Ilmārs Vītolbergs"


def test_a_draft_begun_by_a_stranger_goes_on_in_the_same_browser_alone(house: House) -> None:
    stranger, other = Client(), Client()
    key = start(stranger)
    assert stranger.get(f"/nominate/{key}/person/").status_code == 200
    assert other.get(f"/nominate/{key}/person/").status_code == 404


def test_a_stranger_reads_the_same_bytes_whether_a_case_is_open(
    invited: Nomination, house: House, cast: Cast
) -> None:
    pages = []
    for email in ("ilmars@community.example", "nobody@elsewhere.example"):
        client = Client()
        key = start(client)
        seen = []
        for step, sent in (
            ("person", {**PERSON, "nominee_email": email}),
            ("vouch", VOUCH),
            ("check", CHECK),
        ):
            answer = client.post(f"/nominate/{key}/{step}/", sent)
            seen.append((answer.status_code, answer["Location"].replace(key, "KEY")))
        page = client.get(f"/nominate/{key}/sent/").content.decode()
        seen.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(key, "KEY")))
        pages.append(seen)
    assert pages[0] == pages[1]


def test_saving_for_later_mails_a_link_that_goes_on_elsewhere(house: House) -> None:
    client, elsewhere = Client(), Client()
    key = start(client)
    write(client, Nomination.objects.get(key=key), "person", **{**PERSON, "go": "later"})
    address = link_in_mail("nominations.resume")
    assert elsewhere.get(address).status_code == 200
    assert elsewhere.get(f"/nominate/{key}/person/").status_code == 404
    assert elsewhere.post(address).status_code == 302
    assert "Ilmārs" in elsewhere.get(f"/nominate/{key}/person/").content.decode()


def test_a_draft_is_deleted_by_its_writer(draft: Nomination, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.outsider).post(f"/nominate/{draft.key}/discard/").status_code == 404
    assert sign_in(cast.nominator).post(f"/nominate/{draft.key}/discard/").status_code == 302
    assert not Nomination.objects.exists()


def test_what_was_typed_survives_a_lost_session(house: House) -> None:
    client = Client()
    key = start(client)
    page = client.get(f"/nominate/{key}/person/").content.decode()
    token = re.search(r'name="draft" value="([^"]+)"', page)[1]  # type: ignore[index]
    client.cookies.clear()
    assert client.post(f"/nominate/{key}/person/", {**PERSON, "draft": "forged"}).status_code == 404
    assert client.post(f"/nominate/{key}/person/", {**PERSON, "draft": token}).status_code == 302
    assert "Ilmārs" in client.get(f"/nominate/{key}/check/").content.decode()


def test_a_lost_draft_is_mailed_to_its_address_and_the_page_does_not_tell(house: House) -> None:
    key = start(Client())
    elsewhere = Client()
    said = []
    for email in ("NADIA@stranger.example", "nobody@stranger.example", "nonsense"):
        elsewhere.post("/nominate/drafts/", {"email": email})
        page = elsewhere.get("/nominate/").content.decode()
        said.append(re.sub(r'(csrfmiddlewaretoken|draft)" value="[^"]+"', "", page))
    assert said[0] == said[1] == said[2]
    assert "a link to it is in your mail shortly" in said[0]
    assert OutboxMail.objects.get().to == "nadia@stranger.example"
    assert elsewhere.post(link_in_mail("nominations.resume")).status_code == 302
    assert elsewhere.get(f"/nominate/{key}/person/").status_code == 200
