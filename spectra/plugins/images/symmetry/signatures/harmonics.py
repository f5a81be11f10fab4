"""The mean cell of a periodic picture, as the Fourier coefficients that fit all of its cells at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Complexes = NDArray[np.complex128]

_FINEST = 0.45  # cycles per pixel
_MOST = 180  # harmonics, each with its opposite
_RIDGE = 1e-4  # share of the diagonal: neighbours that two repeats only just resolve
_LEAST_POWER = 0.02  # share of Σ |c|² that is taken for the pattern's, whatever the noise
_STEPS = 3  # by which the lattice is refined, at most
_FARTHEST = 0.2  # of a cell, by which one step moves the border of the picture
_SETTLED = 0.02  # of a cell; a shorter step is the last


@dataclass(frozen=True, kw_only=True, eq=False)
class Window:
    """A flat picture.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Without mean; 0 where nothing is known.
    known : ndarray, shape (height, width)
    """

    values: Floats
    known: NDArray[np.bool_]

    @cached_property
    def columns(self) -> Floats:
        """Places of the columns, from the middle."""
        return np.arange(self.values.shape[1]) - (self.values.shape[1] - 1) / 2

    @cached_property
    def rows(self) -> Floats:
        """Places of the rows, from the middle."""
        return np.arange(self.values.shape[0]) - (self.values.shape[0] - 1) / 2

    @cached_property
    def pixels(self) -> int:
        """Number of known pixels."""
        return int(self.known.sum())

    def turns(self, waves: Floats) -> tuple[Complexes, Complexes]:
        """Return exp(2πi w x) of wave vectors (n, 2) along the columns and the rows: (n, width) and (n, height)."""
        across = np.exp(2j * np.pi * np.outer(waves[:, 0], self.columns))
        return across, np.exp(2j * np.pi * np.outer(waves[:, 1], self.rows))

    def sums(self, values: Floats, turns: tuple[Complexes, Complexes]) -> Complexes:
        """Return Σ f(x) exp(-2πi w·x) over the pixels, for each wave vector."""
        across, down = turns
        return ((down.conj() @ values) * across.conj()).sum(axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanCell:
    """What all cells of a picture have in common.

    Parameters
    ----------
    edges : ndarray, shape (2, 2)
        Of the lattice, refined, as columns in pixels: x to the right, y down.
    indices : ndarray, shape (n, 2)
        Harmonics in that basis, each with its opposite, without the mean.
    coefficients : ndarray, shape (n,)
        Complex, about the middle of the picture.
    noise
        Variance of one coefficient.
    explained
        Share of the picture's variance.
    """

    edges: Floats
    indices: Integers
    coefficients: Complexes
    noise: float
    explained: float

    @property
    def waves(self) -> Floats:
        """Wave vectors (n, 2) in cycles per pixel."""
        return self.indices @ np.linalg.inv(self.edges)

    @property
    def power(self) -> float:
        """Σ |c|² without that of the noise."""
        whole = float((np.abs(self.coefficients) ** 2).sum())
        return max(whole - len(self.indices) * self.noise, _LEAST_POWER * whole)

    def values(self, window: Window) -> Floats:
        """Return what repeats, at each pixel of a window."""
        across, down = window.turns(self.waves)
        return ((down.T * self.coefficients) @ across).real


def mean_cell(window: Window, edges: Floats) -> MeanCell:
    """Fit the harmonics of a lattice to a picture by least squares, and refine the lattice with them.

    Parameters
    ----------
    window
        The picture.
    edges : ndarray, shape (2, 2)
        First guess of the lattice, to a fraction of a pixel over the picture.
    """
    indices = _harmonics(edges)
    for _ in range(_STEPS):
        edges, moved = _refined(window, edges, indices)
        if moved < _SETTLED:
            break
    coefficients, fit, _ = _fitted(window, edges, indices)
    left = float(((window.values - fit)[window.known] ** 2).sum())
    whole = float((window.values[window.known] ** 2).sum())
    free = max(window.pixels - len(indices), 1)
    return MeanCell(
        edges=edges,
        indices=indices,
        coefficients=coefficients,
        noise=left / free / window.pixels,
        explained=max(0.0, 1 - left / whole * window.pixels / free) if whole else 0.0,
    )


def _harmonics(edges: Floats) -> Integers:
    """Return the indices (n, 2) of the coarsest harmonics, below Nyquist's limit."""
    area = abs(np.linalg.det(edges))
    finest = min(_FINEST, np.sqrt(_MOST / (np.pi * area)))
    across, up = (int(reach) for reach in np.ceil(finest * np.linalg.norm(edges, axis=0)))
    indices = np.array([(h, k) for h in range(-across, across + 1) for k in range(-up, up + 1)])
    fineness = np.linalg.norm(indices @ np.linalg.inv(edges), axis=1)
    return indices[(fineness > 0) & (fineness <= finest)]


def _fitted(window: Window, edges: Floats, indices: Integers) -> tuple[Complexes, Floats, tuple[Complexes, Complexes]]:
    """Solve the normal equations; return the coefficients, their sum at each pixel, and the waves.

    The matrix holds sums of exp(2πi (w - w')·x) over the pixels, which depend on differences of indices alone.
    """
    inverse = np.linalg.inv(edges)
    reach = 2 * np.abs(indices).max(axis=0)
    spans = [np.arange(-r, r + 1) for r in reach]
    waves = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1) @ inverse  # (m, n, 2)
    table: NDArray[Any]
    if window.known.all():
        table = _dirichlet(waves[..., 0], len(window.columns)) * _dirichlet(waves[..., 1], len(window.rows))
    else:
        table = window.sums(window.known.astype(np.float64), window.turns(waves.reshape(-1, 2)))
        table = table.reshape(waves.shape[:2])
    first, second = (np.subtract.outer(indices[:, k], indices[:, k]) + reach[k] for k in (0, 1))
    matrix = table[first, second]
    matrix[np.diag_indices_from(matrix)] += _RIDGE * window.pixels
    turns = window.turns(indices @ inverse)
    factor = cho_factor(matrix, check_finite=False)
    coefficients = cho_solve(factor, window.sums(window.values, turns), check_finite=False)
    across, down = turns
    return coefficients, ((down.T * coefficients) @ across).real, turns


def _dirichlet(wave: Floats, count: int) -> Floats:
    """Return Σ exp(2πi w x) over ``count`` pixels about their middle."""
    sine = np.sin(np.pi * wave)
    small = np.abs(sine) < 1e-12
    return np.where(small, count, np.sin(np.pi * count * wave) / np.where(small, 1, sine))


def _refined(window: Window, edges: Floats, indices: Integers) -> tuple[Floats, float]:
    """Take one Gauss-Newton step in the inverse of the edges, with the coefficients kept.

    Returns
    -------
    edges : ndarray, shape (2, 2)
    moved
        By which part of a cell that moves the border of the picture.
    """
    coefficients, fit, (across, down) = _fitted(window, edges, indices)
    inverse = np.linalg.inv(edges)
    residual = np.where(window.known, window.values - fit, 0.0)
    slopes = []
    for index in indices.T:
        slope = (2j * np.pi * ((down.T * (coefficients * index)) @ across)).real * window.known
        slopes += [slope * window.columns, slope * window.rows[:, np.newaxis]]
    jacobian = np.stack(slopes).reshape(4, -1)
    normal = jacobian @ jacobian.T
    normal[np.diag_indices(4)] += 1e-6 * np.trace(normal) + 1e-300
    step: Floats = np.linalg.solve(normal, jacobian @ residual.ravel()).reshape(2, 2)
    moved = float(np.abs(step * [len(window.columns) / 2, len(window.rows) / 2]).max())
    step *= min(1.0, _FARTHEST / max(moved, 1e-12))
    return np.asarray(np.linalg.inv(inverse + step), dtype=np.float64), moved
