"""Pages of one's own log: ``log`` (the list, adding), ``entries`` (one of them)."""

from contributions.views.entries import (
    contribution_delete,
    contribution_edit,
    contribution_mark,
    contribution_restore,
)
from contributions.views.log import contribution_list, contribution_quick

__all__ = [
    "contribution_delete",
    "contribution_edit",
    "contribution_list",
    "contribution_mark",
    "contribution_quick",
    "contribution_restore",
]
