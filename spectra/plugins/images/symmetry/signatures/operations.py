"""How well each operation that a plane lattice can have maps a periodic function onto itself.

Everything is written in a reduced basis of the primitive cell: a is the shortest lattice vector, b the shortest of the
others, and their angle lies between 60° and 90°. In such a basis the operations that any plane group can contain are a
few matrices of whole numbers, whatever the lattice; on a distorted lattice they still say what was meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Complexes = NDArray[np.complex128]

_GRID = 48  # points along each edge of the cell where correlations are computed before the best is refined
_STEPS = 3  # of Newton's method


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of a plane group, but for its place.

    Parameters
    ----------
    name
        For people: order of a rotation, or direction of a line.
    matrix
        By rows; it acts on coordinates in the reduced basis.
    along
        Direction in which the line may lie anywhere; ``None`` for a rotation, whose centre may.
    start
        Translation along the line: half an edge for a glide.
    """

    name: str
    matrix: tuple[tuple[int, int], tuple[int, int]]
    along: tuple[int, int] | None = None
    start: tuple[float, float] = (0.0, 0.0)


OPERATIONS = (
    Operation(name="rotation 180°", matrix=((-1, 0), (0, -1))),
    Operation(name="rotation 120°", matrix=((-1, -1), (1, 0))),
    Operation(name="rotation 90°", matrix=((0, -1), (1, 0))),
    Operation(name="rotation 60°", matrix=((0, -1), (1, 1))),
    Operation(name="mirror along a", matrix=((1, 0), (0, -1)), along=(0, 1)),
    Operation(name="glide along a", matrix=((1, 0), (0, -1)), along=(0, 1), start=(0.5, 0.0)),
    Operation(name="mirror along b", matrix=((-1, 0), (0, 1)), along=(1, 0)),
    Operation(name="glide along b", matrix=((-1, 0), (0, 1)), along=(1, 0), start=(0.0, 0.5)),
    # Lines of lattices whose conventional cell is centred: mirrors and glides alternate, and neither is without others.
    Operation(name="mirror along a+b", matrix=((0, 1), (1, 0)), along=(1, -1)),
    Operation(name="mirror along a-b", matrix=((0, -1), (-1, 0)), along=(1, 1)),
    Operation(name="mirror along a, centred", matrix=((1, 1), (0, -1)), along=(1, -2)),
    Operation(name="mirror across a, centred", matrix=((-1, -1), (0, 1)), along=(1, 0)),
    Operation(name="mirror along b, centred", matrix=((-1, 0), (1, 1)), along=(2, -1)),
    Operation(name="mirror across b, centred", matrix=((1, 0), (-1, -1)), along=(0, 1)),
)
"""Rotations, then lines; the order is that of the numbers in a signature."""

_PSEUDO = np.array([(1, 0, 2), (0, 1, 2), (1, 1, 2), (1, 0, 3), (0, 1, 3), (1, 1, 3), (1, 2, 3)])
_PSEUDO_TRANSLATIONS = _PSEUDO[:, :2] / _PSEUDO[:, 2:]


def reduced(edges: Floats) -> Integers:
    """Return the matrix of whole numbers that takes a basis (2, 2), of columns, to a reduced one (Gauss, Lagrange)."""
    change = np.eye(2, dtype=np.int64)
    for _ in range(100):
        a, b = (edges @ change).T
        if a @ a > b @ b * (1 + 1e-12):
            change = change[:, ::-1]
            continue
        times = int(np.rint((a @ b) / (a @ a)))
        if times == 0:
            break
        change = np.column_stack([change[:, 0], change[:, 1] - times * change[:, 0]])
    a, b = (edges @ change).T
    return change if a @ b >= 0 else change * np.array([1, -1])


def correlations(indices: Integers, coefficients: Complexes) -> tuple[Floats, Floats]:
    """Correlate a periodic function with itself after every one of :data:`OPERATIONS`.

    Parameters
    ----------
    indices : ndarray, shape (n, 2)
        Harmonics in the reduced basis, each with its opposite and without the mean.
    coefficients : ndarray, shape (n,)

    Returns
    -------
    best : ndarray, shape (14,)
        Largest ∫ f(x) f(W x + t) over all t that the operation allows, in units of the power Σ |c|².
    translations : ndarray, shape (14, 2)
        The t of each, in units of the edges.
    """
    reach = int(np.abs(indices).max()) * 3  # of an index that a matrix has turned
    table = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=np.complex128)
    table[tuple(indices.T + reach)] = coefficients
    power = float((np.abs(coefficients) ** 2).sum())
    best, translations = np.empty(len(OPERATIONS)), np.empty((len(OPERATIONS), 2))
    for place, operation in enumerate(OPERATIONS):
        turned = indices @ np.array(operation.matrix)
        products = coefficients * table[tuple(turned.T + reach)].conj() / power
        if operation.along is None:
            best[place], translations[place] = _best_in_cell(indices, products)
        else:
            best[place], translations[place] = _best_on_line(indices, products, operation)
    return best, translations


def distinctness(indices: Integers, coefficients: Complexes, expected: NDArray[np.bool_]) -> float:
    """Return the largest correlation with an operation or translation that is not among the expected; below 1."""
    best, _ = correlations(indices, coefficients)
    power = np.abs(coefficients) ** 2
    translated = np.cos(2 * np.pi * _PSEUDO_TRANSLATIONS @ indices.T) @ power / power.sum()
    return float(max(best[~expected].max(initial=0.0), translated.max()))


def among(matrices: Integers, translations: Floats) -> NDArray[np.bool_]:
    """Say which of :data:`OPERATIONS` are among those of a group in the reduced basis, (n, 2, 2) and (n, 2)."""
    found = np.zeros(len(OPERATIONS), dtype=bool)
    for place, operation in enumerate(OPERATIONS):
        for matrix, translation in zip(matrices, translations, strict=True):
            if not np.array_equal(matrix, operation.matrix):
                continue
            if operation.name.endswith((" a", " b")):  # of which mirror and glide differ
                axis = 0 if operation.along == (0, 1) else 1
                off = translation[axis] - operation.start[axis]
                found[place] |= bool(abs(off - np.rint(off)) < 1e-6)
            else:
                found[place] = True
    return found


def _best_in_cell(indices: Integers, products: Complexes) -> tuple[float, Floats]:
    """Return the largest value of Σ p(h) exp(2πi h·t) and where it is."""
    grid = np.zeros((_GRID, _GRID), dtype=np.complex128)
    np.add.at(grid, tuple(indices.T % _GRID), products)
    values = np.fft.ifft2(grid).real * _GRID**2
    t = np.array(np.unravel_index(np.argmax(values), values.shape)) / _GRID
    best = float(values.max())
    for _ in range(_STEPS):
        terms = products * np.exp(2j * np.pi * (indices @ t))
        slope = -2 * np.pi * (terms.imag @ indices)
        bend = -4 * np.pi**2 * (indices.T * terms.real) @ indices
        if np.linalg.det(bend) <= 0 or np.trace(bend) >= 0:
            break
        moved = t - np.linalg.solve(bend, slope)
        value = float((products * np.exp(2j * np.pi * (indices @ moved))).real.sum())
        if value <= best or np.abs(moved - t).max() > 1 / _GRID:
            break
        t, best = moved, value
    return best, t


def _best_on_line(indices: Integers, products: Complexes, operation: Operation) -> tuple[float, Floats]:
    """Return the same for t = start + s · along."""
    start, along = np.array(operation.start), np.array(operation.along)
    terms = products * np.exp(2j * np.pi * (indices @ start))
    waves = indices @ along
    points = 3 * _GRID
    row = np.zeros(points, dtype=np.complex128)
    np.add.at(row, waves % points, terms)
    values = np.fft.ifft(row).real * points
    s, best = float(np.argmax(values)) / points, float(values.max())
    for _ in range(_STEPS):
        turned = terms * np.exp(2j * np.pi * waves * s)
        slope, bend = -2 * np.pi * (turned.imag @ waves), -4 * np.pi**2 * (turned.real @ waves**2)
        if bend >= 0:
            break
        moved = s - slope / bend
        value = float((terms * np.exp(2j * np.pi * waves * moved)).real.sum())
        if value <= best or abs(moved - s) > 1 / points:
            break
        s, best = moved, value
    return best, (start + s * along) % 1
