"""From a stranger's first word to a complete dossier, over HTTP alone and without a script."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from common import bulk, clock
from common.delivery import write
from common.models import OutboxMail
from contributions.models import Contribution
from nominations import states
from nominations.models import Nomination, Support
from people.models import Person
from tests.cast import Cast, House
from tests.nominations.conftest import STATEMENT

pytestmark = pytest.mark.django_db

ABOUT = {
    "name": "Nadia Haidari",
    "email": "nadia@stranger.example",
    "employer": "Harbour Books",
    "country": "RO",
    "relation": "helped",
    "go": "next",
}
PERSON = {
    "nominee_name": "Ilmārs Vītolbergs",
    "nominee_email": "dana@elsewhere.example",
    "area": "networking",
    "nominee_country": "LV",
    "employee": "no",
    "statement": STATEMENT,
    "links-TOTAL_FORMS": "3",
    "links-INITIAL_FORMS": "0",
    "links-0-url": "https://lists.example/0117",
    "links-0-kind": "list",
    "links-1-url": "",
    "links-2-url": "",
    "go": "next",
}
VOUCH = {
    "endorsers-TOTAL_FORMS": "1",
    "endorsers-INITIAL_FORMS": "0",
    "endorsers-0-name": "Ieva Krastenberga",
    "endorsers-0-email": "ieva@school.example",
    "endorsers-0-relation": "Teacher who used the checklist",
    "go": "next",
}
CHECK = {"true": "on", "named": "on", "go": "next"}


def start(client: Client, **changes: str) -> str:
    """Fill step 1 of a new nomination and return the draft's key."""
    page = client.get("/nominate/").content.decode()
    token = re.search(r'name="draft" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = client.post("/nominate/", {**ABOUT, **changes, "draft": token})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].split("/")[2]


def fill(client: Client, key: str) -> None:
    """Steps 2 to 4 of a draft; the last one sends it."""
    for step, sent in (("person", PERSON), ("vouch", VOUCH), ("check", CHECK)):
        answer = client.post(f"/nominate/{key}/{step}/", sent)
        assert answer.status_code == 302, answer.content.decode()


def link_in_mail(kind: str) -> str:
    """The address that the newest mail of a kind holds."""
    mail = OutboxMail.objects.filter(kind=kind).latest("pk")
    return re.search(r"https?://[^/\s]+(/\S+)", write(mail).text)[1]  # type: ignore[index]


@pytest.mark.as_app
def test_a_stranger_nominates_and_the_nominee_completes(
    house: House, cast: Cast, run_jobs: Callable[[], int]
) -> None:
    stranger, nominee = Client(), Client()
    fill(stranger, start(stranger))
    address = link_in_mail("nominations.confirm")
    assert stranger.get(address).status_code == 200
    assert Nomination.objects.get().state == states.DRAFT
    assert stranger.post(address).status_code == 302

    address = link_in_mail("nominations.invitation")
    page = nominee.get(address).content.decode()
    assert "Nadia Haidari" in page
    assert STATEMENT[:40] in page
    case = Nomination.objects.get()
    assert case.state == states.INVITED
    answer = nominee.post(
        address, {"answer": "accept", "attested": "on", "agreement_code-of-conduct": "on", "may_learn": "on"}
    )
    assert answer["Location"] == reverse("nominations:dossier", args=[case.key])
    case.refresh_from_db()
    assert (case.state, case.nominator_may_learn_outcome) == (states.ACCEPTED, True)
    user = case.nominee.user  # type: ignore[union-attr]
    assert user is not None
    assert user.signatures.get().agreement == house.conduct

    endorser = Client()
    address = link_in_mail("nominations.endorsement")
    assert "Ilmārs" in endorser.get(address).content.decode()
    endorser.post(
        address, {"answer": "write", "statement": "He wrote the checklist that our school uses now."}
    )
    assert Support.objects.get(email="ieva@school.example").given_at

    added = {
        "type": "article",
        "title": "How to mend a network",
        "starts": case.accepted_at.date().isoformat(),  # type: ignore[union-attr]
        "visibility": "everyone",
        "reach": "120",
    }
    assert nominee.post(f"/nominations/{case.key}/dossier/add/", added).status_code == 302
    item = Contribution.objects.get()
    picked = {"pick": [item.key], "high_impact": [item.key]}
    assert nominee.post(f"/nominations/{case.key}/dossier/pick/", picked).status_code == 302
    assert nominee.get(f"/nominations/{case.key}/dossier/").status_code == 200
    assert nominee.post(f"/nominations/{case.key}/complete/").status_code == 302
    case.refresh_from_db()
    assert case.state == states.COMPLETE
    frozen = case.dossier_items.get()
    assert (frozen.title, frozen.high_impact, frozen.frozen_at) == (
        "How to mend a network",
        True,
        case.completed_at,
    )

    for client in (stranger, nominee):
        assert client.get(f"/nominations/{case.key}/").status_code == 200
        assert client.get("/me/").status_code == 200
    run_jobs()
    with clock.at(clock.now() + dt.timedelta(days=1)):  # what can wait comes to the nominator in one mail
        bulk.gather_all()
        run_jobs()
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {"sent", "gathered"}
    assert OutboxMail.objects.get(kind="digest").parts.count() == 2
    assert Person.objects.get(name="Nadia Haidari").employers.get().key == "harbour books"
