"""The lattice of a picture: shifts that map it onto itself, from the masked autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import maximum_filter

from spectra.plugins.images.symmetry.signatures.operations import reduced

Floats = NDArray[np.float64]

_FINER = 2  # points per pixel of the autocorrelation, so that its peaks can be interpolated
_LEAST_OVERLAP = 0.25  # share of the picture in which a shift must be seen
SHORTEST = 2.5  # pixels; below, nothing can be told from a pixel's own size
_CLOSE = 0.8  # share of the highest peak from which a shift counts as one of the lattice's
_FAINTEST = 0.15  # peaks below are those of noise
_MOST = 16  # shortest shifts that a lattice is looked for among
_NEIGHBOURS = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3) if (i, j) > (0, 0)])


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """A plane lattice.

    Parameters
    ----------
    edges : ndarray, shape (2, 2)
        Reduced basis as columns, in pixels: x to the right, y **down**.
    periodicity
        Mean correlation of the picture with itself moved by lattice vectors, from 0 to 1.
    """

    edges: Floats
    periodicity: float


def autocorrelation(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """Correlate a picture with itself at all shifts, over the pixels that overlap and are known (Padfield 2012).

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Without mean; 0 where nothing is known.
    known : ndarray, shape (height, width)

    Returns
    -------
    correlation : ndarray, shape (2 r + 1, 2 c + 1)
        At shifts of half pixels, from -r and -c; -1 where too little overlaps.
    """
    height, width = values.shape
    shape = tuple(fft.next_fast_len(2 * n, real=True) for n in (height, width))
    mask, singles = known.astype(np.float32), values.astype(np.float32)
    of_values, of_mask, of_squares = (fft.rfft2(array, shape) for array in (singles, mask, singles**2))
    products = _at_shifts(np.abs(of_values) ** 2, shape, values.shape)
    sums = _at_shifts(of_values * of_mask.conj(), shape, values.shape)
    squares = _at_shifts(of_squares * of_mask.conj(), shape, values.shape)
    counts = _at_shifts(np.abs(of_mask) ** 2, shape, values.shape)
    seen = counts > _LEAST_OVERLAP * known.sum()
    counts = np.maximum(counts, 1.0)
    turned = slice(None, None, -1)
    own = squares - sums**2 / counts
    spread = np.sqrt(np.maximum(own * own[turned, turned], 1e-30))
    correlation = (products - sums * sums[turned, turned] / counts) / spread
    return np.where(seen, correlation, -1.0)


def _at_shifts(spectrum: NDArray[Any], shape: tuple[int, ...], size: tuple[int, ...]) -> Floats:
    """Return the correlation of a product of spectra at shifts of half pixels up to 0.75 of the size."""
    rows, columns = (int(0.75 * n) * _FINER for n in size)
    finer = np.zeros((_FINER * shape[0], shape[1] * _FINER // 2 + 1), dtype=np.complex64)
    half = shape[0] // 2
    finer[:half, : spectrum.shape[1]] = spectrum[:half]
    finer[-half:, : spectrum.shape[1]] = spectrum[-half:]
    values = fft.irfft2(finer, (_FINER * shape[0], _FINER * shape[1])) * _FINER**2
    return np.roll(values, (rows, columns), axis=(0, 1))[: 2 * rows + 1, : 2 * columns + 1]


def find_lattice(values: Floats, known: NDArray[np.bool_]) -> Lattice | None:
    """Return the lattice of a picture, or nothing where there are no two independent shifts that repeat it."""
    correlation = autocorrelation(values, known)
    shifts, heights = _peaks(correlation)
    if len(shifts) < 2 or heights.max() < _FAINTEST:
        return None
    close = heights >= _CLOSE * heights.max()
    candidates = shifts[close][np.argsort(np.linalg.norm(shifts[close], axis=1))][:_MOST]
    edges = _shortest_basis(candidates, correlation, _CLOSE * heights.max())
    if edges is None:
        return None
    good = heights >= 0.7 * heights.max()
    edges = _fitted(edges, shifts[good])
    edges = edges @ reduced(edges)
    heights = _sampled(correlation, _NEIGHBOURS @ edges.T)
    return Lattice(edges=edges, periodicity=float(np.mean(np.sort(heights[heights > -1])[-4:])))


def _peaks(correlation: Floats) -> tuple[Floats, Floats]:
    """Return the local maxima of one half plane: shifts (n, 2) in pixels, refined by parabolas, and heights."""
    rows, columns = np.array(correlation.shape) // 2
    top = (correlation == maximum_filter(correlation, size=5)) & (correlation > _FAINTEST)
    top[0], top[-1], top[:, 0], top[:, -1] = False, False, False, False
    top[:rows] = False
    top[rows, : columns + 1] = False
    row, column = np.nonzero(top)
    middle = correlation[row, column]
    left, right = correlation[row, column - 1], correlation[row, column + 1]
    above, below = correlation[row - 1, column], correlation[row + 1, column]
    sound = np.minimum(np.minimum(left, right), np.minimum(above, below)) > -1
    bend = np.array([left + right - 2 * middle, above + below - 2 * middle])
    slope = np.array([right - left, below - above]) / 2
    step = np.clip(-slope / np.minimum(bend, -1e-12), -0.5, 0.5)
    heights = middle + (slope * step).sum(axis=0) / 2
    shifts = np.column_stack([column - columns + step[0], row - rows + step[1]]) / _FINER
    sound &= np.linalg.norm(shifts, axis=1) >= SHORTEST
    return shifts[sound], heights[sound]


def _sampled(correlation: Floats, shifts: Floats) -> Floats:
    """Interpolate the autocorrelation linearly at shifts (n, 2) in pixels; -1 outside."""
    rows, columns = np.array(correlation.shape) // 2
    column, row = shifts[:, 0] * _FINER + columns, shifts[:, 1] * _FINER + rows
    inside = (column >= 0) & (row >= 0) & (column < 2 * columns) & (row < 2 * rows)
    column, row = np.where(inside, column, 0), np.where(inside, row, 0)
    i, j = row.astype(int), column.astype(int)
    y, x = row - i, column - j
    c = correlation
    values = (1 - y) * ((1 - x) * c[i, j] + x * c[i, j + 1]) + y * ((1 - x) * c[i + 1, j] + x * c[i + 1, j + 1])
    known = np.minimum(np.minimum(c[i, j], c[i, j + 1]), np.minimum(c[i + 1, j], c[i + 1, j + 1])) > -1
    return np.where(inside & known, values, -1.0)


def _shortest_basis(shifts: Floats, correlation: Floats, least: float) -> Floats | None:
    """Return the basis (2, 2) of the smallest cell whose neighbours all repeat the picture nearly as well."""
    first, second = np.triu_indices(len(shifts), k=1)
    areas = np.abs(shifts[first, 0] * shifts[second, 1] - shifts[first, 1] * shifts[second, 0])
    lengths = np.linalg.norm(shifts, axis=1)
    wide = areas > 0.2 * lengths[first] * lengths[second]
    first, second, areas = first[wide], second[wide], areas[wide]
    fallback = None
    for place in np.argsort(areas, kind="stable"):
        edges = shifts[[first[place], second[place]]].T
        edges = edges @ reduced(edges)
        heights = _sampled(correlation, _NEIGHBOURS @ edges.T)
        seen = heights > -1
        if seen.sum() >= 2 and heights[seen].min() >= 0.85 * least:
            return edges
        fallback = edges if fallback is None else fallback
    return fallback


def _fitted(edges: Floats, shifts: Floats) -> Floats:
    """Refine a basis by least squares on all shifts that lie close to a lattice point."""
    for reach in (1.5, 3.0, np.inf):
        numbers = shifts @ np.linalg.inv(edges).T
        whole = np.rint(numbers)
        near = (np.linalg.norm((numbers - whole) @ edges.T, axis=1) < 0.15 * np.linalg.norm(edges, axis=0).min()) & (
            np.abs(whole).max(axis=1) <= reach
        )
        near &= np.abs(whole).max(axis=1) > 0
        if np.linalg.matrix_rank(whole[near]) < 2:
            continue
        edges = np.linalg.lstsq(whole[near], shifts[near], rcond=None)[0].T
    return edges
