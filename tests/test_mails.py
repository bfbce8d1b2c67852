"""Every kind of mail that is registered can be written, and says nothing that it should not."""

import datetime as dt
import re
from typing import Any

from django.utils import translation

from common import bulk, clock, mail_groups, outbox, registry
from common.models import OutboxMail
from events.models import Registration, Summit
from nominations.models import AccessLink, Nomination
from selection.emails import KINDS
from selection.models import Decision, ToldDate
from tests.world import World, world  # noqa: F401

CALLED_OFF = "The hall burnt down."
OF_A_LINK = {
    "nominations.confirm": AccessLink.Purpose.CONFIRM,
    "nominations.resume": AccessLink.Purpose.RESUME,
    "nominations.invitation": AccessLink.Purpose.INVITATION,
    "nominations.reminder": AccessLink.Purpose.INVITATION,
    "nominations.renewal": AccessLink.Purpose.INVITATION,
    "nominations.endorsement": AccessLink.Purpose.ENDORSE,
}
OUTCOME = {kind: outcome for outcome, kind in KINDS.items()}
LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|\bNone\b|\bFalse\b|&amp;amp;|<bound method|__proxy__")


def keys_for(kind: str, world: World) -> dict[str, Any]:  # noqa: F811
    """What the outbox row of such a mail would hold."""
    if kind.startswith("account_"):
        return {"code": "ABC-DEF"}
    keys: dict[str, Any] = {
        "nomination": world.case.nomination.key,
        "support": world.case.nominator.key,
        "release": world.case.decision.release.key,
        "day": 5,
        "stage": world.house.score.key,
        "person": world.cast.reviewer_2.key,
        "head": "5e1f" * 16,
        "token": "signed-token",
        "bounce": "hard",
        "mail": "nominations.invitation",
    }
    if kind.startswith("events."):
        keys["registration"] = registration_for(kind, world)
        keys |= {"starts": "2004-04-04", "begins_at": "07:30:00"}  # of before it moved
    if kind.startswith("selection.delayed"):
        keys["batch"] = delay(world)
        if kind == "selection.delayed":
            del keys["support"]
    if kind == "digest":
        keys["digest"] = digest_of_two(world)
    if kind in OF_A_LINK:
        links = AccessLink.objects.exclude(nomination=world.case.nomination)
        keys["link"] = links.filter(purpose=OF_A_LINK[kind]).latest("pk").key
    if kind == "nominations.held_too_long":
        keys["nomination"] = held(world)
    if kind in OUTCOME:
        Decision.objects.filter(pk=world.case.decision.pk).update(outcome=OUTCOME[kind])
    return keys


def registration_for(kind: str, world: World) -> str:  # noqa: F811
    """Somebody who comes to the summit, or waits; the key."""
    row = world.cast.nominee.registrations.get()
    Registration.objects.filter(pk=row.pk).update(
        state={
            "events.waitlisted": "waiting",
            "events.no_place": "waiting",
            "events.line_goes_on": "waiting",
            "events.called_off": "cancelled",
        }.get(kind, "registered")
    )
    over = clock.now() - dt.timedelta(hours=1) if kind == "events.no_place" else None
    day = clock.today() + dt.timedelta(days=9)
    Summit.objects.filter(registrations=row.pk).update(
        called_off_because=CALLED_OFF, waitlist_ends_at=over, starts=day, ends=day
    )
    return row.key


def delay(world: World) -> str:  # noqa: F811
    """The technology review and the letters slipped by a week; the batch."""
    now, cycle = clock.now(), world.house.cycle
    for stage in (world.house.score, None):
        ToldDate.objects.create(
            cycle=cycle, stage=stage, was_at=now, at=now + dt.timedelta(days=7), batch="SLIPPED", noted_at=now
        )
    return "SLIPPED"


def held(world: World) -> str:  # noqa: F811
    """A draft that waits for the office; its key."""
    sent = {"name": "Teodora", "email": "t@x.example", "nominee_name": "Ilmārs Vītolbergs"}
    draft = {"sent": sent, "sent_at": clock.now().isoformat()}
    return Nomination.objects.create(
        cycle=world.house.cycle, draft=draft, nominee_name="Ilmārs Vītolbergs"
    ).key


def digest_of_two(world: World) -> str:  # noqa: F811
    """Two notices to the nominator that were gathered into one mail; its key."""
    about = {"nomination": world.case.nomination.key, "support": world.case.nominator.key}
    for kind in ("nominations.accepted", "nominations.case_completed"):
        outbox.post(
            kind, to="t@x.example", cause=f"d {kind}", keys=about, person_key=world.cast.nominator.key
        )
    with clock.at(clock.now() + dt.timedelta(days=1)):
        bulk.gather_all()
    return OutboxMail.objects.get(kind="digest").key


def test_a_letter_of_every_kind_is_whole(world: World) -> None:  # noqa: F811
    assert len(registry.mails) > 20
    for kind in registry.mails:
        letter = registry.mails[kind](keys_for(kind, world), "en")
        assert letter.subject, kind
        assert "\n" not in letter.subject, kind
        assert len(letter.text) > 80, kind
        assert "<html" in letter.html, kind
        for part in (letter.subject, letter.text, letter.html):
            assert not LEFTOVERS.search(part), kind


def test_no_letter_names_who_reviewed_or_what_they_gave(world: World) -> None:  # noqa: F811
    secrets = (world.cast.reviewer_1.name, world.cast.council_member.name, "4.25", "Sound work.")
    for kind in registry.mails:
        letter = registry.mails[kind](keys_for(kind, world), "en")
        said = letter.subject + letter.text + letter.html
        assert [secret for secret in secrets if secret in said] == [], kind


def test_the_office_sees_an_example_of_every_kind(world: World) -> None:  # noqa: F811
    assert set(registry.mail_examples) == set(registry.mails)
    for kind, example in registry.mail_examples.items():
        letter = example("en")
        assert letter.subject, kind
        for part in (letter.subject, letter.text, letter.html):
            assert not LEFTOVERS.search(part), kind
        assert world.case.nomination.key not in letter.text, kind


def test_every_kind_has_a_name_of_its_own() -> None:
    assert set(registry.mail_names) == set(registry.mails)
    names = [mail_groups.kind_in_words(kind) for kind in registry.mails]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name or "." in name]
    with translation.override("de"):
        assert mail_groups.kind_in_words("selection.tasks") == "Fälle zum Begutachten"


def test_every_group_of_a_kind_exists() -> None:
    assert set(registry.mail_groups) <= set(registry.mails)
    assert set(registry.mail_groups.values()) <= set(mail_groups.GROUPS)


def test_outcomes_invitations_and_codes_always_come_at_once() -> None:
    fixed = [kind for kind in registry.mails if mail_groups.group_of(kind).choices == ("at_once",)]
    assert {
        "selection.awarded",
        "selection.supporter",
        "nominations.invitation",
        "account_login_code",
    } <= set(fixed)
