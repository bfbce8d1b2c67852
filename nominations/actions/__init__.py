"""What happens to cases, by noun: ``drafts``, ``submitting``, ``inviting``, ``answers``, ``endorsements``, ``dossiers``, ``endings``,
``anonymising``, ``joining``, ``outcomes``, ``renewals``, ``ties``. Every change of state goes through ``moves``.
"""

from nominations.actions.addresses import correct_address
from nominations.actions.anonymising import anonymise_cases
from nominations.actions.answers import accept_nomination, correct_nomination, decline_nomination
from nominations.actions.dossiers import (
    add_to_dossier,
    complete_nomination,
    pick_contributions,
    reopen_nomination,
)
from nominations.actions.drafts import discard_draft, mail_drafts, mail_resume_link, save_draft
from nominations.actions.endings import (
    erase_ended_cases,
    expire_nominations,
    mark_ineligible,
    take_back_nomination,
    withdraw_nomination,
)
from nominations.actions.endorsements import (
    decline_endorsement,
    erase_endorser,
    request_endorsement,
    resend_endorsement,
    withdraw_endorsement_request,
    write_endorsement,
)
from nominations.actions.joining import merge_nominations, undo_merge
from nominations.actions.outcomes import decline_award, enter_review, request_second_look, settle_nominations
from nominations.actions.reminders import remind_nominees
from nominations.actions.renewals import open_renewals, retire
from nominations.actions.submitting import confirm_nomination, send_nomination
from nominations.actions.ties import (
    confirm_conflict,
    declare_conflict,
    dismiss_conflict,
    lift_conflict,
    suggest_conflicts,
)
from nominations.actions.triage import apply_triage, triage_nominations, undo_triage

__all__ = [
    "accept_nomination",
    "add_to_dossier",
    "anonymise_cases",
    "apply_triage",
    "complete_nomination",
    "confirm_conflict",
    "confirm_nomination",
    "correct_address",
    "correct_nomination",
    "declare_conflict",
    "decline_award",
    "decline_endorsement",
    "decline_nomination",
    "discard_draft",
    "dismiss_conflict",
    "enter_review",
    "erase_ended_cases",
    "erase_endorser",
    "expire_nominations",
    "lift_conflict",
    "mail_drafts",
    "mail_resume_link",
    "mark_ineligible",
    "merge_nominations",
    "open_renewals",
    "pick_contributions",
    "remind_nominees",
    "reopen_nomination",
    "request_endorsement",
    "request_second_look",
    "resend_endorsement",
    "retire",
    "save_draft",
    "send_nomination",
    "settle_nominations",
    "suggest_conflicts",
    "take_back_nomination",
    "triage_nominations",
    "undo_merge",
    "undo_triage",
    "withdraw_endorsement_request",
    "withdraw_nomination",
    "write_endorsement",
]
