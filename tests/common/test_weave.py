"""The program as one ribbon."""

import itertools

import pytest

from common.weave import GAP, weave


def test_stripes_fill_the_width_in_proportion() -> None:
    stripes = weave([(2001, 1), (2002, 3)])
    widths = [float(s.width) for s in stripes]
    assert sum(widths) + GAP == pytest.approx(100, abs=0.02)
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.02)


def test_every_fifth_stripe_is_gold_and_the_others_alternate() -> None:
    tones = "".join(s.tone for s in weave([(year, 10) for year in range(1993, 2005)]))
    assert tones == "babacababcba"


def test_room_is_kept_for_the_year_in_review() -> None:
    last = weave([(2003, 5), (2004, 5)], room_for_next=True)[-1]
    assert float(last.x) + float(last.width) == pytest.approx(90.22, abs=0.02)


def test_labels_never_stand_closer_than_they_are_wide() -> None:
    stripes = weave([(year, 100) for year in range(1993, 2027)], room_for_next=True)
    labelled = [float(s.x) for s in stripes if s.label]
    assert labelled
    assert min(b - a for a, b in itertools.pairwise(labelled)) >= 6.5
    assert 90.4 - labelled[-1] >= 6.5


@pytest.mark.parametrize("counts", [[], [(2001, 0)], [(2001, 0), (2002, 0)]])
def test_nobody_yet_is_no_error(counts: list[tuple[int, int]]) -> None:
    assert len(weave(counts)) == len(counts)


def test_the_first_year_is_labelled_on_every_screen() -> None:
    stripes = weave([(1993, 37), (1994, 64), (1995, 900), (1996, 900)])
    assert [s.label for s in stripes] == ["always", "", "", "always"]
