"""Elastic symmetry: independent moduli, their stiffness matrices, stability and engineering values.

Stiffness matrices are in Voigt order (xx, yy, zz, yz, xz, xy) with engineering shear strains; crystal axes lie along
the sample's axes, the distinguished axis of hexagonal and tetragonal crystals along z. Every stiffness matrix is an
affine function of its independent moduli, C = Σ_k c_k V_k, which the forward model exploits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import constants

Floats = NDArray[np.float64]
SymmetryName = Literal["isotropic", "cubic", "hexagonal", "tetragonal", "orthorhombic"]


@dataclass(frozen=True)
class Symmetry:
    """An elastic symmetry with its independent moduli.

    Parameters
    ----------
    name
        As in a sample file.
    moduli
        Names of the independent moduli c_k.
    entries
        For every modulus the entries (row, column, factor) of the upper triangle of V_k, Voigt indices from 1.
    """

    name: SymmetryName
    moduli: tuple[str, ...]
    entries: tuple[tuple[tuple[int, int, float], ...], ...]

    @cached_property
    def basis(self) -> Floats:
        """The matrices V_k, shape (k, 6, 6)."""
        matrices = np.zeros((len(self.moduli), 6, 6))
        for matrix, entries in zip(matrices, self.entries, strict=True):
            for row, column, factor in entries:
                matrix[row - 1, column - 1] = matrix[column - 1, row - 1] = factor
        return matrices

    def stiffness(self, moduli: Floats) -> Floats:
        """Return the stiffness matrices, shape (..., 6, 6), of independent moduli, shape (..., k)."""
        return np.tensordot(moduli, self.basis, axes=1)

    def is_stable(self, moduli: Floats) -> NDArray[np.bool_]:
        """Say for which moduli, shape (n, k), a solid exists: its stiffness matrix is positive definite (Born 1940)."""
        lowest = np.linalg.eigvalsh(self.stiffness(moduli))[..., 0]
        scale = np.abs(moduli).max(axis=-1)
        return lowest > 1e-9 * scale


def _entries(text: str) -> tuple[tuple[tuple[int, int, float], ...], ...]:
    """Read "11 22 33 | 12 13": groups of Voigt entries by modulus, with an optional factor after a star."""
    groups = []
    for group in text.split("|"):
        terms = [term.partition("*") for term in group.split()]
        groups.append(tuple((int(ij[0]), int(ij[1]), float(factor or 1.0)) for ij, _, factor in terms))
    return tuple(groups)


SYMMETRIES: dict[str, Symmetry] = {
    symmetry.name: symmetry
    for symmetry in (
        # C12 = C11 - 2 C44
        Symmetry("isotropic", ("C11", "C44"), _entries("11 22 33 12 13 23 | 44 55 66 12*-2 13*-2 23*-2")),
        Symmetry("cubic", ("C11", "C12", "C44"), _entries("11 22 33 | 12 13 23 | 44 55 66")),
        # C66 = (C11 - C12)/2
        Symmetry(
            "hexagonal",
            ("C11", "C33", "C12", "C13", "C44"),
            _entries("11 22 66*0.5 | 33 | 12 66*-0.5 | 13 23 | 44 55"),
        ),
        Symmetry(
            "tetragonal",
            ("C11", "C33", "C12", "C13", "C44", "C66"),
            _entries("11 22 | 33 | 12 | 13 23 | 44 55 | 66"),
        ),
        Symmetry(
            "orthorhombic",
            ("C11", "C22", "C33", "C12", "C13", "C23", "C44", "C55", "C66"),
            _entries("11 | 22 | 33 | 12 | 13 | 23 | 44 | 55 | 66"),
        ),
    )
}


def engineering_values(stiffness: Floats, density: float) -> dict[str, tuple[float, str]]:
    """Return polycrystal averages and what follows from them, as name: (value in SI, SI unit).

    Parameters
    ----------
    stiffness : ndarray, shape (6, 6)
        In Pa.
    density
        In kg/m³.

    Notes
    -----
    Voigt (1928) and Reuss (1929) bounds with Hill's (1952) mean; universal anisotropy index of Ranganathan and
    Ostoja-Starzewski (2008), eq. 9, which is 0 for an isotropic solid. Sound velocities are those of the isotropic
    polycrystal with the Hill moduli.
    """
    c, s = stiffness, np.linalg.inv(stiffness)
    normal, coupled = np.trace(c[:3, :3]), c[0, 1] + c[0, 2] + c[1, 2]
    bulk_voigt = (normal + 2 * coupled) / 9
    shear_voigt = (normal - coupled + 3 * np.trace(c[3:, 3:])) / 15
    s_normal, s_coupled = np.trace(s[:3, :3]), s[0, 1] + s[0, 2] + s[1, 2]
    bulk_reuss = 1 / (s_normal + 2 * s_coupled)
    shear_reuss = 15 / (4 * (s_normal - s_coupled) + 3 * np.trace(s[3:, 3:]))
    bulk, shear = (bulk_voigt + bulk_reuss) / 2, (shear_voigt + shear_reuss) / 2
    young = 9 * bulk * shear / (3 * bulk + shear)
    longitudinal, transverse = np.sqrt((bulk + 4 * shear / 3) / density), np.sqrt(shear / density)
    mean_velocity = (3 / (longitudinal**-3 + 2 * transverse**-3)) ** (1 / 3)
    return {
        "bulk modulus (Voigt)": (float(bulk_voigt), "Pa"),
        "bulk modulus (Reuss)": (float(bulk_reuss), "Pa"),
        "bulk modulus (Hill)": (float(bulk), "Pa"),
        "shear modulus (Voigt)": (float(shear_voigt), "Pa"),
        "shear modulus (Reuss)": (float(shear_reuss), "Pa"),
        "shear modulus (Hill)": (float(shear), "Pa"),
        "Young's modulus": (float(young), "Pa"),
        "Poisson's ratio": (float(young / (2 * shear) - 1), ""),
        "universal anisotropy": (float(5 * shear_voigt / shear_reuss + bulk_voigt / bulk_reuss - 6), ""),
        "longitudinal velocity": (float(longitudinal), "m/s"),
        "transverse velocity": (float(transverse), "m/s"),
        "mean velocity": (float(mean_velocity), "m/s"),
    }


def debye_temperature(mean_velocity: float, density: float, atomic_mass: float) -> float:
    """Return the Debye temperature in K of the elastic continuum (Anderson 1963, eq. 3).

    Parameters
    ----------
    mean_velocity
        Debye average of the sound velocities, m/s.
    density
        kg/m³.
    atomic_mass
        Mean over the atoms of the formula unit, kg/mol.
    """
    atoms_per_volume = constants.Avogadro * density / atomic_mass
    return float(constants.h / constants.k * (3 * atoms_per_volume / (4 * np.pi)) ** (1 / 3) * mean_velocity)
