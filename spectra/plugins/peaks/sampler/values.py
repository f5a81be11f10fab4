"""Quantities given everything else: least squares says where they are likely, Metropolis steps where they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class ConditionalValues:
    """Quantities of c chains, given which peak is which mode and how large the errors are.

    Parameters
    ----------
    values : ndarray, shape (c, p)
    residuals : ndarray, shape (c, m)
        ln(peak/mode); 0 of a peak without a mode.
    slopes : ndarray, shape (c, m, p)
        ∂ ln f/∂ quantity of the modes; 0 of a peak without one.
    precisions : ndarray, shape (c, m)
        Weight over variance of each residual.
    bounds : ndarray, shape (2, p)
    prior : ndarray, shape (p,)
        Standard deviations about zero of what is known beforehand; infinite where nothing is.
    log_likelihood
        Function from absolute residuals (c, m) to the logarithm of their density (c,).
    """

    def __init__(
        self,
        values: Floats,
        *,
        residuals: Floats,
        slopes: Floats,
        precisions: Floats,
        bounds: Floats,
        prior: Floats,
        log_likelihood: Callable[[Floats], Floats],
        rng: np.random.Generator,
    ) -> None:
        self.bounds, self.prior, self.rng = bounds, prior, rng
        self.width, self.middle = bounds[1] - bounds[0], bounds.mean(axis=0)
        self.values, self.residuals = values.copy(), residuals
        self.slopes = slopes * self.width  # from here on, quantities in units of their ranges
        self.log_likelihood = log_likelihood
        self.current = log_likelihood(np.abs(residuals)) + self._log_prior(values)

        # The normal distribution of least squares; one as wide as the ranges, and what is known beforehand, keep it
        # finite where the peaks say nothing.
        weighted = (self.slopes * precisions[:, :, None]).transpose(0, 2, 1)
        precision = weighted @ self.slopes
        loose = 12 + 1e-14 * np.trace(precision, axis1=1, axis2=2)[:, None]
        known = (self.width / prior) ** 2
        precision[:, np.arange(len(prior)), np.arange(len(prior))] += loose + known
        gradient = (weighted @ residuals[:, :, None])[:, :, 0]
        gradient -= loose * (values - self.middle) / self.width + known * values / self.width
        lower = np.linalg.cholesky(precision)
        self._back = np.linalg.inv(lower).transpose(0, 2, 1)
        # where the chains are, as multiples of its standard deviations
        self._place = -_times(self._back.transpose(0, 2, 1), gradient)

    def redraw(self, memory: float) -> None:
        """Offer a draw from the normal distribution, or, with some ``memory``, one not so far from here.

        Where errors are Gaussian it is what is wanted, and every offer taken.
        """
        noise = self.rng.standard_normal(self._place.shape)
        place = memory * self._place + np.sqrt(1 - memory**2) * noise
        correction = 0.5 * np.sum(place**2 - self._place**2, axis=1)
        self._offer(place, correction)

    def walk(self, length: Floats) -> None:
        """Offer a step at random, of ``length`` (c,) standard deviations of the normal distribution."""
        noise = self.rng.standard_normal(self._place.shape)
        self._offer(self._place + (length / np.sqrt(noise.shape[1]))[:, None] * noise, 0.0)

    def _offer(self, place: Floats, correction: Floats | float) -> None:
        step = _times(self._back, place - self._place)
        values = self.values + step * self.width
        residuals = self.residuals - _times(self.slopes, step)
        posterior = self.log_likelihood(np.abs(residuals)) + self._log_prior(values)
        accepted = np.log(self.rng.random(len(values))) < posterior - self.current + correction
        accepted &= ((values >= self.bounds[0]) & (values <= self.bounds[1])).all(axis=1)
        self.values[accepted], self.residuals[accepted] = values[accepted], residuals[accepted]
        self.current[accepted], self._place[accepted] = posterior[accepted], place[accepted]

    def _log_prior(self, values: Floats) -> Floats:
        return -0.5 * np.sum((values / self.prior) ** 2, axis=1)


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Multiply c matrices (c, i, j) by c vectors (c, j)."""
    product: Floats = (matrices @ vectors[:, :, None])[:, :, 0]
    return product
