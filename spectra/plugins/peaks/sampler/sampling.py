"""Sampling that goes on until it has converged, and what goes on record about that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sampler.convergence import Convergence, convergence
from spectra.plugins.peaks.sampler.lists import Draws
from spectra.plugins.peaks.sampler.matching import Chains

Floats = NDArray[np.float64]

# R̂ and size at which sampling ends: 1,000 draws tell a standard deviation to 2 %.
_AIM = 1.05, 1000
# Those that it must reach. Three independent draws a chain, 200 of 64, tell the mean to 0.07 and the deviation to 0.05
# of the deviation, and with a quarter discarded what is left of the start, e^-2.1 and less later on, adds 0.02 of its
# distance. R̂ is about √(1 + chains / size) (Vats & Knudson 2021). Vehtari et al. (2021) ask for a size of 400, so
# that four chains tell it reliably; 64 tell it better.
_LEAST = 1.15, 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Sampling:
    """Draws that were kept, and how well they stand for the posterior.

    Parameters
    ----------
    followed
        What ``convergence`` is about: the quantities, then size of the errors and share of the modes seen.
    sweeps
        Length of the chains after burning in; a quarter is discarded where they were not enough to begin with.
    """

    draws: Draws
    convergence: Convergence
    followed: Sequence[str]
    chains: int
    sweeps: int
    most_sweeps: int

    @property
    def converged(self) -> bool:
        """Whether everything that is followed meets the limits."""
        return _meets(self.convergence, _LEAST)

    def diagnostics(self) -> dict[str, Any]:
        """Return what goes on record."""
        found = self.convergence
        return {
            "chains": self.chains,
            "sweeps": self.sweeps,
            "converged": self.converged,
            "rhat": dict(zip(self.followed, found.rhat.tolist(), strict=True)),
            "effective_size": dict(zip(self.followed, found.size.tolist(), strict=True)),
        }

    def doubts(self) -> list[str]:
        """Say that the sample is too small, where it was meant to be large enough."""
        if self.converged or not self.most_sweeps:
            return []
        found = self.convergence
        return [
            f"The posterior sample has not converged after {self.sweeps} sweeps: R̂ is up to {found.rhat.max():.2f} "
            f"(at most {_LEAST[0]} would be), and it is worth {found.size.min():.0f} independent draws (at least "
            f"{_LEAST[1]}); the uncertainties are rough. Raise refiner.most_sweeps, or measure more peaks."
        ]


def sampled(chains: Chains, names: Sequence[str], *, sweeps: int, most_sweeps: int) -> Sampling:
    """Draw ``sweeps`` sweeps, and more, up to ``most_sweeps``, until everything has converged.

    If more are needed, the first of them are not yet what they should be: a quarter of all is discarded.

    Parameters
    ----------
    names
        Of the quantities.
    """
    count, goes_on = len(chains.values), most_sweeps > sweeps
    length = sweeps // 2 if goes_on else sweeps
    drawn = [chains.draw(length) for _ in range(2 if goes_on else 1)]
    first = len(drawn)
    while True:
        kept = Draws.joined(drawn[0 if len(drawn) == first else -(-len(drawn) // 4) :])
        followed = np.column_stack([kept.values, np.log(kept.spread), kept.seen])
        found = convergence(followed.reshape(-1, count, followed.shape[1]))
        more = min(max(1, len(drawn) // 4), most_sweeps // length - len(drawn))
        if _meets(found, _AIM) or more <= 0:
            return Sampling(
                draws=kept,
                convergence=found,
                followed=[*names, "size of errors", "share seen"],
                chains=count,
                sweeps=len(drawn) * length,
                most_sweeps=most_sweeps,
            )
        drawn += [chains.draw(length) for _ in range(more)]


def _meets(found: Convergence, limits: tuple[float, float]) -> bool:
    rhat, size = limits
    return bool(found.rhat.max() <= rhat and found.size.min() >= size)
