"""What the letter to an employer says of a summit. The paper itself is an award's (``awards.actions.issue_paper``)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from awards.models import Award
from awards.paper_words import letter_words, on_one_line, printable_name, said_of_holders
from charter.models import Program
from common.dates import span
from events.models import Summit


def summit_facts(summit: Summit) -> dict[str, str]:
    """Name, place, days and what it costs, in the language that is active."""
    days = span(summit.starts, summit.ends)
    return {"summit": summit.name, "place": summit.place, "days": days, "cost": summit.cost}


def summit_letter_words(
    award: Award, summit: Summit, *, program: Program, years: Sequence[int], has_place: bool
) -> dict[str, Any]:
    """The letter that asks for professional days for one summit; ``has_place``: a place is kept already."""
    facts = summit_facts(summit)
    held = said_of_holders(program)
    named = {"name": printable_name(award), **facts}
    kept = _("A place is kept for %(name)s.") % named if has_place else ""
    words = letter_words(award, program=program, years=list(years), summit=facts, held=held, kept=kept)
    words["heading"] = _("%(name)s: %(summit)s, %(days)s") % {**named, "days": on_one_line(facts["days"])}
    return words
