"""A series: the answers by their condition, changes from the reference, and what is remarkable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spectra.core.basics.verdict import TRUSTED
from spectra.core.quantities import Quantity, with_uncertainty
from spectra.core.tables import Column, Table
from spectra.core.workflows.series.findings import findings, smoothed
from spectra.views.layout import Block

if TYPE_CHECKING:
    import pandas as pd

    from spectra.core.workflows.series.answers import Contrast
    from spectra.core.workflows.series.series import Point, Series

_ABREAST = 3
"""Quantities in one table, so that it fits 80 columns."""
CERTAIN = 10.0
"""Standard deviations from zero of a quantity whose relative changes are of interest."""
_MOST_TOLD = 5


def series_blocks(series: Series) -> Iterator[Block]:
    """Yield the answers, their changes from the reference, what is remarkable, and what failed."""
    quantities = list(enumerate(series.quantities))
    if any(point.answer for point in series.points):
        for some in _parts(quantities):
            columns = [_answers(series, k, q.name, q.unit) for k, q in some]
            yield _table(series, "answers", "Answers", columns, judged=True)
    contrast, reference = series.contrast, series.reference
    if contrast is not None and reference is not None:
        base = series.points[reference]
        title = f"Change from {base.condition.amount} ({base.file_name})"
        for some in _parts(quantities):
            columns = [_changes(series, contrast, k, q) for k, q in some]
            yield _table(series, "changes", title, columns, judged=False)
        yield contrast.method
    yield from findings(series)
    for point in series.points:
        if point.surprise:
            yield f"{_named(point)} was analyzed from scratch as well: {point.surprise.rstrip('.')}."
    faults = [point for point in series.points if point.error]
    for point in faults[:_MOST_TOLD]:
        yield f"{_named(point)} failed: {point.error}"
    if len(faults) > _MOST_TOLD:
        yield f"{len(faults) - _MOST_TOLD} more failed; --json says why."
    for word in ("refused", "doubtful"):
        judged = [point for point in series.points if point.prediction and point.prediction.verdict == word]
        if judged:
            reasons = " ".join(judged[0].prediction.reasons) if judged[0].prediction else ""
            first = f"{len(judged)} of {len(series.points)} answers are {word}, the first at {_named(judged[0])}"
            yield f"{first}: {reasons}"
    known = sum(point.known for point in series.points)
    failed = sum(bool(point.error) for point in series.points)
    yield (
        f"{len(series.points) - known - failed} analyzed, {known} on record already, {failed} failed; "
        f"{sum(point.followed for point in series.points)} from the answer next to them."
    )


def series_document(series: Series) -> dict[str, Any]:
    """Return a series for a program."""
    contrast = series.contrast
    return {
        "along": series.along,
        "unit": series.unit,
        "model_id": series.model.id,
        "reference": None if series.reference is None else series.points[series.reference].file_name,
        "method": contrast.method if contrast else None,
        "points": [
            {
                "file_name": point.file_name,
                series.along: point.condition.value,
                "way": point.way or None,
                "prediction_id": point.prediction.id if point.prediction else None,
                "verdict": point.prediction.verdict if point.prediction else None,
                "known": point.known,
                "followed": point.followed,
                "surprise": point.surprise or None,
                "error": point.error or None,
                "quantities": [
                    {
                        "name": quantity.name,
                        "unit": quantity.unit,
                        "value": float(point.answer.values[k]) if point.answer else None,
                        "std": float(point.answer.stds[k]) if point.answer else None,
                        "difference": float(contrast.differences[place, k]) if contrast else None,
                        "difference_std": float(contrast.stds[place, k]) if contrast else None,
                        "relative": float(contrast.relative[place, k]) if contrast else None,
                        "relative_std": float(contrast.relative_stds[place, k]) if contrast else None,
                    }
                    for k, quantity in enumerate(series.quantities)
                ],
            }
            for place, point in enumerate(series.points)
        ],
        "lines": [
            {
                "name": track.name,
                "unit": track.unit,
                "positions": track.positions.tolist(),
                "qualities": track.qualities.tolist(),
            }
            for track in (contrast.tracks if contrast else ())
        ],
        "findings": [*findings(series)],
    }


def series_frame(series: Series, *, smooth: bool = False) -> pd.DataFrame:
    """Return a series as a data frame, a row for each file, with everything that its figure shows.

    Parameters
    ----------
    smooth
        With the differences on a smooth course, see :func:`~spectra.core.workflows.series.findings.smoothed`.
    """
    import pandas as pd

    points, contrast = series.points, series.contrast
    columns: dict[str, Any] = {
        "file": [point.file_name for point in points],
        _heading(series.along, series.unit): series.conditions,
        "way": [point.way for point in points],
        "prediction": [point.prediction.id if point.prediction else "" for point in points],
        "verdict": [(point.prediction.verdict if point.prediction else "") or "" for point in points],
        "misfit": [point.answer.misfit if point.answer else np.nan for point in points],
    }
    course = smoothed(series) if smooth else None
    for k, quantity in enumerate(series.quantities):
        name, unit = quantity.name, quantity.unit
        columns[_heading(name, unit)] = [point.answer.values[k] if point.answer else np.nan for point in points]
        columns[_heading(f"{name}.std", unit)] = [point.answer.stds[k] if point.answer else np.nan for point in points]
        if contrast is not None:
            columns[_heading(f"{name}.difference", unit)] = contrast.differences[:, k]
            columns[_heading(f"{name}.difference.std", unit)] = contrast.stds[:, k]
            columns[f"{name}.relative"] = contrast.relative[:, k]
            columns[f"{name}.relative.std"] = contrast.relative_stds[:, k]
        if course is not None:
            columns[_heading(f"{name}.difference.smooth", unit)] = course[:, k]
    for track in contrast.tracks if contrast else ():
        columns[_heading(f"line {track.name}", track.unit)] = track.positions
        if np.isfinite(track.qualities).any():
            columns[f"line {track.name}.Q"] = track.qualities
    return pd.DataFrame(columns)


def _table(series: Series, name: str, title: str, columns: Sequence[Column], *, judged: bool) -> Table:
    first = [Column(name=series.along, unit=series.unit, values=[f"{value:g}" for value in series.conditions])]
    if any(point.way for point in series.points):
        first.append(Column(name="way", values=[point.way for point in series.points]))
    if judged:
        first.append(Column(name="prediction", values=[p.prediction.id if p.prediction else "" for p in series.points]))
        words = [p.prediction.verdict if p.prediction else "failed" for p in series.points]
        if {*words} - {TRUSTED, None}:
            columns = [*columns, Column(name="verdict", values=words, priority=1)]
    return Table(name=name, title=title, columns=(*first, *columns), abridged=True)


def _answers(series: Series, place: int, name: str, unit: str) -> Column:
    texts = [
        "" if point.answer is None else _with_error(point.answer.values[place], point.answer.stds[place])
        for point in series.points
    ]
    return Column(name=name, unit=unit, values=texts)


def _changes(series: Series, contrast: Contrast, place: int, quantity: Quantity) -> Column:
    """Return the relative changes of a quantity; absolute ones if it hardly differs from zero."""
    base = series.points[series.reference].answer if series.reference is not None else None
    if base is not None and abs(base.values[place]) > CERTAIN * base.stds[place]:
        values, stds, unit = 100 * contrast.relative, 100 * contrast.relative_stds, "%"
    else:
        values, stds, unit = contrast.differences, contrast.stds, quantity.unit
    texts = [_with_error(value, std) for value, std in zip(values[:, place], stds[:, place], strict=True)]
    return Column(name=quantity.name, unit=unit, values=texts)


def _with_error(value: float, std: float) -> str:
    if not np.isfinite(value):
        return ""
    if std == 0:
        return f"{value:.6g}"
    return with_uncertainty(float(value), float(std) if np.isfinite(std) else None)


def _parts(quantities: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(quantities), _ABREAST):
        yield quantities[start : start + _ABREAST]


def _named(point: Point) -> str:
    return f"{point.condition.amount} ({point.file_name})"


def _heading(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
