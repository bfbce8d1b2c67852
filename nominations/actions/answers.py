"""The nominee answers: accepts, declines, corrects what was written about them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actions import sign_agreements
from accounts.models import User
from charter.models import Agreement
from charter.queries import agreements_for_acceptance, region_of
from common import clock, history, locks
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import conflicts, eligibility, links, states, stops
from nominations.actions.endorsements import ask_named_endorsers
from nominations.actions.moves import already_done, change_state, locked, require_state
from nominations.actions.telling import tell_nominators
from nominations.models import AccessLink, Nomination
from nominations.queries import case_of, standing_case
from people.actions import change_settings, confirm_address, rename_person
from people.models import Person
from people.queries import mail_address_of, person_by_address, person_of

ERASE_AFTER = dt.timedelta(days=30)


@transaction.atomic
def accept_nomination(
    nomination: Nomination,
    *,
    by: User | None,
    agreements: list[Agreement],
    attested: bool,
    nominator_may_learn: bool,
    link: AccessLink | None = None,
) -> tuple[Nomination, User]:
    """invited → accepted: confirms the address of the link, makes the account, signs, and lets endorsers be asked.

    Returns the case and the user to sign in. ``by`` is whoever is signed in; with a link the case becomes
    theirs, unless the address belongs to somebody else.
    """
    if link is not None:
        locks.hold(
            f"address:{link.email}"
        )  # before the case: whoever confirms an address moves the cases behind it
    case = locked(nomination)
    require_state(case, states.INVITED)
    if link is not None:
        use_link(link)
    nominee = _who_accepts(case, by=by, link=link)
    case = locked(case_of(locked(case)))  # two rows may have turned out to be one person, and their cases one
    if case.state != states.INVITED and nominee.user is not None:
        return case, nominee.user
    obstacle = eligibility.acceptance_obstacle(case, nominee)
    if obstacle:
        raise RuleBroken(obstacle)
    if not attested:
        raise RuleBroken(_("Please say that you are 18 or older and do not work for the organiser."))
    if missing := [a for a in agreements_for_acceptance() if a not in agreements]:
        raise RuleBroken(_("Please agree to: %(title)s.") % {"title": missing[0].title})
    if nominee.pk != case.nominee_id:
        _require_no_rival(case, nominee)
    user = nominee.user
    if user is None:
        raise RuleBroken(_("Please accept by the link in the invitation mail."))
    sign_agreements(user, agreements)
    now = clock.now()
    change_state(
        case,
        states.ACCEPTED,
        verb="accept_nomination",
        by=user,
        codes={"by_link": link is not None},
        nominee=nominee,
        accepted_at=now,
        nominator_may_learn_outcome=nominator_may_learn,
        attested_adult=True,
        attested_not_employee=True,
    )
    stops.lift_stop(case.nominee_email)
    ask_named_endorsers(case, by=user)
    tell_nominators(case, "nominations.accepted")
    conflicts.recompute([case.pk])
    return case, user


@transaction.atomic
def decline_nomination(
    nomination: Nomination,
    *,
    by: Actor | None,
    for_good: bool,
    link: AccessLink | None = None,
    may_not: bool = False,
) -> Nomination:
    """→ declined. The case's personal data end in 30 days; a mark without a name stops new invitations, for a year
    or, ``for_good``, always. ``may_not`` notes that the nominee is too young or works for the organiser."""
    case = locked(nomination)
    if already_done(case, states.DECLINED, verb="decline_nomination", by=by):
        return case
    require_state(case, states.INVITED, states.ACCEPTED)
    codes = {"for_good": for_good, **({"may_not": True} if may_not else {})}
    close_as_declined(case, verb="decline_nomination", by=by, link=link, codes=codes)
    until = None if for_good else clock.now() + stops.NOT_NOW
    for email in {case.nominee_email, mail_address_of(case.nominee) if case.nominee else ""} - {""}:
        stops.stop_invitations(email, until=until)
    tell_nominators(case, "nominations.ended")
    return case


def close_as_declined(
    case: Nomination,
    *,
    verb: str,
    by: Actor | None,
    link: AccessLink | None,
    codes: dict[str, bool] | None = None,
) -> None:
    """A locked case ends at its nominee's word: its links end, its personal data in 30 days."""
    if link is not None:
        use_link(link)
    now = clock.now()
    codes = {**(codes or {}), "by_link": link is not None}
    change_state(
        case, states.DECLINED, verb=verb, by=by, codes=codes, ended_at=now, erase_at=now + ERASE_AFTER
    )
    AccessLink.objects.filter(nomination=case, used_at=None).update(ends_at=now)


@transaction.atomic
def correct_nomination(nomination: Nomination, *, name: str, country: str, by: Actor | None) -> Nomination:
    """The nominee sets right how the case writes their name and country. A correction is no answer."""
    case = locked(nomination)
    require_state(case, states.INVITED, states.ACCEPTED)
    if (case.nominee_name, str(case.country)) == (name, country):
        return case
    if case.nominee is not None and case.nominee.user_id is None and (language := get_language()):
        change_settings(case.nominee, language=language, zone=case.nominee.zone, by=by)
    case.nominee_name, case.country, case.region = name, country, region_of(country)
    case.save(update_fields=["nominee_name", "country", "region"])
    history.record("nomination", case.key, "correct_nomination", by=by)
    if case.nominee is not None and case.nominee.user_id is None:
        rename_person(case.nominee, name=name, country=country, by=by)
    return case


def use_link(link: AccessLink) -> None:
    row = AccessLink.objects.select_for_update().get(pk=link.pk)
    if row.used_at is not None:
        raise Outdated(_("This link has been used. Sign in to see your case."))
    if links.has_ended(row):
        raise Outdated(_("This link has ended."))
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])


def _who_accepts(case: Nomination, *, by: User | None, link: AccessLink | None) -> Person:
    """The person whose case it becomes. Opening a mailed link proves the mailbox; being signed in, who one is."""
    signed_in = person_of(by)
    if link is None:
        if signed_in is None or signed_in.pk != case.nominee_id:
            raise RuleBroken(_("Please accept by the link in the invitation mail."))
        _require_own_account(case, owner=signed_in, reader=signed_in)
        return signed_in
    owner = person_by_address(link.email, confirmed_only=True)
    _require_own_account(case, owner=owner, reader=signed_in)
    if owner is not None and signed_in is not None and owner.pk != signed_in.pk:
        raise RuleBroken(
            _(
                "This invitation belongs to another account than the one you are signed in with. Sign out first."
            )
        )
    return confirm_address(owner or signed_in or _nominee(case), link.email, by=by)


def _require_own_account(case: Nomination, *, owner: Person | None, reader: Person | None) -> None:
    """Who nominated themselves with one account must not become a second person through a mailbox, be it confirmed by then."""
    obstacle = eligibility.oneself_obstacle(case, owner=owner, reader=reader)
    if obstacle:
        raise RuleBroken(obstacle)


def _nominee(case: Nomination) -> Person:
    if case.nominee is None:
        raise RuleBroken(_("This nomination has no nominee."))
    return case.nominee


def _require_no_rival(case: Nomination, nominee: Person) -> None:
    """The address turned out to be somebody's who is known already: do they have this case as well?"""
    rival = standing_case(cycle=case.cycle, nominee=nominee, area_id=case.area_id or 0)
    if rival is not None and rival.pk != case.pk:
        raise RuleBroken(
            _("You have a case for this technology already. Write to the program office to have them joined.")
        )
