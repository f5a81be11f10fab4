"""Posterior sample of the quantities, given a peak list whose assignment to modes is unknown.

Where errors of the peaks are as large as the distances of the modes, the most likely assignment pairs every peak with
the mode that happens to be near: its residuals are too small, and so are all uncertainties that follow from them. The
way out is not to decide. Quantities, noise and assignment are drawn together, by Markov chain Monte Carlo, from
everything that explains the list; averages over the draws are the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from spectra.plugins.peaks.sampler.errors import (
    GAUSSIAN,
    INFORMATION,
    LOG_NORM,
    LOG_SCALE,
    LOG_SPREADS,
    POWERS,
    draw_errors,
    raise_to_power,
)
from spectra.plugins.peaks.sampler.lists import Draws, LinearModes, PeakList
from spectra.plugins.peaks.sampler.values import ConditionalValues

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_IMPOSSIBLE = -1e30
_REACH = 3.0  # standard deviations within which a peak looks for its mode
_MOST_NEIGHBOURS = 15
_NEIGHBOURS = 2  # how far apart in the list peaks are that exchange partners
_MEMORIES = (0.0, 0.8)
_ERROR_STEPS = 6


class Chains:
    """Markov chains that run side by side, one row of each array for each of c chains.

    Each chain holds quantities, size and shape of the errors, the probability that a mode shows, and the partner of
    every peak. A sweep draws the partner of every peak anew among the modes that are free (Gibbs), lets neighbours
    exchange theirs (Metropolis), and then moves the rest given the partners. The stationary distribution is the
    posterior under uniform priors on the quantities within ``bounds``, on the logarithm of the errors' size and on the
    probability of being seen; a normal one on quantities that are known beforehand.

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
    advance
        Called with 1 after every sweep.
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
        advance: Callable[[int], None] = lambda _sweeps: None,
    ) -> None:
        self.peaks, self.bounds, self.prior, self.rng = peaks, bounds, prior, rng
        self.advance = advance
        self.values = starts.copy()
        chains, self.m = partners.shape
        self.rows = np.arange(chains)[:, None]
        self.log_spread = np.full(chains, np.log(spread))
        self.shape = np.full(chains, GAUSSIAN)
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
            self.advance(1)

    def draw(self, sweeps: int) -> Draws:
        """Run ``sweeps`` sweeps and return the draws."""
        drawn: list[tuple[Floats, Floats, Floats]] = []
        counts = np.zeros((self.m, self.n + 1))
        for sweep in range(sweeps):
            self._sweep()
            self.advance(1)
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
        self._nearest = nearest
        # where the terms of a peak (and of "no peak") list a mode; those too far away stand last, as impossible
        slots = np.arange(self.n + 1) - np.append(nearest, 0)[:, None] + self._half
        slots[(slots < 0) | (slots >= self._none)] = self._none + 1
        slots[:, self.n] = self._none
        self._slots = slots
        offers = np.clip(nearest + np.arange(-self._half, self._half + 2)[:, None], 0, self.n - 1)
        offers[self._none] = self.n
        self._groups = [(group, offers[:, group]) for group in _independent(nearest, self._half)]
        near = nearest + np.arange(-self._half, self._half + 1)[:, None]  # (2 half + 1, m)
        self._beyond = (near < 0) | (near >= self.n)
        self._near = np.where(self._beyond, 0, near)
        self._pairs = list(_pairs(self.m))

        far = np.abs(partners - nearest) > self._half
        self.partner[:, : self.m] = np.where(far, self.n, partners)
        self.partner[:, self.m] = self.n
        # chains last, as in the terms: what is done for every chain alike then runs along the memory
        self._owner = np.full((self.n + 1, len(self.rows)), self.m)
        self._owner[self.partner[:, : self.m], self.rows] = np.arange(self.m)
        self._owner[self.n] = self.m
        self._positions = modes.at(self.values)
        self._slopes = np.append(modes.slopes, np.zeros((1, modes.slopes.shape[1])), axis=0)  # the last: of no mode

    def _rematch(self) -> None:
        """Draw partners, peaks that cannot disturb each other at once.

        The likelihood is a product over the peaks, up to a constant: of a peak with a mode, the probability that it
        shows where it does over that of the mode not showing; of one without, the density of spurious peaks.
        """
        terms = self._terms()
        self._take_free_modes(terms)
        self._exchange(terms)

    def _take_free_modes(self, terms: Floats) -> None:
        """Draw the partner of every peak from its conditional distribution: among modes that no other has, and none."""
        factors = terms[: self._none + 1, : self.m]
        factors = factors - factors.max(axis=0)
        np.exp(factors, out=factors)
        chains = self.rows[:, 0]
        for group, modes in self._groups:  # modes (none + 1, g)
            self._owner[self.partner[:, group].T, chains] = self.m
            cumulative = np.cumsum(factors[:, group] * (self._owner[modes] == self.m), axis=0)
            drawn = self.rng.random((len(chains), len(group))).T * cumulative[-1]
            place = (cumulative <= drawn).sum(axis=0, dtype=np.uint8)
            mode = modes[place, np.arange(len(group))[:, None]]  # (g, c)
            self._owner[mode, chains] = group[:, None]
            self._owner[self.n] = self.m
            self.partner[:, group] = mode.T

    def _exchange(self, terms: Floats) -> None:
        """Offer every two neighbours each other's partners, none being one, too."""
        peaks, chains = np.arange(self.m)[:, None], self.rows[:, 0]
        partner = self.partner[:, : self.m].T.copy()  # (m, c)
        now = terms[self._slots[peaks, partner], peaks, chains]
        for left, right in self._pairs:
            one, other = partner[left], partner[right]
            first = terms[self._slots[left[:, None], other], left[:, None], chains]
            second = terms[self._slots[right[:, None], one], right[:, None], chains]
            gain = first + second - now[left] - now[right]
            pair, chain = np.nonzero(gain > np.log(self.rng.random((len(chains), len(left)))).T)
            partner[left[pair], chain], partner[right[pair], chain] = other[pair, chain], one[pair, chain]
            now[left[pair], chain], now[right[pair], chain] = first[pair, chain], second[pair, chain]
        self.partner[:, : self.m] = partner.T
        self._owner[partner, chains] = peaks
        self._owner[self.n] = self.m

    def _terms(self) -> Floats:
        """Return the factors' logarithms (2 half + 3, m + 1, c): for each mode near a peak, for none, for others."""
        scale = np.exp(-self._log_errors(self.log_spread) - LOG_SCALE[self.shape, None]).T  # (m or 1, c)
        terms = np.zeros((self._none + 2, self.m + 1, len(self.rows)))
        # in place, because these are by far the largest arrays of a sweep
        near = terms[: self._none, : self.m]
        np.subtract(self.peaks.logs[:, None], self._positions.T[self._near], out=near)
        np.abs(near, out=near)
        near *= scale
        raise_to_power(near, self.shape)
        np.subtract(LOG_NORM[self.shape] + np.log(scale), near, out=near)
        near *= self.peaks.weights[:, None]
        near += (np.log(self.seen) - np.log1p(-self.seen * self._expected[:, None]))[self._near]
        near[self._beyond] = _IMPOSSIBLE
        spurious = np.log(self.spurious / (self.peaks.window[1] - self.peaks.window[0]))
        terms[self._none, : self.m] = spurious * self.peaks.weights[:, None]
        terms[self._none + 1, : self.m] = _IMPOSSIBLE
        return terms

    def _move_values(self) -> None:
        """Move the quantities, given partners and errors."""
        mode = self.partner[:, : self.m]
        matched = mode < self.n
        places = np.where(matched, mode, 0)
        log_likelihood = self._log_likelihood_of(matched)
        conditional = ConditionalValues(
            self.values,
            residuals=np.where(matched, self.peaks.logs - self._positions[self.rows, places], 0.0),
            slopes=np.take(self._slopes, mode, axis=0),
            precisions=self.peaks.weights / self._errors(np.exp(self.log_spread)) ** 2,
            bounds=self.bounds,
            prior=self.prior,
            log_likelihood=log_likelihood,
            rng=self.rng,
        )
        for memory in _MEMORIES:
            conditional.redraw(memory)
        scale = INFORMATION[self.shape] ** -0.5
        for _ in range(2 + len(self.bounds[0])):
            conditional.walk(scale * self.rng.choice([0.5, 2.4], len(scale)))
        self.values = conditional.values
        self._positions = self.modes.at(self.values)

    def _move_errors(self) -> None:
        """Draw size and shape of the errors, given everything else."""
        mode = self.partner[:, : self.m]
        matched = mode < self.n
        residuals = self._residuals(self.values, mode, matched)
        if self.peaks.deviations is not None:
            for _ in range(_ERROR_STEPS):
                self._step_errors(residuals, matched)
            return
        log_spread, shape = draw_errors(residuals, np.where(matched, self.peaks.weights, 0.0), self.rng)
        inside = (log_spread >= LOG_SPREADS[0]) & (log_spread <= LOG_SPREADS[1])  # else they stay as they are
        self.log_spread = np.where(inside, log_spread, self.log_spread)
        self.shape = np.where(inside, shape, self.shape)

    def _step_errors(self, residuals: Floats, matched: NDArray[np.bool_]) -> None:
        """Take a Metropolis step of size and shape."""
        chains = len(self.log_spread)
        before, current = (self.log_spread, self.shape), self._log_likelihood(residuals, matched)
        self.log_spread = self.log_spread + self.rng.choice([0.1, 0.5], chains) * self.rng.standard_normal(chains)
        self.shape = self.shape + self.rng.integers(-1, 2, chains)
        possible = (self.log_spread >= LOG_SPREADS[0]) & (self.log_spread <= LOG_SPREADS[1])
        possible &= (self.shape >= 0) & (self.shape < len(POWERS))
        self.log_spread = np.where(possible, self.log_spread, before[0])
        self.shape = np.where(possible, self.shape, before[1])
        likelihood = self._log_likelihood(residuals, matched)
        accepted = possible & (np.log(self.rng.random(chains)) < likelihood - current)
        self.log_spread = np.where(accepted, self.log_spread, before[0])
        self.shape = np.where(accepted, self.shape, before[1])

    def _move_detection(self) -> None:
        """Draw the probability of being seen, and the number of spurious peaks, from their conditional distributions.

        A mode without a peak was not seen, or seen outside the window; which of the two is drawn first, and then the
        probability has a beta distribution.
        """
        taken = (self._owner[: self.n] < self.m).T
        counted = self._expected > 1e-6
        outside = self.seen[:, None] * (1 - self._expected)
        unseen_share = (1 - self.seen[:, None]) / np.maximum(1 - self.seen[:, None] + outside, 1e-300)
        unseen = ~taken & counted & (self.rng.random(taken.shape) < unseen_share)
        seen = (counted & ~unseen).sum(axis=1)
        self.seen = np.clip(self.rng.beta(1 + seen, 1 + unseen.sum(axis=1)), 1e-3, 1 - 1e-6)
        alone = (self.partner[:, : self.m] == self.n).sum(axis=1)
        # prior: exponential with the expected number as its mean
        self.spurious = self.rng.gamma(1 + alone) / (1 + 1 / self.peaks.spurious)

    def _residuals(self, values: Floats, mode: Integers, matched: NDArray[np.bool_]) -> Floats:
        positions = self.modes.at(values)[self.rows, np.where(matched, mode, 0)]
        return np.where(matched, np.abs(self.peaks.logs - positions), 0.0)

    def _log_likelihood(self, residuals: Floats, matched: NDArray[np.bool_]) -> Floats:
        """Return the logarithm of the density of the errors (c,)."""
        return self._log_likelihood_of(matched)(residuals)

    def _log_likelihood_of(self, matched: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
        """Return the function of the residuals (c, m) alone, for errors and partners as they are."""
        log_scale = self._log_errors(self.log_spread) + LOG_SCALE[self.shape, None]  # (c, m or 1)
        scale, norm, weights = np.exp(-log_scale), LOG_NORM[self.shape, None] - log_scale, self.peaks.weights

        def log_likelihood(residuals: Floats) -> Floats:
            exponents = residuals * scale
            raise_to_power(exponents.T, self.shape)
            return np.where(matched, norm - exponents, 0.0) @ weights

        return log_likelihood

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


def _neighbours(peaks: Floats, modes: Floats, spread: Floats) -> tuple[Integers, int]:
    """Return the mode nearest to each peak, and how many modes on either side are worth an offer."""
    nearest = np.clip(np.searchsorted(modes, peaks), 1, len(modes) - 1)
    nearest = nearest - (peaks - modes[nearest - 1] < modes[nearest] - peaks)
    within = np.searchsorted(modes, peaks + _REACH * spread) - np.searchsorted(modes, peaks - _REACH * spread)
    return nearest, int(np.clip(within.max(initial=0) // 2 + 1, 2, _MOST_NEIGHBOURS))


def _pairs(count: int) -> Iterator[tuple[Integers, Integers]]:
    """Pair peaks with the next, the next but one and so on; each peak is in a set of pairs once at most."""
    places = np.arange(count)
    for distance in range(1, _NEIGHBOURS + 1):
        for parity in range(2):
            left = np.flatnonzero((places // distance % 2 == parity) & (places + distance < count))
            if len(left):
                yield left, left + distance


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
