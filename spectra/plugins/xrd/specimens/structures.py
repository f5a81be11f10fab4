"""Face-centred cubic crystals in periodic cells, and their defects before molecular dynamics.

Lengths are in Å. A cell has the loading axis along z: [001] of a cubic cell, [111] of a layered one, whose planes can
be stacked in any order. Everything is a function of its arguments and of a generator of random numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CLOSEST = 1.7  # Å; two atoms of gold nearer than this would leave the cell at the first step of a minimisation
_MOST_DRAWS = 200  # of a place for one interstitial atom, before the most spacious one is taken


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """Atoms of one kind in a periodic cell.

    Parameters
    ----------
    positions : ndarray, shape (n, 3)
    cell : ndarray, shape (3, 3)
        Its vectors a, b, c in rows: a along x, b in the plane of x and y, as LAMMPS wants them.
    """

    positions: Floats
    cell: Floats

    def __len__(self) -> int:
        return len(self.positions)

    def wrapped(self) -> Structure:
        """Return the same crystal with every atom inside the cell."""
        fractions = self.positions @ np.linalg.inv(self.cell)
        return replace(self, positions=(fractions - np.floor(fractions)) @ self.cell)

    def deformed(self, gradient: Floats) -> Structure:
        """Return cell and atoms moved by the deformation gradient (3, 3), upper triangular."""
        return Structure(positions=self.positions @ gradient.T, cell=self.cell @ gradient.T)


def cubic(atoms: int, lattice_constant: float) -> Structure:
    """Return a cube of n x n x n unit cells, with the n that comes nearest to ``atoms``."""
    n = max(round((atoms / 4) ** (1 / 3)), 2)
    corners = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    return Structure(
        positions=lattice_constant * (corners + basis).reshape(-1, 3), cell=n * lattice_constant * np.eye(3)
    )


def plane_count(atoms: int) -> int:
    """Return how many (111) planes a layered crystal of about ``atoms`` atoms has: a multiple of six."""
    return 6 * math.ceil((atoms / 4) ** (1 / 3) / math.sqrt(3) / 2)


def layered(atoms: int, lattice_constant: float, steps: NDArray[np.int64]) -> Structure:
    """Stack (111) planes, x along [1-10] and y along [11-2].

    Parameters
    ----------
    atoms
        About how many are wanted.
    steps : ndarray, shape (planes,)
        +1 for a step A → B → C → A from one plane to the next, −1 for one backwards; all +1 is the perfect crystal, and
        a plane between two different steps is hexagonally close packed. The cell is sheared so that the last step, back
        to the first plane, fits.
    """
    edge, planes = (atoms / 4) ** (1 / 3), len(steps)
    distance = lattice_constant / math.sqrt(2)  # to the nearest neighbour
    across = max(round(edge * math.sqrt(2)), 2)
    along = max(round(atoms / (2 * across * planes)), 2)
    width, depth = across * distance, along * math.sqrt(3) * distance
    height = planes * lattice_constant / math.sqrt(3)
    corners = np.stack(np.meshgrid(np.arange(across), np.arange(along), indexing="ij"), axis=-1).reshape(-1, 1, 2)
    plane = ((corners + np.array([[0, 0], [0.5, 0.5]])) * [distance, math.sqrt(3) * distance]).reshape(-1, 2)
    offsets = np.concatenate([[0], np.cumsum(steps)])
    slip = distance / math.sqrt(3)  # of a Shockley partial
    positions = np.empty((planes, len(plane), 3))
    positions[:, :, 0] = plane[:, 0]
    positions[:, :, 1] = plane[:, 1] + slip * (offsets[:-1, np.newaxis] % 3)
    positions[:, :, 2] = height / planes * np.arange(planes)[:, np.newaxis]
    tilt = slip * ((offsets[-1] + 1) % 3 - 1)
    cell = np.array([[width, 0, 0], [0, depth, 0], [0, tilt, height]])
    return Structure(positions=positions.reshape(-1, 3), cell=cell).wrapped()


def faulted_stacking(planes: int, hexagonal: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw steps with ``hexagonal`` planes that are hexagonally close packed, an even number.

    Two that are neighbours bound an intrinsic stacking fault, two with one plane between them an extrinsic one, any
    others a twin.
    """
    steps = np.ones(planes, dtype=np.int64)
    for first, last in np.sort(rng.choice(planes, hexagonal, replace=False)).reshape(-1, 2):
        steps[first:last] = -1
    return steps


def with_frenkel_pairs(structure: Structure, dose: float, rng: np.random.Generator) -> Structure:
    """Move the share ``dose`` of the atoms to random places between the others."""
    moved = rng.choice(len(structure), round(dose * len(structure)), replace=False)
    positions = structure.positions.copy()
    inverse = np.linalg.inv(structure.cell)
    for atom in moved:
        others = np.delete(positions, atom, axis=0)
        best, room = positions[atom], 0.0
        for _ in range(_MOST_DRAWS):
            place = rng.uniform(size=3) @ structure.cell
            fractions = (others - place) @ inverse
            distance = np.linalg.norm((fractions - np.round(fractions)) @ structure.cell, axis=1).min()
            if distance > room:
                best, room = place, distance
            if room > _CLOSEST:
                break
        positions[atom] = best
    return replace(structure, positions=positions)


def without_disc(structure: Structure, radius: float, rng: np.random.Generator) -> Structure:
    """Take a disc of atoms out of one (111) plane of a layered crystal; the hole collapses to a dislocation loop."""
    centre = structure.positions[rng.integers(len(structure))]
    apart = _from(structure, centre)
    spacing = 0.5  # Å; planes are 2.4 Å apart
    return replace(
        structure,
        positions=structure.positions[~((np.abs(apart[:, 2]) < spacing) & (np.hypot(*apart[:, :2].T) < radius))],
    )


def inside_sphere(structure: Structure, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Choose the ``share`` of atoms nearest to a random one, shape (n,)."""
    distance = np.linalg.norm(_from(structure, structure.positions[rng.integers(len(structure))]), axis=1)
    return distance <= np.quantile(distance, share)


def shear(amount: float) -> Floats:
    """Return the deformation gradient that slides (111) planes along [11-2]."""
    return np.eye(3) + amount * np.outer([0, 1, 0], [0, 0, 1])


def _from(structure: Structure, centre: Floats) -> Floats:
    """Return the vectors from ``centre`` to the nearest images of all atoms, shape (n, 3)."""
    fractions = (structure.positions - centre) @ np.linalg.inv(structure.cell)
    return (fractions - np.round(fractions)) @ structure.cell
