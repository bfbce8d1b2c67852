"""What may become of an import."""

CHECKED = "checked"
IMPORTED = "imported"
UNDONE = "undone"

MOVES: dict[str, frozenset[str]] = {
    CHECKED: frozenset({IMPORTED}),
    IMPORTED: frozenset({UNDONE}),
    UNDONE: frozenset(),
}
