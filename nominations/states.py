"""The states of a nomination and the moves between them, as the rule book has them.

Being decided is no state: it is a fact of the decision alone until the release.
"""

DRAFT = "draft"
INVITED = "invited"
ACCEPTED = "accepted"
COMPLETE = "complete"
IN_REVIEW = "in_review"
AWARDED = "awarded"
ON_RESERVE = "on_reserve"
NOT_AWARDED = "not_awarded"
SECOND_LOOK = "second_look"
INELIGIBLE = "ineligible"
DECLINED = "declined"
AWARD_DECLINED = "award_declined"
EXPIRED = "expired"
WITHDRAWN = "withdrawn"
MERGED = "merged"

MOVES: dict[str, set[str]] = {
    DRAFT: {INVITED, WITHDRAWN},
    INVITED: {ACCEPTED, DECLINED, EXPIRED, WITHDRAWN, INELIGIBLE, MERGED},
    ACCEPTED: {COMPLETE, DECLINED, EXPIRED, WITHDRAWN, INELIGIBLE, MERGED},
    COMPLETE: {ACCEPTED, IN_REVIEW, WITHDRAWN, INELIGIBLE, MERGED},
    IN_REVIEW: {AWARDED, ON_RESERVE, NOT_AWARDED, INELIGIBLE, WITHDRAWN, MERGED},
    ON_RESERVE: {AWARDED, NOT_AWARDED},
    NOT_AWARDED: {SECOND_LOOK},
    SECOND_LOOK: {AWARDED, NOT_AWARDED},
    AWARDED: {AWARD_DECLINED},
    INELIGIBLE: set(),
    DECLINED: set(),
    AWARD_DECLINED: set(),
    EXPIRED: set(),
    WITHDRAWN: set(),
    MERGED: {INVITED, ACCEPTED, COMPLETE, IN_REVIEW},  # undone: back to the state before
}

OPEN = frozenset({INVITED, ACCEPTED, COMPLETE, IN_REVIEW, SECOND_LOOK})  # somebody still works on it
SETTLED_IN = frozenset({COMPLETE, IN_REVIEW, ON_RESERVE, SECOND_LOOK, NOT_AWARDED})  # a tie found now stays
BEFORE_RELEASE = frozenset({DRAFT, INVITED, ACCEPTED, COMPLETE, IN_REVIEW})  # may be withdrawn
OUTCOMES = frozenset({AWARDED, ON_RESERVE, NOT_AWARDED, INELIGIBLE})  # what a release says
ERASED_AFTER_30_DAYS = frozenset({DECLINED, EXPIRED})
WITHOUT_AWARD = frozenset(
    {NOT_AWARDED, INELIGIBLE, WITHDRAWN, ON_RESERVE, SECOND_LOOK}
)  # lose their names later
