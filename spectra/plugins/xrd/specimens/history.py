"""Random preparation history of a specimen: orientation, stacking, disorder, strain and temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.xrd.specimens import structures
from spectra.plugins.xrd.specimens.structures import Structure

Floats = NDArray[np.float64]
Disorder = Literal["none", "frenkel pairs", "melted sphere", "shear", "loop"]

_SHARE_OF_LAYERED = 0.65
_CUBIC: dict[Disorder, float] = {"none": 0.15, "frenkel pairs": 0.6, "melted sphere": 0.25}
_LAYERED: dict[Disorder, float] = {
    "none": 0.2,
    "frenkel pairs": 0.25,
    "melted sphere": 0.15,
    "shear": 0.2,
    "loop": 0.2,
}
# Stronger disorder makes cells of this size amorphous and leaves the ranges of Vizoso & Dingreville (2025), table I.
_DOSE = 0.15
_MELTED = 0.6
_SHEAR = 0.2
_HEXAGONAL = 0.35  # of the planes
_LOOP = (0.1, 0.2)  # radius over the edge of the cell


@dataclass(frozen=True, kw_only=True, eq=False)
class Specimen:
    """A crystal as it enters molecular dynamics.

    Parameters
    ----------
    structure
        Disordered and strained, not relaxed.
    molten : ndarray, shape (n,)
        Which atoms are melted and quenched first; None for none.
    temperature
        In K.
    description
        One line for people.
    """

    structure: Structure
    molten: NDArray[np.bool_] | None
    temperature: float
    description: str


def draw_specimen(
    rng: np.random.Generator,
    *,
    atoms: int,
    lattice_constant: float,
    hydrostatic: tuple[float, float],
    uniaxial: tuple[float, float],
    temperatures: tuple[float, float],
) -> Specimen:
    """Draw orientation, stacking, disorder, strain (in %) and temperature (in K), each on its own.

    Two of three crystals have their (111) planes across the loading axis; only there planes are sheared, taken out in
    part or stacked wrongly.
    """
    crystal = draw_crystal(rng, atoms=atoms, lattice_constant=lattice_constant)
    if rng.integers(2):
        strain = rng.uniform(*hydrostatic)
        gradient, words = (1 + strain / 100) * np.eye(3), f"hydrostatic {strain:+.1f} %"
    else:
        strain = rng.uniform(*uniaxial)
        gradient, words = np.diag([1, 1, 1 + strain / 100]), f"uniaxial {strain:+.1f} %"
    temperature = rng.uniform(*temperatures)
    return replace(
        crystal,
        structure=crystal.structure.deformed(gradient),
        temperature=temperature,
        description=f"{crystal.description}, {words}, {temperature:.0f} K",
    )


def draw_crystal(rng: np.random.Generator, *, atoms: int, lattice_constant: float) -> Specimen:
    """Draw orientation, stacking and disorder of a crystal at rest and without strain."""
    layers = rng.random() < _SHARE_OF_LAYERED
    kinds = _LAYERED if layers else _CUBIC
    disorder = rng.choice(list(kinds), p=list(kinds.values()))
    if layers:
        planes = structures.plane_count(atoms)
        hexagonal = 2 * int(rng.integers(int(_HEXAGONAL * planes) // 2 + 1))
        structure = structures.layered(atoms, lattice_constant, structures.faulted_stacking(planes, hexagonal, rng))
        words = ["(111) planes", f"{hexagonal} of {planes} hexagonal"]
    else:
        structure = structures.cubic(atoms, lattice_constant)
        words = ["cube"]
    molten = None
    if disorder == "frenkel pairs":
        dose = rng.uniform(0, _DOSE)
        structure = structures.with_frenkel_pairs(structure, dose, rng)
        words.append(f"{100 * dose:.1f} % Frenkel pairs")
    elif disorder == "melted sphere":
        share = rng.uniform(0, _MELTED)
        molten = structures.inside_sphere(structure, share, rng)
        words.append(f"{100 * share:.0f} % melted")
    elif disorder == "shear":
        amount = rng.uniform(-_SHEAR, _SHEAR)
        structure = structure.deformed(structures.shear(amount))
        words.append(f"sheared by {amount:.2f}")
    elif disorder == "loop":
        radius = rng.uniform(*_LOOP) * np.cbrt(np.linalg.det(structure.cell))
        structure = structures.without_disc(structure, radius, rng)
        words.append(f"vacancy disc of {radius:.1f} Å")
    return Specimen(structure=structure, molten=molten, temperature=0.0, description=", ".join(words))


def loading(
    members: int, *, hydrostatic: tuple[float, float], uniaxial: tuple[float, float]
) -> Sequence[Sequence[Floats]]:
    """Plan how the ``members`` of a family but the first, an unstrained crystal, are strained one after the other.

    Half of them are hydrostatic, half uniaxial along z, each evenly over its range (in %). Compression and tension
    start from the unstrained crystal.

    Returns
    -------
    list of list of ndarray, shape (3, 3)
        Deformation gradients from the unstrained crystal; those of one list follow each other.
    """
    ways: list[list[Floats]] = []
    for count, strained, (lower, upper) in (
        (members // 2, np.array([1, 1, 1]), hydrostatic),
        ((members - 1) // 2, np.array([0, 0, 1]), uniaxial),
    ):
        strains = np.linspace(lower, upper, count)
        sides = strains[strains < 0][::-1], strains[strains >= 0]
        ways += [[np.diag(1 + strain / 100 * strained) for strain in side] for side in sides]
    return ways
