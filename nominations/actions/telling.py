"""Mail about a case to those it concerns. One cause for each fact: nothing is mailed twice."""

from common import outbox
from nominations import states
from nominations.models import Nomination, Support
from nominations.queries import NOMINATOR, language_of, nominators_of, state_shown_to
from people.queries import mail_address_of


def tell_nominee(case: Nomination, kind: str, *, again: str = "") -> None:
    """Mail to the nominee; ``again`` tells a fact that can happen twice from its first time."""
    person = case.nominee
    to = mail_address_of(person) if person is not None else ""
    if person is None or not to or person.deceased:
        return
    outbox.post(
        kind,
        to=to,
        cause=":".join(filter(None, [kind, case.key, again])),
        keys={"nomination": case.key},
        language=person.mail_language,
        person_key=person.key,
    )


def tell_nominators(case: Nomination, kind: str, *, again: str = "", joined: bool = True) -> None:
    """Mail to everybody who nominated the case, each with the key of the row that they brought; without ``joined`` to
    whoever opened it alone.

    With ``joined``, not to those whose page still reads "invited": they must not learn that the case was open before them.
    """
    outbox.post_many(
        _post(support, kind, again)
        for support in nominators_of(case)
        if _address(support)
        and _is_other(support, case)
        and (_may_know(support) if joined else support.nomination_id == case.pk)
    )


def _may_know(support: Support) -> bool:
    return state_shown_to({NOMINATOR}, support.nomination, support) != states.INVITED


def _is_other(support: Support, case: Nomination) -> bool:
    return support.person_id is None or support.person_id != case.nominee_id


def _address(support: Support) -> str:
    return (mail_address_of(support.person) if support.person else "") or support.email


def _post(support: Support, kind: str, again: str) -> outbox.Post:
    person = support.person
    return outbox.Post(
        kind,
        _address(support),
        ":".join(filter(None, [kind, support.key, again])),
        keys={"nomination": support.nomination.key, "support": support.key},
        language=language_of(support),
        person_key=person.key if person else "",
    )
