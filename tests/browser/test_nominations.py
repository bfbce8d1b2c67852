"""The pages of a nomination, looked at by a browser: nothing scrolls sideways, nothing shuts anybody out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from nominations import actions, links
from nominations.models import AccessLink, Nomination
from people.models import Person
from tests.browser.conftest import Look, looks
from tests.cast import Cast, House
from tests.factories import ContributionFactory, ContributionTypeFactory
from tests.nominations.conftest import (  # noqa: F401
    STATEMENT,
    accepted,
    answers,
    complete,
    draft,
    endorsement,
    in_review,
    invited,
    submit,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Sees = Callable[[str], None]


@pytest.fixture
def looks_well(page: Page, is_whole: Callable[[Page], None]) -> Sees:
    """Open an address and look at it."""

    def look_at(address: str) -> None:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        is_whole(page)

    return look_at


@looks(deep=[Look("light"), Look("dark", 390)])
def test_the_steps_of_a_nomination(
    page: Page,
    looks_well: Sees,
    sign_in_browser: Callable[[Page, Person], None],
    house: House,
    cast: Cast,
) -> None:
    looks_well("/nominate/")
    sign_in_browser(page, cast.nominator)
    given = answers(endorsers=[{"name": "Ieva", "email": "ieva@school.example", "relation": "Teacher"}])
    actions.save_draft("DRAFT222", cycle=house.cycle, answers=given, by=cast.nominator)
    for step in ("about", "person", "vouch", "check"):
        looks_well(f"/nominate/DRAFT222/{step}/")


@looks(deep=[Look("dark", 390), Look("light")])
def test_the_invitation_and_the_endorsers_page(
    looks_well: Sees,
    submit: Callable[..., Nomination],  # noqa: F811
    cast: Cast,
    house: House,
) -> None:
    case = submit(
        nominee_email="dana@elsewhere.example",
        endorsers=[{"name": "Ieva", "email": "i@x.example", "relation": "T"}],
    )
    invitation = AccessLink.objects.get(purpose="invitation")
    looks_well(f"/invitation/{links.token_of(invitation)}/")
    actions.accept_nomination(
        case,
        by=None,
        agreements=[house.conduct],
        attested=True,
        nominator_may_learn=True,
        link=invitation,
    )
    looks_well(f"/endorse/{links.token_of(AccessLink.objects.get(purpose='endorse'))}/")


@looks(deep=[Look("light"), Look("dark", 390)])
def test_the_dossier_and_the_log(
    page: Page,
    looks_well: Sees,
    sign_in_browser: Callable[[Page, Person], None],
    endorsement: object,  # noqa: F811
    accepted: Nomination,  # noqa: F811
    cast: Cast,
) -> None:
    first = ContributionFactory(person=cast.nominee, reach=None)
    ContributionFactory(
        person=cast.nominee, title="Forty checklists for school networks, and what they had in common"
    )
    actions.pick_contributions(accepted, keys=[first.key], high_impact=[first.key], by=cast.nominee.user)
    ContributionTypeFactory(code="talk", name="Speaking at a user group", quantity_label="talks")
    sign_in_browser(page, cast.nominee)
    looks_well(f"/nominations/{accepted.key}/dossier/?type=article")
    looks_well("/me/contributions/?type=article")
    looks_well(f"/me/contributions/{first.key}/")


@looks(deep=[Look("dark", 390), Look("light")])
def test_the_status_page_and_ones_own_page(
    page: Page,
    looks_well: Sees,
    sign_in_browser: Callable[[Page, Person], None],
    submit: Callable[..., Nomination],  # noqa: F811
    in_review: Nomination,  # noqa: F811
    cast: Cast,
) -> None:
    submit(by=cast.holder, nominee_email="dana@elsewhere.example", area="directory")
    submit(nominee_email="another@elsewhere.example", nominee_name="نادية الحرازي")
    for person in (cast.nominator, cast.nominee, cast.office_1):
        sign_in_browser(page, person)
        looks_well(f"/nominations/{in_review.key}/")
        looks_well(f"/nominations/{in_review.key}/withdraw/") if person == cast.nominee else None
        looks_well("/me/")
    sign_in_browser(page, cast.holder)
    looks_well("/me/")
