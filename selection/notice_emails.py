"""Letters of the selection that tell no outcome: tasks, dates that slipped, thanks for a year, the head of the history.

As ``emails``, they are drawn when they are sent, in their reader's language.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists

from accounts.models import Role
from accounts.queries import users_holding
from charter.models import Cycle
from charter.queries import program
from common import outbox
from common.letters import site_address, write_letter
from nominations import states as cases
from nominations.models import Nomination, Support
from nominations.queries import NOMINATOR, case_of, hard_ties, language_of, state_shown_to
from people.models import Person
from selection import states
from selection.emails import addresses_of, supports_of
from selection.models import Assignment, Release, Stage, ToldDate
from selection.queries.own_year import people_of_year
from selection.queries.releases import visible_release_keys
from selection.queries.workbench import pace

TASKS = "selection.tasks"
OWN_YEAR = "selection.own_year"
DELAYED = "selection.delayed"
DELAYED_FOR_SUPPORTER = "selection.delayed_for_supporter"
HISTORY_HEAD = "selection.history_head"


def tasks_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """To a reviewer who was given cases: how many wait, and until when; ``keys``: stage, person."""
    stage, person = _stage_of(keys), Person.objects.get(key=keys["person"])
    given = {
        "stage": stage,
        "person": person,
        "waiting": _waiting(stage, person),
        "zone": program().zone,
        "link": site_address("/review/"),
        "capacity_link": site_address("/review/capacity/"),
    }
    return write_letter("selection/tasks", given, language=language)


def reminder_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """To a reviewer whose cases still wait, with the pace that finishes on time; ``keys``: stage, person.

    Nothing to who has finished meanwhile, or once the stage takes no more.
    """
    stage, person = _stage_of(keys), Person.objects.get(key=keys["person"])
    waiting = _waiting(stage, person)
    if not waiting or not stage.is_running():
        raise outbox.NothingToSay
    return write_reminder(stage, person, waiting, language)


def write_reminder(stage: Stage, person: Person, waiting: int, language: str) -> outbox.Letter:
    """The letter about cases that wait."""
    given = {
        "stage": stage,
        "person": person,
        "waiting": waiting,
        "pace": pace(waiting, stage.closes_at),
        "zone": program().zone,
        "link": site_address("/review/"),
    }
    return write_letter("selection/reminder", given, language=language)


def _stage_of(keys: dict[str, Any]) -> Stage:
    slug, _slash, number = keys["stage"].rpartition("/")
    return Stage.objects.select_related("cycle").get(cycle__slug=slug, number=number)


def _waiting(stage: Stage, person: Person) -> int:
    tie = hard_ties(person, case="candidacy__nomination")
    own = Assignment.objects.filter(~Exists(tie), candidacy__stage=stage, reviewer=person)
    return own.filter(state=states.ASSIGNED).count()


def own_year_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """Thanks to a reviewer or lead after the release; ``keys``: release, person."""
    cycle = Release.objects.select_related("cycle").get(key=keys["release"]).cycle
    return _thanks(cycle, Person.objects.get(key=keys["person"]), language)


def sample_of_year(cycle: Cycle) -> tuple[int, str, outbox.Letter] | None:
    """How many are thanked after the main release, whom first, and that letter; ``None`` where there is nobody."""
    people = people_of_year(cycle)
    if not people:
        return None
    first = min(people, key=lambda person: person.key)
    return len(people), first.name, _thanks(cycle, first, first.mail_language)


def _thanks(cycle: Cycle, person: Person, language: str) -> outbox.Letter:
    link = site_address(f"/review/year/?cycle={cycle.slug}")
    facts = {"cycle": cycle, "person": person, "link": link}
    return write_letter("selection/own_year", facts, language=language)


def posts_of_year(release: Release) -> list[outbox.Post]:
    """One mail to each who reviewed in the cycle or leads a region, in three statements."""
    people = people_of_year(release.cycle)
    addresses = addresses_of(one.pk for one in people)
    return [
        outbox.Post(
            OWN_YEAR,
            addresses[one.pk],
            f"{OWN_YEAR}:{release.key}:{one.key}",
            {"release": release.key, "person": one.key},
            one.mail_language,
            one.key,
        )
        for one in people
        if one.pk in addresses
    ]


def posts_of_delay(batch: str, affected: Sequence[Nomination]) -> list[outbox.Post]:
    """One mail to each nominee, and to each who brought or endorsed a case, about dates that slipped; three statements.

    Not to those whose page still reads "invited": they must not learn that the case was open before them.
    """
    by_pk = {case.pk: case for case in affected}
    supports = [one for one in supports_of(by_pk) if _may_know(one)]
    people = {case.nominee_id for case in affected} | {one.person_id for one in supports}
    addresses = addresses_of(person for person in people if person is not None)
    posts = []
    for case in affected:
        nominee = case.nominee
        if nominee is not None and not nominee.deceased and nominee.pk in addresses:
            posts.append(_post_of_delay(DELAYED, addresses[nominee.pk], batch, case.key, nominee))
    for one in supports:
        case = by_pk[one.case_id]  # type: ignore[attr-defined]
        to = addresses.get(one.person_id or 0) or one.email
        is_nominee = one.person_id is not None and one.person_id == case.nominee_id
        if case.state == cases.SECOND_LOOK and not case.nominator_may_learn_outcome:
            continue  # the letter before it was not theirs
        if to and not is_nominee and not (one.person and one.person.deceased):
            posts.append(
                _post_of_delay(DELAYED_FOR_SUPPORTER, to, batch, one.nomination.key, one.person, one)
            )
    return posts


def _may_know(support: Support) -> bool:
    return state_shown_to({NOMINATOR}, support.nomination, support) != cases.INVITED


def _post_of_delay(
    kind: str, to: str, batch: str, case: str, person: Person | None, support: Support | None = None
) -> outbox.Post:
    keys = {"nomination": case, "batch": batch} | ({"support": support.key} if support else {})
    cause = f"{DELAYED}:{batch}:{support.key if support else case}"
    language = language_of(support) if support else person.mail_language if person else "en"
    return outbox.Post(kind, to, cause, keys, language, person.key if person else "")


def delay_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """What slipped, and to when; ``keys``: nomination, batch, and support for who brought or endorsed the case."""
    found = Nomination.objects.select_related("nominee", "merged_into").get(key=keys["nomination"])
    support = Support.objects.get(key=keys["support"]) if "support" in keys else None
    case = case_of(found)
    rows = ToldDate.objects.filter(batch=keys["batch"]).select_related("stage", "cycle").order_by("pk")
    news = [row for row in rows if case.state == cases.ACCEPTED or not row.of_dossiers]
    if not news:
        raise outbox.NothingToSay
    return write_delay(case, support, news, site_address(f"/nominations/{found.key}/"), language)


def write_delay(
    case: Nomination, support: Support | None, rows: Sequence[ToldDate], link: str, language: str
) -> outbox.Letter:
    """The letter about dates that slipped: the same to everybody, and nothing about the case."""
    given = {
        "case": case,
        "nominee": case.nominee_name,
        "name": support.name if support else case.nominee.called if case.nominee else "",
        "for_supporter": support is not None,
        "rows": rows,
        "of_dossiers": all(row.of_dossiers for row in rows),
        "cycle": rows[0].cycle.label,
        "zone": program().zone,
        "link": link,
    }
    return write_letter("selection/delayed", given, language=language)


def history_letter(keys: dict[str, Any], language: str) -> outbox.Letter:
    """To an auditor: the head digest of the history after a release; ``keys``: release, person, head."""
    release = Release.objects.select_related("cycle").get(key=keys["release"])
    person = Person.objects.get(key=keys["person"])
    given = {"release": release, "person": person, "head": keys["head"], "zone": program().zone}
    return write_letter("selection/history_head", given, language=language)


def posts_of_head(release: Release, head: str) -> list[outbox.Post]:
    """One mail to each auditor who may know of the release: one with nothing but their own ties is none to them."""
    auditors = [
        user
        for user in users_holding(Role.AUDITOR).exclude(person=None).select_related("person")
        if visible_release_keys(user, [release.key])
    ]
    addresses = addresses_of(user.person.pk for user in auditors)
    return [
        outbox.Post(
            HISTORY_HEAD,
            addresses[one.pk],
            f"{HISTORY_HEAD}:{release.key}:{one.key}",
            {"release": release.key, "person": one.key, "head": head},
            one.mail_language,
            one.key,
        )
        for one in (user.person for user in auditors)
        if one.pk in addresses
    ]
