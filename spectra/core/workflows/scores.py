"""What a study found: predictions beside the truth, and the numbers that sum them up."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity

Floats = NDArray[np.float64]
Method = Literal["network", "refined"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """The answers of one variant under one condition.

    Parameters
    ----------
    truth : ndarray, shape (n, p)
        NaN for a quantity of a measured spectrum with nothing to compare with.
    mean, spread : ndarray, shape (s, n, p)
        For each of s seeds; NaN where the refiner found no answer or no uncertainty.
    occupied
        Share of features that are not zero; of a fingerprint, Liu et al. (2023) call it the information density.
    repeated
        Whether all n are one spectrum, distorted anew each time.
    """

    variant: str
    condition: str
    method: Method
    truth: Floats
    mean: Floats
    spread: Floats
    occupied: float
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class Score:
    """How well one quantity was found; ``None`` where a number has no meaning.

    Parameters
    ----------
    count, failed
        Spectra of one seed, and how many of all seeds' the refiner found no answer for; they count no further.
    mape_percent, mape_percent_std
        Mean absolute percentage error (Liu et al. 2023, eq. 14): mean over the seeds, and standard deviation over them
        where there are two or more.
    median_percent
        Median of the absolute percentage errors.
    within_one_spread
        Share of truths within one standard deviation of the answer; 0.68 if spreads are honest and errors Gaussian.
    value, scatter
        Mean answer, and its standard deviation over the draws of the condition, where these are all of one spectrum.
    """

    variant: str
    condition: str
    method: Method
    quantity: str
    unit: str
    count: int
    failed: int
    mape_percent: float | None
    mape_percent_std: float | None
    median_percent: float | None
    rmse: float | None
    within_one_spread: float | None
    value: float | None
    scatter: float | None
    occupied: float


def scores(outcome: Outcome, quantities: Sequence[Quantity]) -> Iterator[Score]:
    """Sum up an outcome, quantity by quantity."""
    for place, quantity in enumerate(quantities):
        truth, mean, spread = outcome.truth[:, place], outcome.mean[:, :, place], outcome.spread[:, :, place]
        error = mean - truth  # (s, n)
        percent = 100 * np.abs(error) / np.maximum(np.abs(truth), 1e-300)
        of_seeds = _mean(percent, axis=1)
        known = np.isfinite(error) & np.isfinite(spread)
        yield Score(
            variant=outcome.variant,
            condition=outcome.condition,
            method=outcome.method,
            quantity=quantity.name,
            unit=quantity.unit,
            count=mean.shape[1],
            failed=int(np.isnan(mean).sum()),
            mape_percent=_number(_mean(of_seeds)),
            mape_percent_std=_deviation(of_seeds),
            median_percent=_number(np.nanmedian(percent)) if np.isfinite(percent).any() else None,
            rmse=_number(np.sqrt(_mean(error**2))),
            within_one_spread=_number(np.mean(np.abs(error[known]) <= spread[known])) if known.any() else None,
            value=_number(_mean(mean)) if outcome.repeated else None,
            scatter=_scatter(mean) if outcome.repeated else None,
            occupied=outcome.occupied,
        )


def _mean(values: Floats, axis: int | None = None) -> Floats:
    """Average what is there; NaN if nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=axis))


def _deviation(values: Floats) -> float | None:
    values = values[np.isfinite(values)]
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def _scatter(mean: Floats) -> float | None:
    """Return the standard deviation over the draws, within each seed, of answers (s, n)."""
    variances = [deviation**2 for row in mean if (deviation := _deviation(row)) is not None]
    return float(np.sqrt(np.mean(variances))) if variances else None


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
