"""Whether a measured spectrum resembles what a model has learned from."""

from __future__ import annotations

import numpy as np

from spectra.core.components import Encoder
from spectra.core.signals import Signal
from spectra.plugins.learning.neighbours import distances_to, nearest_rows

_SAMPLED = 300  # known signals whose own distance to the nearest other is looked at
_LONELY = 0.99  # share of them that are nearer to another one than what counts as far
_FAR = 2.0  # times that; distortions of the laboratory add some


def strangeness(encoder: Encoder, measured: Signal, known: Signal) -> float:
    """Return how far a measured signal is from every known one, where 1 is far among these themselves.

    Distances are Euclidean, between features; "far" is the 99th percentile of the distance to the nearest other.

    Parameters
    ----------
    encoder
        Fitted; it says what counts as alike.
    measured
        A stack of one.
    known
        A stack of n > 1.
    """
    asked, among = encoder.encode(measured), encoder.encode(known)
    sampled = np.linspace(0, len(among) - 1, min(_SAMPLED, len(among))).astype(int)
    rows = nearest_rows(among[sampled], among, 2)
    distances = distances_to(among[sampled], among, rows)
    distances[rows == sampled[:, np.newaxis]] = np.inf  # to itself
    nearest = distances_to(asked, among, nearest_rows(asked, among, 1))
    return float(nearest.min() / np.quantile(distances.min(axis=1), _LONELY))


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
