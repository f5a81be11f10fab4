"""The chains of predictions on record with samples of a fixed size: they are reproduced draw by draw."""

from __future__ import annotations

import numpy as np

from spectra.plugins.peaks.sampler.errors import LOG_SPREADS, POWERS
from spectra.plugins.peaks.sampler.lists import Floats, Integers, LinearModes
from spectra.plugins.peaks.sampler.matching import Chains


class RecordedChains(Chains):
    """Chains whose steps are those of version 0.1's first samples.

    They offer a peak modes that others have, mostly in vain: the size of the errors and which peaks have no mode take
    hundreds of sweeps to forget where they began. And where a peak without a mode takes another's, the step back is not
    as probable as it should be.
    """

    def _take_modes(self, modes: LinearModes, partners: Integers) -> None:
        super()._take_modes(modes, partners)
        # The quantities move by steps shaped like the covariance that Gauss's formula gives for errors of this size.
        width = self.bounds[1] - self.bounds[0]
        slopes = modes.slopes * np.sqrt(self._expected)[:, None] * width
        spread = float(self._sizes(np.median(np.exp(self.log_spread), keepdims=True))[0])
        precision = slopes.T @ slopes + np.diag(spread**2 * (12 + (width / self.prior) ** 2))
        self._step = np.linalg.inv(np.linalg.cholesky(precision)) * width

    def _rematch(self) -> None:
        """Offer every peak another partner, peaks that cannot disturb each other at once.

        The likelihood is a product over the peaks, up to a constant: of a peak with a mode, the probability that it
        shows where it does over that of the mode not showing; of one without, the density of spurious peaks. A partner
        is offered in proportion to its factor, so whether it is taken depends only on the peak that has to change.
        """
        terms = self._terms().transpose(2, 1, 0)
        cumulative = np.cumsum(np.exp(terms[:, : self.m] - terms[:, : self.m].max(axis=2, keepdims=True)), axis=2)
        drawn = self.rng.random(cumulative.shape[:2]) * cumulative[:, :, -1]
        slots = (cumulative < drawn[:, :, None]).sum(axis=2)
        offered = np.where(slots < self._none, self._nearest - self._half + slots, self.n)
        threshold = np.log(self.rng.random(offered.shape))
        for group, _ in self._groups:
            mode, before = offered[:, group], self.partner[:, group]
            other = self._owner[mode, self.rows]
            # no peak, number m, has nothing to lose: its terms are zero
            loss = terms[self.rows, other, self._slots[other, mode]]
            loss -= terms[self.rows, other, self._slots[other, before]]
            row, column = np.nonzero((threshold[:, group] < -loss) & (mode != before))
            me, you, new, old = group[column], other[row, column], mode[row, column], before[row, column]
            self._owner[old, row] = you
            self._owner[new, row] = me
            self.partner[row, you] = old
            self.partner[row, me] = new
            self._owner[self.n], self.partner[:, self.m] = self.m, self.n

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
            self.log_spread = np.clip(self.log_spread + 0.2 * self.rng.standard_normal(chains), *LOG_SPREADS)
            self.shape = np.clip(self.shape + self.rng.integers(-1, 2, chains), 0, len(POWERS) - 1)
            likelihood = self._log_likelihood(residuals, matched)
            accepted = np.log(self.rng.random(chains)) < likelihood - current
            self.log_spread = np.where(accepted, self.log_spread, before[0])
            self.shape = np.where(accepted, self.shape, before[1])
            current = np.where(accepted, likelihood, current)

    def _log_prior(self, values: Floats) -> Floats:
        return -0.5 * np.sum((values / self.prior) ** 2, axis=1)
