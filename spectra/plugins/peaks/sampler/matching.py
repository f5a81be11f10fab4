"""Posterior sample of the quantities, given a peak list whose assignment to modes is unknown.

Where errors of the peaks are as large as the distances of the modes, the most likely assignment pairs every peak with
the mode that happens to be near: its residuals are too small, and so are all uncertainties that follow from them. The
way out is not to decide. Quantities, noise and assignment are drawn together, by Markov chain Monte Carlo, from
everything that explains the list; averages over the draws are the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Errors of ln f have the density exp(-|r/a|^p), p = 2^k: Laplace's, Gauss's, and nearly uniform ones.
_POWERS = 2.0 ** np.arange(6)
_LOG_SCALE = 0.5 * (gammaln(1 / _POWERS) - gammaln(3 / _POWERS))  # of a, where the standard deviation is 1
_LOG_NORM = np.log(_POWERS / 2) - gammaln(1 / _POWERS)
_GAUSSIAN = 1

_LOG_SPREADS = (np.log(1e-8), np.log(0.1))  # of the errors' standard deviation; uniform in between
_IMPOSSIBLE = -1e30
_REACH = 3.0  # standard deviations within which a peak looks for its mode
_MOST_NEIGHBOURS = 15


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearModes:
    """Modes linearised about one point: ln f is linear in the quantities, and costs nothing to compute.

    Parameters
    ----------
    values : ndarray, shape (p,)
        The point.
    logs : ndarray, shape (n,)
        ln f there, ascending.
    slopes : ndarray, shape (n, p)
        ∂ ln f / ∂ quantity.
    """

    values: Floats
    logs: Floats
    slopes: Floats

    def at(self, values: Floats) -> Floats:
        """Return ln f (..., n) of quantities (..., p)."""
        return self.logs + (values - self.values) @ self.slopes.T

    def names_in(self, other: LinearModes) -> Integers:
        """Return for each mode its place among ``other`` modes, found by the order of frequencies there.

        The last entry, and those of modes that the others lack, are their number: none.
        """
        order = np.argsort(self.at(other.values), kind="stable")
        names = np.full(len(order) + 1, len(other.logs))
        common = min(len(order), len(other.logs))
        names[order[:common]] = np.arange(common)
        return names


@dataclass(frozen=True, kw_only=True, eq=False)
class PeakList:
    """Measured peaks, and the expected number of spurious ones.

    Parameters
    ----------
    logs : ndarray, shape (m,)
        ln f of the peaks, ascending.
    weights : ndarray, shape (m,)
        What share of an independent measurement each is.
    window : tuple of float
        ln f of the ends of the measured range.
    spurious
        Expected number of peaks that belong to no mode.
    deviations : ndarray, shape (m,), optional
        Standard deviations of ``logs`` that each peak has of its own, besides the error common to all.
    """

    logs: Floats
    weights: Floats
    window: tuple[float, float]
    spurious: float
    deviations: Floats | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """A sample of the posterior.

    Parameters
    ----------
    values : ndarray, shape (k, p)
    spread : ndarray, shape (k,)
        Standard deviation of ln(peak/mode), without what peaks have of their own.
    seen : ndarray, shape (k,)
        Probability that a mode shows.
    partners : ndarray, shape (m, n + 1)
        Probability that a peak belongs to a mode; in the last column, to none.
    """

    values: Floats
    spread: Floats
    seen: Floats
    partners: Floats

    @classmethod
    def joined(cls, draws: Sequence[Draws]) -> Draws:
        """Return equally many draws of several rounds as one sample."""
        if len(draws) == 1:
            return draws[0]
        return cls(
            values=np.concatenate([one.values for one in draws]),
            spread=np.concatenate([one.spread for one in draws]),
            seen=np.concatenate([one.seen for one in draws]),
            partners=np.mean([one.partners for one in draws], axis=0),
        )

    def renamed(self, names: Integers, count: int) -> Draws:
        """Return the draws with the partners counted by other names, see :meth:`LinearModes.names_in`."""
        partners = np.zeros((len(self.partners), count + 1))
        for old, new in enumerate(names):
            partners[:, new] += self.partners[:, old]
        return replace(self, partners=partners)


class Chains:
    """Markov chains that run side by side, one row of each array for each of c chains.

    Each chain holds quantities, size and shape of the errors, the probability that a mode shows, and the partner of
    every peak. A sweep offers every peak another mode nearby, or none, changing places with the peak that has it
    (Metropolis), and then moves the rest given the partners. The stationary distribution is the posterior under
    uniform priors on the quantities within ``bounds``, on the logarithm of the errors' size and on the probability of
    being seen; a normal one on quantities that are known beforehand.

    Parameters
    ----------
    starts : ndarray, shape (c, p)
    partners : ndarray of int, shape (c, m)
        Mode of each peak, ``n`` for none.
    spread
        Standard deviation of the errors at the start.
    bounds : ndarray, shape (2, p)
    prior : ndarray, shape (p,)
        Standard deviations about zero of what is known beforehand; infinite where nothing is.
    """

    def __init__(
        self,
        peaks: PeakList,
        modes: LinearModes,
        *,
        starts: Floats,
        partners: Integers,
        spread: float,
        bounds: Floats,
        prior: Floats,
        rng: np.random.Generator,
    ) -> None:
        self.peaks, self.bounds, self.prior, self.rng = peaks, bounds, prior, rng
        self.values = starts.copy()
        chains, self.m = partners.shape
        self.rows = np.arange(chains)[:, None]
        self.log_spread = np.full(chains, np.log(spread))
        self.shape = np.full(chains, _GAUSSIAN)
        self.spurious = np.full(chains, peaks.spurious)
        # one column more than there are peaks, for "no peak"; as many modes as there are, and one for "no mode"
        self.partner = np.zeros((chains, self.m + 1), dtype=np.int64)
        self._take_modes(modes, partners)
        inside = min(float(np.mean(partners < self.n)) * self.m / max(float(self._expected.sum()), 1.0), 0.98)
        self.seen = np.full(chains, inside)

    def relinearize(self, modes: LinearModes) -> None:
        """Go on with modes computed elsewhere: the old ones, brought there, are recognised by their order."""
        self._take_modes(modes, self.modes.names_in(modes)[self.partner[:, : self.m]])

    def burn_in(self, sweeps: int) -> None:
        """Run and discard ``sweeps`` sweeps."""
        for _ in range(sweeps):
            self._sweep()

    def draw(self, sweeps: int) -> Draws:
        """Run ``sweeps`` sweeps and return the draws."""
        drawn: list[tuple[Floats, Floats, Floats]] = []
        counts = np.zeros((self.m, self.n + 1))
        for sweep in range(sweeps):
            self._sweep()
            drawn.append((self.values.copy(), np.exp(self.log_spread), self.seen.copy()))
            if sweep % 4 == 0:
                flat = np.arange(self.m) * (self.n + 1) + self.partner[:, : self.m]
                counts += np.bincount(flat.ravel(), minlength=counts.size).reshape(counts.shape)
        values, spread, seen = map(np.concatenate, zip(*drawn, strict=True))
        return Draws(values=values, spread=spread, seen=seen, partners=counts / counts.sum(axis=1, keepdims=True))

    def _sweep(self) -> None:
        self._rematch()
        self._move_values()
        self._move_errors()
        self._move_detection()

    def _take_modes(self, modes: LinearModes, partners: Integers) -> None:
        self.modes, self.n = modes, len(modes.logs)
        common = np.median(np.exp(self.log_spread), keepdims=True)
        spread = float(self._sizes(common)[0])
        low, high = self.peaks.window
        # probability that the peak of a mode lies within the window
        self._expected = ndtr((high - modes.logs) / spread) - ndtr((low - modes.logs) / spread)
        nearest, self._half = _neighbours(self.peaks.logs, modes.logs, self._errors(common)[0])
        self._none = 2 * self._half + 1  # the place of no mode, after those of the modes
        self._groups = list(_independent(nearest, self._half))
        self._nearest = nearest
        # where the terms of a peak (and of "no peak") list a mode; those too far away stand last, as impossible
        slots = np.arange(self.n + 1) - np.append(nearest, 0)[:, None] + self._half
        slots[(slots < 0) | (slots >= self._none)] = self._none + 1
        slots[:, self.n] = self._none
        self._slots = slots

        far = np.abs(partners - nearest) > self._half
        self.partner[:, : self.m] = np.where(far, self.n, partners)
        self.partner[:, self.m] = self.n
        self._owner = np.full((len(self.rows), self.n + 1), self.m)
        self._owner[self.rows, self.partner[:, : self.m]] = np.arange(self.m)
        self._owner[:, self.n] = self.m
        self._positions = modes.at(self.values)

        # The quantities move by steps shaped like the covariance that Gauss's formula gives for errors of this size.
        width = self.bounds[1] - self.bounds[0]
        slopes = modes.slopes * np.sqrt(self._expected)[:, None] * width
        precision = slopes.T @ slopes + np.diag(spread**2 * (12 + (width / self.prior) ** 2))
        self._step = np.linalg.inv(np.linalg.cholesky(precision)) * width

    def _rematch(self) -> None:
        """Offer every peak another partner, peaks that cannot disturb each other at once.

        The likelihood is a product over the peaks, up to a constant: of a peak with a mode, the probability that it
        shows where it does over that of the mode not showing; of one without, the density of spurious peaks. A partner
        is offered in proportion to its factor, so whether it is taken depends only on the peak that has to change.
        """
        terms = self._terms()
        cumulative = np.cumsum(np.exp(terms[:, : self.m] - terms[:, : self.m].max(axis=2, keepdims=True)), axis=2)
        drawn = self.rng.random(cumulative.shape[:2]) * cumulative[:, :, -1]
        slots = (cumulative < drawn[:, :, None]).sum(axis=2)
        offered = np.where(slots < self._none, self._nearest - self._half + slots, self.n)
        threshold = np.log(self.rng.random(offered.shape))
        for group in self._groups:
            mode, before = offered[:, group], self.partner[:, group]
            other = self._owner[self.rows, mode]
            # no peak, number m, has nothing to lose: its terms are zero
            loss = terms[self.rows, other, self._slots[other, mode]]
            loss -= terms[self.rows, other, self._slots[other, before]]
            row, column = np.nonzero((threshold[:, group] < -loss) & (mode != before))
            me, you, new, old = group[column], other[row, column], mode[row, column], before[row, column]
            self._owner[row, old] = you
            self._owner[row, new] = me
            self.partner[row, you] = old
            self.partner[row, me] = new
            self._owner[:, self.n], self.partner[:, self.m] = self.m, self.n

    def _terms(self) -> Floats:
        """Return the factors' logarithms (c, m + 1, 2 half + 3): for each mode near a peak, for none, for others."""
        modes = self._nearest[:, None] + np.arange(-self._half, self._half + 1)
        possible = (modes >= 0) & (modes < self.n)
        modes = np.where(possible, modes, 0)
        scale = np.exp(-self._log_errors(self.log_spread) - _LOG_SCALE[self.shape, None])  # (c, m or 1)
        errors = np.abs(self.peaks.logs[:, None] - self._positions[:, modes]) * scale[:, :, None]
        norm = (_LOG_NORM[self.shape, None] + np.log(scale))[:, :, None]
        density = self.peaks.weights[:, None] * (norm - _power(errors, self.shape[:, None, None]))
        showing = np.log(self.seen)[:, None] - np.log1p(-self.seen[:, None] * self._expected)
        terms = np.zeros((len(self.rows), self.m + 1, self._none + 2))
        terms[:, : self.m] = _IMPOSSIBLE
        terms[:, : self.m, : self._none] = np.where(possible, density + showing[:, modes], _IMPOSSIBLE)
        spurious = np.log(self.spurious / (self.peaks.window[1] - self.peaks.window[0]))
        terms[:, : self.m, self._none] = spurious[:, None] * self.peaks.weights
        return terms

    def _move_values(self) -> None:
        """Take Metropolis steps of the quantities, given partners and errors."""
        chains, count = self.values.shape
        mode = self.partner[:, : self.m]
        matched = mode < self.n
        current = self._log_likelihood(self._residuals(self.values, mode, matched), matched)
        current += self._log_prior(self.values)
        for _ in range(2 + count):
            length = self._sizes(np.exp(self.log_spread)) * self.rng.choice([0.5, 2.4], chains) / np.sqrt(count)
            values = self.values + length[:, None] * (self.rng.standard_normal((chains, count)) @ self._step)
            posterior = self._log_likelihood(self._residuals(values, mode, matched), matched) + self._log_prior(values)
            accepted = np.log(self.rng.random(chains)) < posterior - current
            accepted &= ((values >= self.bounds[0]) & (values <= self.bounds[1])).all(axis=1)
            self.values[accepted], current[accepted] = values[accepted], posterior[accepted]
        self._positions = self.modes.at(self.values)

    def _move_errors(self) -> None:
        """Take Metropolis steps of size and shape of the errors, given everything else."""
        chains = len(self.log_spread)
        mode = self.partner[:, : self.m]
        matched = mode < self.n
        residuals = self._residuals(self.values, mode, matched)
        current = self._log_likelihood(residuals, matched)
        for _ in range(2):
            before = self.log_spread, self.shape
            self.log_spread = np.clip(self.log_spread + 0.2 * self.rng.standard_normal(chains), *_LOG_SPREADS)
            self.shape = np.clip(self.shape + self.rng.integers(-1, 2, chains), 0, len(_POWERS) - 1)
            likelihood = self._log_likelihood(residuals, matched)
            accepted = np.log(self.rng.random(chains)) < likelihood - current
            self.log_spread = np.where(accepted, self.log_spread, before[0])
            self.shape = np.where(accepted, self.shape, before[1])
            current = np.where(accepted, likelihood, current)

    def _move_detection(self) -> None:
        """Draw the probability of being seen, and the number of spurious peaks, from their conditional distributions.

        A mode without a peak was not seen, or seen outside the window; which of the two is drawn first, and then the
        probability has a beta distribution.
        """
        taken = self._owner[:, : self.n] < self.m
        counted = self._expected > 1e-6
        outside = self.seen[:, None] * (1 - self._expected)
        unseen_share = (1 - self.seen[:, None]) / np.maximum(1 - self.seen[:, None] + outside, 1e-300)
        unseen = ~taken & counted & (self.rng.random(taken.shape) < unseen_share)
        seen = (counted & ~unseen).sum(axis=1)
        self.seen = np.clip(self.rng.beta(1 + seen, 1 + unseen.sum(axis=1)), 1e-3, 1 - 1e-6)
        alone = (self.partner[:, : self.m] == self.n).sum(axis=1)
        # prior: exponential with the expected number as its mean
        self.spurious = self.rng.gamma(1 + alone) / (1 + 1 / self.peaks.spurious)

    def _log_prior(self, values: Floats) -> Floats:
        return -0.5 * np.sum((values / self.prior) ** 2, axis=1)

    def _residuals(self, values: Floats, mode: Integers, matched: NDArray[np.bool_]) -> Floats:
        positions = self.modes.at(values)[self.rows, np.where(matched, mode, 0)]
        return np.where(matched, np.abs(self.peaks.logs - positions), 0.0)

    def _log_likelihood(self, residuals: Floats, matched: NDArray[np.bool_]) -> Floats:
        """Return the logarithm of the density of the errors (c,)."""
        log_scale = self._log_errors(self.log_spread) + _LOG_SCALE[self.shape, None]  # (c, m or 1)
        exponents = _power(residuals * np.exp(-log_scale), self.shape[:, None])
        norm = _LOG_NORM[self.shape, None] - log_scale
        return np.where(matched, norm - exponents, 0.0) @ self.peaks.weights

    def _errors(self, spread: Floats) -> Floats:
        """Return each peak's standard deviation (c, m), or (c, 1) where all have the common one (c,) alone."""
        own = self.peaks.deviations
        return spread[:, None] if own is None else np.hypot(spread[:, None], own)

    def _log_errors(self, log_spread: Floats) -> Floats:
        return log_spread[:, None] if self.peaks.deviations is None else np.log(self._errors(np.exp(log_spread)))

    def _sizes(self, spread: Floats) -> Floats:
        """Return the size of the errors (c,): of one that stands for all, where peaks have different ones."""
        if self.peaks.deviations is None:
            return spread
        sizes: Floats = np.mean(self._errors(spread) ** -2, axis=1) ** -0.5
        return sizes


def _power(ratio: Floats, shape: Integers) -> Floats:
    """Return ratio ** (2 ** shape), by squaring; what overflows is impossible anyway."""
    with np.errstate(over="ignore"):
        for level in range(1, int(shape.max(initial=0)) + 1):
            ratio = np.where(shape >= level, ratio * ratio, ratio)
    return ratio


def _neighbours(peaks: Floats, modes: Floats, spread: Floats) -> tuple[Integers, int]:
    """Return the mode nearest to each peak, and how many modes on either side are worth an offer."""
    nearest = np.clip(np.searchsorted(modes, peaks), 1, len(modes) - 1)
    nearest = nearest - (peaks - modes[nearest - 1] < modes[nearest] - peaks)
    within = np.searchsorted(modes, peaks + _REACH * spread) - np.searchsorted(modes, peaks - _REACH * spread)
    return nearest, int(np.clip(within.max(initial=0) // 2 + 1, 2, _MOST_NEIGHBOURS))


def _independent(nearest: Integers, half: int) -> Iterator[Integers]:
    """Divide ascending peaks into groups in which no two can be offered the same mode."""
    left = np.arange(len(nearest))
    while len(left):
        group, last = [], -np.inf
        for peak in left:
            if nearest[peak] > last + 2 * half:
                group.append(peak)
                last = nearest[peak]
        yield np.array(group)
        left = np.setdiff1d(left, group)
