"""One's own page: what waits, one's cases, and the same number of questions for one case and for three."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from awards.actions import revoke_award
from charter.models import Agreement
from charter.queries import grace
from common import clock
from common.dates import short_day
from nominations import actions
from nominations.models import AccessLink, Nomination, Support
from nominations.words import day_in_words
from people.models import Person
from selection import states as selection_states
from selection.models import Assignment, Candidacy, Stage
from tests.cast import Cast, House
from tests.factories import ContributionFactory, UserFactory
from tests.nominations.conftest import (  # noqa: F401
    accepted,
    draft,
    endorsement,
    in_review,
    invited,
    submit,
)

SignIn = Callable[[Person | None], Client]


def page_of(client: Client) -> str:
    answer = client.get("/me/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get("/me/").status_code == 302


def test_somebody_with_nothing_reads_so(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(cast.outsider))
    assert "Nothing is waiting for you." in page
    assert "No cases yet" in page


def test_an_account_without_a_person_has_a_page_too(house: House) -> None:
    client = Client()
    client.force_login(UserFactory())
    assert "Nothing is waiting for you." in page_of(client)


def test_it_says_where_else_one_is_signed_in(cast: Cast, sign_in: SignIn) -> None:
    assert "Sign out everywhere but here" not in page_of(sign_in(cast.outsider))
    sign_in(cast.outsider)
    page = page_of(sign_in(cast.outsider))
    assert "<dt>Other devices</dt><dd>2</dd>" in page
    assert "/me/account/sessions/others/end/" in page


def test_an_invitation_waits_for_the_nominee_and_not_for_the_nominator(
    invited: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    client = sign_in(cast.nominee)
    assert f"/nominations/{invited.key}/answer/" in page_of(client)
    assert "Please answer by" in client.get(f"/nominations/{invited.key}/answer/").text
    page = page_of(sign_in(cast.nominator))
    assert "Nothing is waiting for you." in page
    assert f"/nominations/{invited.key}/" in page


def test_an_invitation_lapses_with_the_close_of_dossiers_on_every_page(
    invited: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    house.cycle.closes_at = clock.now()
    house.cycle.dossiers_close_at = clock.now() + dt.timedelta(days=3)
    house.cycle.save()
    last = house.cycle.dossiers_close_at + grace(house.cycle)
    client, day = sign_in(cast.nominee), day_in_words(last)
    assert client.get("/me/").context["todo"][0]["due"] == short_day(last.date())
    assert f"Until {day}" in client.get(f"/nominations/{invited.key}/").text
    assert day in client.get(f"/nominations/{invited.key}/answer/").text


def test_drafts_dossiers_endorsements_and_tasks_wait(
    draft: Nomination,  # noqa: F811
    endorsement: Support,  # noqa: F811
    accepted: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    assert "Finish your nomination" in page_of(sign_in(cast.nominator))
    assert "Complete your dossier" in page_of(sign_in(cast.nominee))
    Support.objects.filter(pk=endorsement.pk).update(person=cast.holder)
    assert AccessLink.objects.get(purpose="endorse").key in page_of(sign_in(cast.holder))
    Stage.objects.filter(pk=house.score.pk).update(state=selection_states.STAGE_OPEN)
    candidacy = Candidacy.objects.create(nomination=accepted, stage=house.score, entered_at=clock.now())
    Assignment.objects.create(candidacy=candidacy, reviewer=cast.reviewer_1, assigned_at=clock.now())
    assert "1 case waits for your review" in page_of(sign_in(cast.reviewer_1))


def test_awards_are_listed_with_their_ribbon(cast: Cast, sign_in: SignIn) -> None:
    page = page_of(sign_in(cast.holder))
    assert "4th year" in page
    assert page.count("Award page") == 4
    assert "In force" in page


def test_each_award_offers_its_papers_as_long_as_it_proves_something(cast: Cast, sign_in: SignIn) -> None:
    award = cast.holder.awards.order_by("-first_year")[0]
    papers = [
        f'href="/awards/{award.key}/{name}"' for name in ("certificate.pdf", "letter.pdf", "credential.json")
    ]
    text = sign_in(cast.holder).get("/me/").text
    assert all(paper in text for paper in papers)
    assert f"certId={award.number}" in text
    revoke_award(award, by=None, reason_code="conduct")
    text = sign_in(cast.holder).get("/me/").text
    assert not any(paper in text for paper in papers)
    assert f"certId={award.number}" not in text


def test_a_new_version_is_signed_here(cast: Cast, house: House, sign_in: SignIn) -> None:
    nda = Agreement.objects.create(
        kind="non-disclosure",
        version="2005",
        title="Non-disclosure agreement",
        body="Keep it.",
        valid_from=clock.today(),
        needed_for_summit=True,
    )
    client = sign_in(cast.holder)
    assert "Sign as Ágnes Kővári" in page_of(client)
    assert "Sign as" not in page_of(sign_in(cast.outsider))
    client.post("/me/agreements/non-disclosure/2003/sign/", {"agree": "on"})
    client.post("/me/agreements/non-disclosure/2005/sign/")
    assert not nda.signatures.exists()
    client.post("/me/agreements/non-disclosure/2005/sign/", {"agree": "on"})
    assert nda.signatures.get().user == cast.holder.user
    assert "Signed" in page_of(client)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_case_as_for_three(
    number: int,
    submit: Callable[..., Nomination],  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for count in range(number):
        submit(nominee_email=f"n{count}@elsewhere.example")
    joined = submit(by=cast.outsider, nominee_email="n0@elsewhere.example")
    assert joined.merged_into
    client = sign_in(cast.nominator)
    page_of(client)
    with django_assert_num_queries(11):
        page_of(client)


def test_a_withdrawn_case_stays_in_the_list(
    accepted: Nomination,  # noqa: F811
    cast: Cast,
    sign_in: SignIn,
) -> None:
    actions.withdraw_nomination(accepted, by=cast.nominee.user)
    assert "Withdrawn" in page_of(sign_in(cast.nominee))
    assert "Ended" in page_of(sign_in(cast.nominator))


def test_the_log_is_drawn_with_what_a_reviewer_would_miss(cast: Cast, sign_in: SignIn) -> None:
    assert "Entries per month" not in page_of(sign_in(cast.holder))
    ContributionFactory(person=cast.holder, url="")
    page = page_of(sign_in(cast.holder))
    assert "Entries per month" in page
    assert "1 entry has no link" in page
