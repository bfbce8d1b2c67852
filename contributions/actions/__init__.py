"""What happens to a log: entry by entry (``log``)."""

from contributions.actions.log import (
    change_contribution,
    delete_contribution,
    forget_deleted,
    log_contribution,
    mark_high_impact,
    restore_contribution,
)

__all__ = [
    "change_contribution",
    "delete_contribution",
    "forget_deleted",
    "log_contribution",
    "mark_high_impact",
    "restore_contribution",
]
