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
    deviation = (np.log(peaks)[:, None] - np.log(modes)) / errors
    found = -np.log(detection.seen) + np.log(np.sqrt(2 * np.pi) * errors)
    pair = found + 0.5 * deviation**2 - missing - spurious  # (m, n), over leaving both alone

    # costs[i, j]: the best for the first i peaks and the first j modes, over leaving all of them alone
    costs = np.zeros((len(peaks) + 1, len(modes) + 1))
    for before, after, paired in zip(costs[:-1], costs[1:], pair, strict=True):
        np.minimum(before[1:], before[:-1] + paired, out=after[1:])
        np.minimum.accumulate(after, out=after)

    # The very sums of above, so that equality is exact but for the accumulated minimum; as bytes, because single
    # numbers of an array are read slowly.
    pair_last = (costs[1:, 1:] >= costs[:-1, :-1] + pair - 1e-9).tobytes()
    spurious_last = (costs[1:, 1:] >= costs[:-1, 1:] - 1e-9).tobytes()
    pairs = []
    i, j = len(peaks) - 1, len(modes) - 1
    while i >= 0 and j >= 0:
        place = i * len(modes) + j
        if pair_last[place]:
            pairs.append((i, j))
            i, j = i - 1, j - 1
        elif spurious_last[place]:
            i -= 1
        else:
            j -= 1
    found_pairs = np.array(pairs[::-1], dtype=np.int64).reshape(-1, 2)
    cost = float(costs[-1, -1] + missing.sum() + len(peaks) * spurious)
    return Assignment(peaks=found_pairs[:, 0], modes=found_pairs[:, 1], cost=cost)
