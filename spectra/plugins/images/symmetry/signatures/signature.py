"""39 numbers that say which symmetry a picture has: how well each operation maps it onto itself, and its lattice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.symmetry.signatures.cells import larger_cell, smaller_cell
from spectra.plugins.images.symmetry.signatures.harmonics import MeanCell, Window, mean_cell
from spectra.plugins.images.symmetry.signatures.lattices import SHORTEST, find_lattice
from spectra.plugins.images.symmetry.signatures.operations import OPERATIONS, correlations, reduced

Floats = NDArray[np.float64]

SIZE = 2 * len(OPERATIONS) + 11

_TOLERANCE = 0.06  # of a lattice that an operation does not quite map onto itself
_IMPERFECT = 0.003  # share of the power that nobody takes for a broken symmetry
_FEWEST = 4.0  # cells
_LEAST_PERIODICITY, _BY_CHANCE = 0.3, 1.5  # a correlation, and what smooth noise reaches in one cell
_LEAST_EXPLAINED = 0.35  # share of the variance
_CLEAR = 0.8  # of the most that :func:`clarity` could be: behind noise of 0.3 times the contrast
_LEAST_ASIDE = 0.01  # share of the power in waves that do not run along the strongest
_CHANGES = 3  # of the cell, one after the other, each way
_FEWEST_REPEATS = 1.8  # of a larger cell's edges, in the picture
_MATRICES = np.array([operation.matrix for operation in OPERATIONS])
_LATTICES = [4, 8, 10, 2, 1]  # operations that make a lattice rectangular, rhombic, centred, square, hexagonal


@dataclass(frozen=True, kw_only=True, eq=False)
class Periodic:
    """A periodic picture: its mean cell, and how well each operation maps that onto itself.

    Parameters
    ----------
    cell
        Edges in pixels: x to the right, y down.
    periodicity
        Mean correlation of the picture with itself moved by lattice vectors.
    correlations, evidence : ndarray, shape (14,)
        Correlation of the cell after each of the operations, noise left out; and how little of the difference noise
        does not explain, from 1 to 0.
    fits : ndarray, shape (14,)
        How well each operation maps the lattice onto itself, from 0 to 1.
    translations : ndarray, shape (14, 2)
        Translation of each, in units of the edges from the middle of the picture.
    """

    cell: MeanCell
    periodicity: float
    correlations: Floats
    evidence: Floats
    fits: Floats
    translations: Floats
    pixels: int

    @property
    def repeats(self) -> float:
        """Number of cells in the picture."""
        return self.pixels / float(abs(np.linalg.det(self.cell.edges)))

    @property
    def stripes(self) -> bool:
        """Whether the picture changes in one direction alone: nothing says how it repeats along the other."""
        indices, power = self.cell.indices, np.abs(self.cell.coefficients) ** 2
        strongest = indices[np.argmax(power)]
        aside = indices[:, 0] * strongest[1] != indices[:, 1] * strongest[0]
        left = float(power[aside].sum()) - aside.sum() * self.cell.noise
        return left < _LEAST_ASIDE * self.cell.power

    @property
    def convincing(self) -> bool:
        """Whether this is a lattice at all: chance repeats a few cells now and then, many cells never."""
        least = _LEAST_PERIODICITY + _BY_CHANCE / self.repeats
        if self.stripes:
            return False
        return self.repeats >= _FEWEST and self.periodicity >= least and self.cell.explained >= _LEAST_EXPLAINED

    def numbers(self) -> Floats:
        """Return the signature, shape (39,)."""
        a, b = self.cell.edges.T
        noise = self.cell.noise * self.pixels
        lattice = [
            self.periodicity,
            self.cell.explained,
            np.linalg.norm(a) / np.linalg.norm(b),
            2 * (a @ b) / np.linalg.norm(a) / np.linalg.norm(b),
            *self.fits[_LATTICES],
            np.clip(np.log10(self.repeats) / 4, 0, 1),
            np.clip((np.log10(self.cell.power / max(noise, 1e-9)) + 1) / 4, 0, 1),
        ]
        return np.concatenate([self.fits * self.correlations, self.fits * self.evidence, lattice])


def periodic(values: Floats, known: NDArray[np.bool_]) -> Periodic | None:
    """Return what is periodic in a picture, or nothing.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Without mean; 0 where nothing is known.
    known : ndarray, shape (height, width)
    """
    lattice = find_lattice(values, known)
    if lattice is None:
        return None
    window = Window(values=values, known=known)
    cell = _in_reduced_basis(_primitive(window, mean_cell(window, lattice.edges)))
    best, translations = correlations(cell.indices, cell.coefficients)
    whole = float((np.abs(cell.coefficients) ** 2).sum())
    differing = (1 - best) * whole / (len(cell.indices) * cell.noise + _IMPERFECT * whole)
    metric = cell.edges.T @ cell.edges
    misfit = np.linalg.norm(_MATRICES.transpose(0, 2, 1) @ metric @ _MATRICES - metric, axis=(1, 2))
    return Periodic(
        cell=cell,
        periodicity=lattice.periodicity,
        correlations=np.clip(best * whole / cell.power, 0, 1),
        evidence=np.clip(1 - np.log10(np.maximum(differing, 1.0)) / 2, 0, 1),
        fits=np.exp(-((misfit / np.linalg.norm(metric) / _TOLERANCE) ** 2)),
        translations=translations,
        pixels=window.pixels,
    )


def _primitive(window: Window, cell: MeanCell) -> MeanCell:
    """Replace a cell by a smaller one that repeats within it, or by a larger one that explains more."""
    for _ in range(_CHANGES):
        smaller = smaller_cell(cell)
        if smaller is None:
            break
        edges = cell.edges @ smaller
        edges = edges @ reduced(edges)
        if np.linalg.norm(edges[:, 0]) < SHORTEST:
            break
        cell = mean_cell(window, edges)
    for _ in range(_CHANGES):
        larger = larger_cell(window, cell)
        if larger is None:
            break
        edges = cell.edges @ larger
        edges = edges @ reduced(edges)
        if np.linalg.norm(edges, axis=0).max() > min(window.values.shape) / _FEWEST_REPEATS:
            break
        cell = mean_cell(window, edges)
    return cell


def _in_reduced_basis(cell: MeanCell) -> MeanCell:
    """Return the same cell in a reduced basis, which refinement may have left."""
    change = reduced(cell.edges)
    return replace(cell, edges=cell.edges @ change, indices=cell.indices @ change)


def signature(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the 39 numbers of a picture; zeros where it is not periodic."""
    found = periodic(values, known)
    return np.zeros(SIZE) if found is None else found.numbers()


def clarity(signatures: NDArray[np.floating[Any]]) -> Floats:
    """Return how clear the lattice of each signature (n, 39) is, from 0 to 1, shape (n,)."""
    at = 2 * len(OPERATIONS)
    periodicity, explained = (signatures[:, at + place].astype(np.float64) for place in (0, 1))
    repeats = 10 ** (4 * signatures[:, at + 9].astype(np.float64))
    enough = (repeats >= _FEWEST) & (explained >= _LEAST_EXPLAINED)
    least = _LEAST_PERIODICITY + _BY_CHANCE / np.maximum(repeats, _FEWEST)
    above = np.clip((periodicity - least) / (1 - least), 0, 1)
    return np.minimum(above * explained / _CLEAR, 1) * enough
