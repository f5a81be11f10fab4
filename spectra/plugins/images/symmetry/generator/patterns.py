"""Pictures of given plane groups, exact at every pixel: a motif that is symmetrised in its own Fourier coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.symmetry.generator.groups import PlaneGroup
from spectra.plugins.images.symmetry.signatures.operations import among, distinctness, reduced

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Motif = Callable[["Cell", np.random.Generator], Complexes]

HIGHEST = 0.42
"""Cycles per pixel of the finest harmonic; half a cycle is Nyquist's limit."""

_FEWEST_REPEATS = 2.2  # of the longer edge, in a picture
_SMALLEST, _LARGEST = 7.0, 24.0  # pixels: root of the area of a primitive cell
_SPECIAL = 0.15  # share of low symmetries on a lattice that would allow more
_DISTINCT = 0.95  # the most that a symmetry that is not the group's may come to
_TRIES = 200
_ATOMS = (2, 5)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """A conventional cell with the harmonics of its lattice that a picture can hold.

    Parameters
    ----------
    edges : ndarray, shape (2, 2)
        The edges a and b as columns, in pixels: x to the right and y upwards.
    group
        What it is a cell of.
    """

    edges: Floats
    group: PlaneGroup

    @property
    def area(self) -> float:
        """Of the conventional cell, in square pixels."""
        return float(abs(np.linalg.det(self.edges)))

    def harmonics(self) -> NDArray[np.int64]:
        """Return the indices (n, 2) of all harmonics coarser than :data:`HIGHEST`; the mean is none of them."""
        along_a, along_b = (int(reach) for reach in np.ceil(HIGHEST * np.linalg.norm(self.edges, axis=0)))
        indices = np.array([(h, k) for h in range(-along_a, along_a + 1) for k in range(-along_b, along_b + 1)])
        fineness = np.linalg.norm(self.waves(indices), axis=1)
        return indices[(fineness > 0) & (fineness <= HIGHEST * (1 + 1e-12))]

    def waves(self, indices: NDArray[np.int64]) -> Floats:
        """Return the wave vectors (n, 2) of harmonics in cycles per pixel."""
        return indices @ np.linalg.inv(self.edges)


def symmetrised(indices: NDArray[np.int64], coefficients: Complexes, group: PlaneGroup) -> Complexes:
    """Return the mean of a motif over all operations of a group, as coefficients of the same harmonics.

    A motif Σ c(h) exp(2πi h·u) at W u + w has the coefficient c(h) exp(2πi h·w) at the harmonic Wᵀh.
    """
    reach = int(np.abs(indices).max())
    place = np.full((2 * reach + 1, 2 * reach + 1), -1)
    place[tuple(indices.T + reach)] = np.arange(len(indices))
    mean = np.zeros_like(coefficients)
    for matrix, translation in zip(*group.operations, strict=True):
        to = place[tuple((indices @ matrix + reach).T)]
        mean[to] += coefficients * np.exp(2j * np.pi * (indices @ translation))
    return mean / len(group.operations[0])


def picture(cell: Cell, indices: NDArray[np.int64], coefficients: Complexes, *, side: int, origin: Floats) -> Floats:
    """Return the real part of a motif's sum at every pixel (side, side), standardised; ``origin`` is in pixels."""
    across, up = 2j * np.pi * cell.waves(indices).T
    columns, rows = np.arange(side) - origin[0], side - 1 - np.arange(side) - origin[1]
    sums = (np.exp(np.outer(rows, up)) * coefficients) @ np.exp(np.outer(across, columns))
    values = sums.real
    return (values - values.mean()) / values.std()


def fourier_motif(cell: Cell, rng: np.random.Generator) -> Complexes:
    """Return random coefficients whose size falls with the fineness, more or less."""
    fineness = np.linalg.norm(cell.waves(cell.harmonics()), axis=1) * np.sqrt(cell.area)
    size = (1 + fineness) ** -rng.uniform(0.5, 2.5)
    return size * (rng.normal(size=len(size)) + 1j * rng.normal(size=len(size)))


def atoms_motif(cell: Cell, rng: np.random.Generator) -> Complexes:
    """Return 2 to 5 round atoms of different weight, anywhere in the cell."""
    indices = cell.harmonics()
    count = rng.integers(_ATOMS[0], _ATOMS[1] + 1)
    weights = rng.permutation(np.linspace(0.3, 1.0, count)) * rng.uniform(0.85, 1.15, count)
    order = len(cell.group.operations[0])
    radius = max(1.0, rng.uniform(0.12, 0.25) * np.sqrt(cell.area / order))
    fineness = np.linalg.norm(cell.waves(indices), axis=1)
    places = rng.random((count, 2))
    sums = np.exp(-2j * np.pi * (indices @ places.T)) @ weights
    return np.exp(-2 * (np.pi * radius * fineness) ** 2) * sums


def random_cell(group: PlaneGroup, side: int, rng: np.random.Generator) -> Cell:
    """Return a cell of random shape and direction, at least twice along each edge in a picture."""
    system = group.system
    if rng.random() < _SPECIAL and system in ("oblique", "rectangular") and not group.centred:
        system = rng.choice(["rectangular", "square", "hexagonal"] if system == "oblique" else ["square"])
    while True:
        ratio = float(np.exp(rng.uniform(-0.7, 0.7))) if system in ("oblique", "rectangular") else 1.0
        angle = np.radians({"hexagonal": 120.0, "oblique": rng.uniform(50, 130)}.get(system, 90.0))
        edges = np.array([[1.0, ratio * np.cos(angle)], [0.0, ratio * np.sin(angle)]])
        largest = min(_LARGEST, side / _FEWEST_REPEATS)
        area = float(np.exp(rng.uniform(*np.log([_SMALLEST, largest])))) ** 2 * (2 if group.centred else 1)
        edges *= np.sqrt(area / np.linalg.det(edges))
        turn = rng.uniform(0, 2 * np.pi)
        edges = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ edges
        primitive = edges @ primitive_basis(edges, group)
        if np.linalg.norm(primitive, axis=0).max() <= largest:
            return Cell(edges=edges, group=group)


def primitive_basis(edges: Floats, group: PlaneGroup) -> Floats:
    """Return the reduced basis of the primitive cell (2, 2) as columns, in units of the conventional edges."""
    primitive = np.array([[0.5, 0.5], [0.5, -0.5]]) if group.centred else np.eye(2)
    return primitive @ reduced(edges @ primitive)


def expected_operations(cell: Cell) -> NDArray[np.bool_]:
    """Say which operations a pattern of a cell has, in the order of a signature."""
    change = primitive_basis(cell.edges, cell.group)
    back = np.linalg.inv(change)
    matrices, translations = cell.group.operations
    return among(np.rint(back @ matrices @ change).astype(np.int64), translations @ back.T)


def pattern(
    group: PlaneGroup,
    rng: np.random.Generator,
    *,
    motif: Motif = fourier_motif,
    side: int = 64,
    noise: float = 0.0,
) -> tuple[Floats, Cell]:
    """Return a random picture (side, side) of a plane group, standardised, and its cell.

    Cells and motifs that would come too close to a higher symmetry are drawn anew.

    Parameters
    ----------
    noise
        Standard deviation of white noise, in units of that of the pattern.
    """
    for _ in range(_TRIES):
        cell = random_cell(group, side, rng)
        indices = cell.harmonics()
        coefficients = symmetrised(indices, motif(cell, rng), group)
        coefficients = _real(indices, coefficients)
        used = np.abs(coefficients) > 1e-9 * np.abs(coefficients).max()
        change = primitive_basis(cell.edges, group)
        own = np.rint(indices[used] @ change).astype(np.int64)
        if distinctness(own, coefficients[used], expected_operations(cell)) <= _DISTINCT:
            values = picture(cell, indices[used], coefficients[used], side=side, origin=side * rng.random(2))
            return values + noise * rng.normal(size=values.shape), cell
    raise RuntimeError(f"no pattern of {group.symbol} in {_TRIES} tries")


def _real(indices: NDArray[np.int64], coefficients: Complexes) -> Complexes:
    """Return the coefficients of the real part of a sum."""
    reach = int(np.abs(indices).max())
    table = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=np.complex128)
    table[tuple(indices.T + reach)] = coefficients
    return (coefficients + table[tuple(reach - indices.T)].conj()) / 2
