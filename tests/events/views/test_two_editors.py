"""Of two editors of one summit the second is shown what the first one saved, and nothing is lost."""

from events.models import Summit
from tests.cast import Cast
from tests.events.views.test_office import filled

PAGE = "/office/summits/oulu/edit/"


def typed(**changed: str) -> dict[str, str]:
    return filled(registration_opens_at="", registration_closes_at="", **changed)


def test_the_second_editor_sees_both_versions_and_then_decides(summit: Summit, cast: Cast, sign_in) -> None:
    one, two = sign_in(cast.office_1), sign_in(cast.office_2)
    assert one.post(PAGE, typed(place="Pori", capacity="7")).status_code == 302
    late = two.post(PAGE, typed(place="Vaasa", capacity="7"))
    assert late.status_code == 409
    assert "Somebody else changed this summit while you were writing." in late.text
    assert '<td class="is-diff">Pori</td><td class="is-diff">Vaasa</td>' in late.text
    assert 'name="shown" value="2"' in late.text
    assert Summit.objects.get().place == "Pori"
    assert two.post(PAGE, typed(place="Vaasa", capacity="7", shown="2")).status_code == 302
    assert (Summit.objects.get().place, Summit.objects.get().revision) == ("Vaasa", 3)


def test_saving_what_is_there_already_is_no_revision(summit: Summit, cast: Cast, sign_in) -> None:
    client = sign_in(cast.office_1)
    client.post(PAGE, typed())
    client.post(PAGE, typed(shown="2"))
    assert Summit.objects.get().revision == 2


def test_the_agenda_is_markdown_and_never_markup(summit: Summit, cast: Cast, sign_in) -> None:
    agenda = "| Day | Evening |\n| --- | --- |\n| Mon | <script>alert(1)</script> [x](javascript:alert(1)) |"
    client = sign_in(cast.office_1)
    client.post(PAGE, typed(agenda=agenda))
    text = client.get("/summits/oulu/").text
    assert '<th scope="col">Evening</th>' in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "| Day | Evening |" in client.get(PAGE).text
