"""Other specimens of the same material: boxes of one volume, and the crystal turned in its body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.crystals.orientation import from_bunge_angles, from_faces, rotate_stiffness
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.planning.information import Lines
from spectra.plugins.rus.planning.plan import Case, Planner

Floats = NDArray[np.float64]
Ratio = tuple[float, float, float]

# From the cube over bricks to a plate and a bar.
_RATIOS: tuple[Ratio, ...] = (
    (1, 1, 1),
    (1, 1.1, 1.25),
    (1, 1.25, 1.5),
    (1, 1.5, 2),
    (1, 1, 1.5),
    (1, 1, 2.5),
    (1, 1.5, 1.5),
    (1, 2.5, 2.5),
)
_SAME = 1e-9
_BEYOND = 1.6  # times the window's end: as many lines of a cube, many of which are multiplets, reach that far

OWN = ("the specimen", "as in the sample file")
"""Labels of the specimen itself among boxes, and of its own orientation."""

# Bunge's angles in degrees of orientations that a saw and a goniometer give, and of a general one.
_ORIENTATIONS = {
    "along the axes": (0.0, 0.0, 0.0),
    "45° about x": (0.0, 45.0, 0.0),
    "45° about z": (45.0, 0.0, 0.0),
    "30° about z": (30.0, 0.0, 0.0),
    "general (Bunge 20°, 35°, 50°)": (20.0, 35.0, 50.0),
}


def shapes(planner: Planner, count: int) -> list[Case]:
    """Compare boxes with the volume of the specimen, by their ``count`` lowest lines; the specimen is among them.

    Boxes that differ only in how the axes of the crystal are called come once. Each has its lengths along x, y and z;
    their relative errors are the largest of the specimen's.
    """
    sample = planner.sample
    edge = 1e-3 * sample.shape.volume ** (1 / 3)
    stiffness = sample.elastic_symmetry.stiffness(planner.moduli)
    lengths = np.full(3, max(planner.errors.lengths.values()))
    found = [_lowest(planner, OWN[0], planner.of_sample(), count)]
    for ratio in _distinct(_RATIOS, stiffness):
        sides = edge * np.array(ratio) / np.prod(ratio) ** (1 / 3)
        basis = box_basis((float(sides[0]), float(sides[1]), float(sides[2])), sample.degree)
        solver = RayleighRitz(basis, sample.elastic_symmetry, sample.density_kg_m3)
        lines = planner.lines(solver, np.eye(3), lengths, beyond=_BEYOND)
        label = f"{':'.join(f'{part:g}' for part in ratio)}, {'×'.join(f'{1e3 * side:.3g}' for side in sides)} mm"
        found.append(_lowest(planner, label, lines, count))
    return _sorted(planner, found)


def orientations(planner: Planner, count: int) -> list[Case]:
    """Compare orientations of the crystal in the body, by the ``count`` lowest lines.

    Those that give the same lines come once.

    Raises
    ------
    InputError
        If the material is isotropic, or the orientation is unknown and its angles are among the quantities.
    """
    sample = planner.sample
    if sample.symmetry == "isotropic":
        raise InputError("An isotropic solid has no orientation to compare.", hint="Leave out --orientations.")
    if sample.unknown_orientation is not None:
        raise InputError(
            f"The orientation of {sample.name!r} is unknown and among its quantities; there is none to compare with.",
            hint="Give 'orientation' in the sample file, or leave out --orientations.",
        )
    known = sample.shape.stretches
    lengths = np.array([planner.errors.lengths[name] for name in known])
    stretches, basis = np.array(list(known.values()), dtype=float), sample.shape.basis(sample.degree)
    turned = {name: from_bunge_angles(*angles) for name, angles in _ORIENTATIONS.items()}
    if sample.symmetry == "cubic":
        turned["[111] along z, [1-10] along x"] = from_faces((1, 1, 1), (1, -1, 0))
    spectra: list[Floats] = []
    found = [_lowest(planner, OWN[1], planner.of_sample(), count)] if sample.orientation else []
    for name, rotation in turned.items():
        solver = RayleighRitz(basis, SYMMETRIES[sample.symmetry].rotated(rotation), sample.density_kg_m3)
        lines = planner.lines(solver, stretches, lengths, beyond=_BEYOND)
        if any(_are_same(lines.frequencies, other) for other in spectra):
            continue
        spectra.append(lines.frequencies)
        found.append(_lowest(planner, name, lines, count))
    return _sorted(planner, found)


def _lowest(planner: Planner, label: str, lines: Lines, count: int) -> Case:
    return planner.case(label, lines.taken(slice(count)))


def _sorted(planner: Planner, cases: Sequence[Case]) -> list[Case]:
    """Put first what determines the most quantities, then what has the lowest geometric mean of all deviations."""

    def key(case: Case) -> tuple[int, float]:
        values = case.deviations.fitted / planner.widths
        return int(np.isnan(values).sum()), float(np.nansum(np.log(values)))

    return sorted(cases, key=key)


def _distinct(ratios: Iterable[Ratio], stiffness: Floats) -> list[Ratio]:
    """Return the ratios with all permutations along x, y and z, but for those that the material does not notice."""
    exchanges = []
    for order in permutations(range(3)):
        matrix = np.eye(3)[list(order)]
        rotation = matrix * np.linalg.det(matrix)  # inversion changes no stiffness
        if np.allclose(rotate_stiffness(stiffness, rotation), stiffness, atol=_SAME * np.abs(stiffness).max()):
            exchanges.append(order)
    found: list[Ratio] = []
    for ratio in ratios:
        for x, y, z in sorted(set(permutations(ratio))):
            same = [((x, y, z)[i], (x, y, z)[j], (x, y, z)[k]) for i, j, k in exchanges]
            if not set(same) & set(found):
                found.append((x, y, z))
    return found


def _are_same(one: Floats, other: Floats) -> bool:
    return len(one) == len(other) and bool(np.allclose(one, other, rtol=1e-6))
