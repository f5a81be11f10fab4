"""Assignment of measured peaks to computed lines, called modes: globally optimal and order-preserving."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class DetectionModel:
    """Detection model of a laboratory: detection probability, measurement error and spurious peaks.

    Parameters
    ----------
    spread
        Standard deviation of ln(measured/computed) of a peak that belongs to a mode, common to all peaks.
    seen
        Probability that a mode within the window shows as a peak.
    spurious_density
        Expected number of peaks without a mode per unit of ln(frequency).
    deviations : ndarray, shape (m,), optional
        What each peak has besides, independent of the common part: standard deviations of its ln(frequency).
    """

    spread: float
    seen: float
    spurious_density: float
    deviations: Floats | None = None

    def errors(self, peaks: Integers | slice = slice(None)) -> Floats | float:
        """Return the whole standard deviation of ln(measured/computed) of ``peaks``; one number if it is common."""
        return self.spread if self.deviations is None else np.hypot(self.spread, self.deviations[peaks])


@dataclass(frozen=True, kw_only=True, eq=False)
class Assignment:
    """Pairs of measured and computed lines, by index, and the cost of the whole assignment.

    Parameters
    ----------
    peaks, modes : ndarray of int, shape (k,)
        Partners; both ascend.
    cost
        Negative logarithm of the likelihood of the whole measured list.
    """

    peaks: Integers
    modes: Integers
    cost: float


def assign(peaks: Floats, modes: Floats, detection: DetectionModel, *, window: tuple[float, float]) -> Assignment:
    """Find the most likely assignment.

    Every peak belongs to one mode or is spurious; every mode within ``window`` shows as one peak or is missing. Among
    all such assignments that keep the order of frequencies, the cheapest is found by dynamic programming, as for the
    alignment of two sequences (Needleman and Wunsch 1970). Where all errors are alike no other can be better:
    uncrossing two pairs never raises the sum of their squared differences.

    Parameters
    ----------
    peaks : ndarray, shape (m,)
        Measured positions, ascending.
    modes : ndarray, shape (n,)
        Computed positions, ascending; they may reach beyond the window.
    """
    inside = (modes >= window[0]) & (modes <= window[1])
    missing = np.where(inside, -np.log1p(-detection.seen), 0.0)
    spurious = -np.log(detection.spurious_density)
    errors = np.reshape(detection.errors(), (-1, 1))  # (m, 1) or (1, 1)
    deviation = np.log(peaks[:, None] / modes[None, :]) / errors
    found = -np.log(detection.seen) + np.log(np.sqrt(2 * np.pi) * errors)
    match = found + 0.5 * deviation**2  # (m, n)

    # costs[i, j]: the best for the first i peaks and the first j modes
    all_missing = np.concatenate([[0.0], np.cumsum(missing)])
    costs = np.empty((len(peaks) + 1, len(modes) + 1))
    costs[0] = all_missing
    for i in range(len(peaks)):
        without_gap = costs[i] + spurious
        without_gap[1:] = np.minimum(without_gap[1:], costs[i, :-1] + match[i])
        # then any number of missing modes may follow: min over k <= j of without_gap[k] + missing[k:j]
        costs[i + 1] = all_missing + np.minimum.accumulate(without_gap - all_missing)

    pairs = []
    i, j = len(peaks), len(modes)
    while i > 0:
        # The very sums of above, in the same order, so that equality is exact but for the accumulated minimum.
        if j > 0 and costs[i, j] >= costs[i - 1, j - 1] + match[i - 1, j - 1] - 1e-9:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif costs[i, j] >= costs[i - 1, j] + spurious - 1e-9:
            i -= 1
        else:
            j -= 1
    paired = np.array(pairs[::-1], dtype=np.int64).reshape(-1, 2)
    return Assignment(peaks=paired[:, 0], modes=paired[:, 1], cost=float(costs[-1, -1]))
