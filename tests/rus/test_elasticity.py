"""Elastic symmetry, stability and engineering values against relations that textbooks give."""

import numpy as np
import pytest

from spectra.plugins.rus.elasticity import SYMMETRIES, debye_temperature, engineering_values
from spectra.plugins.rus.parametrization import PARAMETRIZATIONS


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
