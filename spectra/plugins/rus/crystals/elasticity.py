"""Elastic symmetry: independent moduli, their stiffness matrices, stability and engineering values.

Stiffness matrices are in Voigt order (xx, yy, zz, yz, xz, xy) with engineering shear strains. Every stiffness matrix is
an affine function of its independent moduli, C = Σ_k c_k V_k, which the forward model exploits.

The moduli are those along the crystal's axes in the standard setting (Nye, Physical Properties of Crystals, 1957,
table 9; Mouhat and Coudert, Phys. Rev. B 90, 224104 (2014)), the axes those of :mod:`orientation`:

- The distinguished axis of hexagonal, tetragonal and trigonal crystals is z.
- ``hexagonal-x`` is the same solid with the distinguished axis along x, and its moduli are named after the sample's
  axes: C11 is along the distinguished axis, and yz is the isotropic plane. RUS programs call the two conventions VTI
  and HTI (Watson and van Wijk's PALab).
- ``tetragonal-7`` (classes 4, -4, 4/m) and ``trigonal-7`` (3, -3) have one modulus more than the classes with
  twofold axes or mirror planes along the axes, ``tetragonal`` (422, 4mm, -42m, 4/mmm) and ``trigonal`` (32, 3m, -3m).
  A half-turn about z changes the signs of C14 and C15, one about x those of C16 and C15: they are as good as the
  choice of axes.
- The unique axis of ``monoclinic`` is b, along y.

Unless :meth:`Symmetry.rotated` turned it, a crystal's axes lie along the sample's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectra.plugins.rus.crystals.orientation import checked_rotation, rotate_stiffness

Floats = NDArray[np.float64]

# Exact by definition of the SI units; scipy.constants takes a tenth of a second to import.
_AVOGADRO, _PLANCK, _BOLTZMANN = 6.02214076e23, 6.62607015e-34, 1.380649e-23
SymmetryName = Literal[
    "isotropic",
    "cubic",
    "hexagonal",
    "hexagonal-x",
    "tetragonal",
    "tetragonal-7",
    "trigonal",
    "trigonal-7",
    "orthorhombic",
    "monoclinic",
    "triclinic",
]


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
    rotation
        Rows of the matrix R that turns the crystal in the sample (see :mod:`orientation`); none if its axes lie along
        the sample's.
    """

    name: SymmetryName
    moduli: tuple[str, ...]
    entries: tuple[tuple[tuple[int, int, float], ...], ...]
    rotation: tuple[tuple[float, ...], ...] | None = None

    @cached_property
    def crystal_basis(self) -> Floats:
        """The matrices V_k along the crystal's axes, shape (k, 6, 6)."""
        matrices = np.zeros((len(self.moduli), 6, 6))
        for matrix, entries in zip(matrices, self.entries, strict=True):
            for row, column, factor in entries:
                matrix[row - 1, column - 1] = matrix[column - 1, row - 1] = factor
        return matrices

    @cached_property
    def basis(self) -> Floats:
        """The matrices V_k along the sample's axes, shape (k, 6, 6)."""
        if self.rotation is None:
            return self.crystal_basis
        return rotate_stiffness(self.crystal_basis, np.array(self.rotation))

    def rotated(self, rotation: ArrayLike) -> Symmetry:
        """Return the symmetry of the crystal turned in the sample by R, shape (3, 3), after what turned it before.

        Raises
        ------
        ValueError
            If R is no rotation.
        """
        matrix = checked_rotation(rotation)
        if self.rotation is not None:
            matrix = matrix @ np.array(self.rotation)
        return replace(self, rotation=tuple(tuple(float(x) for x in row) for row in matrix))

    def stiffness(self, moduli: Floats) -> Floats:
        """Return the stiffness matrices along the sample's axes, shape (..., 6, 6), of moduli, shape (..., k)."""
        return np.tensordot(moduli, self.basis, axes=1)

    def is_stable(self, moduli: Floats) -> NDArray[np.bool_]:
        """Return which moduli, shape (n, k), are stable: with a positive definite stiffness matrix (Born 1940)."""
        # Along the crystal's axes, so that a rotation cannot change the answer in a marginal case.
        lowest = np.linalg.eigvalsh(np.tensordot(moduli, self.crystal_basis, axes=1))[..., 0]
        scale = np.abs(moduli).max(axis=-1)
        return lowest > 1e-9 * scale


def multiples_of(stiffness: Floats) -> Symmetry:
    """Return the "symmetry" with one modulus, a factor of a stiffness matrix, shape (6, 6).

    A forward model of one solid needs a single matrix then, and not one for each modulus.
    """
    entries = tuple((i + 1, j + 1, float(stiffness[i, j])) for i in range(6) for j in range(i, 6) if stiffness[i, j])
    return Symmetry("triclinic", ("factor",), (entries,))


def _entries(text: str) -> tuple[tuple[tuple[int, int, float], ...], ...]:
    """Read "11 22 33 | 12 13": groups of Voigt entries by modulus, with an optional factor after a star."""
    groups = []
    for group in text.split("|"):
        terms = [term.partition("*") for term in group.split()]
        groups.append(tuple((int(ij[0]), int(ij[1]), float(factor or 1.0)) for ij, _, factor in terms))
    return tuple(groups)


def _independent(name: SymmetryName, indices: str) -> Symmetry:
    """Return the symmetry whose listed entries are moduli of their own, and the others zero."""
    return Symmetry(name, tuple(f"C{ij}" for ij in indices.split()), _entries(indices.replace(" ", " | ")))


_HEXAGONAL = "11 22 66*0.5 | 33 | 12 66*-0.5 | 13 23 | 44 55"
_TETRAGONAL = "11 22 | 33 | 12 | 13 23 | 44 55 | 66"
_ORTHORHOMBIC = "11 22 33 12 13 23 44 55 66"

SYMMETRIES: dict[str, Symmetry] = {
    symmetry.name: symmetry
    for symmetry in (
        # C12 = C11 - 2 C44
        Symmetry("isotropic", ("C11", "C44"), _entries("11 22 33 12 13 23 | 44 55 66 12*-2 13*-2 23*-2")),
        Symmetry("cubic", ("C11", "C12", "C44"), _entries("11 22 33 | 12 13 23 | 44 55 66")),
        # C66 = (C11 - C12)/2
        Symmetry("hexagonal", ("C11", "C33", "C12", "C13", "C44"), _entries(_HEXAGONAL)),
        # C22 = C33, C13 = C12, C23 = C33 - 2 C44, C55 = C66
        Symmetry(
            "hexagonal-x",
            ("C11", "C33", "C12", "C44", "C66"),
            _entries("11 | 22 33 23 | 12 13 | 44 23*-2 | 55 66"),
        ),
        Symmetry("tetragonal", ("C11", "C33", "C12", "C13", "C44", "C66"), _entries(_TETRAGONAL)),
        # C26 = -C16
        Symmetry(
            "tetragonal-7",
            ("C11", "C33", "C12", "C13", "C44", "C66", "C16"),
            _entries(f"{_TETRAGONAL} | 16 26*-1"),
        ),
        # C24 = -C14, C56 = C14
        Symmetry(
            "trigonal",
            ("C11", "C33", "C12", "C13", "C44", "C14"),
            _entries(f"{_HEXAGONAL} | 14 24*-1 56"),
        ),
        # C25 = C46 = -C15
        Symmetry(
            "trigonal-7",
            ("C11", "C33", "C12", "C13", "C44", "C14", "C15"),
            _entries(f"{_HEXAGONAL} | 14 24*-1 56 | 15 25*-1 46*-1"),
        ),
        _independent("orthorhombic", _ORTHORHOMBIC),
        _independent("monoclinic", f"{_ORTHORHOMBIC} 15 25 35 46"),
        _independent("triclinic", f"{_ORTHORHOMBIC} 14 15 16 24 25 26 34 35 36 45 46 56"),
    )
}


@dataclass(frozen=True)
class _Criterion:
    """One of Born's criteria: of two functions of the moduli the first must exceed the second."""

    greater: str
    smaller: str
    sides: Callable[[Mapping[str, float]], tuple[float, float]]

    def violation(self, moduli: Mapping[str, float]) -> str | None:
        greater, smaller = self.sides(moduli)
        if greater > smaller:
            return None
        bound = "" if self.smaller == "0" else f" and {self.smaller} is {smaller:.6g}"
        return f"{self.greater} must exceed {self.smaller}, but {self.greater} is {greater:.6g}{bound}"


_POSITIVE_C44 = _Criterion("C44", "0", lambda c: (c["C44"], 0.0))
_POSITIVE_C66 = _Criterion("C66", "0", lambda c: (c["C66"], 0.0))
_AXIAL = (
    _Criterion("C11", "|C12|", lambda c: (c["C11"], abs(c["C12"]))),
    _Criterion("C33 (C11 + C12)", "2 C13²", lambda c: (c["C33"] * (c["C11"] + c["C12"]), 2 * c["C13"] ** 2)),
    _POSITIVE_C44,
)
# As Mouhat and Coudert (2014) give them; those of isotropic and hexagonal-x follow from the eigenvalues of C.
_BORN: dict[str, tuple[_Criterion, ...]] = {
    "isotropic": (_POSITIVE_C44, _Criterion("C11", "4/3 C44", lambda c: (c["C11"], 4 / 3 * c["C44"]))),
    "cubic": (
        _AXIAL[0],
        _Criterion("C11 + 2 C12", "0", lambda c: (c["C11"] + 2 * c["C12"], 0.0)),
        _POSITIVE_C44,
    ),
    "hexagonal": _AXIAL,
    "hexagonal-x": (
        _POSITIVE_C44,
        _Criterion("C33", "C44", lambda c: (c["C33"], c["C44"])),
        _Criterion("C11 (C33 - C44)", "C12²", lambda c: (c["C11"] * (c["C33"] - c["C44"]), c["C12"] ** 2)),
        _POSITIVE_C66,
    ),
    "tetragonal": (*_AXIAL, _POSITIVE_C66),
    "tetragonal-7": (
        *_AXIAL,
        _POSITIVE_C66,
        _Criterion("C66 (C11 - C12)", "2 C16²", lambda c: (c["C66"] * (c["C11"] - c["C12"]), 2 * c["C16"] ** 2)),
    ),
    "trigonal": (
        *_AXIAL,
        _Criterion("C44 (C11 - C12)", "2 C14²", lambda c: (c["C44"] * (c["C11"] - c["C12"]), 2 * c["C14"] ** 2)),
    ),
    "trigonal-7": (
        *_AXIAL,
        _Criterion(
            "C44 (C11 - C12)",
            "2 (C14² + C15²)",
            lambda c: (c["C44"] * (c["C11"] - c["C12"]), 2 * (c["C14"] ** 2 + c["C15"] ** 2)),
        ),
    ),
    "orthorhombic": (
        _Criterion("C11", "0", lambda c: (c["C11"], 0.0)),
        _Criterion("C11 C22", "C12²", lambda c: (c["C11"] * c["C22"], c["C12"] ** 2)),
        _Criterion(
            "C11 C22 C33 + 2 C12 C13 C23",
            "C11 C23² + C22 C13² + C33 C12²",
            lambda c: (
                c["C11"] * c["C22"] * c["C33"] + 2 * c["C12"] * c["C13"] * c["C23"],
                c["C11"] * c["C23"] ** 2 + c["C22"] * c["C13"] ** 2 + c["C33"] * c["C12"] ** 2,
            ),
        ),
        _POSITIVE_C44,
        _Criterion("C55", "0", lambda c: (c["C55"], 0.0)),
        _POSITIVE_C66,
    ),
}


def violated_criterion(symmetry: Symmetry, moduli: Floats) -> str | None:
    """Return the stability criterion that these moduli violate, or None.

    Parameters
    ----------
    moduli : ndarray, shape (k,)
        In GPa, or any unit: the sentence gives the numbers as they are.

    Returns
    -------
    str or None
        The first of Born's criteria that is violated, with its numbers, such as ``"C11 must exceed |C12|, but C11 is
        100 and |C12| is 102"``; for monoclinic and triclinic solids, which have no short ones, the first leading
        principal minor of the stiffness matrix that is not positive (Sylvester's criterion).

    References
    ----------
    Mouhat and Coudert, Phys. Rev. B 90, 224104 (2014): necessary and sufficient conditions for every crystal system.
    """
    matrix = np.tensordot(moduli, symmetry.crystal_basis, axes=1)
    if symmetry.name in _BORN:
        named = dict(zip(symmetry.moduli, moduli.tolist(), strict=True))
        sentences = (criterion.violation(named) for criterion in _BORN[symmetry.name])
        sentence = next((sentence for sentence in sentences if sentence is not None), None)
    else:
        sentence = _violated_minor(matrix)
    if sentence is None and not symmetry.is_stable(moduli):
        lowest = float(np.linalg.eigvalsh(matrix)[0])
        return f"the lowest eigenvalue of the stiffness matrix must be positive, but is {lowest:.2g}, zero to rounding"
    return sentence


def _violated_minor(matrix: Floats) -> str | None:
    for order in range(1, 7):
        minor = float(np.linalg.det(matrix[:order, :order]))
        if not minor > 0:
            return (
                f"the leading principal minor of order {order} of the stiffness matrix must be positive, but is "
                f"{minor:.6g}"
            )
    return None


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
    atoms_per_volume = _AVOGADRO * density / atomic_mass
    return float(_PLANCK / _BOLTZMANN * (3 * atoms_per_volume / (4 * np.pi)) ** (1 / 3) * mean_velocity)
