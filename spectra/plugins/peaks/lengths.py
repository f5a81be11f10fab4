"""Uncertain lengths of a specimen as nuisance parameters: fitted with the quantities, each within its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import AmbiguousForwardModel, DifferentiableForwardModel
from spectra.core.signals import Peaks, Signal
from spectra.plugins.peaks.exploration import ApproximateForwardModel

Floats = NDArray[np.float64]


@runtime_checkable
class StretchableForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model of a specimen with adjustable lengths."""

    lengths: tuple[str, ...]

    def linearize_with_lengths(self, values: Floats) -> tuple[Peaks, Floats, Floats]:
        """Compute peaks, their derivatives by the quantities (m, p), and ∂ ln f/∂ ln length, shape (m, k)."""


class WithLengths:
    """Forward model whose values end with relative changes of the lengths; ln f is linear in those.

    Parameters
    ----------
    forward
        The specimen as it was measured.
    """

    def __init__(self, forward: StretchableForwardModel) -> None:
        self.forward = forward
        self.names = forward.lengths

    def simulate(self, values: Floats) -> Signal:
        """Compute one spectrum after the other."""
        computed = [self.linearize(one)[0] for one in values]
        first = computed[0]
        return Peaks.from_lists([one.positions[0] for one in computed], unit=first.unit, window=first.window)

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        """Compute the peaks and their derivatives by quantities and changes of lengths."""
        first = len(values) - len(self.names)
        peaks, slopes, by_length = self.forward.linearize_with_lengths(values[:first])
        stretched = np.exp(by_length @ values[first:])
        positions = peaks.positions[0] * stretched
        order = np.argsort(positions, kind="stable")
        all_slopes = np.concatenate([slopes * stretched[:, None], by_length * positions[:, None]], axis=1)
        return Peaks(positions=positions[None, order], unit=peaks.unit, window=peaks.window), all_slopes[order]

    def accurate_at(self, values: Floats) -> WithLengths:
        """Return the same of a forward model that is accurate enough at ``values``, if it has such."""
        forward = self.forward
        if not isinstance(forward, ApproximateForwardModel):
            return self
        accurate = forward.accurate_at(values[: len(values) - len(self.names)])
        return self if accurate is forward else WithLengths(cast("StretchableForwardModel", accurate))

    def doubts_at(self, values: Floats) -> Sequence[str]:
        """Say in whole sentences if the forward model is not accurate enough at ``values``."""
        forward = self.forward
        if not isinstance(forward, ApproximateForwardModel):
            return ()
        return forward.doubts_at(values[: len(values) - len(self.names)])

    def representative(self, values: Floats) -> Floats:
        """Return the canonical member of the values that give the same spectrum."""
        if not isinstance(self.forward, AmbiguousForwardModel):
            return values
        first = len(values) - len(self.names)
        return np.concatenate([self.forward.representative(values[:first]), values[first:]])
