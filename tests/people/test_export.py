"""All that is held on somebody, for themselves: whole, theirs alone, and never who reviewed."""

import datetime as dt
import io
import json
import zipfile

import pytest

from common import clock, delivery, history, outbox, registry
from common.models import OutboxMail
from nominations.models import Support
from people import actions
from people.models import DataExport, Person
from people.packing import everything_on
from selection.models import Decision, Release
from tests.cast import Cast
from tests.world import Case, World, case, world  # noqa: F401


def asked(person: Person) -> DataExport:
    return actions.ask_for_export(person, by=person.user)


def test_every_table_is_filled_for_somebody(world: World) -> None:  # noqa: F811
    Release.objects.update(released_at=clock.now(), prepared_by=world.cast.office_1)
    Decision.objects.update(decided_by=world.cast.office_1)
    office = world.cast.office_1
    history.record("person", office.key, "rename_person", by=office.user, text="Married.")
    outbox.post("people.export_ready", to="", cause="filled", person_key=office.key)
    people = [person for person in Person.objects.filter(erased_at=None) if person.name]
    empty = FILLED_BY_THE_WORLD
    for person in people:
        empty = {table for table in empty if not any(read(person) for read in registry.held_on[table])}
    assert empty == set()


FILLED_BY_THE_WORLD = {
    "people.Person", "people.Address", "people.Employer", "people.PersonLink", "people.DataExport", "accounts.User",
    "accounts.Session", "accounts.RoleGrant", "common.OutboxMail", "common.HistoryRow", "common.HistoryText",
    "contributions.Contribution", "contributions.DeletedContribution", "awards.Award", "nominations.Nomination",
    "nominations.Support", "nominations.DossierItem", "nominations.AccessLink", "nominations.Conflict",
    "selection.Candidacy", "selection.Decision", "selection.Feedback", "selection.ReleasedComment", "selection.Release",
    "selection.Assignment", "selection.Review", "selection.Score", "selection.ReviewVersion", "selection.DiscussionPost",
    "selection.TrainingAnswer", "selection.ReviewerCapacity", "selection.Override", "selection.DecisionBatch",
    "selection.Draw",
}  # fmt: skip


def test_a_nominee_reads_nothing_of_an_outcome_before_its_release(case: Case, cast: Cast) -> None:  # noqa: F811
    held = everything_on(cast.nominee)
    for table in ("Decision", "Feedback", "ReleasedComment", "Candidacy", "RedactedDossier"):
        assert held[f"selection.{table}"] == []
    assert held["nominations.Nomination"][0]["key"] == case.nomination.key


def test_a_nominee_reads_what_was_released_and_no_reviewer(case: Case, cast: Cast) -> None:  # noqa: F811
    Release.objects.filter(pk=case.decision.release_id).update(released_at=clock.now())
    held = everything_on(cast.nominee)
    text = json.dumps(held, default=str)
    assert held["selection.ReleasedComment"] == [{"text": "Words for the letter."}]
    assert held["selection.Feedback"][0]["bands"]
    assert "Sound work." not in text
    for reviewer in (cast.reviewer_1, cast.reviewer_2, cast.council_member, cast.office_1):
        assert reviewer.name not in text
        assert reviewer.key not in text


def test_who_wrote_for_a_nominee_is_named_as_they_chose(case: Case, cast: Cast) -> None:  # noqa: F811
    Support.objects.filter(pk=case.nominator.pk).update(named=False)
    text = json.dumps(everything_on(cast.nominee)["nominations.Support"], default=str)
    assert "Mends networks." in text
    assert "Endorser" in text
    assert cast.nominator.name not in text
    assert "teodora@" not in text


def test_a_tie_that_tells_of_a_hidden_case_is_left_out(world: World) -> None:  # noqa: F811
    tied = world.people["reviewer_tied"]
    held = everything_on(tied)
    assert held["nominations.Conflict"] == []
    assert held["selection.Assignment"] == []
    assert world.case.nomination.key not in json.dumps(held, default=str)


def test_the_worker_makes_it_once_and_mails_its_owner(cast: Cast, sign_in) -> None:
    export = asked(cast.holder)
    assert asked(cast.holder) == export
    client = sign_in(cast.holder)
    address = f"/me/account/export/{export.key}.zip"
    assert client.get(address).status_code == 404
    actions.make_export(export.key)
    actions.make_export(export.key)
    assert OutboxMail.objects.filter(kind="people.export_ready").count() == 1
    archive = zipfile.ZipFile(io.BytesIO(client.get(address).content))
    held = json.loads(archive.read("everything.json"))
    assert held["people.Person"][0]["name"] == "Ágnes Kővári"
    assert held["awards.Award"]
    assert b"Windows Server" in archive.read("tables/awards.Award.csv")
    assert "Ágnes Kővári" in archive.read("README.txt").decode()


def test_nobody_else_gets_it_and_a_week_later_nobody(cast: Cast, sign_in) -> None:
    export = asked(cast.holder)
    actions.make_export(export.key)
    address = f"/me/account/export/{export.key}.zip"
    for other in (cast.outsider, cast.office_1):
        assert sign_in(other).get(address).status_code == 404
    with clock.at(clock.now() + dt.timedelta(days=7, minutes=1)):
        assert sign_in(cast.holder).get(address).status_code == 404
        assert actions.forget_exports() == 1
    assert not DataExport.objects.exists()


def test_the_page_asks_and_says_what_comes(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    client.post("/me/account/export/")
    assert "Your export is being made." in client.get("/me/account/").content.decode()
    actions.make_export(DataExport.objects.get().key)
    assert "Download your data" in client.get("/me/account/").content.decode()
    delivery.send_waiting()


@pytest.mark.parametrize("value", ["=1+1", "+1", "@x"])
def test_no_cell_of_its_tables_is_computed_by_a_spreadsheet(cast: Cast, value: str) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(headline=value)
    export = asked(cast.holder)
    actions.make_export(export.key)
    archive = zipfile.ZipFile(io.BytesIO(DataExport.objects.get().content))
    assert f"'{value}" in archive.read("tables/people.Person.csv").decode()


def test_erasing_takes_it_away(cast: Cast) -> None:
    actions.make_export(asked(cast.holder).key)
    actions.erase_person(cast.holder, by=None)
    assert not DataExport.objects.exists()
