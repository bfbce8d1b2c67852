"""May this person?"""

from typing import Any

from django.http import Http404

from contributions.models import Contribution, ContributionImport, DeletedContribution
from contributions.queries import contributions_visible_to, deleted_visible_to, imports_visible_to


def get_contribution(user: Any, key: str) -> Contribution:
    """One's own contribution of this key; anything else is 404."""
    contribution = contributions_visible_to(user).filter(key=key).first()
    if contribution is None:
        raise Http404
    return contribution


def get_deleted(user: Any, key: str) -> DeletedContribution:
    """What was deleted from one's own log under this key; anything else is 404."""
    deleted = deleted_visible_to(user).filter(key=key).first()
    if deleted is None:
        raise Http404
    return deleted


def get_import(user: Any, key: str) -> ContributionImport:
    """One's own import of this key; anything else is 404."""
    made = imports_visible_to(user).filter(key=key).first()
    if made is None:
        raise Http404
    return made
