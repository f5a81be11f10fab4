"""What speaks against a regressor's answer, whatever the technique; the thresholds stand here, with their reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spectra.core.quantities import Quantity, with_uncertainty
from spectra.core.technique import Result

BEYOND = 0.25
"""Of the learned range, outside of it: an answer that is refined may start from anywhere near, but nobody knows what a
regressor does so far from all that it has seen."""
OUTSIDE, FAR_OUTSIDE, OF_SPREAD = 0.02, 0.05, 0.5
"""The same for an answer that stands as it is. Of a quantity at an end, noise puts half the answers outside, mostly by
less than half a standard deviation: that passes up to a twentieth of the range, and a fiftieth always does. So the gold
crystal in examples/xrd is believed, whose dislocations are (-0.2 ± 0.9)e-3 of 4.1e-3, and a fraction of 1.04 is not."""
APART, APART_OF_RANGE = 4.0, 0.1
"""Between the refined and the learned answer: the regressor's standard deviations, which its test has calibrated, and
the share of the range, since hardly any of the first is much where a quantity is learned very well."""


def of_ranges(result: Result) -> Iterator[str]:
    """Yield a doubt for each learned quantity outside the range that was learned."""
    refined = result.refinement is not None
    for quantity, value, std in _learned(result):
        width = quantity.upper - quantity.lower
        allowed = BEYOND if refined else min(max(OF_SPREAD * std / width, OUTSIDE), FAR_OUTSIDE)
        outside = max(quantity.lower - value, value - quantity.upper)
        if outside > allowed * width:
            yield (
                f"The learned {quantity.name}, {with_uncertainty(value, std)} {quantity.unit}".rstrip()
                + f", lies outside the range that was learned, {quantity.lower:g} to {quantity.upper:g}"
                + (
                    "; the refinement started from a guess."
                    if refined
                    else ": the model has seen nothing like it, and its uncertainty means nothing there."
                )
            )


def of_refinement(result: Result) -> Iterator[str]:
    """Yield a doubt for each quantity whose refined value is far from the learned one."""
    if result.refinement is None:
        return
    for (quantity, value, std), refined in zip(_learned(result), result.refinement.values, strict=True):
        apart = abs(refined - value)
        if apart > max(APART * std, APART_OF_RANGE * (quantity.upper - quantity.lower)):
            yield (
                f"The refined {quantity.name}, {refined:.4g} {quantity.unit}".rstrip()
                + f", is {apart / std:.1f} standard deviations from the learned one, {with_uncertainty(value, std)}: "
                "one of the two is wrong."
            )


def of_uncertainty(result: Result) -> Iterator[str]:
    """Yield a doubt if a refined quantity has no uncertainty and the refiner does not say why."""
    if result.refinement is None or result.refinement.doubts or result.refinement.notes:
        return
    variances = np.diag(result.refinement.covariance)
    missing = [q.name for q, variance in zip(result.quantities, variances, strict=True) if not np.isfinite(variance)]
    if missing:
        yield f"There is no uncertainty of {', '.join(missing)}."


def _learned(result: Result) -> Iterator[tuple[Quantity, float, float]]:
    return zip(result.quantities, result.learned.mean[0].tolist(), result.learned.spread[0].tolist(), strict=True)
