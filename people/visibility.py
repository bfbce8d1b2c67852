"""Who sees which part of a profile. Name, award years, technology and country of an award are always public.

A part that says nothing is open to everyone, except where ``DEFAULTS`` says otherwise. Somebody always sees
their own profile whole, and so does the program office.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.models import Person, Visibility

PARTS = {
    "photo": _("Photo"),
    "headline": _("Headline"),
    "biography": _("About"),
    "city": _("City"),
    "languages": _("Languages"),
    "links": _("Links"),
    "contributions": _("Contributions of the last 12 months"),
}

_SEEN_BY = {
    Visibility.EVERYONE: (Visibility.EVERYONE,),
    Visibility.HOLDERS: (Visibility.EVERYONE, Visibility.HOLDERS),
    Visibility.OFFICE: (Visibility.EVERYONE, Visibility.HOLDERS, Visibility.OFFICE),
}
_LEVELS = tuple(Visibility.values)


def visibility_choices() -> list[tuple[str, str]]:
    """For a list: each level as a list begins it."""
    return [(value, str(capfirst(label))) for value, label in Visibility.choices]


def seen_by(viewer: str) -> Collection[str]:
    """The settings that let a viewer in. ``viewer`` is a ``Visibility``: what the viewer counts as."""
    return _SEEN_BY[Visibility(viewer)]


def setting(person: Person, part: str) -> str:
    """Who sees a part; a value that is not known hides it."""
    value = (person.visibility or {}).get(part, Visibility.EVERYONE)
    return value if value in _LEVELS else Visibility.OFFICE


def parts_shown(person: Person, viewer: str) -> set[str]:
    """The parts of a profile that a viewer sees."""
    seen = seen_by(viewer)
    return {part for part in PARTS if setting(person, part) in seen}


def shows(part: str, viewer: str, *, path: str = "") -> Q:
    """The same rule for a query: people whose ``part`` the viewer sees. ``path`` leads to the person: ``person__``."""
    name = f"{path}visibility__{part}"
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": list(seen_by(viewer))})
