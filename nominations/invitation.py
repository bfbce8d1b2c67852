"""The notice to somebody about whom others gave data: what is held, and for how long."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nominations.models import Nomination, Support
from nominations.queries import supports_of
from nominations.words import country_name


def what_is_held(nomination: Nomination) -> list[tuple[str, str, str]]:
    """Rows of (what, as given, how long)."""
    supports = list(supports_of(nomination))
    links = sum(len(support.links) for support in supports)
    named = [support for support in supports if support.kind == Support.Kind.ENDORSER]
    the_same = _("The same")
    rows = [
        (
            _("Name and email"),
            f"{nomination.nominee_name}, {masked(nomination.nominee_email)}",
            _("In this case until 30 days after you retire or it ends; your profile is yours to keep")
            if nomination.is_renewal
            else _("Until 30 days after you refuse, or after the invitation ends"),
        ),
        (_("Country"), country_name(str(nomination.country)) or "–", the_same),
    ]
    if not nomination.is_renewal:
        what = ngettext("Statement and %(number)s link", "Statement and %(number)s links", links) % {
            "number": links
        }
        rows.append(
            (
                what,
                _("Shown above"),
                _("The same; if reviewed and not awarded, %(months)s months, then without your name")
                % {"months": nomination.cycle.months_kept},
            )
        )
    if named:
        people = ngettext(
            "%(number)s person who may be asked about your work",
            "%(number)s people who may be asked about your work",
            len(named),
        ) % {"number": len(named)}
        rows.append((people, ", ".join(support.name for support in named), the_same))
    return rows


def masked(email: str) -> str:
    """``i…@example.lv``: enough to recognise, too little to copy."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""
