"""May this person?"""

from typing import Any

from django.http import Http404

from contributions.models import Contribution
from contributions.queries import contributions_visible_to


def get_contribution(user: Any, key: str) -> Contribution:
    """One's own contribution of this key; anything else is 404."""
    contribution = contributions_visible_to(user).filter(key=key).first()
    if contribution is None:
        raise Http404
    return contribution
