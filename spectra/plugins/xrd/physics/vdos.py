"""Vibrational density of states: the power spectrum of the atoms' velocities.

In a harmonic solid in equilibrium every mode carries the same kinetic energy, so that the spectrum of the mass-weighted
velocities counts the modes (Dickey & Paskin, Phys. Rev. 188, 1407 (1969)). It is the Fourier transform of the velocity
autocorrelation (Wiener–Khinchin) and is computed without that detour, from the velocities padded with as many zeros,
which keep the end of the run from correlating with its beginning.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectra.core.errors import InputError

Floats = NDArray[np.float64]

WAVENUMBER = "1/cm"
"""Unit of the axis."""

_SPEED_OF_LIGHT = 2.99792458e-5  # cm/fs


def resolution(duration: float) -> float:
    """Return the step of the axis (1/cm) for velocities over ``duration`` (fs)."""
    return 1 / (2 * duration * _SPEED_OF_LIGHT)


def vibrational_density_of_states(velocities: ArrayLike, interval: float) -> tuple[Floats, Floats]:
    """Estimate the density of vibrational states of atoms of one mass.

    Parameters
    ----------
    velocities : array_like, shape (n_steps, n_atoms, 3)
        At equal intervals, in any unit, without motion of the centre of mass, which would appear at 0.
    interval
        Time from one step to the next (fs).

    Returns
    -------
    wavenumbers : ndarray, shape (n_steps + 1,)
        In cm^-1, from 0 to the Nyquist limit 1 / (2 c interval) in steps of 1 / (2 c n_steps interval). A line is about
        two of these steps wide: a run of n_steps tells no finer.
    density : ndarray, shape (n_steps + 1,)
        In cm, never negative; its integral by the trapezoidal rule over ``wavenumbers`` is 1.

    Raises
    ------
    InputError
        If the velocities have another shape, fewer than two steps, are not finite or all zero, or the interval is not
        positive.
    """
    from scipy.fft import rfft

    velocities = np.asarray(velocities, dtype=np.float64)
    if velocities.ndim != 3 or velocities.shape[2] != 3 or len(velocities) < 2 or not velocities.shape[1]:
        raise InputError(
            f"Velocities must form an array (n_steps, n_atoms, 3) of two or more steps, not {velocities.shape}."
        )
    if not interval > 0:
        raise InputError(f"The interval between two steps must be positive, not {interval:g} fs.")
    if not np.isfinite(velocities).all() or not velocities.any():
        raise InputError("A density of states needs velocities that are finite and not all zero.")
    n_steps = len(velocities)
    power = np.zeros(n_steps + 1)
    for atom in range(velocities.shape[1]):  # one at a time: the padded transform is four times its input
        amplitudes = rfft(velocities[:, atom], 2 * n_steps, axis=0)
        power += (amplitudes.real**2 + amplitudes.imag**2).sum(axis=1)
    wavenumbers = resolution(n_steps * interval) * np.arange(n_steps + 1, dtype=np.float64)
    return wavenumbers, power / np.trapezoid(power, wavenumbers)
