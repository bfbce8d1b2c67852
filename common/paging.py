"""Which page numbers a pagination shows."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

GAP = 0
PAGES_AT_MOST = 500  # nobody reads further, and a deep page costs the database more than the first


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known already; ``get_page`` answers to anything.

    ``pages_at_most``: None where a deep page costs no more than the first.
    """

    def __init__(
        self,
        rows: Sequence[Any] | Any,
        per_page: int,
        *,
        count: int,
        pages_at_most: int | None = PAGES_AT_MOST,
    ) -> None:
        super().__init__(rows, per_page)
        self._known, self._pages_at_most = count, pages_at_most

    @cached_property
    def count(self) -> int:
        return self._known

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, self._pages_at_most or super().num_pages)


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
