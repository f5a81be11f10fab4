"""Whether a measured spectrum resembles what a model has learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.signals import Signal
from spectra.core.technique import Result
from spectra.plugins.xrd.recorded import signal_of
from spectra.plugins.xrd.sample import AtomisticSample

_SAMPLED = 300  # structures whose own distance to the nearest other is looked at
_LONELY = 0.99  # share of them that are nearer to another one than what counts as far
_FAR = 2.0  # times that; distortions of the laboratory add some


def strangeness(result: Result) -> float:
    """Return how far the measured spectrum is from every simulated one, where 1 is far among these themselves.

    Distances are Euclidean, between features; "far" is the 99th percentile of the distance to the nearest other.
    """
    assert isinstance(result.sample, AtomisticSample)  # noqa: S101
    encoder = result.model.encoder
    known, measured = encoder.encode(signal_of(result.sample)), encoder.encode(result.measurement.signal)
    rows = np.linspace(0, len(known) - 1, min(_SAMPLED, len(known))).astype(int)
    among = _distances(known[rows], known)
    among[np.arange(len(rows)), rows] = np.inf
    return float(_distances(measured, known).min() / np.quantile(among.min(axis=1), _LONELY))


def nearest(result: Result, signal: Signal) -> int:
    """Return the place in ``signal``, a stack of n, of what resembles the measured spectrum most."""
    encoder = result.model.encoder
    return int(_distances(encoder.encode(result.measurement.signal), encoder.encode(signal)).argmin())


def remark(result: Result) -> tuple[str, ...]:
    """Say so if the spectrum is unlike all that the model has learned from."""
    times = strangeness(result)
    if times <= _FAR:
        return ()
    return (
        f"This spectrum is {times:.1f} times as far from the simulated ones as these are from each other: the model "
        "has seen nothing like it, and neither its answers nor their uncertainties can be trusted.",
    )


def _distances(some: Features, others: Features) -> NDArray[np.float64]:
    from scipy.spatial.distance import cdist

    return cdist(some.astype(np.float64), others.astype(np.float64))
