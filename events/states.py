"""The states of a registration. Everybody joins the line as waiting; places go to its head while there are any.

Whether somebody came is no state: the office notes it after the summit.
"""

WAITING = "waiting"
REGISTERED = "registered"
CANCELLED = "cancelled"

MOVES: dict[str, set[str]] = {
    WAITING: {REGISTERED, CANCELLED},
    REGISTERED: {CANCELLED},
    CANCELLED: {WAITING},  # who comes back joins the end of the line
}

HELD = frozenset({WAITING, REGISTERED})
