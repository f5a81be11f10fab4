"""Diffraction angles, atomic scattering factors and the Lorentz-polarisation factor.

The reciprocal vector k is that of crystallography and of LAMMPS, ``|k| = 1/d = 2 sin(theta)/wavelength``, without 2 pi.
Lengths are in ångström, angles 2 theta in degrees.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectra.core.errors import InputError, NotFoundError

Floats = NDArray[np.float64]

ANGLE = "° 2θ"
"""Unit of the axis."""

WAVELENGTH = 1.54  # Å; the value of the published LAMMPS profiles, rounded from Cu K-alpha


class ScatteringFactor(NamedTuple):
    """Coefficients of f(s) = sum_i a_i exp(-b_i s^2) + c, in electrons, with s = sin(theta)/wavelength in 1/Å."""

    a: tuple[float, float, float, float]
    b: tuple[float, float, float, float]
    c: float


SCATTERING_FACTORS = {
    # Brown et al., International Tables for Crystallography C (2004), table 6.1.1.4, for 0 < s < 2/Å: as in LAMMPS.
    "Au": ScatteringFactor((16.8819, 18.5913, 25.5582, 5.86), (0.4611, 8.6216, 1.4826, 36.3956), 12.0658),
}


def scattering_factor(element: str, k: ArrayLike) -> Floats:
    """Evaluate the atomic scattering factor of a neutral atom.

    Parameters
    ----------
    element
        Chemical symbol, a key of ``SCATTERING_FACTORS``.
    k : array_like, any shape
        Length of the reciprocal vector (1/Å).

    Returns
    -------
    ndarray, same shape
        In electrons: close to the atomic number at k = 0.

    Raises
    ------
    NotFoundError
        If the element is not in the table.
    """
    if element not in SCATTERING_FACTORS:
        raise NotFoundError(
            f"There is no scattering factor for {element!r}, only for {', '.join(SCATTERING_FACTORS)}.",
            hint="Add its coefficients to SCATTERING_FACTORS in spectra/plugins/xrd/physics/scattering.py.",
        )
    a, b, c = SCATTERING_FACTORS[element]
    s_squared = (np.asarray(k, dtype=np.float64) / 2) ** 2
    return np.exp(-s_squared[..., None] * np.array(b)) @ np.array(a) + c


def lorentz_polarisation(two_theta: ArrayLike) -> Floats:
    """Evaluate (1 + cos^2 2 theta) / (cos theta sin^2 theta), as LAMMPS does (Coleman et al. 2013).

    Parameters
    ----------
    two_theta : array_like, any shape
        In degrees, above 0 and below 180, where the factor diverges.
    """
    theta = np.radians(np.asarray(two_theta, dtype=np.float64)) / 2
    return (1 + np.cos(2 * theta) ** 2) / (np.cos(theta) * np.sin(theta) ** 2)


def reciprocal_length(two_theta: ArrayLike, wavelength: float = WAVELENGTH) -> Floats:
    """Convert 2 theta (degrees) to k = 2 sin(theta) / wavelength (1/Å)."""
    return 2 * np.sin(np.radians(np.asarray(two_theta, dtype=np.float64)) / 2) / wavelength


def diffraction_angle(k: ArrayLike, wavelength: float = WAVELENGTH) -> Floats:
    """Convert k (1/Å), at most 2 / wavelength, to 2 theta (degrees)."""
    return 2 * np.degrees(np.arcsin(np.asarray(k, dtype=np.float64) * wavelength / 2))


def intensity_factor(element: str, k: ArrayLike, wavelength: float = WAVELENGTH) -> Floats:
    """Return f^2 times the Lorentz-polarisation factor: what multiplies the interference of the atoms at k (1/Å)."""
    return scattering_factor(element, k) ** 2 * lorentz_polarisation(diffraction_angle(k, wavelength))


def check_structure(positions: ArrayLike) -> Floats:
    """Return positions as an array of floats, shape (n_atoms, 3).

    Raises
    ------
    InputError
        If they have another shape, or are not all finite.
    """
    checked = np.asarray(positions, dtype=np.float64)
    if checked.ndim != 2 or checked.shape[1] != 3 or not len(checked):
        raise InputError(f"Atomic positions must form an array (n_atoms, 3), not one of shape {checked.shape}.")
    if not np.isfinite(checked).all():
        row = int(np.argmin(np.isfinite(checked).all(axis=1)))
        raise InputError(f"The position of atom {row} (counted from 0) is not finite.")
    return checked


def check_bins(edges: ArrayLike) -> Floats:
    """Return the edges of bins in 2 theta as an array of floats, shape (n_bins + 1,).

    Raises
    ------
    InputError
        If there are fewer than two, they do not rise, or they leave the open interval from 0 to 180 degrees.
    """
    checked = np.asarray(edges, dtype=np.float64)
    if checked.ndim != 1 or len(checked) < 2 or not np.all(np.diff(checked) > 0):
        raise InputError("The edges of the bins in 2 theta must be two or more numbers that rise strictly.")
    if checked[0] <= 0 or checked[-1] >= 180:
        raise InputError(f"Bins from {checked[0]:g} to {checked[-1]:g} degrees do not lie between 0 and 180 degrees.")
    return checked
