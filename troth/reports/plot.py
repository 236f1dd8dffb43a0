"""Bars for days, as shapes for a drawing: the numbers that an SVG needs, nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WIDTH, HEIGHT = 720, 160
GAP = Decimal("0.22")  # of a day's width


@dataclass(frozen=True)
class Bar:
    """One day's bar. All in units of the drawing; `words` is what it says to somebody who points at it."""

    x: str
    y: str
    width: str
    height: str
    words: str


@dataclass(frozen=True)
class Plot:
    """Bars, and the lines behind them with what each stands for."""

    bars: list[Bar]
    lines: list[tuple[str, Decimal]]
    width: int = WIDTH
    height: int = HEIGHT


def plot(values: Sequence[tuple[Decimal, str]]) -> Plot:
    """Return bars for values, each with its words, from the first to the last."""
    top = _round_up(max((value for value, _words in values), default=Decimal(0)))
    each = Decimal(WIDTH) / max(1, len(values))
    bars = []
    for at, (value, words) in enumerate(values):
        height = value / top * HEIGHT if top else Decimal(0)
        if value:
            height = max(height, Decimal(2))
        x = each * at + each * GAP / 2
        bars.append(Bar(_text(x), _text(HEIGHT - height), _text(each * (1 - GAP)), _text(height), words))
    lines = (
        [(_text(HEIGHT - HEIGHT * share), _short(top * share)) for share in (Decimal("0.5"), Decimal(1))] if top else []
    )
    return Plot(bars, lines)


def _round_up(value: Decimal) -> Decimal:
    """Return the next number that is easy to read: 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return Decimal(0)
    power = Decimal(10) ** value.adjusted()
    share = (value / power).quantize(Decimal("0.0001"), ROUND_CEILING)
    return next(step for step in map(Decimal, (1, 2, 5, 10)) if share <= step) * power


def _short(number: Decimal) -> Decimal:
    """Return a number without zeros behind the point."""
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _text(number: Decimal) -> str:
    return f"{number:.2f}"
