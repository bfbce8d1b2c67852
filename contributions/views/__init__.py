"""Pages of one's own log: ``log`` (the list, adding), ``entries`` (one of them), ``imports`` and ``exports``
(files)."""

from contributions.views.entries import (
    contribution_delete,
    contribution_edit,
    contribution_mark,
    contribution_restore,
)
from contributions.views.exports import contribution_export
from contributions.views.imports import (
    import_confirm,
    import_discard,
    import_list,
    import_report,
    import_show,
    import_undo,
)
from contributions.views.log import contribution_list, contribution_quick

__all__ = [
    "contribution_delete",
    "contribution_edit",
    "contribution_export",
    "contribution_list",
    "contribution_mark",
    "contribution_quick",
    "contribution_restore",
    "import_confirm",
    "import_discard",
    "import_list",
    "import_report",
    "import_show",
    "import_undo",
]
