"""Who acts. ``accounts.User`` fulfils this; lower layers type against it."""

from typing import Protocol, runtime_checkable

from common.keys import keyed_digest

SYSTEM = "system"


@runtime_checkable
class Actor(Protocol):
    """Somebody who is signed in and may hold roles."""

    @property
    def pk(self) -> int | None: ...

    def holds(self, role: str, *, region: object | None = None, category: object | None = None) -> bool: ...


def pseudonym(actor: Actor | None) -> str:
    """The name under which history knows an actor; ``None`` is the system itself."""
    if actor is None or actor.pk is None:
        return SYSTEM
    return keyed_digest("actor", str(actor.pk), length=16)
