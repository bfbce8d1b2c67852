"""The demo's summits: one to register for, one with a waitlist, one where people were."""

from common.models import OutboxMail
from events.models import Registration, Summit
from people.models import Person


def states_of(slug: str) -> list[str]:
    rows = Registration.objects.filter(summit__slug=slug).order_by("number")
    return list(rows.values_list("state", flat=True))


def test_the_small_summit_is_full_and_three_wait_in_line(demo: None) -> None:
    assert states_of("utrecht") == ["registered"] * 6 + ["waiting"] * 3
    last = Registration.objects.filter(summit__slug="utrecht").order_by("-number").first()
    assert last.person == Person.objects.get(name="Ágnes Kővári")


def test_the_large_ones_have_places_and_an_open_registration(demo: None) -> None:
    assert set(states_of("redmond")) == {"registered"}
    assert {summit.registration for summit in Summit.objects.filter(slug__in=["redmond", "singapore"])} == {
        "open"
    }


def test_of_the_past_one_it_is_noted_who_came(demo: None) -> None:
    rows = Registration.objects.filter(summit__slug="redmond-last-year")
    assert sorted(rows.values_list("attended", flat=True)) == [False] * 2 + [True] * 15


def test_everybody_signed_what_their_summit_asks(demo: None) -> None:
    for row in Registration.objects.exclude(summit__agreement=None).select_related(
        "summit__agreement", "person__user"
    ):
        assert row.person.user.signatures.filter(agreement__kind=row.summit.agreement.kind).exists()


def test_no_mail_of_the_past_goes_out_late(demo: None) -> None:
    assert not OutboxMail.objects.filter(kind__startswith="events.", state="queued").exists()
