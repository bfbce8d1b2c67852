"""Stages that hide the nominee: reviewers read copies that a person has checked, and nothing else."""

import pytest

from common.models import HistoryRow
from contributions.models import Contribution
from nominations.models import Conflict, DossierItem, Support
from people.models import Employer
from selection import actions, states
from selection.models import Assignment, RedactedDossier, Review
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import enter, typed

TELLING = ("Vaira", "Paegle", "paegle.example", "Cēsis", "Danube", "Latvia", "@vpaegle", "vaira.paegle")


@kept_fixture
def candidacy(house, cast):
    """A case full of what tells, in a stage that hides the nominee and lets a person check each copy."""
    house.score.hide_nominee = True
    house.score.save()
    one = enter(house, cast, house.score, cast.reviewer_1, name="Vaira Paegle")
    case, nominee = one.nomination, one.nomination.nominee
    nominee.city, nominee.country = "Cēsis", "LV"
    nominee.save()
    nominee.addresses.create(email="vaira.paegle@paegle.example")
    Employer.objects.create(person=nominee, name="Danube Printing Works", key="danube printing works")
    case.supports.update(
        statement="Vaira of Danube Printing Works in Cēsis helps all of Latvia: vaira.paegle@paegle.example, @vpaegle.",
        relation="A friend of Paegle",
        links=[{"url": "https://paegle.example/work", "kind": "article"}],
    )
    seen = factories.ContributionFactory(person=nominee, link_answers=True)
    DossierItem.objects.create(
        nomination=case, contribution=seen, type=house.article, title="Paegle’s notes", starts="2026-01-01",
        url="https://paegle.example/notes", description="See https://paegle.example or ask VAIRA.", private_note="By Vaira",
    )  # fmt: skip
    actions.propose_copies(house.score)
    return one


@pytest.fixture
def desk(cast, sign_in):
    return sign_in(cast.reviewer_1)


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


def address(candidacy):
    return f"/board/copies/{candidacy.key}/"


def form_of(client, candidacy, **changed):
    """What the page would send."""
    fields = client.get(address(candidacy)).context
    data = {f"text:{field.name}": field.copy for field in fields["fields"]}
    return {**data, "digest": fields["digest"], **changed}


def approve(client, candidacy, **changed):
    return client.post(address(candidacy), form_of(client, candidacy, **changed))


def test_until_a_person_has_checked_the_copy_nothing_of_the_case_is_read_or_scored(desk, candidacy):
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "This copy is being checked" in page
    assert "Save and next" not in page
    assert not [word for word in (*TELLING, "notes") if word in page]
    for path in ("save/", "submit/"):
        answer = desk.post(f"/review/{candidacy.key}/{path}", typed(3, 3, 3, 3))
        assert answer.status_code == 422
        assert "being checked" in answer.content.decode()
    assert not Review.objects.exists()


def test_the_checked_copy_is_read_and_the_case_scored(desk, chair, candidacy):
    assert approve(chair, candidacy).status_code == 302
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert '<span class="redact">[name]</span> of <span class="redact">[employer]</span>' in page
    assert not [word for word in TELLING if word in page]
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3)).status_code == 302


def test_where_no_check_is_asked_for_the_proposal_is_read(house, desk, candidacy):
    house.score.check_redactions = False
    house.score.save()
    for _with_and_without_a_copy in range(2):
        page = desk.get(f"/review/{candidacy.key}/").content.decode()
        assert '<span class="redact">[name]</span>' in page
        assert not [word for word in TELLING if word in page]
        RedactedDossier.objects.all().delete()


def test_a_text_left_blank_stays_blank_and_the_original_never_shows(desk, chair, candidacy):
    blank = {name: "" for name in form_of(chair, candidacy) if name.startswith("text:")}
    assert approve(chair, candidacy, **blank).status_code == 302
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert not [word for word in (*TELLING, "helps", "notes") if word in page]


def test_links_are_named_without_their_addresses_unless_the_checker_allows_them(desk, chair, candidacy):
    approve(chair, candidacy)
    closed = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Link 1, not shown" in closed
    assert "Public" in closed
    item = DossierItem.objects.get()
    approve(chair, candidacy, open=[f"link:item:{item.pk}", "link:item:999999", "title:1"])
    assert RedactedDossier.objects.get().open_links == [f"link:item:{item.pk}"]
    assert 'href="https://paegle.example/notes"' in desk.get(f"/review/{candidacy.key}/").content.decode()


def test_what_still_tells_is_named_and_can_stay_if_the_checker_says_so(chair, candidacy):
    name = f"text:statement:{Support.objects.get().pk}"
    answer = approve(chair, candidacy, **{name: "Paegle helps everybody"})
    assert answer.status_code == 422
    assert "This may still say who it is: Paegle." in answer.content.decode()
    assert "Paegle helps everybody</textarea>" in answer.content.decode()
    assert RedactedDossier.objects.get().state == states.COPY_PROPOSED
    assert approve(chair, candidacy, **{name: "Paegle helps everybody"}, anyway="yes").status_code == 302


def test_a_dossier_that_changed_is_checked_anew(house, desk, chair, candidacy):
    sent = form_of(chair, candidacy)
    approve(chair, candidacy)
    Support.objects.update(statement="Something that Vaira wrote since.")
    assert "This copy is being checked" in desk.get(f"/review/{candidacy.key}/").content.decode()
    late = chair.post(address(candidacy), sent)
    assert late.status_code == 409
    assert "The dossier has changed" in late.content.decode()
    assert actions.propose_copies(house.score) == 1
    copy = RedactedDossier.objects.get()
    assert (copy.state, copy.checked_by) == (states.COPY_PROPOSED, None)
    assert "Something that [name] wrote since." in copy.texts.values()


def test_proposing_twice_leaves_a_checked_copy_alone(house, chair, candidacy):
    approve(chair, candidacy)
    assert actions.propose_copies(house.score) == 0
    assert RedactedDossier.objects.get().state == states.COPY_CHECKED
    assert HistoryRow.objects.filter(verb="check_copy").count() == 1


def test_reviewers_of_the_case_and_people_with_a_tie_never_check_it(cast, sign_in, candidacy):
    Assignment.objects.create(
        candidacy=candidacy, reviewer=cast.technology_lead, assigned_at=candidacy.entered_at
    )
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.office_1, kind="family")
    for person, status in (
        (cast.technology_lead, 403), (cast.reviewer_1, 403), (cast.office_1, 404), (cast.council_member, 404),
        (cast.regional_lead, 404), (cast.outsider, 404), (cast.office_2, 200),
    ):  # fmt: skip
        client = sign_in(person)
        assert client.get(address(candidacy)).status_code == status, person
        listed = client.get("/board/copies/")
        assert (candidacy.key in listed.content.decode()) is (status == 200), person


def test_the_list_leads_from_one_copy_to_the_next(house, cast, chair, candidacy, make_candidacy):
    second = make_candidacy(house.score, cast.reviewer_2, name="Aija Second")
    actions.propose_copies(house.score)
    page = chair.get("/board/copies/").content.decode()
    assert "2 copies to check" in page
    assert approve(chair, candidacy).url == address(second)
    assert approve(chair, second).url == "/board/copies/"
    assert "Nothing waits." in chair.get("/board/copies/").content.decode()


def test_what_waits_to_be_checked_stands_on_the_chairs_own_page(chair, candidacy):
    assert "1 copy without a name to check" in chair.get("/me/").content.decode()


def test_many_cases_are_copied_in_as_many_statements_as_one(
    house, cast, candidacy, make_candidacy, django_assert_max_num_queries
):
    for number in range(3):
        make_candidacy(house.score, name=f"Case Number{number}")
    with django_assert_max_num_queries(18):
        assert actions.propose_copies(house.score) == 3
    assert Contribution.objects.count() == 1


def test_opening_a_stage_that_hides_the_nominee_asks_for_its_copies(house, cast, make_case, run_stage):
    from procrastinate.contrib.django.models import ProcrastinateJob

    house.screen.hide_nominee = True
    house.screen.save()
    run_stage(house.screen, states.STAGE_PLANNED)
    make_case()
    actions.open_stage(house.screen, by=cast.office_1.user)
    assert ProcrastinateJob.objects.filter(task_name="selection.propose_copies").count() == 1


def test_erasing_the_nominee_takes_the_copy_along(chair, candidacy):
    approve(chair, candidacy)
    actions.erase_person_from_selection(candidacy.nomination.nominee)
    assert not RedactedDossier.objects.exists()
