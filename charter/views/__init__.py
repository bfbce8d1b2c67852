"""Pages that the office writes: as everybody reads them, and as the office edits them."""

from charter.views.content import content
from charter.views.office import content_edit, content_list, content_old

__all__ = ["content", "content_edit", "content_list", "content_old"]
