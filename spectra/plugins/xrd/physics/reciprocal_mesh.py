"""Powder profile from a mesh in reciprocal space, point by point what LAMMPS' ``compute xrd`` computes.

Coleman, Spearot & Capolungo, Modelling Simul. Mater. Sci. Eng. 21, 055020 (2013): the intensity

    I(k) = LP(theta) |F(k)|^2 / N,   F(k) = f(k) sum_j exp(2 pi i k.r_j)

is computed at the points ``k = spacing * (h, i, j)`` with integers h, i, j, and summed in bins of 2 theta. The mesh
keeps its axes, so the profile of a single crystal depends on its orientation, and bins narrower than the mesh get an
accidental number of points: the profile of :mod:`spectra.plugins.xrd.physics.debye` has neither artefact.
"""

from __future__ import annotations

from math import isqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectra.core.errors import InputError
from spectra.plugins.xrd.physics.scattering import (
    WAVELENGTH,
    check_bins,
    check_structure,
    diffraction_angle,
    intensity_factor,
    reciprocal_length,
)

Floats = NDArray[np.float64]


def mesh_profile(
    positions: ArrayLike,
    edges: ArrayLike,
    *,
    element: str = "Au",
    wavelength: float = WAVELENGTH,
    spacing: float = 0.005,
) -> Floats:
    """Sum the intensity of the mesh points in each bin, times the volume of reciprocal space that each stands for.

    Parameters
    ----------
    positions : array_like, shape (n_atoms, 3)
        In Å. They are one finite crystallite: no periodic images are added, wherever the cell may end.
    edges : array_like, shape (n_bins + 1,)
        Bins in 2 theta (degrees), the last one closed at its upper end.
    element
        Chemical symbol of all atoms.
    wavelength
        In Å.
    spacing
        Of the mesh, along each of its axes (1/Å).

    Returns
    -------
    ndarray, shape (n_bins,)
        In electrons^2 / Å^3, like :func:`~spectra.plugins.xrd.physics.debye.debye_profile`. LAMMPS does not
        multiply by the volume: divide by ``spacing ** 3`` for its numbers.

    Raises
    ------
    InputError
        If positions, bins or spacing are not usable.
    NotFoundError
        If the scattering factor of the element is not known.
    """
    positions, edges = check_structure(positions), check_bins(edges)
    lowest, highest = reciprocal_length(edges[[0, -1]], wavelength)
    if not 0 < spacing <= highest:
        raise InputError(
            f"A mesh with a spacing of {spacing:g}/Å has no points within the {highest:.3g}/Å of the bins."
        )
    sums = _shell_sums(positions, spacing, int((highest / spacing) ** 2 * (1 + 1e-12)))
    k = spacing * np.sqrt(np.arange(len(sums)))
    inside = (sums > 0) & (k >= lowest * (1 - 1e-12)) & (k <= highest * (1 + 1e-12))
    k = k[inside]
    intensity = sums[inside] * intensity_factor(element, k, wavelength) / len(positions)
    # a point on the border of the range belongs to it, whatever the last digit of its angle
    angles = np.clip(diffraction_angle(k, wavelength), edges[0], edges[-1])
    return np.histogram(angles, edges, weights=intensity)[0] * spacing**3


def _shell_sums(positions: Floats, spacing: float, last: int) -> Floats:
    """Sum |sum_j exp(2 pi i k.r_j)|^2 over all mesh points with one h^2 + i^2 + j^2: shape (last + 1,).

    The mesh is a product of three axes, so that the sum over the atoms is a matrix product for each plane h. And it is
    symmetric: at the eight points (±h, ±i, ±j), all on one shell, the squared moduli add up to eight times the sum of
    the squares of the eight real sums over products of cosines and sines (Parseval for the signs), so that one octant
    in real arithmetic is enough.
    """
    steps = np.arange(isqrt(last) + 1)
    phases = 2 * np.pi * spacing * steps[:, None] * positions.T[:, None]  # (3, steps, n_atoms)
    x, y, z = np.stack([np.cos(phases), np.sin(phases)], axis=1)  # each (2, steps, n_atoms)
    images = np.where(steps == 0, 1.0, 2.0)  # of h under a change of sign
    sums = np.zeros(last + 1)
    for h in steps:
        size = isqrt(last - int(h) ** 2) + 1
        xy = (x[:, None, None, h] * y[None, :, :size]).reshape(4 * size, -1)
        amplitudes = xy @ z[:, :size].reshape(2 * size, -1).T
        squares = (amplitudes**2).reshape(4, size, 2, size).sum(axis=(0, 2))
        squares *= images[h] * np.multiply.outer(images[:size], images[:size])
        shells = h**2 + np.add.outer(steps[:size] ** 2, steps[:size] ** 2)
        inside = shells <= last
        sums += np.bincount(shells[inside], squares[inside], minlength=len(sums))
    return sums
