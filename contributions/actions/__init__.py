"""What happens to a log: entry by entry (``log``), from files (``imports``), and what its
links answer (``links``)."""

from contributions.actions.imports import (
    check_import,
    discard_import,
    forget_imports,
    import_contributions,
    undo_ends,
    undo_import,
)
from contributions.actions.links import check_links, note_link
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
    "check_import",
    "check_links",
    "delete_contribution",
    "discard_import",
    "forget_deleted",
    "forget_imports",
    "import_contributions",
    "log_contribution",
    "mark_high_impact",
    "note_link",
    "restore_contribution",
    "undo_ends",
    "undo_import",
]
