"""The protocol: frozen when the first stage opens, changed after that only with a reason that everybody can read."""

import secrets

from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Cycle
from common import clock, history
from common.errors import RuleBroken
from selection.actions.locks import acting_person
from selection.change_words import changes_between
from selection.models import ProtocolVersion, Stage
from selection.protocol import digest_of
from selection.queries.protocol import rules_of

DRAWN = (Stage.Kind.SCORE, Stage.Kind.VOTE)  # kinds of stages in which a draw may have to decide


def publish_protocol(cycle: Cycle, *, by: User, reason: str = "") -> ProtocolVersion | None:
    """Freeze the rules of a cycle as they stand: version 1, or the next where they changed; ``None`` for no change.

    Runs inside the caller's transaction, after its changes; the caller holds the cycle (``locks.lock_cycle``).
    Gives each stage that ranks or votes its seed. Raises ``RuleBroken`` where a change has no reason, and with it
    undoes the change.
    """
    last = ProtocolVersion.objects.filter(cycle=cycle).order_by("-number").first()
    _draw_seeds(cycle)
    rules = rules_of(Cycle.objects.get(pk=cycle.pk))
    digest = digest_of(rules)
    if last is not None and last.digest == digest:
        return None
    if last is not None and not reason.strip():
        what = "; ".join(one.what for one in changes_between(last.rules, rules)[:5])
        raise RuleBroken(
            _("This changes the published rules (%(what)s). Say why: everybody can read the reason.")
            % {"what": what}
        )
    version = ProtocolVersion.objects.create(
        cycle=cycle,
        number=last.number + 1 if last else 1,
        made_at=clock.now(),
        made_by=acting_person(by),
        reason=reason.strip() if last else "",
        rules=rules,
        digest=digest,
    )
    history.record(
        "protocol",
        cycle.slug,
        "change" if last else "publish",
        by=by,
        codes={"version": version.number, "digest": digest},
        text=version.reason,
    )
    return version


def follow_change(cycle: Cycle, *, by: User, reason: str = "") -> ProtocolVersion | None:
    """After a change of a rule: the next version, if the rules are published; nothing before that."""
    if not ProtocolVersion.objects.filter(cycle=cycle).exists():
        return None
    return publish_protocol(cycle, by=by, reason=reason)


def _draw_seeds(cycle: Cycle) -> None:
    """A random seed for each stage that has none yet, published before anybody has scored."""
    for stage in Stage.objects.filter(cycle=cycle, kind__in=DRAWN, draw_seed=""):
        stage.draw_seed = secrets.token_hex(32)
        stage.save(update_fields=["draw_seed"])
