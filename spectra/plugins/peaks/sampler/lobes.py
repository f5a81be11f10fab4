"""Separate lobes of a posterior sample: answers that its mean and deviation hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity, with_uncertainty
from spectra.core.tables import Column, Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BINS = 200
_VALLEY = 0.5  # of the lower of two maxima of the density, at most, between two lobes
_SMALLEST = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Lobe:
    """One of several lobes.

    Parameters
    ----------
    share
        Of the sample.
    values, deviations : ndarray, shape (p,)
        Mean and standard deviation of its draws.
    """

    share: float
    values: Floats
    deviations: Floats

    def document(self, quantities: Sequence[Quantity]) -> dict[str, Any]:
        """Return what goes on record."""
        names = [quantity.name for quantity in quantities]
        return {
            "share": self.share,
            "values": dict(zip(names, self.values.tolist(), strict=True)),
            "deviations": dict(zip(names, self.deviations.tolist(), strict=True)),
        }


def lobes_of(drawn: Floats) -> list[Lobe]:
    """Return the lobes of draws (k, p) in the quantity that has most of them, the largest first; none if it is one."""
    places = max(map(find_lobes, drawn.T), key=np.max)
    if not places.any():
        return []
    parts = [drawn[places == place] for place in range(places.max() + 1)]
    lobes = [
        Lobe(share=len(part) / len(drawn), values=part.mean(axis=0), deviations=part.std(axis=0)) for part in parts
    ]
    return sorted(lobes, key=lambda lobe: -lobe.share)


def of_lobes(lobes: Sequence[Lobe], quantities: Sequence[Quantity]) -> list[str]:
    """Describe the lobes in a sentence, by the quantities in which they lie apart."""
    if not lobes:
        return []
    values, deviations = (np.array([getattr(lobe, name) for lobe in lobes]) for name in ("values", "deviations"))
    apart = np.flatnonzero(np.ptp(values, axis=0) > 2 * deviations.max(axis=0))
    described = "; ".join(f"{_listed(lobe, quantities, apart)} ({lobe.share:.0%})" for lobe in lobes)
    return [
        f"The peaks leave {len(lobes)} separate answers, lobes of the posterior: {described}. The stated values and "
        "uncertainties are those of all of them together; more peaks or a specimen of another shape could tell them "
        "apart."
    ]


def table_of(lobes: Sequence[Lobe], quantities: Sequence[Quantity]) -> Table:
    """Return one row for each quantity, and two columns for each lobe."""
    columns = [
        Column(name="quantity", values=[quantity.name for quantity in quantities]),
        Column(name="unit", values=[quantity.unit for quantity in quantities]),
    ]
    for number, lobe in enumerate(lobes, 1):
        columns += [
            Column(name=f"lobe {number}", values=lobe.values.tolist(), digits=2),
            Column(name=f"std {number}", values=lobe.deviations.tolist(), digits=2, priority=1),
        ]
    shares = ", ".join(f"{lobe.share:.0%}" for lobe in lobes)
    return Table(name="lobes", title=f"Lobes of the posterior ({shares})", columns=tuple(columns))


def _listed(lobe: Lobe, quantities: Sequence[Quantity], places: Integers) -> str:
    return ", ".join(
        f"{quantities[k].name} = {with_uncertainty(lobe.values[k], lobe.deviations[k])} {quantities[k].unit}".strip()
        for k in (places if len(places) else range(len(quantities)))
    )


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
        small = len(part) < _SMALLEST * count
        if kept and (small or len(kept[-1]) < _SMALLEST * count):
            kept[-1] = np.concatenate([kept[-1], part])
        else:
            kept.append(part)
    return kept
