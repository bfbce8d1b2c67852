"""Where the parts of small charts stand. Data reaches SVG through attributes, so nothing here is a style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

_BARS_TOP, _BARS_HEIGHT, _BARS_FOOT = 4.0, 50.0, 18
_LINE_HEIGHT = 64
_PLOT_START, _PLOT_END = 8.0, 296.0  # of the 304 wide interval plot


@dataclass(frozen=True)
class Bar:
    """``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    x: str
    y: str
    width: str
    height: str
    kind: str


@dataclass(frozen=True)
class Bars:
    """A row of bars and the words below it; 72 px high if nothing else is said."""

    bars: tuple[Bar, ...]
    height: int = 72
    base: str = "54.5"


@dataclass(frozen=True)
class Line:
    """A line, the one of last time behind it, and a dot at its end."""

    points: str
    before: str
    end_x: str
    end_y: str
    height: int = _LINE_HEIGHT
    base: str = "60.5"


@dataclass(frozen=True)
class Interval:
    """Places on a plot 304 wide; None where there is nothing to draw."""

    grid: tuple[str, ...]
    cut: str | None
    low: str | None
    high: str | None
    mean: str | None
    score: str | None


def share(part: float, whole: float) -> str:
    """Percent of ``whole``, between 0 and 100, with one digit."""
    return f"{min(max(100.0 * part / whole, 0.0), 100.0):.1f}" if whole else "0.0"


def bars(
    values: Sequence[float],
    *,
    kinds: Sequence[str] = (),
    top: float | None = None,
    plot: float = _BARS_HEIGHT,
) -> Bars:
    """Equal bars over the whole width. ``top`` is the value of a full bar, by default the largest; ``plot`` its px."""
    step = 100.0 / max(len(values), 1)
    full = top or max([*values, 0]) or 1
    drawn = []
    for place, value in enumerate(values):
        height = plot * min(max(value, 0), full) / full
        drawn.append(
            Bar(
                f"{place * step + 0.06 * step:.2f}",
                f"{_BARS_TOP + plot - height:.1f}",
                f"{0.88 * step:.2f}",
                f"{height:.1f}",
                kinds[place] if place < len(kinds) else "",
            )
        )
    base = _BARS_TOP + plot
    return Bars(tuple(drawn), height=int(base) + _BARS_FOOT, base=f"{base + 0.5:.1f}")


def line(
    values: Sequence[float],
    *,
    before: Sequence[float] = (),
    places: int | None = None,
    top: float | None = None,
) -> Line:
    """``values`` so far and the ``before`` of last time, on one scale over ``places`` steps.

    ``top`` is the value at full height, by default the largest: the same for lines that are compared.
    """
    steps = max(places or 0, len(values), len(before), 2) - 1
    full = top or max([*values, *before, 0]) or 1

    def points(numbers: Sequence[float]) -> list[tuple[str, str]]:
        return [
            (f"{100.0 * place / steps:.2f}", f"{60.0 - 54.0 * number / full:.1f}")
            for place, number in enumerate(numbers)
        ]

    now = points(values)
    end_x, end_y = now[-1] if now else ("0.00", "60.0")
    return Line(_joined(now), _joined(points(before)), end_x, end_y)


def interval(
    *,
    score: float | None,
    low: float | None,
    high: float | None,
    mean: float | None,
    cut: float | None = None,
    scale: tuple[float, float] = (1.0, 5.0),
) -> Interval:
    """Dot, whisker, ring and cut line on ``scale``; what lies outside stands at the edge."""

    def place(value: float | None) -> str | None:
        return None if value is None else _on_plot(float(value), scale)

    grid = tuple(x for x, _ in ticks(scale))
    has_whisker = low is not None and high is not None
    ends = (place(low), place(high)) if has_whisker else (None, None)
    return Interval(grid, place(cut), *ends, place(mean), place(score))


class Plots:
    """Many intervals on one scale, as ``components/interval.html`` draws one; what is alike is put together once.

    For lists of hundreds, where a template for each would be most of the page's work.
    """

    def __init__(self, *, scale: tuple[float, float], cut: float | None) -> None:
        self.scale = scale
        lines = [f'<line class="grid" x1="{x}" x2="{x}" y1="-15" y2="39"/>' for x, _words in ticks(scale)]
        if cut is not None:
            x = _on_plot(cut, scale)
            lines.append(f'<line class="cut" x1="{x}" x2="{x}" y1="-15" y2="39"/>')
        self._frame = "".join(lines)

    def svg(
        self, *, label: str, score: float | None, low: float | None, high: float | None, mean: float | None
    ) -> SafeString:
        """Dot, whisker and ring; ``label`` says the same in words."""
        parts = ""
        if low is not None and high is not None:
            first, last = _on_plot(low, self.scale), _on_plot(high, self.scale)
            parts += (
                f'<line class="whisker" x1="{first}" x2="{last}" y1="12" y2="12"/>'
                f'<line class="whisker" x1="{first}" x2="{first}" y1="8" y2="16"/>'
                f'<line class="whisker" x1="{last}" x2="{last}" y1="8" y2="16"/>'
            )
        if mean is not None:
            parts += f'<circle class="raw" cx="{_on_plot(mean, self.scale)}" cy="12" r="3.25"/>'
        if score is not None:
            parts += f'<circle class="dot" cx="{_on_plot(score, self.scale)}" cy="12" r="5.5"/>'
        frame = f'<svg class="interval" viewBox="0 0 304 24" role="img" aria-label="{escape(label)}">'
        return SafeString(f"{frame}{self._frame}{parts}</svg>")


def scale_for(values: Iterable[float], *, first: float = 1.0, last: float = 5.0) -> tuple[float, float]:
    """From the half point below the lowest value to ``last``, at least a point wide."""
    lowest = min(values, default=first)
    return (min(max(int(lowest * 2) / 2, first), last - 1), last)


def ticks(scale: tuple[float, float] = (1.0, 5.0)) -> list[tuple[str, str]]:
    """A grid line and its words at each half point, or at each whole one where there are many."""
    first, last = float(scale[0]), float(scale[1])
    step = 0.5 if last - first <= 2.5 else 1.0
    count = int((last - first) / step)
    return [(_on_plot(first + step * n, scale), f"{first + step * n:g}") for n in range(count + 1)]


def _on_plot(value: float, scale: tuple[float, float]) -> str:
    first, last = scale
    part = min(max((value - first) / (last - first), 0.0), 1.0)
    return f"{_PLOT_START + part * (_PLOT_END - _PLOT_START):.1f}"


def _joined(points: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
