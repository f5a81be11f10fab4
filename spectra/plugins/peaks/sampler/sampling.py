"""Sampling that goes on until it has converged, what goes on record about it, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity, with_uncertainty
from spectra.plugins.peaks.sampler.convergence import Convergence, convergence
from spectra.plugins.peaks.sampler.lists import Draws
from spectra.plugins.peaks.sampler.matching import Chains

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# R̂ and size at which sampling ends: 1,000 draws tell a standard deviation to 2 %.
_AIM = 1.05, 1000
# Those that it must reach. Three independent draws a chain, 200 of 64, tell the mean to 0.07 and the deviation to 0.05
# of the deviation, and with a quarter discarded what is left of the start, e^-2.1 and less later on, adds 0.02 of its
# distance. R̂ is about √(1 + chains / size) (Vats & Knudson 2021). Vehtari et al. (2021) ask for a size of 400, so
# that four chains tell it reliably; 64 tell it better.
_LEAST = 1.15, 200
_BINS = 200
_VALLEY = 0.5  # of the lower of two maxima of the density, at most, between two lobes
_SMALLEST_LOBE = 0.05


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

    def doubts(self, quantities: Sequence[Quantity]) -> list[str]:
        """Say that the sample is too small, where it was meant to be large enough, and which lobes it has."""
        found, said = self.convergence, []
        if self.most_sweeps and not self.converged:
            said.append(
                f"The posterior sample has not converged after {self.sweeps} sweeps: R̂ is up to {found.rhat.max():.2f} "
                f"(at most {_LEAST[0]} would be), and it is worth {found.size.min():.0f} independent draws (at least "
                f"{_LEAST[1]}); the uncertainties are rough. Raise refiner.most_sweeps, or measure more "
                "peaks."
            )
        drawn = self.draws.values[:, : len(quantities)]
        lobes = max(map(find_lobes, drawn.T), key=np.max)
        if lobes.any():
            named = "; ".join(
                f"{_listed(drawn[lobes == lobe], quantities)} ({np.mean(lobes == lobe):.0%})"
                for lobe in range(lobes.max() + 1)
            )
            said.append(
                f"The posterior has {lobes.max() + 1} separate lobes: {named}. The stated values and uncertainties are "
                "those of all of them together; more peaks or a specimen of another shape could tell them apart."
            )
        return said


def _listed(drawn: Floats, quantities: Sequence[Quantity]) -> str:
    return ", ".join(
        f"{quantity.name} = {with_uncertainty(values.mean(), values.std())} {quantity.unit}".strip()
        for quantity, values in zip(quantities, drawn.T, strict=True)
    )


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


def find_lobes(values: Floats) -> Integers:
    """Return for each of ``values``, shape (k,), the number of its lobe, from 0 ascending; all 0 without a valley.

    A valley is where the density, smoothed by Silverman's rule (1986), falls to under half of the maxima on both sides,
    with a twentieth of the sample or more on each.
    """
    low, high = np.quantile(values, [0.0, 1.0])
    quartiles = np.diff(np.quantile(values, [0.25, 0.75]))[0] / 1.34
    if not high > low:
        return np.zeros(len(values), dtype=np.int64)
    width = 0.9 * min(values.std(), quartiles or values.std()) * len(values) ** -0.2
    bins = int(np.clip((high - low) / width * 4, _BINS, 10 * _BINS))
    counts, edges = np.histogram(values, bins, (low, high))
    reach = np.arange(-bins, bins + 1) * (edges[1] - edges[0])
    density = np.convolve(counts, np.exp(-0.5 * (reach / width) ** 2))[bins : 2 * bins]
    cuts: list[float] = []
    start = 0
    while (cut := _first_valley(density[start:])) is not None:
        cuts.append(edges[start + cut])
        start += cut
    ordered = np.sort(values)
    lobes = _merged(np.split(ordered, np.searchsorted(ordered, cuts)), len(values))
    return np.searchsorted([lobe[0] for lobe in lobes[1:]], values, side="right")


def _first_valley(density: Floats) -> int | None:
    """Return the place of the lowest point between the first two maxima that it separates."""
    highest = np.maximum.accumulate(density)
    later = np.maximum.accumulate(density[::-1])[::-1]
    deep = np.flatnonzero(density < _VALLEY * np.minimum(highest, later))
    if not len(deep):
        return None
    run = deep[: np.flatnonzero(np.append(np.diff(deep), 2) > 1)[0] + 1]
    return int(run[np.argmin(density[run])])


def _merged(lobes: Sequence[Floats], count: int) -> list[Floats]:
    """Add lobes that are too small to their neighbours."""
    kept: list[Floats] = []
    for part in lobes:
        small = len(part) < _SMALLEST_LOBE * count
        if kept and (small or len(kept[-1]) < _SMALLEST_LOBE * count):
            kept[-1] = np.concatenate([kept[-1], part])
        else:
            kept.append(part)
    return kept
