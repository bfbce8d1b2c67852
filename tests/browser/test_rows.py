"""Pages of nominees, of logs and of the office with no row, one and many: nothing shuts anybody out or scrolls sideways."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from common import clock
from contributions import actions as log
from nominations import actions
from nominations.models import Hold, Nomination, Support
from people.actions import create_person, seek_duplicates
from people.models import Person
from tests.browser.conftest import Look
from tests.browser.test_nominations import looks_well  # noqa: F401
from tests.cast import Cast, House
from tests.factories import ContributionFactory, NominationFactory, PersonFactory
from tests.nominations.conftest import STATEMENT, accepted, invited, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]
# The tests beside this file look at these pages with a few rows.
in_looks_with_rows = pytest.mark.parametrize(
    ("look", "number"),
    [(look, number) for look in (Look("dark", 390), Look("light")) for number in (0, 1, 25)],
    ids=str,
)
Sees = Callable[[str], None]
SignIn = Callable[[Page, Person], None]


def nominate(cast: Cast, house: House, number: int) -> None:
    """So many cases that the nominator brought, and so many nominations that wait for the office."""
    for n in range(number):
        case = NominationFactory(
            cycle=house.cycle, nominee=PersonFactory(), state="invited", nominee_name=f"Nominee {n}"
        )
        Support.objects.create(
            nomination=case, kind="nominator", person=cast.nominator, name="T", email="t@x.example",
            statement=STATEMENT, given_at=clock.now(),
        )  # fmt: skip
        held = NominationFactory(
            cycle=house.cycle, area=None, category=None, area_name="", state="draft", nominee=None,
            nominee_name=f"Held With A Long Name {n}", nominee_email=f"held{n}@elsewhere.example", draft_by=PersonFactory(),
            draft={"sent": {"name": "Nadia", "email": "nadia@else.example", "statement": STATEMENT}},
        )  # fmt: skip
        Hold.objects.create(nomination=held, reasons=["rate"], made_at=clock.now())


@in_looks_with_rows
def test_pages_of_a_nominee(
    page: Page,
    looks_well: Sees,  # noqa: F811
    sign_in_browser: SignIn,
    accepted: Nomination,  # noqa: F811
    cast: Cast,
    number: int,
) -> None:
    rows = [
        ContributionFactory(person=cast.nominee, title=f"Nr {n}", starts=clock.today() - dt.timedelta(days=n))
        for n in range(number)
    ]
    actions.pick_contributions(accepted, keys=[row.key for row in rows], high_impact=[], by=cast.nominee.user)
    lines = "".join(f"Article,Nr {n},{clock.today()}\n" for n in range(number)) or "Article,,\n"
    made = log.check_import(cast.nominee, name="a.csv", content=f"type,title,date\n{lines}".encode(), by=None)
    sign_in_browser(page, cast.nominee)
    looks_well(f"/nominations/{accepted.key}/dossier/")
    for address in (
        "",
        "contributions/",
        "contributions/imports/",
        f"contributions/imports/{made.key}/",
        "account/",
    ):
        looks_well(f"/me/{address}")


@in_looks_with_rows
def test_pages_of_a_nominator_and_of_the_office(
    page: Page,
    looks_well: Sees,  # noqa: F811
    sign_in_browser: SignIn,
    cast: Cast,
    house: House,
    number: int,
) -> None:
    nominate(cast, house, number)
    for _n in range(number * 2):
        create_person(name="Jānis Ozoliņš", country="LV", by=None)
    seek_duplicates()
    sign_in_browser(page, cast.nominator)
    looks_well("/me/")
    sign_in_browser(page, cast.office_1)
    for address in ("triage/", "duplicates/", "mail/", f"cycles/{house.cycle.slug}/renewals/"):
        looks_well(f"/office/{address}")
