"""Which page numbers a pagination shows."""

GAP = 0


def window(page: int, pages: int, *, around: int = 1) -> list[int]:
    """First, last and the pages around ``page``; ``GAP`` (0) where some are left out, never for a single one.

    >>> window(7, 28)
    [1, 0, 6, 7, 8, 0, 28]
    """
    wanted = {1, pages, *range(max(1, page - around), min(pages, page + around) + 1)}
    shown: list[int] = []
    for number in sorted(n for n in wanted if n >= 1):
        if shown and number - shown[-1] == 2:
            shown.append(number - 1)
        elif shown and number - shown[-1] > 2:
            shown.append(GAP)
        shown.append(number)
    return shown
