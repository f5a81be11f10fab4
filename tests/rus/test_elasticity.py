"""Elastic symmetry, stability and engineering values against relations that textbooks give."""

import re
from typing import get_args

import numpy as np
import pytest

from spectra.plugins.rus.crystals.elasticity import (
    SYMMETRIES,
    SymmetryName,
    debye_temperature,
    engineering_values,
    violated_criterion,
)
from spectra.plugins.rus.crystals.orientation import from_bunge_angles
from spectra.plugins.rus.crystals.parametrization import PARAMETRIZATIONS

_SHEARS = ("C44", "C55", "C66", "C12", "C13", "C23")


@pytest.mark.parametrize(
    ("name", "moduli", "stable"),
    [
        # Mouhat and Coudert, Phys. Rev. B 90, 224104 (2014): necessary and sufficient conditions
        ("isotropic", [270.0, 80.0], True),
        ("isotropic", [106.0, 80.0], False),  # C11 < 4/3 C44
        ("cubic", [316.0, 102.0, 121.0], True),
        ("cubic", [100.0, 102.0, 121.0], False),  # C11 < C12
        ("cubic", [100.0, -51.0, 121.0], False),  # C11 + 2 C12 < 0
        ("hexagonal", [131.0, 198.0, 45.0, 6.0, 48.0], True),
        ("hexagonal", [131.0, 198.0, 45.0, 133.0, 48.0], False),  # 2 C13² > C33 (C11 + C12)
        ("tetragonal", [270.0, 480.0, 176.0, 147.0, 124.0, -1.0], False),  # C66 < 0
        ("orthorhombic", [320.0, 197.0, 233.0, 70.0, 72.0, 78.0, 64.0, 77.0, 78.0], True),  # olivine
    ],
)
def test_stability_follows_born(name, moduli, stable):
    assert SYMMETRIES[name].is_stable(np.array([moduli]))[0] == stable


@pytest.mark.parametrize(
    ("name", "moduli", "sentence"),
    [
        ("isotropic", [106.0, 80.0], "C11 must exceed 4/3 C44, but C11 is 106 and 4/3 C44 is 106.667"),
        ("cubic", [100.0, 102.0, 121.0], "C11 must exceed |C12|, but C11 is 100 and |C12| is 102"),
        ("cubic", [100.0, -51.0, 121.0], "C11 + 2 C12 must exceed 0, but C11 + 2 C12 is -2"),
        ("cubic", [316.0, 102.0, -3.0], "C44 must exceed 0, but C44 is -3"),
        ("hexagonal", [131.0, 198.0, 45.0, 133.0, 48.0], "C33 (C11 + C12) must exceed 2 C13², but"),
        ("hexagonal-x", [198.0, 131.0, 133.0, 43.0, 48.0], "C11 (C33 - C44) must exceed C12², but"),
        ("tetragonal", [270.0, 480.0, 176.0, 147.0, 124.0, -1.0], "C66 must exceed 0, but C66 is -1"),
        ("tetragonal-7", [141.0, 126.0, 61.0, 41.0, 34.0, 41.0, 41.0], "C66 (C11 - C12) must exceed 2 C16², but"),
        ("trigonal", [87.0, 106.0, 7.0, 12.0, 58.0, 50.0], "C44 (C11 - C12) must exceed 2 C14², but"),
        ("trigonal-7", [87.0, 106.0, 7.0, 12.0, 58.0, 40.0, 30.0], "C44 (C11 - C12) must exceed 2 (C14² + C15²), but"),
        ("orthorhombic", [320.0, 197.0, 233.0, 260.0, 72.0, 78.0, 64.0, 77.0, 78.0], "C11 C22 must exceed C12², but"),
        ("monoclinic", [1.0] * 3 + [0.0] * 3 + [1.0] * 3 + [0.0, 0.0, 0.0, 2.0], "minor of order 6 .* but is -3"),
        ("triclinic", [1.0] * 3 + [0.0] * 3 + [1.0] * 3 + [2.0] + [0.0] * 11, "minor of order 4 .* but is -3"),
        ("cubic", [100.0, 100.0 - 1e-12, 121.0], "zero to rounding"),
        ("cubic", [316.0, 102.0, 121.0], None),
        ("trigonal", [86.8, 105.8, 7.0, 11.9, 58.2, -18.0], None),  # quartz
        ("tetragonal-7", [141.0, 126.0, 61.0, 41.0, 33.7, 40.7, -17.0], None),  # CaMoO4
    ],
)
def test_the_violated_criterion_is_named_with_its_numbers(name, moduli, sentence):
    told = violated_criterion(SYMMETRIES[name], np.array(moduli))
    if sentence is None:
        assert told is None
    else:
        assert sentence in told or re.search(sentence, told)


@pytest.mark.parametrize("name", SYMMETRIES)
def test_a_criterion_is_violated_exactly_where_no_solid_is_stable(name):
    """The closed forms of Mouhat and Coudert are necessary and sufficient, so they agree with the eigenvalues."""
    symmetry, rng = SYMMETRIES[name], np.random.default_rng(2014)
    drawn = []
    for spread in (0.3, 0.6, 1.0, 1.5):
        # An isotropic solid of moduli about 1, disturbed until about half of the draws are no solids.
        start = np.array([{"11": 3.0, "22": 3.0, "33": 3.0}.get(m[1:], float(m in _SHEARS)) for m in symmetry.moduli])
        drawn.append(start + spread * rng.normal(size=(500, len(start))))
    moduli = np.concatenate(drawn)
    stable = symmetry.is_stable(moduli)

    told = [violated_criterion(symmetry, row) for row in moduli]

    assert 0.05 < stable.mean() < 0.95
    assert np.array_equal([sentence is None for sentence in told], stable)
    assert not any("rounding" in sentence for sentence in told if sentence)


def test_the_moduli_are_those_that_tables_give():
    """Nye 1957, table 9: which entries of the matrix are equal, opposite or zero."""
    expected = {
        "tetragonal-7": {"16": "C16", "26": "-C16", "14": "", "45": ""},
        "trigonal": {"14": "C14", "24": "-C14", "56": "C14", "15": "", "46": ""},
        "trigonal-7": {"14": "C14", "24": "-C14", "56": "C14", "15": "C15", "25": "-C15", "46": "-C15"},
        "monoclinic": {"15": "C15", "25": "C25", "35": "C35", "46": "C46", "16": "", "45": ""},
    }
    for name, entries in expected.items():
        symmetry = SYMMETRIES[name]
        moduli = np.arange(1.0, len(symmetry.moduli) + 1)
        value = dict(zip(symmetry.moduli, moduli, strict=True))
        for (row, column), entry in entries.items():
            found = symmetry.stiffness(moduli)[int(row) - 1, int(column) - 1]
            assert found == (-1 if entry.startswith("-") else 1) * value.get(entry.removeprefix("-"), 0.0)
    assert [len(s.moduli) for s in SYMMETRIES.values()] == [2, 3, 5, 5, 6, 7, 6, 7, 9, 13, 21]
    assert all(s.basis == pytest.approx(np.swapaxes(s.basis, 1, 2)) for s in SYMMETRIES.values())


def test_every_symmetry_can_be_searched_by_its_moduli():
    for name, symmetry in SYMMETRIES.items():
        first = PARAMETRIZATIONS[name][0]
        values = np.arange(1.0, len(symmetry.moduli) + 1)
        assert first.names == symmetry.moduli
        assert np.array_equal(first.to_moduli(values), values)
    assert set(get_args(SymmetryName)) == set(SYMMETRIES) == set(PARAMETRIZATIONS)


def test_engineering_values_do_not_depend_on_the_orientation():
    moduli, crystal = 1e9 * np.array([497.3, 500.9, 162.8, 116.0, 146.8, 21.9]), SYMMETRIES["trigonal"]
    turned = crystal.rotated(from_bunge_angles(10, 20, 30))
    expected = engineering_values(crystal.stiffness(moduli), 3980.0)
    found = engineering_values(turned.stiffness(moduli), 3980.0)
    assert [value for value, _ in found.values()] == pytest.approx([value for value, _ in expected.values()], rel=1e-9)


def test_engineering_values_of_copper_are_the_tabulated_ones():
    """Hill averages of Simmons and Wang (1971) for copper: K 137.1, Voigt shear 54.6, Reuss shear 40.0 GPa."""
    stiffness = SYMMETRIES["cubic"].stiffness(np.array([168.4, 121.4, 75.4]) * 1e9)
    values = engineering_values(stiffness, 8960.0)
    assert values["bulk modulus (Hill)"][0] == pytest.approx(137.1e9, rel=1e-3)
    assert values["shear modulus (Voigt)"][0] == pytest.approx(54.6e9, rel=2e-3)
    assert values["shear modulus (Reuss)"][0] == pytest.approx(40.0e9, rel=5e-3)


def test_copper_has_the_known_elastic_debye_temperature():
    """345 K from the elastic constants at 4 K; calorimetry gives 343 K (Kittel, table 5.1)."""
    stiffness = SYMMETRIES["cubic"].stiffness(np.array([176.2, 124.9, 81.8]) * 1e9)  # at 4 K, Overton and Gaffney 1955
    velocity = engineering_values(stiffness, 9018.0)["mean velocity"][0]
    assert debye_temperature(velocity, 9018.0, 63.546e-3) == pytest.approx(345, rel=0.02)


def test_an_isotropic_solid_may_be_given_by_any_pair():
    """Steel: K 160, G 80 GPa; E = 9KG/(3K+G), nu = (3K-2G)/(6K+2G)."""
    bulk, shear = 160.0, 80.0
    expected = np.array([bulk + 4 * shear / 3, shear])
    pairs = {
        ("C11", "C44"): expected,
        ("C11", "C12"): [expected[0], bulk - 2 * shear / 3],
        ("K", "G"): [bulk, shear],
        ("E", "nu"): [9 * bulk * shear / (3 * bulk + shear), (3 * bulk - 2 * shear) / (6 * bulk + 2 * shear)],
    }
    assert {p.names for p in PARAMETRIZATIONS["isotropic"]} == set(pairs)
    for parametrization in PARAMETRIZATIONS["isotropic"]:
        values = np.array(pairs[parametrization.names], dtype=float)
        assert parametrization.to_moduli(values[None])[0] == pytest.approx(expected)
        for k in range(2):
            step = np.zeros(2)
            step[k] = 1e-6 * values[k]
            slope = (parametrization.to_moduli(values + step) - parametrization.to_moduli(values - step)) / (
                2 * step[k]
            )
            assert parametrization.jacobian(values)[:, k] == pytest.approx(slope, rel=1e-6, abs=1e-6)


def test_a_cubic_solid_may_be_given_by_its_anisotropy():
    """Zener (1948): A = 2 C44 / (C11 - C12)."""
    (parametrization,) = (p for p in PARAMETRIZATIONS["cubic"] if "A" in p.names)
    values = np.array([250.0, 2.8, 130.0])
    c11, c12, c44 = parametrization.to_moduli(values)
    assert 2 * c44 / (c11 - c12) == pytest.approx(2.8)
    assert (c11, c44) == (250.0, 130.0)
    for place, step in enumerate(np.diag(1e-6 * values)):
        slope = (parametrization.to_moduli(values + step) - parametrization.to_moduli(values - step)) / (2 * step.sum())
        assert parametrization.jacobian(values)[:, place] == pytest.approx(slope, rel=1e-6, abs=1e-6)
