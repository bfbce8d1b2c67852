"""What the office is refused tells nothing of a case in which the one who asks has a tie."""

import csv
import datetime as dt
import io

from django.urls import reverse

from common import clock
from nominations.actions import declare_conflict, merge_nominations
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.models import Candidacy, Decision, Draw, DrawLine, Release, Stage
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter


@kept_fixture
def undecided(house, cast):
    """The screen is closed; it left one case to the office, and the second of the office is tied to it."""
    one = enter(house, cast, house.screen, name="Hidden Case")
    Conflict.objects.create(nomination=one.nomination, person=cast.office_2, kind="family")
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    return Candidacy.objects.get(pk=one.pk)


def test_a_hidden_undecided_case_does_not_stand_in_the_way(house, cast, sign_in, undecided):
    """ "The stage before left cases undecided" beside an empty list would tell that the hidden one is."""
    address = f"/office/cycles/{house.cycle.slug}/stages/2/open/"
    seen = sign_in(cast.office_1).post(address, {"reason": WHY})
    assert (seen.status_code, "left cases undecided" in seen.content.decode()) == (422, True)
    assert sign_in(cast.office_2).post(address, {"reason": WHY}).status_code == 302
    assert Stage.objects.get(pk=house.score.pk).state == states.STAGE_OPEN


def test_a_case_resolved_after_the_next_stage_has_opened_enters_it(house, cast, undecided):
    actions.open_stage(house.score, by=cast.office_2.user, reason=WHY)
    assert not Candidacy.objects.filter(stage=house.score).exists()
    actions.resolve_candidacy(undecided, by=cast.office_1.user, outcome="forward", reason=WHY)
    late = Candidacy.objects.get(stage=house.score)
    assert (late.nomination, late.state) == (undecided.nomination, states.OPEN)


def test_a_case_resolved_after_the_next_stage_has_closed_is_undecided_there(house, cast, undecided):
    actions.open_stage(house.score, by=cast.office_2.user, reason=WHY)
    actions.close_stage(house.score, by=cast.office_2.user, reason=WHY)
    actions.resolve_candidacy(undecided, by=cast.office_1.user, outcome="forward", reason=WHY)
    late = Candidacy.objects.get(stage=house.score)
    actions.resolve_candidacy(late, by=cast.office_1.user, outcome="award", reason=WHY)
    assert Candidacy.objects.get(pk=late.pk).state == states.FORWARD
    council = house.council
    actions.open_stage(council, by=cast.office_2.user, reason=WHY)
    assert council.candidacies.get().nomination == undecided.nomination


@kept_fixture
def ready(house, cast):
    """All stages are closed. One case is decided; another, hidden from the second of the office, is not."""
    for stage in (house.screen, house.score, house.council):
        Stage.objects.filter(pk=stage.pk).update(
            state=states.STAGE_CLOSED, opens_at=clock.now() - dt.timedelta(9)
        )
        stage.refresh_from_db()
    seen = enter(house, cast, house.council, name="Seen Case", state=states.DECIDED, proposed="award")
    hidden = enter(house, cast, house.council, name="Hidden Case", proposed="award")
    Decision.objects.create(candidacy=seen, proposed="award", outcome="award", decided_at=clock.now())
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_2, kind="family")
    return seen, hidden


def test_a_release_is_refused_by_whoever_sees_that_a_case_is_open(house, cast, sign_in, ready):
    """The one who may not know of the case prepares; the second person, who may, is told."""
    address = f"/office/cycles/{house.cycle.slug}/release/prepare/"
    moment = {"date": (clock.today() + dt.timedelta(days=2)).isoformat(), "time": "12:00"}
    assert sign_in(cast.office_2).post(address, moment).status_code == 302
    release = Release.objects.get()
    refused = sign_in(cast.office_1).post(f"/office/releases/{release.key}/confirm/")
    assert (refused.status_code, "no outcome yet" in refused.content.decode()) == (422, True)
    actions.resolve_candidacy(ready[1], by=cast.office_1.user, outcome="reserve", reason=WHY)
    again = sign_in(cast.office_1).post(f"/office/releases/{release.key}/confirm/")
    assert (again.status_code, "prepare it again" in again.content.decode()) == (422, True)


def test_a_hidden_pending_decision_alone_is_nothing_to_release(house, cast, sign_in, ready):
    """After the main release: neither the page nor the refusal differs from a cycle with nothing pending."""
    _seen, hidden = ready
    Release.objects.create(
        cycle=house.cycle, state="released", scheduled_at=clock.now(), prepared_at=clock.now(),
        released_at=clock.now(), prepared_by=cast.office_1,
    )  # fmt: skip
    Decision.objects.update(release=Release.objects.get())
    client = sign_in(cast.office_2)
    moment = {"date": (clock.today() + dt.timedelta(days=2)).isoformat(), "time": "12:00"}
    address = f"/office/cycles/{house.cycle.slug}/release/"

    def said():
        page, answer = client.get(address), client.post(f"{address}prepare/", moment)
        return page.context["release"], page.context["preview"].total, answer.status_code

    nothing = said()
    Decision.objects.create(candidacy=hidden, proposed="award", outcome="award", decided_at=clock.now())
    assert said() == nothing == (Release.objects.get(), 1, 422)


def test_a_later_release_of_a_hidden_case_alone_does_not_exist(house, cast, sign_in, ready):
    """Failed screens that are told at once: a release with nothing in it would say which screen failed."""
    _seen, hidden = ready
    later = Release.objects.create(
        cycle=house.cycle,
        kind="later",
        scheduled_at=clock.now(),
        prepared_at=clock.now(),
        prepared_by=cast.office_1,
    )
    Decision.objects.create(
        candidacy=hidden, proposed="", outcome="not_this_time", decided_at=clock.now(), release=later
    )
    actions.reschedule_release(later, scheduled_at=clock.now(), by=cast.office_1.user)
    pages = (
        f"/office/cycles/{house.cycle.slug}/release/", "/admin/selection/release/",
        "/admin/common/historyrow/",
    )  # fmt: skip
    for page in pages:
        assert later.key in sign_in(cast.office_1).get(page).content.decode(), page
        assert later.key not in sign_in(cast.office_2).get(page).content.decode(), page
    start = sign_in(cast.office_2).get("/me/").content.decode()
    assert (later.key in start, "Confirm the release" in start) == (False, False)
    assert sign_in(cast.office_2).post(f"/office/releases/{later.key}/confirm/").status_code == 404
    assert sign_in(cast.office_2).post("/office/releases/ZZZZZZZZ/confirm/").status_code == 404


def test_places_on_the_reserve_have_no_gap(house, cast, sign_in, make_candidacy):
    """Reserve 1 and 3 on a page would say that the case in between is the hidden one."""
    now = clock.now()
    release = Release.objects.create(
        cycle=house.cycle, state="released", scheduled_at=now, prepared_at=now, released_at=now
    )
    for order, name in enumerate(("Anna", "Hidden", "Zita"), start=1):
        one = make_candidacy(house.council, name=name, state=states.DECIDED, case_state="on_reserve")
        Decision.objects.create(
            candidacy=one, outcome="reserve", decided_at=now, release=release, reserve_order=order
        )
        if name == "Hidden":
            Conflict.objects.create(nomination=one.nomination, person=cast.office_2, kind="family")
    address = f"/office/cycles/{house.cycle.slug}/after/"
    places = [
        [one.place for one, _form in sign_in(p).get(address).context["waiting"]]
        for p in (cast.office_1, cast.office_2)
    ]
    assert places == [[1, 2, 3], [1, 2]]


def test_the_load_of_a_reviewer_counts_only_what_the_chair_sees(house, cast, sign_in, make_candidacy):
    seen = make_candidacy(house.score, name="Seen")
    hidden = make_candidacy(house.score, cast.reviewer_1, name="Hidden")
    Conflict.objects.create(nomination=hidden.nomination, person=cast.technology_lead, kind="family")
    address = f"/board/{seen.key}/"
    for person, load in ((cast.office_1, 1), (cast.technology_lead, 0)):
        offered = sign_in(person).get(address).context["form"].fields["reviewer"].queryset
        assert next(one.load for one in offered if one == cast.reviewer_1) == load


def test_a_row_that_was_joined_with_a_hidden_case_is_hidden_with_it(cast, sign_in, make_case):
    """A declared tie bars from the case; the joined row holds the same name and address."""
    kept, absorbed = (
        make_case("Vaira Paegle"),
        make_case("V. Paegle", nominee_email="vaira@community.example"),
    )
    merge_nominations(kept, absorbed, by=cast.office_1.user, reason="One human.")
    declare_conflict(kept, cast.office_2, kind="family", by=cast.office_2.user)
    _assert_hidden(sign_in(cast.office_2), kept, absorbed)


def test_a_tie_declared_before_two_cases_were_joined_holds_for_both(cast, sign_in, make_case):
    kept, absorbed = make_case("Vaira Paegle"), make_case("V. Paegle")
    declare_conflict(absorbed, cast.office_2, kind="family", by=cast.office_2.user)
    merge_nominations(kept, absorbed, by=cast.office_1.user, reason="One human.")
    _assert_hidden(sign_in(cast.office_2), kept, absorbed)


def _assert_hidden(client, *cases):
    page = client.get("/admin/nominations/nomination/").content.decode()
    for case in cases:
        assert "Paegle" not in page
        assert client.get(f"/nominations/{case.key}/").status_code == 404
    assert Nomination.objects.count() == len(cases)


def test_publishing_a_plan_counts_only_the_tasks_that_its_publisher_sees(
    house, cast, sign_in, make_candidacy, run_jobs
):
    make_candidacy(house.score, name="Seen")
    hidden = make_candidacy(house.score, name="Hidden")
    Conflict.objects.create(nomination=hidden.nomination, person=cast.technology_lead, kind="family")
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_jobs()
    assert plan.tasks.count() == 6
    page = sign_in(cast.technology_lead).post(f"/board/plans/{plan.key}/publish/", follow=True)
    assert ("3 tasks are given." in page.content.decode(), hidden.key in page.content.decode()) == (
        True,
        False,
    )


def test_no_row_of_a_draw_is_shown_without_the_others(house, cast, sign_in, make_candidacy):
    """Place 1 and 3 of a draw, beside its seed and its list of keys, would name the one between."""
    draw = Draw.objects.create(
        stage=house.score,
        category=house.servers,
        seed="a",
        places=1,
        drawn_by=cast.office_1,
        drawn_at=clock.now(),
    )
    for position, name in enumerate(("Anna", "Hidden", "Zita"), start=1):
        one = make_candidacy(house.score, name=name)
        DrawLine.objects.create(draw=draw, candidacy=one, position=position, digest=str(position))
        if name == "Hidden":
            Conflict.objects.create(nomination=one.nomination, person=cast.office_2, kind="family")
    for table in ("draw", "drawline"):
        counts = [
            sign_in(p).get(f"/admin/selection/{table}/").context["cl"].result_count
            for p in (cast.office_1, cast.office_2)
        ]
        assert (counts[0] > 0, counts[1]) == (True, 0), table


def test_the_exported_reserve_has_no_gap_either(house, cast, sign_in, make_candidacy):
    for order, name in enumerate(("Anna", "Hidden", "Zita"), start=1):
        one = make_candidacy(house.score, name=name, proposed="reserve", reserve_order=order)
        if name == "Hidden":
            Conflict.objects.create(nomination=one.nomination, person=cast.technology_lead, kind="family")
    address = reverse("selection:board_csv", args=[house.cycle.slug, house.score.number, house.servers.slug])
    lines = list(
        csv.DictReader(io.StringIO(sign_in(cast.technology_lead).get(address).content.decode("utf-8-sig")))
    )
    assert sorted(line["Place on the reserve"] for line in lines) == ["1", "2"]
