"""A window of its own for each place, and how its answers and its time compare with those of one pass."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Encoder
from spectra.core.errors import InputError
from spectra.core.quantities import Quantity
from spectra.core.session import Session
from spectra.core.signals import Places, take
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.specimens import recorded_specimen
from spectra.core.workflows.train import load_model
from spectra.plugins.indenter.sample import IndenterSample

Floats = NDArray[np.float64]

_AT_ONCE = 2_000_000  # pixels of windows that stand in memory


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Answers by windows and by one pass, at the same places.

    Parameters
    ----------
    places
        Those compared.
    side
        Height and width of a window in pixels.
    windows, whole : ndarray, shape (n, p)
        In the quantities' units.
    cpu_windows, cpu_whole
        CPU-seconds that they took; the pass answered ``total`` places, the windows n.
    """

    model: str
    quantities: tuple[Quantity, ...]
    places: Places
    side: int
    windows: Floats
    whole: Floats
    cpu_windows: float
    cpu_whole: float
    total: int

    @property
    def largest(self) -> Floats:
        """Largest difference of the two, shape (p,)."""
        return np.nanmax(np.abs(self.windows - self.whole), axis=0)

    @property
    def cpu_all_windows(self) -> float:
        """CPU-seconds that windows at all places would take."""
        return self.cpu_windows * self.total / max(len(self.windows), 1)


def compare_windows(
    session: Session, model_id: str, path: Path, *, every: int, reading: Mapping[str, Any] | None = None
) -> Comparison:
    """Answer at every ``every``-th place in either direction by its own window, and by one pass over the picture.

    Raises
    ------
    NotFoundError
        If there is no such model.
    InputError
        If the picture does not suit it.
    """
    record = session.store.get_model(model_id)
    specimen = recorded_specimen(session, session.store.get_sample(record.sample_id))
    if not isinstance(specimen.sample, IndenterSample):
        raise InputError(
            f"The model {record.id} is one of {specimen.sample.technique!r}; windows are of places in pictures.",
            hint="Choose a model of the technique 'indenter': 'spectra models list technique=indenter'.",
        )
    model = load_model(session, record)
    measured = read_measurement(session.catalogue, specimen, path, parameters=reading)
    places = measured.signal
    assert isinstance(places, Places)  # noqa: S101 - of the technique
    _, rows, columns = places.places.T
    step = every * (int(np.diff(np.unique(columns)).min()) if len(np.unique(columns)) > 1 else 1)
    chosen = np.flatnonzero((rows % step == rows[0] % step) & (columns % step == columns[0] % step))
    start = time.process_time()
    whole = model.predict(places).mean[chosen]
    passed = time.process_time()
    side = side_of(model.encoder)
    with session.progress.task("Answering window by window", len(chosen)) as advance:
        parts = []
        for windows in in_windows(take(places, chosen), side):
            parts.append(model.predict(windows).mean)
            advance(len(windows))
    return Comparison(
        model=record.id,
        quantities=model.quantities,
        places=take(places, chosen),
        side=side,
        windows=np.concatenate(parts),
        whole=whole,
        cpu_windows=time.process_time() - passed,
        cpu_whole=passed - start,
        total=len(places),
    )


def side_of(encoder: Encoder) -> int:
    """Return height and width of the window, in pixels, that says all that an encoder looks at around a place."""
    known: Any = encoder
    return int(2 * known.reach + 1 if hasattr(known, "reach") else known.size + 1)


def in_windows(places: Places, side: int) -> Iterator[Places]:
    """Yield the places with pictures of their own, cut out around each; nothing is known beyond the picture's edges."""
    half, size = side // 2, max(1, _AT_ONCE // side**2)
    pictures = places.pictures
    for start in range(0, len(places), size):
        some = places.places[start : start + size]
        cut = np.full((len(some), side, side, pictures.shape[3]), np.nan, dtype=np.float32)
        for window, (picture, row, column) in zip(cut, some.tolist(), strict=True):
            top, left = row - half, column - half
            low_row, low_column = max(top, 0), max(left, 0)
            part = pictures[picture, low_row : row + half + 1, low_column : column + half + 1].astype(np.float32)
            if pictures.dtype == np.uint8:
                part /= 255
            window[low_row - top : low_row - top + part.shape[0], low_column - left :][:, : part.shape[1]] = part
        own = np.column_stack([np.arange(len(some)), np.full((len(some), 2), half)]).astype(np.int32)
        yield Places(pictures=cut, places=own, unit=places.unit, um_per_pixel=places.um_per_pixel)
