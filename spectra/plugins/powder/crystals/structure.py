"""Crystal structures by gemmi: space groups, CIF files, reflections and their strengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.powder.crystals.cell import (
    NAMES,
    Constraint,
    constraint_of,
    constraint_of_metric,
    free_parameters,
    inverse_squares,
    volume,
)

Floats = NDArray[np.float64]

_LARGEST_CIF = 2_000_000  # bytes; structures of 1,000 atoms have 0.1 MB
_MOST_REFLECTIONS = 3000
_USUAL_U = 0.5 / (8 * np.pi**2)  # Å², B = 0.5 Å² at room temperature, where a CIF says nothing
_FALL_OFF = 2.0  # Å²; strengths of unknown structures fall with exp(-2 B s²), s = sin θ / λ
_WITHOUT_SYMMETRY = 2  # number of P-1; that of P1 is 1
_EXTINCT = 1e-7  # of the strongest
_KEV_ANGSTROM = 12.398419843  # h c


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """What is known of a phase: symmetry, a published cell and, perhaps, the atoms.

    Parameters
    ----------
    group
        gemmi's space group.
    cell : ndarray, shape (6,)
        a, b, c in Å, α, β, γ in degrees, as published.
    crystal
        gemmi's small structure, with occupancies divided by how often symmetry repeats a site; ``None`` where the atoms
        are unknown.
    mass
        Of all atoms of a cell in g/mol; ``None`` where they are unknown.
    """

    group: Any
    cell: Floats
    crystal: Any | None = None
    mass: float | None = None

    @property
    def constraint(self) -> Constraint:
        """What the symmetry leaves free of the cell.

        Programs write structures without symmetry, all atoms one by one; then the cell itself says what it is.
        """
        group = self.group
        if self.crystal is not None and group.number <= _WITHOUT_SYMMETRY:
            return constraint_of_metric(self.cell)
        unique = next((c for c in group.qualifier.replace("-", "") if c in "abc"), "b")
        rhombohedral = group.ext == "R"
        return constraint_of(group.crystal_system_str(), rhombohedral=rhombohedral, unique_axis=unique)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reflections:
    """The families of planes that reflect; those whose spacings symmetry makes equal are one.

    Parameters
    ----------
    planes : ndarray, shape (n, 3)
        One hkl of each, in the order of falling spacings of the published cell.
    strengths : ndarray, shape (n,)
        Number of equivalent planes times |F|² in electrons², without Lorentz-polarisation factor.
    """

    planes: Floats
    strengths: Floats


def structure_of_cell(symbol: str, given: Mapping[str, float]) -> Structure:
    """Return a structure without atoms.

    Parameters
    ----------
    symbol
        Of the space group, or its number.
    given
        Parameters of the cell by the names a, b, c, α, β, γ, in Å and degrees; what symmetry fixes may be left out.

    Raises
    ------
    InputError
        If there is no such group, or the parameters do not make up a cell of it.
    """
    group = _space_group(symbol)
    constraint = Structure(group=group, cell=np.zeros(6)).constraint
    system = group.crystal_system_str()
    if missing := [name for name in constraint.free if name not in given]:
        raise InputError(f"The cell of {group.xhm()} ({system}) lacks {', '.join(missing)}.")
    cell = constraint.full(np.array([given[name] for name in constraint.free]))
    if wrong := [name for name, value in zip(NAMES, cell, strict=True) if abs(given.get(name, value) - value) > 1e-6]:
        raise InputError(f"A {system} cell ({group.xhm()}) cannot have these {' and '.join(wrong)}.")
    if not volume(cell) > 0:
        raise InputError("The angles of the cell close no cell.")
    return Structure(group=group, cell=cell)


def _space_group(symbol: str) -> Any:
    """Return gemmi's space group of a Hermann-Mauguin symbol or a number."""
    import gemmi

    text = symbol.strip()
    numbered = text.isdecimal() and 1 <= int(text) <= 230
    group = gemmi.find_spacegroup_by_number(int(text)) if numbered else gemmi.find_spacegroup_by_name(text)
    if group is None:
        raise InputError(f"{symbol!r} is no space group.", hint="Write its symbol, as 'I 41/a m d' or 'Fm-3m'.")
    return group


def read_cif(content: bytes, name: str) -> Structure:
    """Read cell, space group and, if there are any, atoms from a CIF.

    Raises
    ------
    InputError
        If the file is too large, no CIF, or lacks the cell or the space group.
    """
    import gemmi

    if len(content) > _LARGEST_CIF:
        raise InputError(f"{name} is larger than {_LARGEST_CIF / 1e6:g} MB, too large for the CIF of one structure.")
    try:
        blocks = gemmi.cif.read_string(content.decode("utf-8", "replace"))
        found = [gemmi.make_small_structure_from_block(block) for block in blocks if block.find_value("_cell_length_a")]
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{name} is no CIF: {str(error).splitlines()[0]}.") from error
    if not found:
        raise InputError(f"{name} gives no cell (_cell_length_a and its like).", hint="Is it the CIF of a structure?")
    crystal = found[0]
    crystal.determine_and_set_spacegroup("S.H2")
    group = crystal.spacegroup
    if group is None:
        raise InputError(
            f"{name} gives no space group that can be read.",
            hint="Add _space_group_name_H-M_alt or the symmetry operations to it.",
        )
    cell = np.array(crystal.cell.parameters, dtype=np.float64)
    if not (np.isfinite(cell).all() and (cell[:3] > 0).all() and volume(cell) > 0):
        raise InputError(f"{name}: the cell {crystal.cell.parameters} is none.")
    crystal.setup_cell_images()
    known = [site for site in crystal.sites if site.element.atomic_number > 0]
    if not known or len(known) < len(crystal.sites):
        return Structure(group=group, cell=cell)  # atoms nobody knows scatter in an unknown way
    for site in crystal.sites:
        if not site.u_iso > 0 and not site.aniso.nonzero():
            site.u_iso = _USUAL_U
    mass = sum(site.element.weight * site.occ for site in crystal.get_all_unit_cell_sites())
    crystal.change_occupancies_to_crystallographic()
    return Structure(group=group, cell=cell, crystal=crystal, mass=mass)


def reflections(structure: Structure, *, cell: Floats, shortest: float, wavelength: float) -> Reflections:
    """Return what reflects with spacings from ``shortest`` on in a cell, in a little more than enough room.

    Parameters
    ----------
    cell : ndarray, shape (6,)
        The largest that is searched, in Å and degrees.
    shortest
        In Å.
    wavelength
        In Å, for the anomalous scattering.

    Raises
    ------
    InputError
        If there are thousands.
    """
    import gemmi

    edges, angles = cell[:3].tolist(), cell[3:].tolist()
    expected = 2 * np.pi / 3 * float(volume(cell)) / shortest**3 / max(len(structure.group.operations()) / 2, 1)
    if expected > _MOST_REFLECTIONS * (10 if structure.crystal is not None else 1):
        raise InputError(
            f"About {expected:,.0f} reflections of {structure.group.xhm()} lie in the range of angles, too many to be "
            f"told apart; at most {_MOST_REFLECTIONS:,} are fitted.",
            hint="Give a smaller range of angles.",
        )
    unit = gemmi.UnitCell(*edges, *angles)
    planes = np.array(gemmi.make_miller_array(unit, structure.group, shortest), dtype=np.float64).reshape(-1, 3)
    operations = structure.group.operations()
    planes, multiplicities = _equivalents(planes, operations)
    strengths = multiplicities * _squares(structure, planes, wavelength)
    # symmetry makes spacings equal that are so in two cells, whatever the values of the free parameters
    constraint = structure.constraint
    published = free_parameters(constraint, structure.cell)
    generic = published * np.linspace(0.97, 1.03, len(published)) ** np.where(published > 0, 1, 0)
    keys = np.stack([inverse_squares(constraint.full(values), planes) for values in (published, generic)], axis=1)
    _, first, family = np.unique(np.round(keys * 1e7).astype(np.int64), axis=0, return_index=True, return_inverse=True)
    total = np.bincount(family.ravel(), weights=strengths).astype(np.float64)
    order = np.argsort(keys[first, 0], kind="stable")
    if structure.crystal is not None:
        order = order[total[order] > _EXTINCT * total.max(initial=0.0)]
    return Reflections(planes=planes[first][order], strengths=total[order])


def _equivalents(planes: Floats, operations: Any) -> tuple[Floats, Floats]:
    """Return of planes (n, 3) the equivalent ones by which they are called (n, 3), and how many there are (n,).

    Friedel's law holds. A family is called by the plane with the fewest minus signs and, of these, the largest hkl.
    """
    rotations = np.array([np.array(op.rot) // op.DEN for op in operations.sym_ops], dtype=np.int64)  # (m, 3, 3)
    images = np.einsum("ni,mij->nmj", planes.astype(np.int64), rotations)
    images = np.concatenate([images, -images], axis=1)
    families = [np.unique(image, axis=0) for image in images]
    names = [max(family.tolist(), key=lambda hkl: (-sum(h < 0 for h in hkl), hkl)) for family in families]
    counts = np.array([len(family) for family in families], dtype=np.float64)
    return np.array(names, dtype=np.float64).reshape(-1, 3), counts


def _squares(structure: Structure, planes: Floats, wavelength: float) -> Floats:
    """Return |F|² of planes (n, 3); of unknown structures what falls smoothly with the angle."""
    if structure.crystal is None:
        return np.exp(-2 * _FALL_OFF * inverse_squares(structure.cell, planes) / 4)
    import gemmi

    calculator = gemmi.StructureFactorCalculatorX(structure.crystal.cell)
    for element in {site.element.name for site in structure.crystal.sites}:
        real, _ = gemmi.cromer_liberman(
            z=gemmi.Element(element).atomic_number, energy=1000 * _KEV_ANGSTROM / wavelength
        )
        calculator.addends.set(gemmi.Element(element), real)
    hkl: Sequence[list[int]] = planes.astype(int).tolist()
    factors = [calculator.calculate_sf_from_small_structure(structure.crystal, plane) for plane in hkl]
    return np.abs(np.array(factors)) ** 2
