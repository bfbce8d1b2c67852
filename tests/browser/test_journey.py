"""The whole journey in a real browser: from a stranger's word to a name on the roster, as everybody it needs."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from awards.models import Award
from common import clock
from common.delivery import write
from common.models import OutboxMail
from nominations.models import Nomination
from people.models import Person
from selection.emails import KINDS, SUPPORTER
from selection.models import Candidacy, Release
from selection.tasks import carry_out_due_releases
from tests.cast import Cast, House
from tests.factories import ContributionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATEMENT = (
    "When the school network failed the week before exams, he had never met the teacher who asked for help. He "
    "worked through the traces with her over three evenings, and then published the whole thread as a checklist."
)
REASON = "Forty schools use the checklist, and two of them had asked for exactly this for many years."
EARLY = "Everybody has answered; there is nothing to wait for."
Tab = Callable[[Person | None], Page]


@pytest.fixture
def tab(page: Page, sign_in_browser: Callable[[Page, Person], None]) -> Tab:
    """``tab(cast.nominee)`` is the browser, with her signed in from now on; ``tab(None)`` with nobody's cookies."""

    def hand_over(person: Person | None) -> Page:
        page.context.clear_cookies()
        if person is not None:
            sign_in_browser(page, person)
        return page

    return hand_over


def link_in_mail(kind: str, to: str) -> str:
    """The first address in the newest mail of this kind to this person, without the host."""
    mail = OutboxMail.objects.filter(kind=kind, to=to).latest("pk")
    return re.findall(r"https?://[^/\s]+(/\S+)", write(mail).text)[0]


def the_cycle_is_at(
    office: Page, house: House, *, closes: int | None = None, opens: int | None = None
) -> None:
    """The office closes one stage and opens the next, early and with a reason."""
    office.goto(f"/office/cycles/{house.cycle.slug}/")
    for what, number in (("close", closes), ("open", opens)):
        if number is None:
            continue
        card = office.locator(f"#stage-{number}-card")
        card.get_by_text(f"{what.title()} this stage…").click()
        card.locator(f"#{what}-{number}").fill(EARLY)
        card.get_by_role("button", name=re.compile(f"^{what}", re.IGNORECASE)).click()
        expect(card).to_contain_text("Closed" if what == "close" else "Open")


def nominate(page: Page) -> None:
    """Four steps, without an account."""
    page.goto("/nominate/")
    page.get_by_label("Your name").fill("Nadia Haidari")
    page.locator("#id_email").fill("nadia@stranger.example")
    page.get_by_label("Country").select_option("RO")
    page.get_by_label(re.compile("They helped me")).check()
    page.get_by_role("button", name="Save and continue").click()
    page.locator("[name=nominee_name]").fill("Ilmārs Vītolbergs")
    page.locator("[name=nominee_email]").fill("ilmars@community.example")
    page.locator("[name=area]").select_option("networking")
    page.locator("[name=nominee_country]").select_option("LV")
    page.locator("[name=employee][value=no]").check()
    page.locator("[name=statement]").fill(STATEMENT)
    page.locator("[name=links-0-url]").fill("https://lists.example/0117")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Save and continue").click()
    page.locator("[name=true]").check()
    page.locator("[name=named]").check()
    page.get_by_role("button", name="Send the nomination").click()
    expect(page.get_by_role("main")).to_contain_text("nadia@stranger.example")


def accept_and_complete(page: Page, case_key: str) -> None:
    page.locator("[name=attested]").check()
    page.locator("[name=agreement_code-of-conduct]").check()
    page.locator("[name=may_learn]").check()
    page.locator("button[name=answer][value=accept]").click()
    expect(page).to_have_url(re.compile(f"/nominations/{case_key}/dossier/"))
    page.locator("[name=pick]").first.check()
    page.locator("form[action$='/pick/'] button[type=submit]").first.click()
    expect(page.get_by_role("main")).to_contain_text("1 of 25")
    page.locator("form[action$='/complete/'] button[type=submit]").click()
    expect(page.get_by_role("main")).to_contain_text("Complete")


def score(page: Page, candidacy: Candidacy, marks: dict[str, int]) -> None:
    page.goto(f"/review/{candidacy.key}/")
    assert "Nadia" not in page.content(), "reviewers do not learn who nominated"
    for criterion, mark in marks.items():
        page.locator(f"[name=mark_{criterion}][value='{mark}']").check(force=True)
        if mark in (1, 5):
            page.locator(f"[name=reason_{criterion}]").fill(REASON)
    page.locator("[name=comment]").fill("The checklist is the strongest item.")
    page.locator("[name=confidence][value='2']").check()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Save and next")).click()


def test_from_a_strangers_word_to_a_name_on_the_roster(
    tab: Tab, house: House, cast: Cast, run_jobs: Callable[[], int]
) -> None:
    ContributionFactory(person=cast.nominee, title="School network checklist", reach=40)

    page = tab(None)
    nominate(page)
    page.goto(link_in_mail("nominations.confirm", "nadia@stranger.example"))
    assert Nomination.objects.get().state == "draft", "a GET changes nothing"
    with page.expect_navigation():
        page.get_by_role("main").locator("form button[type=submit]").first.click()
    case = Nomination.objects.get()
    assert case.state == "invited"

    page = tab(None)
    page.goto(link_in_mail("nominations.invitation", "ilmars@community.example"))
    expect(page.get_by_role("main")).to_contain_text("Nadia Haidari")
    accept_and_complete(page, case.key)

    the_cycle_is_at(tab(cast.office_1), house, opens=1)
    page = tab(cast.regional_lead)
    page.goto("/review/")
    expect(page.get_by_role("main")).to_contain_text("Ilmārs Vītolbergs")
    with page.expect_navigation():
        page.keyboard.press("p")
    expect(page.get_by_role("main")).to_contain_text("Pass")
    the_cycle_is_at(tab(cast.office_1), house, closes=1, opens=2)

    candidacy = Candidacy.objects.get(stage=house.score)
    reviewers = (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    page = tab(cast.technology_lead)
    page.goto(f"/board/{candidacy.key}/")
    for reviewer in reviewers:
        page.get_by_label("Reviewer", exact=True).select_option(reviewer.key)
        page.get_by_role("button", name="Assign").click()
        expect(page.get_by_role("complementary")).to_contain_text(reviewer.name)
    for number, reviewer in enumerate(reviewers):
        score(tab(reviewer), candidacy, {"impact": 5 - number, "quality": 4, "reach": 3, "conduct": 5})
    page.goto(f"/review/{candidacy.key}/")
    expect(page.get_by_role("main")).to_contain_text("The checklist is the strongest item.")
    the_cycle_is_at(tab(cast.office_1), house, closes=2, opens=3)

    page = tab(cast.council_member)
    page.goto("/review/")
    expect(page.get_by_role("main")).to_contain_text("Ilmārs Vītolbergs")
    the_cycle_is_at(tab(cast.office_1), house, closes=3)
    candidacy.refresh_from_db()
    assert str(candidacy.mean) == "3.9500"  # totals of 4.30, 3.95 and 3.60
    page = tab(cast.nominee)
    page.goto(f"/nominations/{case.key}/")
    expect(page.get_by_role("main")).to_contain_text("In review")

    office = tab(cast.office_1)
    office.goto(f"/office/cycles/{house.cycle.slug}/release/")
    soon = clock.now() + dt.timedelta(minutes=2)
    office.locator("[name=date]").fill(soon.date().isoformat())
    office.locator("[name=time]").fill(f"{soon:%H:%M}")
    office.locator("form[action$='/release/prepare/'] button[type=submit]").click()
    expect(office.get_by_role("button", name="Confirm the release")).to_have_count(0)
    second = tab(cast.office_2)
    second.goto(f"/office/cycles/{house.cycle.slug}/release/")
    with second.expect_navigation():
        second.get_by_role("button", name="Confirm the release").click()
    Release.objects.update(scheduled_at=clock.now() - dt.timedelta(seconds=1))
    assert not Award.objects.filter(person=cast.nominee).exists()
    carry_out_due_releases(0)
    run_jobs()

    award = Award.objects.get(person=cast.nominee)
    assert (award.starts, award.ends) == (house.cycle.term_starts, house.cycle.term_ends)
    letters = OutboxMail.objects.filter(kind__in=[*KINDS.values(), SUPPORTER])
    told = set(letters.values_list("to", flat=True))
    assert told == {"ilmars@community.example", "nadia@stranger.example"}
    assert not OutboxMail.objects.exclude(state="sent").filter(try_at__lte=clock.now()).exists()
    nominee = tab(cast.nominee)
    nominee.goto(f"/nominations/{case.key}/")
    expect(nominee.get_by_role("main")).to_contain_text("Awarded")
    public = tab(None)
    public.goto("/roster/?q=vitolbergs")
    public.get_by_role("link", name="Ilmārs Vītolbergs").click()
    expect(public.get_by_role("heading", name="Ilmārs Vītolbergs")).to_be_visible()
    expect(public.get_by_role("main")).to_contain_text(str(house.cycle.award_year))
