"""May this person?"""

from typing import Any

from django.core.exceptions import PermissionDenied

_OFFICE, _AUDITOR = "program_office", "auditor"  # roles of accounts, which lies above


def can_see_contents(user: Any) -> bool:
    """Read every version of the pages that the office writes."""
    return user.holds(_OFFICE) or user.holds(_AUDITOR)


def can_publish_content(user: Any) -> bool:
    return user.holds(_OFFICE)


def let_in(user: Any, *, to: Any) -> None:
    """403 to whom ``to`` does not let in."""
    if not to(user):
        raise PermissionDenied
