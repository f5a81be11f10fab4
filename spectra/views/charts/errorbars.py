"""Points with error bars: a quantity over something, and the same quantities of several records above each other.

Colours and shapes both tell series apart. A doubtful value is drawn open; one whose uncertainty is unknown has no bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from spectra.core.quantities import EstimatedQuantity
from spectra.views.charts.scales import Scale, category_scale, date_scale, number_scale
from spectra.views.numbers import shown

SERIES = 6
"""How many series have a colour and a shape of their own."""

_WIDTH, _HEIGHT = 880, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 14, 12, 52
_CAP, _RADIUS = 4, 4.2
_LONGEST = 22
_ROW, _HEAD = 15, 40  # of the records of a quantity, in pixels


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point: where it stands, what it is called, and which record it leads to.

    Parameters
    ----------
    x
        A number, seconds since 1970, or the place of a category.
    std
        Half the length of its error bar; ``None`` if unknown.
    series
        Number of its series.
    open
        Whether it is doubtful.
    """

    x: float
    y: float
    std: float | None
    id: str
    text: str
    series: int = 0
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line through points."""

    x: Sequence[float]
    y: Sequence[float]
    series: int = 0


def errorbar_svg(
    points: Sequence[Point],
    *,
    x_label: str,
    y_label: str,
    kind: str,
    categories: Sequence[str] = (),
    address: Callable[[str], str] | None = None,
    lines: Sequence[Line] = (),
) -> str:
    """Draw points over numbers, dates or categories.

    Parameters
    ----------
    kind
        Kind of the x axis: ``"number"``, ``"moment"`` or ``"text"``.
    categories
        Names of the categories, of an axis of text.
    address
        Returns where the point of a record leads.
    lines
        Drawn below the points.
    """
    xs = [point.x for point in points] + [x for line in lines for x in line.x]
    across = {"number": number_scale, "moment": date_scale}
    x = (
        across[kind](xs, _LEFT, _WIDTH - _RIGHT)
        if kind in across
        else category_scale(categories, _LEFT, _WIDTH - _RIGHT)
    )
    ends = [point.y + sign * (point.std or 0.0) for point in points for sign in (-1, 1)]
    ends += [y for line in lines for y in line.y]
    y = number_scale(ends, _HEIGHT - _BOTTOM, _TOP)
    drawn = "".join(_path(line, x, y) for line in lines)
    drawn += "".join(_linked(_vertical(point, x(point.x), y), point.id, point.text, address) for point in points)
    axes = _horizontal_axis(x, _HEIGHT - _BOTTOM, _TOP) + _vertical_axis(y)
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    labels = (
        f'<text x="{middle:g}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text transform="translate(16 {(_HEIGHT - _BOTTOM + _TOP) / 2:g}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text>"
    )
    return _svg(_WIDTH, _HEIGHT, axes + labels + drawn)


def comparison_svg(
    rows: Sequence[tuple[str, Sequence[EstimatedQuantity | None]]],
    ids: Sequence[str],
    *,
    doubtful: Sequence[bool],
    address: Callable[[str], str] | None = None,
) -> str:
    """Draw for each quantity the values of several records above each other, on an axis of its own.

    Parameters
    ----------
    rows
        Label of each quantity, and its value in each record.
    ids, doubtful
        Identifiers of the records, and whether their values are drawn open.
    """
    drawn, top = "", 6.0
    for label, values in rows:
        known = [value for value in values if value is not None]
        ends = [value.value + sign * (value.std or 0.0) for value in known for sign in (-1, 1)]
        bottom = top + _ROW * len(ids) + 8
        x = number_scale(ends, 210, _WIDTH - _RIGHT, most=6)
        drawn += f'<text x="200" y="{(top + bottom) / 2 + 4:g}" text-anchor="end">{escape(label)}</text>'
        drawn += _horizontal_axis(x, bottom, top)
        for place, value in enumerate(values):
            if value is not None:
                y = top + 4 + _ROW * (place + 0.5)
                text = f"{ids[place]}: {label} {shown(value)}"
                drawn += _linked(_horizontal(value, x, y, place, hollow=doubtful[place]), ids[place], text, address)
        top = bottom + _HEAD
    return _svg(_WIDTH, top - 10, drawn)


def key_svg(series: int) -> str:
    """Draw the sign of a series, for a legend."""
    return (
        f'<svg class="chart key" width="14" height="14" viewBox="0 0 14 14">{_sign(7, 7, series, hollow=False)}</svg>'
    )


def line_key_svg(series: int) -> str:
    """Draw the sign of a line, for a legend."""
    path = f'<path class="bar s{series % SERIES}" d="M1 7L21 7"/>'
    return f'<svg class="chart key" width="22" height="14" viewBox="0 0 22 14">{path}</svg>'


def _svg(width: float, height: float, content: str) -> str:
    # What it shows stands in a table as well, which a screen reader reads better.
    return (
        f'<svg class="chart" aria-hidden="true" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{content}</svg>'
    )


def _linked(drawn: str, id: str, text: str, address: Callable[[str], str] | None) -> str:
    title = f"<title>{escape(text)}</title>"
    if address is None:
        return f"<g>{title}{drawn}</g>"
    return f'<a href="{escape(address(id))}" tabindex="-1">{title}{drawn}</a>'


def _vertical(point: Point, x: float, y: Scale) -> str:
    bar = ""
    if point.std is not None:
        low, high = y(point.y - point.std), y(point.y + point.std)
        bar = _bar(point.series, [(x, low, x, high), *((x - _CAP, end, x + _CAP, end) for end in (low, high))])
    return bar + _sign(x, y(point.y), point.series, hollow=point.open)


def _horizontal(value: EstimatedQuantity, x: Scale, y: float, series: int, *, hollow: bool) -> str:
    bar = ""
    if value.std is not None:
        low, high = x(value.value - value.std), x(value.value + value.std)
        bar = _bar(series, [(low, y, high, y), *((end, y - _CAP, end, y + _CAP) for end in (low, high))])
    return bar + _sign(x(value.value), y, series, hollow=hollow)


def _path(line: Line, x: Scale, y: Scale) -> str:
    path = "L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in zip(line.x, line.y, strict=True))
    return f'<path class="bar s{line.series % SERIES}" d="M{path}"/>' if path else ""


def _bar(series: int, lines: Iterable[tuple[float, float, float, float]]) -> str:
    path = "".join(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" for x, y, to_x, to_y in lines)
    return f'<path class="bar s{series % SERIES}" d="{path}"/>'


def _sign(x: float, y: float, series: int, *, hollow: bool) -> str:
    kind = f"sign s{series % SERIES}{' hollow' if hollow else ''}"
    r = _RADIUS
    match series % SERIES:
        case 0:
            return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
        case 1:
            corners = [(-r, -r), (r, -r), (r, r), (-r, r)]
        case 2:
            corners = [(0, -1.3 * r), (1.2 * r, r), (-1.2 * r, r)]
        case 3:
            corners = [(0, -1.4 * r), (1.4 * r, 0), (0, 1.4 * r), (-1.4 * r, 0)]
        case 4:
            corners = [(0, 1.3 * r), (1.2 * r, -r), (-1.2 * r, -r)]
        case _:
            corners = [(-0.5 * r, -1.3 * r), (0.5 * r, -1.3 * r), (0.5 * r, 1.3 * r), (-0.5 * r, 1.3 * r)]
    places = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon class="{kind}" points="{places}"/>'


def _horizontal_axis(x: Scale, bottom: float, top: float) -> str:
    """Draw a line with ticks below it and faint lines above; of many names, only as many as have room."""
    drawn = f'<path class="axis" d="M{x.start:g} {bottom:g}L{x.end:g} {bottom:g}"/>'
    width = (x.end - x.start) / max(len(x.ticks), 1)
    every = max(1, round(60 / width)) if width < 60 else 1
    for place, (value, text) in enumerate(x.ticks):
        at = x(value)
        drawn += f'<path class="grid" d="M{at:.1f} {top:g}L{at:.1f} {bottom + 4:g}"/>'
        if place % every == 0:
            most = max(6, min(_LONGEST, int(every * width / 7)))
            short = text if len(text) <= most else f"{text[: most - 1]}…"
            drawn += f'<text class="tick" x="{at:.1f}" y="{bottom + 17:g}" text-anchor="middle">{escape(short)}</text>'
    return drawn


def _vertical_axis(y: Scale) -> str:
    drawn = f'<path class="axis" d="M{_LEFT} {y.start:g}L{_LEFT} {y.end:g}"/>'
    for value, text in y.ticks:
        at = y(value)
        drawn += f'<path class="grid" d="M{_LEFT - 4} {at:.1f}L{_WIDTH - _RIGHT} {at:.1f}"/>'
        drawn += f'<text class="tick" x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    return drawn
