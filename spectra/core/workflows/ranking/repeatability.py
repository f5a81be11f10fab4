"""How well measurements repeat, and so how well any model can do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Places, Signal

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

_FEWEST_PAIRS = 30


def repeatability(signal: Signal, values: Floats, groups: Groups) -> Floats | None:
    """Return the standard deviation of measurements of the same, shape (p,), from neighbours within a group.

    Half the mean square of the differences of neighbours is the variance of one (the Allan variance): what changes
    slowly over a group drops out, and what the structure does between neighbours counts as noise.

    Returns
    -------
    deviations
        ``None`` where the examples have no neighbours, or too few.
    """
    if not isinstance(signal, Places):
        return None
    first, second = _neighbours(signal.places, groups)
    if len(first) < _FEWEST_PAIRS:
        return None
    deviations: Floats = np.sqrt(0.5 * np.mean((values[first] - values[second]) ** 2, axis=0))
    return deviations


def _neighbours(places: NDArray[np.int32], groups: Groups) -> tuple[Groups, Groups]:
    """Return pairs of places of one group that are next to each other along rows and columns, or one and the same."""
    pairs = []
    for along, across in ((2, 1), (1, 2)):
        order = np.lexsort((places[:, along], places[:, across], places[:, 0]))
        one, other = order[:-1], order[1:]
        same = (places[one, 0] == places[other, 0]) & (places[one, across] == places[other, across])
        steps = places[other, along] - places[one, along]
        if not (same & (steps > 0)).any():
            continue
        nearest = same & (steps <= steps[same & (steps > 0)].min()) & (groups[one] == groups[other])
        pairs.append((one[nearest], other[nearest]))
    if not pairs:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return first, second
