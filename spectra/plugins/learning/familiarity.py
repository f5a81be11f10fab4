"""Whether a measured spectrum resembles what a model has learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Encoder, Features
from spectra.core.signals import Signal
from spectra.plugins.learning.neighbours import distances_to, nearest_distances, nearest_rows

_SAMPLED = 300  # known signals whose own distance to the nearest other is looked at
_LONELY = 0.99  # share of them that are nearer to another one than what counts as far
_FAR = 2.0  # times that; distortions of the laboratory add some


class Familiarity:
    """How far features are from known ones, where 1 is far among these themselves.

    Distances are Euclidean; "far" is the 99th percentile of the distance to the nearest other.

    Parameters
    ----------
    known : ndarray, shape (m, d)
        With m > 1.
    groups : ndarray, shape (m,)
        Others are those of another group, where members of one resemble each other more than what will be asked about.
    """

    def __init__(self, known: Features, groups: NDArray[np.int64] | None = None) -> None:
        sampled = np.linspace(0, len(known) - 1, min(_SAMPLED, len(known))).astype(int)
        if groups is None:
            rows = nearest_rows(known[sampled], known, 2)
            distances = distances_to(known[sampled], known, rows)
            distances[rows == sampled[:, np.newaxis]] = np.inf  # to itself
            nearest = distances.min(axis=1)
        else:
            of_sampled = groups[sampled]
            nearest = np.full(len(sampled), np.inf)
            for group in np.unique(of_sampled):
                inside = of_sampled == group
                nearest[inside] = nearest_distances(known[sampled[inside]], known[groups != group])
        self._known, self._far = known, float(np.quantile(nearest, _LONELY))

    def strangeness(self, features: Features) -> NDArray[np.float64]:
        """Return how far each of n features, shape (n, d), is from all known ones: shape (n,)."""
        return nearest_distances(features, self._known) / self._far


def strangeness(encoder: Encoder, measured: Signal, known: Signal) -> float:
    """Return how far a measured signal is from every known one, see :class:`Familiarity`.

    Parameters
    ----------
    encoder
        Fitted; it says what counts as alike.
    measured
        A stack of one.
    known
        A stack of n > 1.
    """
    return float(Familiarity(encoder.encode(known)).strangeness(encoder.encode(measured)).min())


def most_similar(encoder: Encoder, measured: Signal, known: Signal) -> int:
    """Return the place in ``known``, a stack of n, of what resembles ``measured``, a stack of one, most."""
    return int(nearest_rows(encoder.encode(measured), encoder.encode(known), 1)[0, 0])


def doubt(encoder: Encoder, measured: Signal, known: Signal) -> tuple[str, ...]:
    """Return a reason to doubt if the measured spectrum is unlike all ``known`` ones, which a model has learned."""
    times = strangeness(encoder, measured, known)
    if times <= _FAR:
        return ()
    return (
        f"This spectrum is {times:.1f} times as far from the simulated ones as these are from each other: the model "
        "has seen nothing like it, and neither its answers nor their uncertainties can be trusted.",
    )
