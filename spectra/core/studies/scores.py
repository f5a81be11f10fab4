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
Method = Literal["learned", "refined"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """The answers of one variant under one condition.

    Parameters
    ----------
    seeds
        Those of the s trainings.
    truth : ndarray, shape (s, n, p)
        What each of the s models was to find, different only where each is tested on its own held-out points; NaN for a
        quantity of a measured spectrum with nothing to compare with, and where a model was tested on fewer than n.
    mean, spread : ndarray, shape (s, n, p)
        NaN where the refiner found no answer or no uncertainty.
    occupied
        Share of features that are not zero; of a fingerprint, Liu et al. (2023) call it the information density.
    repeated
        Whether all n are one spectrum, distorted anew each time.
    """

    variant: str
    condition: str
    method: Method
    seeds: tuple[int, ...]
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
        Spectra of one seed, of the one with the most, and how many of all seeds' the refiner found no answer for; they
        count no further.
    mape_percent, mape_percent_std
        Mean absolute percentage error (Liu et al. 2023, eq. 14): mean over the seeds, and standard deviation over them
        where there are two or more; none if any truth is zero.
    median_percent
        Median of the absolute percentage errors of all seeds.
    rmse, rmse_std
        Root mean square error of each seed, in ``unit``: mean over the seeds, and standard deviation over them where
        there are two or more ("average RMSE" in tables II to V of Vizoso & Dingreville 2025).
    rmse_of_seeds
        Those single errors, in the order of the study's seeds: what variants are compared by, split by split.
    rmse_percent_of_range
        ``rmse`` in percent of the range in which the quantity is searched.
    best_rmse, best_seed
        The smallest RMSE of this quantity, and whose it is ("best RMSE").
    best_model_rmse, best_model_seed
        That of the one model with the smallest RMSE in fractions of the ranges, on average over the quantities ("best
        model").
    r2
        Coefficient of determination, mean over the seeds.
    within_one_spread, within_1_96_spreads
        Share of truths, of all seeds, within one and within 1.96 standard deviations of the answer; 0.68 and 0.95 if
        spreads are honest and errors Gaussian.
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
    rmse_std: float | None
    rmse_of_seeds: tuple[float | None, ...]
    rmse_percent_of_range: float | None
    best_rmse: float | None
    best_seed: int | None
    best_model_rmse: float | None
    best_model_seed: int | None
    r2: float | None
    within_one_spread: float | None
    within_1_96_spreads: float | None
    value: float | None
    scatter: float | None
    occupied: float


def scores(outcome: Outcome, quantities: Sequence[Quantity]) -> Iterator[Score]:
    """Sum up an outcome, quantity by quantity."""
    ranges = np.array([quantity.upper - quantity.lower for quantity in quantities])
    shown = np.isfinite(outcome.truth).any(axis=2) | outcome.repeated  # (s, n)
    all_rmse = np.sqrt(_mean((outcome.mean - outcome.truth) ** 2, axis=1))  # (s, p)
    best_model = _smallest(_mean(all_rmse / ranges, axis=1))
    for place, quantity in enumerate(quantities):
        truth, mean, spread = (values[:, :, place] for values in (outcome.truth, outcome.mean, outcome.spread))
        error = mean - truth  # (s, n)
        percent = 100 * np.abs(error / np.where(np.any(truth == 0), np.nan, truth))
        mape, rmse = _mean(percent, axis=1), all_rmse[:, place]
        best = _smallest(rmse)
        r2 = np.nan if outcome.repeated else _mean(r_squared(truth, mean))
        known = np.isfinite(error) & np.isfinite(spread)
        yield Score(
            variant=outcome.variant,
            condition=outcome.condition,
            method=outcome.method,
            quantity=quantity.name,
            unit=quantity.unit,
            count=mean.shape[1],
            failed=int(np.isnan(mean[shown]).sum()),
            mape_percent=_number(_mean(mape)),
            mape_percent_std=_deviation(mape),
            median_percent=_number(np.nanmedian(percent)) if np.isfinite(percent).any() else None,
            rmse=_number(_mean(rmse)),
            rmse_std=_deviation(rmse),
            rmse_of_seeds=tuple(_number(value) for value in rmse),
            rmse_percent_of_range=_number(100 * _mean(rmse) / ranges[place]),
            best_rmse=None if best is None else _number(rmse[best]),
            best_seed=None if best is None else outcome.seeds[best],
            best_model_rmse=None if best_model is None else _number(rmse[best_model]),
            best_model_seed=None if best_model is None else outcome.seeds[best_model],
            r2=_number(r2),
            within_one_spread=_within(1, error[known], spread[known]),
            within_1_96_spreads=_within(1.96, error[known], spread[known]),
            value=_number(_mean(mean)) if outcome.repeated else None,
            scatter=_scatter(mean) if outcome.repeated else None,
            occupied=outcome.occupied,
        )


def r_squared(truth: Floats, mean: Floats) -> Floats:
    """Return coefficients of determination, shape (s,), of arrays (s, n); NaN where all truths are the same.

    Answers that are missing count no further, neither as errors nor in the variance of the truth.
    """
    truth = np.where(np.isfinite(mean), truth, np.nan)
    unexplained = _mean((mean - truth) ** 2, axis=1)
    variance = _mean((truth - _mean(truth, axis=1)[:, None]) ** 2, axis=1)
    varies = np.fmin.reduce(truth, axis=1) < np.fmax.reduce(truth, axis=1)  # else the variance is a rounding error
    return 1 - unexplained / np.where(varies, variance, np.nan)


def _smallest(values: Floats) -> int | None:
    """Return the place of the smallest number, if there is any."""
    return int(np.nanargmin(values)) if np.isfinite(values).any() else None


def _within(spreads: float, error: Floats, spread: Floats) -> float | None:
    return float(np.mean(np.abs(error) <= spreads * spread)) if error.size else None


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
