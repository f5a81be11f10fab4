"""Powder profile by the Debye scattering equation: a histogram of the pair distances and one transform.

Debye, Ann. Phys. 351, 809 (1915): averaged over all orientations, N equal atoms scatter

    <|F|^2> / N = f^2 S(q),   S(q) = 1 + (2/N) sum_{i<j} sin(q r_ij) / (q r_ij),   q = 2 pi k.

Periodic cells and finite size
------------------------------
The sum runs over all pairs of the atoms as given, with plain distances: no periodic images, no minimum-image
convention, no cut-off, no damping. The cell is one crystallite with the shape of the cell, in vacuum. That is what the
mesh of LAMMPS' ``compute xrd`` sums up too, so this profile is the average of the mesh over orientations and its limit
as it gets finer (the sum over points turns into an integral over reciprocal space). Nothing has to be terminated: the
pair distribution of a finite set ends by itself, and smoothly, at its diameter. Lines are as wide as those of such a
crystallite, about the wavelength over its size, and the forward peak, as narrow in q, lies far below 30 degrees.

Minimum images would see no further than half the cell, where the pair distribution of a crystal does not vanish:
cutting it off there makes every line ripple and some intensities negative, damping it first makes lines still wider.

Positions should lie within the cell (wrapped), as in LAMMPS; atoms that have diffused out of it change its shape.
"""

from __future__ import annotations

from collections.abc import Iterator

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

# Å. A distance between two steps is shared out linearly, which errs by at most (q step)^2 / 8: 4e-6 at 90 degrees.
_STEP = 1e-3
_OVERSAMPLING = 32  # points on each period of the fastest oscillation of S(q), which is 2 pi over the diameter
_FEWEST_POINTS = 256  # however small the structure, because the scattering factor varies too
_LARGEST = 1e3  # Å; the histogram and its transform grow with the diameter
_BLOCK = 64  # atoms whose distances to all others are held at once: what fits a cache


def debye_profile(
    positions: ArrayLike, edges: ArrayLike, *, element: str = "Au", wavelength: float = WAVELENGTH
) -> Floats:
    """Integrate the orientation-averaged intensity over the shell of reciprocal space of each bin.

    The integral is that of ``4 pi k^2 LP f^2 S dk``. Per degree, the Lorentz factor and the volume of the shell cancel,
    and f^2 S (1 + cos^2 2 theta) is left: what a powder diffractometer records.

    Parameters
    ----------
    positions : array_like, shape (n_atoms, 3)
        In Å, within the cell; they are one finite crystallite (see the module's description).
    edges : array_like, shape (n_bins + 1,)
        Bins in 2 theta (degrees).
    element
        Chemical symbol of all atoms.
    wavelength
        In Å.

    Returns
    -------
    ndarray, shape (n_bins,)
        In electrons^2 / Å^3, like :func:`~spectra.plugins.xrd.physics.reciprocal_mesh.mesh_profile`.

    Raises
    ------
    InputError
        If positions or bins are not usable, or the structure is larger than 1,000 Å.
    NotFoundError
        If the scattering factor of the element is not known.
    """
    from scipy.interpolate import CubicSpline

    edges = check_bins(edges)
    q, interference = structure_factor(positions, 2 * np.pi * float(reciprocal_length(edges[-1], wavelength)))
    k = q / (2 * np.pi)
    k, interference = k[k < 2 / wavelength], interference[k < 2 / wavelength]
    two_theta = diffraction_angle(k, wavelength)
    widths = np.radians(np.cos(np.radians(two_theta / 2)) / wavelength)  # dk / d(2 theta), 1/Å per degree
    densities = 4 * np.pi * k**2 * widths * intensity_factor(element, k, wavelength) * interference
    return np.diff(CubicSpline(two_theta, densities).antiderivative()(edges))


def structure_factor(positions: ArrayLike, highest: float) -> tuple[Floats, Floats]:
    """Evaluate S(q), the orientation average of |sum_j exp(i q.r_j)|^2 / N.

    Parameters
    ----------
    positions : array_like, shape (n_atoms, 3)
        In Å.
    highest
        Largest q wanted (1/Å).

    Returns
    -------
    q : ndarray, shape (n,)
        Evenly spaced, finely enough for cubic interpolation, from the first step above 0 to beyond ``highest``.
    structure : ndarray, shape (n,)
        S(q), which tends to the number of atoms at q = 0 and to 1 at large q.

    Raises
    ------
    InputError
        If the positions are not usable, or further apart than 1,000 Å.
    """
    from scipy.fft import next_fast_len, rfft

    positions = check_structure(positions)
    pairs = _pair_histogram(positions)
    coarsest = min(2 * np.pi / (_OVERSAMPLING * _STEP * len(pairs)), highest / _FEWEST_POINTS)
    length = next_fast_len(int(2 * np.pi / (_STEP * coarsest)), real=True)
    q_step = 2 * np.pi / (_STEP * length)
    count = int(highest / q_step) + 2
    q = q_step * np.arange(1, count + 1)
    weights = np.zeros(len(pairs))
    weights[1:] = pairs[1:] / (_STEP * np.arange(1, len(pairs)))
    sines = -rfft(weights, length).imag[1 : count + 1]  # sum over r of weights(r) sin(q r)
    return q, 1 + 2 / len(positions) * (pairs[0] + sines / q)


def _pair_histogram(positions: Floats) -> Floats:
    """Count the pairs at distances 0, step, 2 step, …, sharing each out between the two nearest of them."""
    longest = np.linalg.norm(np.ptp(positions, axis=0))
    if longest > _LARGEST:
        raise InputError(
            f"The atoms are up to {longest:,.0f} Å apart, which is more than the {_LARGEST:,.0f} Å of the Debye sum.",
            hint="Give the positions in Å and within their cell.",
        )
    size = int(longest / _STEP) + 3
    counts, fractions = np.zeros(size), np.zeros(size)
    for distances in _distances(positions):
        distances /= _STEP
        below = distances.astype(np.intp)
        distances -= below
        counts += np.bincount(below, minlength=size)
        fractions += np.bincount(below, distances, minlength=size)
    counts -= fractions
    counts[1:] += fractions[:-1]
    return counts


def _distances(positions: Floats) -> Iterator[Floats]:
    """Yield the distance of every pair once, block by block."""
    from scipy.spatial.distance import cdist, pdist

    for start in range(0, len(positions), _BLOCK):
        block, others = positions[start : start + _BLOCK], positions[start + _BLOCK :]
        yield pdist(block)
        yield cdist(block, others).ravel()
