"""Which page numbers are shown."""

import pytest

from common.paging import window


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 5, [1, 2, 0, 5]),
        (2, 4, [1, 2, 3, 4]),
        (3, 5, [1, 2, 3, 4, 5]),
        (4, 28, [1, 2, 3, 4, 5, 0, 28]),
        (7, 28, [1, 0, 6, 7, 8, 0, 28]),
        (28, 28, [1, 0, 27, 28]),
    ],
)
def test_window(page: int, pages: int, shown: list[int]) -> None:
    assert window(page, pages) == shown
