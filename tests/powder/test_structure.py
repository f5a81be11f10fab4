"""Structures: which planes reflect and how strongly, as published, and CIF files, good and bad."""

import re

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.powder.crystals.structure import read_cif, reflections, structure_of_cell

CU = 1.5405929
HALITE = b"""data_halite
_cell_length_a 5.6402
_cell_length_b 5.6402
_cell_length_c 5.6402
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'F m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_U_iso_or_equiv
Na Na+ 0 0 0 0.02
Cl Cl- 0.5 0.5 0.5 0.018
"""


def planes_of(structure, shortest=1.0):
    found = reflections(structure, cell=structure.cell, shortest=shortest, wavelength=CU)
    return ["".join(f"{int(h)}" for h in hkl) for hkl in found.planes]


@pytest.mark.parametrize(
    ("group", "cell", "first"),
    [
        ("F d -3 m", {"a": 5.4312}, ["111", "220", "311", "222", "400", "331", "422"]),  # 222 by atoms alone; no 420
        ("I m -3 m", {"a": 2.8665}, ["110", "200", "211"]),
        ("P 63 m c", {"a": 3.2498, "c": 5.2066}, ["100", "002", "101", "102", "110", "103"]),  # zincite: no 001
        ("I 41/a m d", {"a": 3.7842, "c": 9.5146}, ["101", "103", "004", "112", "200", "202", "105", "211"]),  # anatase
        ("R -3 c", {"a": 4.7589, "c": 12.991}, ["012", "104", "110", "006", "113", "202", "024", "116"]),  # corundum
    ],
)
def test_the_planes_that_reflect_are_those_of_published_patterns(group, cell, first):
    names = dict(zip(("a", "b", "c"), "abc", strict=True))
    structure = structure_of_cell(group, {names[key]: value for key, value in cell.items()})
    assert planes_of(structure)[: len(first)] == first


def test_planes_of_equal_spacing_are_one_family():
    found = planes_of(structure_of_cell("F m -3 m", {"a": 4.0}), shortest=0.7)
    assert ("511" in found) != ("333" in found)


def test_structure_factors_of_silicon_are_the_measured_ones():
    # scattering factors of an atom at room temperature, from Pendellösung fringes, as commonly quoted from Cummings &
    # Hart, Aust. J. Phys. 41, 423 (1988); a cell has eight atoms, whose waves have a phase of 90° if hkl are odd
    measured = {"111": 10.6025, "220": 8.3881, "311": 7.6814, "400": 6.9958, "331": 6.7264, "422": 6.1123}
    multiplicity = {"111": 8, "220": 12, "311": 24, "400": 6, "331": 24, "422": 24}
    silicon = re.sub(rb"\nNa Na.*", b"\nSi Si 0.125 0.125 0.125 0.00584\n", HALITE, flags=re.DOTALL)
    silicon = silicon.replace(b"5.6402", b"5.4312").replace(b"F m -3 m", b"F d -3 m:2")
    structure = read_cif(silicon, "silicon.cif")
    found = reflections(structure, cell=structure.cell, shortest=1.05, wavelength=0.5594)
    strengths = dict(zip(planes_of(structure, 1.05), found.strengths, strict=True))
    for name, factor in measured.items():
        wave = 4 * np.sqrt(2) if name in ("111", "311", "331") else 8
        assert np.sqrt(strengths[name] / multiplicity[name]) == pytest.approx(wave * factor, rel=0.03)  # free atoms
    assert "222" not in strengths
    assert structure.mass == pytest.approx(8 * 28.0855, rel=1e-4)


def test_a_structure_without_symmetry_is_taken_for_what_its_cell_is():
    # as pymatgen writes MnO
    sites = ["Na 0 0 0", "Na 0 .5 .5", "Na .5 0 .5", "Na .5 .5 0", "Cl .5 .5 .5", "Cl .5 0 0", "Cl 0 .5 0", "Cl 0 0 .5"]
    rows = "".join(f"{site.split()[0]} {site} .018\n" for site in sites)
    written = re.sub(rb"\nNa Na.*", b"\n" + rows.encode(), HALITE.replace(b"F m -3 m", b"P 1"), flags=re.DOTALL)
    plain, symmetric = read_cif(written, "plain.cif"), read_cif(HALITE.replace(b"0.02\n", b"0.018\n"), "halite.cif")
    assert plain.constraint.free == ("a",)
    found, expected = (reflections(s, cell=s.cell, shortest=1.0, wavelength=CU) for s in (plain, symmetric))
    np.testing.assert_allclose(found.strengths, expected.strengths, rtol=1e-6)
    assert plain.mass == pytest.approx(symmetric.mass)


def test_a_cell_may_leave_out_what_symmetry_fixes_and_nothing_else():
    assert structure_of_cell("P 63 m c", {"a": 3.25, "c": 5.2}).cell.tolist() == [3.25, 3.25, 5.2, 90, 90, 120]
    with pytest.raises(InputError, match="lacks c"):
        structure_of_cell("P 63 m c", {"a": 3.25})
    with pytest.raises(InputError, match="cannot have these b"):
        structure_of_cell("F m -3 m", {"a": 4.0, "b": 5.0})
    with pytest.raises(InputError, match="no space group"):
        structure_of_cell("F m -3 q", {"a": 4.0})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x00\xff not a cif", "is no CIF"),
        (b"data_x\n_cell_volume 3\n", "gives no cell"),
        (HALITE.replace(b"_space_group_name_H-M_alt 'F m -3 m'\n", b""), "no space group"),
        (HALITE.replace(b"_cell_length_a 5.6402", b"_cell_length_a 0"), "is none"),
        (b"#" * 3_000_000, "too large"),
    ],
)
def test_what_is_no_structure_is_refused_in_words(content, says):
    with pytest.raises(InputError, match=says):
        read_cif(content, "some.cif")


def test_thousands_of_reflections_are_refused():
    structure = structure_of_cell("P 1", dict.fromkeys("abc", 20.0) | dict.fromkeys("αβγ", 90.0))
    with pytest.raises(InputError, match="smaller range"):
        reflections(structure, cell=structure.cell, shortest=0.8, wavelength=CU)
