"""States of the selection: candidacies, assignments, reviews, releases."""

# A candidacy: one nomination in one stage and round.
OPEN = "open"
FORWARD = "forward"  # left the stage for the next one
STOPPED = "stopped"  # the stage said no; the outcome waits for the release
DECIDED = "decided"  # the last stage decided; the outcome waits for the release
CARRIED = "carried"  # goes on in the next cycle
LEFT = "left"  # withdrawn, merged or ineligible while in the stage

CANDIDACY_MOVES: dict[str, set[str]] = {
    OPEN: {FORWARD, STOPPED, DECIDED, CARRIED, LEFT},
    FORWARD: {OPEN, STOPPED},  # reopened by the office, with a reason; found ineligible on the board
    STOPPED: {OPEN, FORWARD},
    DECIDED: {OPEN, LEFT},  # reopened; a second decision that the office took back
    CARRIED: set(),
    LEFT: {OPEN},  # a merge undone
}

# An assignment: a reviewer's task.
ASSIGNED = "assigned"
DONE = "done"
RECUSED = "recused"  # stepped back because of a tie
ABSTAINED = "abstained"  # "I cannot judge this"
ASSIGNMENT_DECLINED = "declined"  # "I have no time"
RELEASED_FROM = "released"  # taken back by the chair

ASSIGNMENT_MOVES: dict[str, set[str]] = {
    ASSIGNED: {DONE, RECUSED, ABSTAINED, ASSIGNMENT_DECLINED, RELEASED_FROM},
    DONE: {ASSIGNED, RECUSED},
    RECUSED: set(),
    ABSTAINED: {ASSIGNED},
    ASSIGNMENT_DECLINED: {ASSIGNED},
    RELEASED_FROM: {ASSIGNED},
}

# A plan of an assignment.
PLAN_ASKED = "asked"  # the worker makes it
PLAN_DRAFT = "draft"  # can be looked at
PLAN_PUBLISHED = "published"
PLAN_DISCARDED = "discarded"

PLAN_MOVES: dict[str, set[str]] = {
    PLAN_ASKED: {PLAN_DRAFT, PLAN_DISCARDED},
    PLAN_DRAFT: {PLAN_PUBLISHED, PLAN_DISCARDED},
    PLAN_PUBLISHED: set(),
    PLAN_DISCARDED: set(),
}

# A review: the answer to an assignment.
REVIEW_DRAFT = "draft"
REVIEW_SUBMITTED = "submitted"

REVIEW_MOVES: dict[str, set[str]] = {
    REVIEW_DRAFT: {REVIEW_SUBMITTED},
    REVIEW_SUBMITTED: {REVIEW_DRAFT},  # reopened while the stage is open
}

# The copy of a dossier that does not say whose it is.
COPY_PROPOSED = "proposed"
COPY_CHECKED = "checked"

COPY_MOVES: dict[str, set[str]] = {
    COPY_PROPOSED: {COPY_CHECKED},
    COPY_CHECKED: {
        COPY_CHECKED,
        COPY_PROPOSED,
    },  # mended by another look; proposed anew when the originals change
}

# A stage.
STAGE_PLANNED = "planned"
STAGE_OPEN = "open"
STAGE_CLOSED = "closed"

STAGE_MOVES: dict[str, set[str]] = {
    STAGE_PLANNED: {STAGE_OPEN},
    STAGE_OPEN: {STAGE_CLOSED},
    STAGE_CLOSED: {STAGE_OPEN},  # reopened by the office, with a reason
}

# A release: outcomes that become visible together.
PLANNED = "planned"
CONFIRMED = "confirmed"
RELEASED = "released"
CANCELLED = "cancelled"

RELEASE_MOVES: dict[str, set[str]] = {
    PLANNED: {CONFIRMED, CANCELLED},
    CONFIRMED: {RELEASED, PLANNED, CANCELLED},
    RELEASED: set(),
    CANCELLED: set(),
}

# Outcomes of a decision, all pending until its release.
AWARD = "award"
RESERVE = "reserve"
NOT_THIS_TIME = "not_this_time"
INELIGIBLE = "ineligible"
CARRY_OVER = "carry_over"

# What a chair says on the board beside an outcome: it changes nothing, the case is talked about first.
DISCUSS = "discuss"
