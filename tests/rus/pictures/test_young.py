"""Young's modulus over direction, against the formulas of crystal physics (Nye 1957, p. 145)."""

import numpy as np
import pytest

from spectra.plugins.rus import SYMMETRIES
from spectra.plugins.rus.pictures.young import youngs_modulus


@pytest.fixture(name="directions")
def fixture_directions():
    drawn = np.random.default_rng(0).normal(size=(200, 3))
    return drawn / np.linalg.norm(drawn, axis=1)[:, None]


def stiffness(symmetry, *moduli):
    return SYMMETRIES[symmetry].stiffness(np.array(moduli, dtype=float))


def test_of_a_cubic_crystal(directions):
    """1/E = S11 - 2 (S11 - S12 - S44/2)(l²m² + m²n² + n²l²), with the compliances of a cubic crystal by its moduli."""
    c11, c12, c44 = 321.0, 103.5, 125.1
    s11 = (c11 + c12) / ((c11 - c12) * (c11 + 2 * c12))
    s12 = -c12 / ((c11 - c12) * (c11 + 2 * c12))
    x, y, z = directions.T**2
    expected = s11 - 2 * (s11 - s12 - 1 / c44 / 2) * (x * y + y * z + z * x)
    np.testing.assert_allclose(1 / youngs_modulus(stiffness("cubic", c11, c12, c44), directions), expected, rtol=1e-12)


def test_of_iron_along_its_axes_as_tables_have_it():
    """With C11, C12, C44 = 237, 141 and 116 GPa, iron has 131 along [100] and 284 GPa along [111] (Nye, p. 147)."""
    along = youngs_modulus(stiffness("cubic", 237, 141, 116), np.array([[1, 0, 0], np.ones(3) / np.sqrt(3)]))
    np.testing.assert_allclose(along, [131, 284], rtol=0.03)


def test_of_a_trigonal_crystal(directions):
    """Of class 32: 1/E = (1-n²)² S11 + n⁴ S33 + n²(1-n²)(2 S13 + S44) + 2 m n (3l²-m²) S14."""
    c = stiffness("trigonal", 497, 501, 163, 116, 147, 21.9)
    s = np.linalg.inv(c)
    x, y, z = directions.T
    expected = (1 - z**2) ** 2 * s[0, 0] + z**4 * s[2, 2] + z**2 * (1 - z**2) * (2 * s[0, 2] + s[3, 3])
    expected += 2 * y * z * (3 * x**2 - y**2) * s[0, 3]
    np.testing.assert_allclose(1 / youngs_modulus(c, directions), expected, rtol=1e-12)


def test_of_an_isotropic_solid_is_the_same_everywhere(directions):
    c11, c44 = 270.0, 80.0
    found = youngs_modulus(stiffness("isotropic", c11, c44), directions)
    np.testing.assert_allclose(found, c44 * (3 * c11 - 4 * c44) / (c11 - c44), rtol=1e-12)
