"""What surrounds the four steps of a nomination: where one is, and the facts beside each step."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from charter.models import Cycle
from charter.queries import areas_open_on, program
from common import clock
from common.dates import time_left
from common.languages import named
from nominations import eligibility, queries
from nominations.forms.steps import EMPLOYEE, LINK_KINDS, RELATIONS
from nominations.forms.wizard import STEPS, problems_before_sending
from nominations.models import Nomination
from nominations.words import country_name
from people.models import Person
from people.queries import confirmed_address_of, person_of

LAST_DAYS = dt.timedelta(days=7)  # in which the page counts the time that is left


def steps_of(step: str, draft: Nomination | None) -> list[dict[str, str]]:
    """The stepper: steps before this one are done and can be gone back to."""
    labels = {
        "about": _("About you"),
        "person": _("The person and the evidence"),
        "vouch": _("Who can vouch"),
        "check": _("Check and send"),
    }
    now = STEPS.index(step)
    return [
        {
            "label": labels[name],
            "state": "done" if place < now else "current" if place == now else "",
            "href": reverse("nominations:write", args=[draft.key, name]) if draft and place < now else "",
        }
        for place, name in enumerate(STEPS)
    ]


def about_this_step(step: str, user: Any, cycle: Cycle, draft: Nomination | None) -> dict[str, Any]:
    """What stands beside the form."""
    person = person_of(user)
    answers = draft.draft.get("answers", {}) if draft else {}
    first, last = queries.evidence_window(cycle)
    facts: dict[str, Any] = {
        "house": program(),
        "window": (first, last),
        "signed_in": person is not None,
        "own_zone": person.zone if person else "",
        "left": time_left(cycle.closes_at) if cycle.closes_at - clock.now() < LAST_DAYS else [],
    }
    if step == "about":
        facts["used"] = queries.nominations_used(person, cycle) if person else None
        facts["places"] = eligibility.places_obstacle(cycle, person) if person else ""
    if step == "person":
        facts["obstacles"] = eligibility.answers_obstacles(cycle, answers, person)
        facts["notes"] = eligibility.notes_on(cycle, answers)
        facts["holders"] = queries.holders_like(str(answers.get("nominee_name") or ""))
        facts["far_enough"] = bool(answers.get("nominee_email")) and answers.get("employee") in (
            "no",
            "unsure",
        )
    if step == "check":
        facts |= {
            "person_answers": _person_answers(answers),
            "open": _still_open(draft, person) if draft else [],
            "relation": RELATIONS.get(str(answers.get("relation")), ("", ""))[0],
            "employee": EMPLOYEE.get(str(answers.get("employee")), ("", ""))[0],
            "link_kinds": LINK_KINDS,
            "links": [row for row in answers.get("links", []) if row.get("url")],
            "second": answers.get("second") if cycle.co_nominator_required else None,
            "endorsers": [row for row in answers.get("endorsers", []) if row.get("name") or row.get("email")],
            "own_name": person.name if person else answers.get("name", ""),
            "own_email": (confirmed_address_of(person) if person else "") or answers.get("email", ""),
            "own_country": country_name(str(answers.get("country") or "")),
        }
    return facts


def _still_open(draft: Nomination, person: Person | None) -> list[tuple[str, str]]:
    """Address and sentence of each thing to put right before it can be sent."""
    answers = draft.draft.get("answers", {})
    return [
        (reverse("nominations:write", args=[draft.key, step]) + f"?check{anchor}", sentence)
        for step, anchor, sentence in problems_before_sending(answers, cycle=draft.cycle, person=person)
    ]


def _person_answers(answers: dict[str, Any]) -> list[tuple[str, str]]:
    area = areas_open_on().filter(slug=str(answers.get("area") or "")).first()
    return [
        (_("Name"), str(answers.get("nominee_name") or "–")),
        (_("Email"), str(answers.get("nominee_email") or "–")),
        (_("Technology"), named(area.name) if area else "–"),
        (_("Country"), country_name(str(answers.get("nominee_country") or "")) or "–"),
    ]
