"""The states of an award, as the rule book has them.

*In force* and *ended* are not stored: a granted award is in force from the first to the last day of its term.
"""

GRANTED = "granted"
ON_HOLD = "on_hold"
RESIGNED = "resigned"
REVOKED = "revoked"

MOVES: dict[str, set[str]] = {
    GRANTED: {ON_HOLD, RESIGNED, REVOKED},
    ON_HOLD: {GRANTED, RESIGNED, REVOKED},
    RESIGNED: set(),
    REVOKED: {GRANTED},  # an appeal succeeded
}
