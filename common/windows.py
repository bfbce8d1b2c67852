"""One thing open in two windows: a form says what it was filled with, so that nothing written since is lost in silence."""

import json
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Outdated
from common.keys import keyed_digest


def print_of(*values: Any) -> str:
    """What a form carries in its field ``seen``: a digest of the values that it was filled with."""
    return keyed_digest("seen", json.dumps(values, default=str, sort_keys=True), length=16)


def require_unchanged(seen: str | None, *values: Any) -> None:
    """Raise ``Outdated`` where the locked row holds other values than a form was filled with. ``None``: nobody asked."""
    if seen is not None and seen != print_of(*values):
        raise Outdated(
            _(
                "This was changed in another window after you opened it here, and nothing was saved just now. What you typed "
                "is below. Open the page anew in another tab to see what it holds now, or save again to put yours in its place."
            )
        )
