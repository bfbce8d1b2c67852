"""Every kind of mail that is registered can be written, and says nothing that it should not."""

import re
from typing import Any

from common import registry
from nominations.models import AccessLink
from selection.emails import KINDS
from selection.models import Decision
from tests.world import World, world  # noqa: F401

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
    }
    if kind in OF_A_LINK:
        links = AccessLink.objects.exclude(nomination=world.case.nomination)
        keys["link"] = links.filter(purpose=OF_A_LINK[kind]).latest("pk").key
    if kind in OUTCOME:
        Decision.objects.filter(pk=world.case.decision.pk).update(outcome=OUTCOME[kind])
    return keys


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
