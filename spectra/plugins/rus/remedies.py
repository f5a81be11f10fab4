"""What a sample file may have wrong about a specimen, as forward models of what it could be instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity
from spectra.plugins.peaks import scale_free
from spectra.plugins.peaks.exploration import ReducibleForwardModel
from spectra.plugins.peaks.lengths import StretchableForwardModel, WithLengths
from spectra.plugins.peaks.remedies import Remedy
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES, Symmetry, SymmetryName
from spectra.plugins.rus.modes.convergence import converged_order
from spectra.plugins.rus.modes.unknown_orientation import HOLDS_ITS_ORIENTATION
from spectra.plugins.rus.quantities import quantities
from spectra.plugins.rus.sample import MAIN_MODULI, ModulusRange, RusSample, Search

Floats = NDArray[np.float64]

LENGTHS = 0.005
"""Relative standard deviation of a length that may be wrong: 15 µm of 3 mm."""
# Each with the one of which it is a special case; that comes before it.
_LOWER: dict[str, dict[SymmetryName, str]] = {
    "isotropic": {
        "orthorhombic": "",
        "cubic": "orthorhombic",
        "hexagonal": "orthorhombic",
        "hexagonal-x": "orthorhombic",
    },
    "cubic": {
        "orthorhombic": "",
        "tetragonal": "orthorhombic",
        "hexagonal": "orthorhombic",
        "hexagonal-x": "orthorhombic",
    },
    "hexagonal": {"trigonal": "", "orthorhombic": "", "tetragonal": "orthorhombic"},
    "hexagonal-x": {"orthorhombic": ""},
    "tetragonal": {"tetragonal-7": "", "orthorhombic": ""},
    "trigonal": {"trigonal-7": ""},
    "orthorhombic": {"monoclinic": ""},
}
_HALF_RANGE = 0.5  # of a modulus, or of the largest for those off the diagonal
_FARTHEST = 5.0  # standard deviations of a length
_STARTS, _AROUND = 100, 0.6  # number of other starts, and how much of the range they fill
_ROUGH = 8  # order, for many orientations
_STEPS = 4  # of a search that nobody trains for


class ForwardModel(StretchableForwardModel, ReducibleForwardModel, Protocol):
    """What this module needs of a forward model of RUS."""

    def lines(self, values: Floats) -> Floats:
        """Compute the modes up to the window's end, in MHz, of quantities (n, p)."""


Maker = Callable[[RusSample], ForwardModel]


def remedies(sample: RusSample, values: Floats, accuracy: float, make: Maker, *, far: bool) -> Iterator[Remedy]:
    """Yield what to try instead of a sample that leaves structured differences.

    Other lengths, the next lower elastic symmetries, and other axes of the crystal, one at a time.

    Parameters
    ----------
    values : ndarray, shape (p,)
        The answer.
    accuracy
        Relative error of the modes at the answer: they are computed at the order that it needs, not at that of the
        softest solid in the ranges.
    make
        Function from a sample to its forward model.
    far
        Whether to look for lower symmetries all around the answer, for it may be nowhere near.
    """
    moduli = sample.parametrization.to_moduli(values[None])[0]
    sample = _changed(sample, order=_degree(sample, moduli, accuracy))
    yield _with_lengths(sample, make(sample), values)
    if sample.orientation == "unknown":
        return
    for name, general in _LOWER.get(sample.symmetry, {}).items():
        yield _with_symmetry(sample, name, general, moduli, make, far=far and not general)
    yield from _turned(sample, values, make)


def unseen(sample: RusSample, values: Floats, accuracy: float, make: Maker) -> Iterator[Remedy]:
    """Yield turned axes: to first order in the moduli's changes, most turns move no line; see :func:`remedies`."""
    moduli = sample.parametrization.to_moduli(values[None])[0]
    if sample.orientation != "unknown":
        yield from _turned(_changed(sample, order=_degree(sample, moduli, accuracy)), values, make)


def _changed(sample: RusSample, **changes: Any) -> RusSample:
    """Return the sample with other facts, which are known to fit; nothing that was computed of the first is kept."""
    facts = {name: getattr(sample, name) for name in RusSample.model_fields}
    return RusSample.model_construct(**(facts | changes))


def _degree(sample: RusSample, moduli: Floats, accuracy: float) -> int:
    solid = (sample.elastic_symmetry, 1e9 * moduli, sample.density_kg_m3)
    try:
        degree, _ = converged_order(sample.shape.basis, *solid, highest=1e6 * sample.window.upper, accuracy=accuracy)
    except ValueError:
        return sample.degree
    return degree if sample.order == "auto" else min(degree, sample.degree)


def _with_lengths(sample: RusSample, answered: StretchableForwardModel, values: Floats) -> Remedy:
    forward = WithLengths(answered)
    more = len(forward.names)
    reach = _FARTHEST * LENGTHS
    changes = [Quantity(name=name, unit="", description="", lower=-reach, upper=reach) for name in forward.names]
    return Remedy(
        name=f"lengths free within {100 * LENGTHS:g} %",
        forward=forward,
        quantities=(*quantities(sample), *changes),
        starts=np.pad(values, (0, more))[None],
        prior=np.array([np.inf] * len(values) + [LENGTHS] * more),
        changes=more,
        written=lambda _: (
            f"Measure the dimensions again, or fit them with the moduli: '--set refiner.lengths={LENGTHS:g}'."
        ),
    )


def _with_symmetry(
    sample: RusSample, name: SymmetryName, general: str, moduli: Floats, make: Maker, *, far: bool
) -> Remedy:
    symmetry = SYMMETRIES[name]
    nearest = _nearest(symmetry, np.tensordot(moduli, SYMMETRIES[sample.symmetry].crystal_basis, axes=1))
    reach = _HALF_RANGE * np.where([modulus in MAIN_MODULI for modulus in symmetry.moduli], nearest, nearest.max())
    ranges = {
        modulus: ModulusRange.model_construct(lower=float(c - r), upper=float(c + r), step=float(2 * r / _STEPS))
        for modulus, c, r in zip(symmetry.moduli, nearest, reach, strict=True)
    }
    changed = _changed(sample, symmetry=name, search=Search(**ranges))
    forward, starts = make(changed), nearest[None]
    if far:
        starts = np.concatenate([starts, _around(symmetry, nearest, reach)])
    listed = f"{', '.join(symmetry.moduli[:-1])} and {symmetry.moduli[-1]}"
    return Remedy(
        name=f"symmetry {name}",
        forward=forward,
        quantities=quantities(changed),
        starts=starts,
        rough=forward.reduced() if far else None,
        written=lambda _: f"Write 'symmetry: {name}' in the sample file and search {listed}.",
        special_of=f"symmetry {general}",
        projected=lambda found: _nearest(symmetry, np.tensordot(found, SYMMETRIES[general].crystal_basis, axes=1)),
    )


def _nearest(symmetry: Symmetry, stiffness: Floats) -> Floats:
    """Return the moduli (k,) of a symmetry that are nearest to a stiffness matrix, shape (6, 6)."""
    basis = symmetry.crystal_basis.reshape(len(symmetry.moduli), -1)
    return np.asarray(np.linalg.lstsq(basis.T, stiffness.ravel(), rcond=None)[0], dtype=np.float64)


def _around(symmetry: Symmetry, nearest: Floats, reach: Floats) -> Floats:
    """Return stable moduli (n, k) that are as stiff as ``nearest``, so that their modes lie where the peaks do."""
    ends = np.array([nearest - _AROUND * reach, nearest + _AROUND * reach])
    around = scale_free.spread_over(ends, _STARTS, np.random.default_rng(0))
    around = around[symmetry.is_stable(around)]
    sizes = np.linalg.slogdet(symmetry.stiffness(around))[1] - np.linalg.slogdet(symmetry.stiffness(nearest))[1]
    around *= np.exp(-sizes / 6)[:, None]
    return around


def _turned(sample: RusSample, values: Floats, make: Maker) -> Iterator[Remedy]:
    """Yield the crystal with its axes turned, unless its moduli or a sphere show none."""
    if sample.symmetry in HOLDS_ITS_ORIENTATION:
        return
    turned = _changed(sample, orientation="unknown")
    try:
        unknown = turned.unknown_orientation
    except ValueError:  # a sphere
        return
    assert unknown is not None  # noqa: S101
    count = len(values)

    def written(found: Floats) -> str:
        vector = np.pad(np.radians(found[count:]), (0, 3 - len(unknown.names)))
        listed = ", ".join(f"{component:.4f}" for component in vector)
        return (
            f"The crystal is turned by {np.degrees(np.linalg.norm(vector)):.1f}° then: write 'orientation: "
            f"{{rotation_vector: [{listed}]}}' in the sample file, or 'orientation: unknown'."
        )

    yield Remedy(
        name="turned axes",
        forward=make(turned),
        quantities=quantities(turned),
        starts=np.concatenate([np.tile(values, (len(unknown.spread), 1)), unknown.spread], axis=1),
        written=written,
        rough=make(_changed(turned, order=min(_ROUGH, sample.degree))),
    )
