"""Where a layout begins: the two directions in which the features vary most.

Beginning there, it keeps the large distances better than from a random start (Kobak & Linderman, Nature Biotechnology
39, 156 (2021)), and it needs no graph that hangs together, as a spectral start does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features


def principal_plane(rows: Features, *, extent: float) -> NDArray[np.float32]:
    """Return the first two principal components of rows (n, d), shape (n, 2), the largest ``extent`` in size."""
    centred = rows - rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    directions = directions[:, :-3:-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(directions.shape[1])])  # no sign is left to chance
    places = np.zeros((len(rows), 2), dtype=np.float32)
    places[:, : directions.shape[1]] = centred @ directions.astype(np.float32)
    size = np.abs(places).max(initial=0.0)
    return places * np.float32(extent / size) if size > 0 else places
