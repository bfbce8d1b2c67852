"""What happens to awards, and the papers that prove them."""

from awards.actions.awards import (
    Grant,
    end_award,
    extend_terms,
    follow_merged_persons,
    grant_awards,
    hold_award,
    resign_award,
    restore_award,
    revoke_award,
    withhold_name,
)
from awards.actions.changes import forget_roster_changes
from awards.actions.credentials import sign_credential, sign_credentials
from awards.actions.keys import distrust_key, signing_key
from awards.actions.papers import issue_paper
from awards.actions.places import give_up_places, sign_status_list, sign_status_lists

__all__ = [
    "Grant",
    "distrust_key",
    "end_award",
    "extend_terms",
    "follow_merged_persons",
    "forget_roster_changes",
    "give_up_places",
    "grant_awards",
    "hold_award",
    "issue_paper",
    "resign_award",
    "restore_award",
    "revoke_award",
    "sign_credential",
    "sign_credentials",
    "sign_status_list",
    "sign_status_lists",
    "signing_key",
    "withhold_name",
]
