"""Unit cells: which edges and angles a crystal system leaves free, and how 1/d² depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGES, ANGLES = ("a", "b", "c"), ("α", "β", "γ")
NAMES = (*EDGES, *ANGLES)
_SAME_EDGE, _SAME_ANGLE = 1e-4, 0.01  # relative, degrees
_TETRAHEDRAL = float(np.degrees(np.arccos(-1 / 3)))


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """What a crystal system leaves free of the six parameters of a cell.

    Parameters
    ----------
    free
        Names of the free ones, in the order of a, b, c, α, β, γ.
    source
        For each of the six, the place of the free parameter that it equals, or -1 for one that is fixed.
    fixed
        Values of those that are fixed, in degrees; 0 for the others.
    """

    free: tuple[str, ...]
    source: tuple[int, ...]
    fixed: tuple[float, ...]

    def full(self, values: Floats) -> Floats:
        """Return all six parameters (..., 6), in Å and degrees, of the free ones (..., k)."""
        columns = [
            values[..., place] if place >= 0 else np.full(values.shape[:-1], fixed)
            for place, fixed in zip(self.source, self.fixed, strict=True)
        ]
        return np.stack(columns, axis=-1)


def constraint_of(system: str, *, rhombohedral: bool = False, unique_axis: str = "b") -> Constraint:
    """Return the constraint of a crystal system, in the settings of the International Tables.

    Parameters
    ----------
    system
        "triclinic", "monoclinic", "orthorhombic", "tetragonal", "trigonal", "hexagonal" or "cubic".
    rhombohedral
        Whether a trigonal cell is on rhombohedral axes.
    unique_axis
        Of a monoclinic cell.
    """
    right = {"α": 90.0, "β": 90.0, "γ": 90.0}
    if system == "triclinic":
        return _constraint(NAMES, {}, {})
    if system == "monoclinic":
        free = ANGLES[EDGES.index(unique_axis)]
        return _constraint((*EDGES, free), {}, {name: value for name, value in right.items() if name != free})
    if system == "orthorhombic":
        return _constraint(EDGES, {}, right)
    if system == "tetragonal":
        return _constraint(("a", "c"), {"b": "a"}, right)
    if system == "cubic":
        return _constraint(("a",), {"b": "a", "c": "a"}, right)
    if rhombohedral:
        return _constraint(("a", "α"), {"b": "a", "c": "a", "β": "α", "γ": "α"}, {})
    return _constraint(("a", "c"), {"b": "a"}, right | {"γ": 120.0})


def constraint_of_metric(cell: Floats) -> Constraint:
    """Return the constraint of a cell (6,) whose symmetry nobody wrote down: edges and angles that are equal stay so.

    Right angles, those of 120°, and those of primitive cells of cubic lattices (60° and 109.47°) stay as they are.
    """
    equal: dict[str, str] = {}
    for place, name in enumerate(EDGES):
        same = [other for k, other in enumerate(EDGES[:place]) if abs(cell[k] / cell[place] - 1) < _SAME_EDGE]
        if same:
            equal[name] = same[0]
    angles = dict(zip(ANGLES, cell[3:].tolist(), strict=True))
    fixed = {
        name: special
        for name, angle in angles.items()
        for special in (90.0, 120.0, 60.0, _TETRAHEDRAL)
        if abs(angle - special) < _SAME_ANGLE
    }
    if not fixed and len(equal) == 2 and np.ptp(cell[3:]) < _SAME_ANGLE:
        equal |= {"β": "α", "γ": "α"}
    return _constraint(tuple(name for name in NAMES if name not in equal and name not in fixed), equal, fixed)


def held(cell: Floats) -> Constraint:
    """Return the constraint of a cell (6,) of which nothing is free."""
    return Constraint(free=(), source=(-1,) * 6, fixed=tuple(cell.tolist()))


def free_parameters(constraint: Constraint, cell: Floats) -> Floats:
    """Return the free parameters (k,) of a cell (6,)."""
    return np.array([cell[constraint.source.index(place)] for place in range(len(constraint.free))])


def _constraint(free: tuple[str, ...], equal: Mapping[str, str], fixed: Mapping[str, float]) -> Constraint:
    return Constraint(
        free=free,
        source=tuple(-1 if name in fixed else free.index(equal.get(name, name)) for name in NAMES),
        fixed=tuple(fixed.get(name, 0.0) for name in NAMES),
    )


def metric(cell: Floats) -> Floats:
    """Return the metric tensors (..., 3, 3) in Å² of cells (..., 6)."""
    edges, cosines = cell[..., :3], np.cos(np.radians(cell[..., 3:]))
    matrix = edges[..., :, np.newaxis] * edges[..., np.newaxis, :]
    for (i, j), k in (((1, 2), 0), ((0, 2), 1), ((0, 1), 2)):
        matrix[..., i, j] *= cosines[..., k]
        matrix[..., j, i] *= cosines[..., k]
    return matrix


def volume(cell: Floats) -> Floats:
    """Return the volumes (...) in Å³ of cells (..., 6); NaN where the angles close no cell."""
    determinant = np.linalg.det(metric(cell))
    return np.sqrt(np.where(determinant > 0, determinant, np.nan))


def inverse_squares(cell: Floats, planes: Floats) -> Floats:
    """Return 1/d² in 1/Å² of planes hkl (n, 3) in cells (..., 6): shape (..., n)."""
    reciprocal = np.linalg.inv(metric(cell))
    return np.einsum("ni,...ij,nj->...n", planes, reciprocal, planes)


def with_slopes(constraint: Constraint, values: Floats, planes: Floats) -> tuple[Floats, Floats]:
    """Return 1/d² (n,) and its derivatives (n, k) by the free parameters (k,) of a cell.

    With G the metric tensor, 1/d² = h·G⁻¹·h, and so ∂(1/d²) = -h·G⁻¹·∂G·G⁻¹·h.
    """
    cell = constraint.full(values)
    reciprocal = np.linalg.inv(metric(cell))
    dual = planes @ reciprocal  # (n, 3)
    slopes = np.zeros((len(planes), len(values)))
    for place, source in enumerate(constraint.source):
        if source >= 0:
            slopes[:, source] -= np.einsum("ni,ij,nj->n", dual, _metric_slope(cell, place), dual)
    return np.einsum("ni,ni->n", dual, planes), slopes


def _metric_slope(cell: Floats, place: int) -> Floats:
    """Return the derivative of the metric tensor by one of the six parameters."""
    slope = np.zeros((3, 3))
    if place < 3:
        slope[place] = metric(cell)[place] / cell[place]
        return slope + slope.T
    i, j = ((1, 2), (0, 2), (0, 1))[place - 3]
    slope[i, j] = slope[j, i] = -cell[i] * cell[j] * np.sin(np.radians(cell[place])) * np.pi / 180
    return slope
