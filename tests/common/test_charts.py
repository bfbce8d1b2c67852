"""Where the parts of small charts stand."""

import pytest

from common.charts import bars, interval, line, share, ticks


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 4, "0.0"), (1, 4, "25.0"), (9, 4, "100.0"), (-1, 4, "0.0"), (3, 0, "0.0")],
)
def test_share(part: float, whole: float, percent: str) -> None:
    assert share(part, whole) == percent


def test_the_largest_bar_is_full_and_none_leaves_the_chart() -> None:
    drawn = bars([0, 5, 10]).bars
    assert [bar.height for bar in drawn] == ["0.0", "25.0", "50.0"]
    assert float(drawn[-1].x) + float(drawn[-1].width) < 100


def test_no_values_is_an_empty_chart() -> None:
    assert bars([]).bars == ()
    assert line([]).points == ""


def test_a_line_ends_where_its_last_value_is() -> None:
    drawn = line([1, 2], before=[1, 2, 4])
    assert (drawn.end_x, drawn.end_y) == ("50.00", "33.0")
    assert drawn.before.endswith("100.00,6.0")


def test_an_interval_outside_the_scale_stands_at_its_edge() -> None:
    plot = interval(score=3, low=0, high=9, mean=5, cut=1)
    assert (plot.low, plot.high, plot.score, plot.mean, plot.cut) == ("8.0", "296.0", "152.0", "296.0", "8.0")


def test_half_an_interval_is_not_drawn() -> None:
    assert interval(score=3, low=None, high=4, mean=None).high is None


def test_ticks_are_half_points_on_a_short_scale() -> None:
    assert [words for _, words in ticks((2.5, 5))] == ["2.5", "3", "3.5", "4", "4.5", "5"]
    assert [words for _, words in ticks()] == ["1", "2", "3", "4", "5"]
