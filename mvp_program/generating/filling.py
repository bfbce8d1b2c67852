"""Fills a demo up to a size: people, cases and reviews are invented first, then written with COPY, table by table.

What comes by the hundred thousand (contributions, dossiers, statements) is invented while it is written, so that
memory stays small at every size.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.bulk import SignatureRow, copy_grants, copy_signatures, copy_users
from accounts.models import Role, RoleGrant
from awards.bulk import copy_award_rows
from awards.models import Award
from charter.models import Category, Cycle
from common import history
from common.copying import indexes_aside
from common.models import DemoMarker, SiteFact
from contributions.bulk import copy_contributions
from contributions.models import Contribution
from mvp_program.generating.awards import award_rows
from mvp_program.generating.cases import Cases
from mvp_program.generating.chance import Keys
from mvp_program.generating.crowd import BLOCK, Crowd
from mvp_program.generating.logs import Log
from mvp_program.generating.people import (
    Population,
    address_rows,
    employer_rows,
    link_rows,
    person_rows,
    sign_in_rows,
    user_rows,
)
from mvp_program.generating.reviewers import Reviewers
from mvp_program.generating.reviews import Reviewing
from mvp_program.generating.sizes import Size, read_size
from mvp_program.generating.world import World, look_around
from mvp_program.seeding.days import Calendar, first_day
from nominations import conflicts
from nominations.bulk import copy_cases, copy_dossier_items, copy_supports
from nominations.models import Nomination
from nominations.queries import evidence_window
from people.bulk import copy_addresses, copy_employers, copy_links, copy_people, copy_sign_in_addresses
from people.models import Person
from selection.actions import compute_numbers, numbers_due
from selection.bulk import (
    copy_assignments,
    copy_candidacies,
    copy_decisions,
    copy_expertise,
    copy_reviews,
    copy_scores,
    give_letters,
    write_checked_copies,
)
from selection.models import Stage

FACT = "generated"
STEPS = 26  # tables and the like that ``say`` hears of
JOINED = -300  # the day on which invented people got their accounts and roles

WATCHED = 5000  # rows between two signs of life while a table is written

Say = Callable[[str, int], None]


def steps_of(name: str) -> int:
    """How often ``say`` is called for a size."""
    crowd = read_size(name).crowd.persons
    return STEPS + (-(-crowd // BLOCK) + 2 if crowd else 0)


class NothingToFill(Exception):
    """The database cannot be filled, or was filled; the message is a whole sentence."""


def fill(name: str, *, say: Say, watch: Say = lambda what, rows: None) -> dict[str, int]:
    """Fill the demo up to a size. Returns the rows written.

    ``say(what, rows)`` hears of each finished table, ``watch(what, rows so far)`` of a long one every now and then.
    """
    size, calendar = read_size(name), _check()
    written: dict[str, int] = {}

    def tell(what: str, count: int) -> None:
        written[what] = count
        say(what, count)

    with transaction.atomic():
        world = look_around(calendar)
        _invent_and_write(size.core, calendar, world, say, tell, watch)
        if size.crowd.persons:
            _write_crowd(world, size, tell)
            tell(_("indexes built"), 0)
        SiteFact.objects.create(name=FACT, value={"size": name, "rows": written})
    history.seal()
    tell(_("history sealed"), 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return written


def _check() -> Calendar:
    """Only a demo is filled, once, and only if its cycles are there."""
    if not DemoMarker.objects.exists():
        raise NothingToFill(
            _("Only a demo is filled with invented people: run `manage.py seed --demo` first.")
        )
    fact = SiteFact.objects.filter(name=FACT).first()
    if fact is not None:
        size = fact.value["size"]
        raise NothingToFill(
            _("This demo has been filled to size %(size)s already; nothing changed.") % {"size": size}
        )
    day = first_day()
    if day is None or not Cycle.objects.filter(slug=str(day.year + 1)).exists():
        raise NothingToFill(_("The cycle in review is missing: run `manage.py seed --demo` again."))
    return Calendar(day)


def _write_crowd(world: World, size: Size, tell: Say) -> None:
    """Those whom the roster alone knows, block by block. The constraints are looked at with each block: kept for the end,
    the database would hold a note of every row in memory."""
    crowd, people_so_far, awards_so_far = Crowd(world, size), 0, 0
    chance, texts = crowd.chance, crowd.texts
    with indexes_aside(Person, Award, Contribution):
        for people in crowd.blocks():
            people_so_far += copy_people(person_rows(people, texts, chance))
            copy_links(link_rows(people, chance))
            awards = award_rows(people, world, texts, chance, crowd.award_keys, second_areas=False)
            awards_so_far += copy_award_rows(awards)
            copy_contributions(crowd.activity_rows(people))
            tell(_("people of the roster alone"), people_so_far)
        tell(_("awards of theirs"), awards_so_far)


def _invent_and_write(size: Size, calendar: Calendar, world: World, say: Say, tell: Say, watch: Say) -> None:
    joined = calendar.at(JOINED)
    there = Person.objects.count()
    say(_("looking around"), 0)
    population = Population(world, size)
    say(_("holders invented"), len(population.holders))
    cases = Cases(population, size.nominations - Nomination.objects.filter(cycle=world.cycle).count())
    reviewers = Reviewers(population, cases.completed)
    while len(population.everybody) + there < size.persons:
        population.invent()
    cases.find_supporters()
    population.settle()
    say(_("people invented"), len(population.everybody))
    log = Log(population, [case.nominee for case in cases.completed], evidence_window(world.cycle))
    reviewing = Reviewing(population, cases.completed)
    able = reviewers.settle()
    reviewing.score(reviewing.screen(reviewers.leads), able)
    rows = reviewing.rows
    say(_("reviews invented"), len(rows.reviews))
    texts, chance = population.texts, population.chance
    of_awards = random.Random(f"{size.name}/awards")  # noqa: S311  invented awards, no secret
    awards = award_rows(population.holders, world, texts, of_awards, Keys(of_awards).of(8))
    tables: list[tuple[str, Callable[[Any], int], Iterable[Any]]] = [
        (_("accounts"), copy_users, user_rows(population, joined)),
        (_("people"), copy_people, person_rows(population.everybody, texts, chance)),
        (_("addresses"), copy_addresses, address_rows(population, joined)),
        (_("addresses for signing in"), copy_sign_in_addresses, sign_in_rows(population)),
        (_("employers"), copy_employers, employer_rows(population)),
        (_("links"), copy_links, link_rows(population.everybody, chance)),
        (_("roles"), copy_grants, reviewers.grant_rows(joined.date())),
        (_("expertise"), copy_expertise, reviewers.expertise_rows(able)),
        (_("awards"), copy_award_rows, awards),
        (_("contributions"), copy_contributions, log.rows()),
        (_("nominations"), copy_cases, cases.case_rows()),
        (_("nominators and endorsers"), copy_supports, cases.support_rows()),
        (_("dossiers"), copy_dossier_items, cases.dossier_rows(log)),
        (_("signatures"), copy_signatures, _signatures(cases, world.agreements)),
        (_("candidacies"), copy_candidacies, rows.candidacies),
        (_("assignments"), copy_assignments, rows.assignments),
        (_("reviews"), copy_reviews, rows.reviews),
        (_("scores"), copy_scores, rows.scores),
        (_("pending decisions"), copy_decisions, rows.decisions),
        (_("history"), history.copy_events, chain(cases.events(), rows.events)),
    ]
    for what, copy, found in tables:
        tell(what, copy(_watched(found, what, watch)))
    conflicts.recompute([case.id for case in cases.all])
    tell(_("ties"), 0)
    tell(_("letters of discussions"), give_letters(world.stages[1]))
    tell(_("copies without names"), _copies(world.stages[1], calendar))
    _ask_for_numbers(world.stages[1], at_once=world.led)


def _ask_for_numbers(stage: Stage, *, at_once: Iterable[int]) -> None:
    """Agreement and calibrated scores: those of some categories now, those of the others are left to the worker."""
    reviewed = Nomination.objects.filter(candidacies__stage=stage)
    for category in Category.objects.filter(pk__in=reviewed.values("category")):
        if category.pk in at_once:
            compute_numbers(stage, category)
        else:
            numbers_due(stage.pk, category.pk, at_once=True)


def _copies(stage: Stage, calendar: Calendar) -> int:
    """Copies for the technology review, each checked by the chair of its category, else by the office."""
    if not stage.hide_nominee:
        return 0
    leads = RoleGrant.objects.filter(
        role__in=(Role.TECHNOLOGY_LEAD, Role.PROGRAM_OFFICE), user__person__isnull=False
    ).order_by("-role", "-pk")
    by: dict[int | None, int] = dict(leads.values_list("category_id", "user__person__pk"))
    read = Nomination.objects.filter(candidacies__stage=stage).order_by("pk")
    return write_checked_copies(
        read,
        by=by,
        proposed_at=stage.opens_at,
        checked_at=min(stage.opens_at + dt.timedelta(hours=9), calendar.at(0, hour=0)),
    )


def _watched(rows: Iterable[Any], what: str, watch: Say) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count and count % WATCHED == 0:
            watch(what, count)
        yield row


def _signatures(cases: Cases, agreements: list[Any]) -> list[SignatureRow]:
    """Who accepted has signed what acceptance asks for, the newest version of each."""
    newest = {agreement.kind: agreement for agreement in agreements}
    return [
        SignatureRow(case.nominee.user_id, agreement.pk, case.answered_at or dt.datetime.now(dt.UTC))
        for case in cases.completed
        for agreement in newest.values()
        if case.nominee.user_id
    ]
