"""Convergence of Markov chains that ran side by side: R̂ and effective sample sizes.

After Vehtari, Gelman, Simpson, Carpenter & Bürkner, Bayesian Analysis 16, 667 (2021), whose equations are named here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Convergence:
    """How well draws of p quantities stand for what they are drawn from.

    Parameters
    ----------
    rhat : ndarray, shape (p,)
        The larger of the rank-normalised split R̂ of the draws and of their distances from the median; 1 where all
        chains draw from one distribution.
    mean_size, deviation_size : ndarray, shape (p,)
        Number of independent draws that would tell the middle of the distribution, and its standard deviation, as well.
    """

    rhat: Floats
    mean_size: Floats
    deviation_size: Floats

    @property
    def size(self) -> Floats:
        """The smaller of the two sizes, shape (p,)."""
        return np.minimum(self.mean_size, self.deviation_size)


def convergence(draws: Floats) -> Convergence:
    """Return the figures of ``draws``, shape (n, c, p): n of each of c chains."""
    halves = _split(draws)
    ranked, folded = _normal_ranks(halves), _normal_ranks(np.abs(halves - np.median(halves, axis=(0, 1))))
    squares = (halves - halves.mean(axis=(0, 1))) ** 2
    return Convergence(
        rhat=np.maximum(_rhat(ranked), _rhat(folded)), mean_size=_size(ranked), deviation_size=_size(squares)
    )


def _split(draws: Floats) -> Floats:
    """Take the halves of each chain for chains: one that drifts disagrees with itself."""
    half = len(draws) // 2
    return np.concatenate([draws[:half], draws[-half:]], axis=1)


def _normal_ranks(draws: Floats) -> Floats:
    """Return the quantiles of a normal distribution that belong to the ranks of all draws (eq. 14)."""
    n, c, p = draws.shape
    flat = draws.reshape(n * c, p)
    ranks = np.empty(flat.shape)
    np.put_along_axis(ranks, np.argsort(flat, axis=0, kind="stable"), np.arange(1.0, n * c + 1)[:, None], axis=0)
    normal: Floats = ndtri((ranks - 0.375) / (n * c + 0.25)).reshape(n, c, p)
    return normal


def _variances(draws: Floats) -> tuple[Floats, Floats]:
    """Return the variance within the chains, and that of the distribution as all of them tell it (eqs. 1 to 3)."""
    n = len(draws)
    within = draws.var(axis=0, ddof=1).mean(axis=0)
    return within, within * (n - 1) / n + draws.mean(axis=0).var(axis=0, ddof=1)


def _rhat(draws: Floats) -> Floats:
    """Return √(var⁺ / W) (eq. 4); 1 of draws that are all the same."""
    within, total = _variances(draws)
    return np.sqrt(np.where(total > 0, total, 1.0) / np.where(total > 0, np.maximum(within, 1e-300), 1.0))


def _size(draws: Floats) -> Floats:
    """Return the effective sample size (eqs. 10 to 13), its sum ended where pairs stop being positive and falling."""
    n, c, p = draws.shape
    within, total = _variances(draws)
    centred = np.fft.rfft(draws - draws.mean(axis=0), 2 * n, axis=0)
    covariances = np.fft.irfft(np.abs(centred) ** 2, axis=0)[:n].mean(axis=1) / n  # of a chain at each lag: (n, p)
    safe = np.where(total > 0, total, 1.0)
    correlations = 1 - (within - covariances) / safe
    correlations[0] = 1.0
    pairs = correlations[: n - n % 2].reshape(-1, 2, p).sum(axis=1)
    positive = np.cumprod(pairs > 0, axis=0)
    falling = np.minimum.accumulate(np.where(positive, pairs, 0.0), axis=0)
    time = np.maximum(2 * falling.sum(axis=0) - 1, 1 / np.log10(n * c))
    return np.where(total > 0, n * c / time, float(n * c))
