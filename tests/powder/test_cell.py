"""Cells: spacings of textbooks, and derivatives that match differences."""

import numpy as np
import pytest

from spectra.plugins.powder.crystals.cell import constraint_of, inverse_squares, volume, with_slopes

PLANES = np.array([[1, 0, 0], [0, 1, 1], [2, -1, 3], [1, 1, 1], [-3, 2, 1]], dtype=float)
SYSTEMS = {
    "cubic": [4.2],
    "tetragonal": [4.2, 6.1],
    "hexagonal": [4.2, 6.1],
    "orthorhombic": [4.2, 5.3, 6.1],
    "monoclinic": [4.2, 5.3, 6.1, 98.0],
    "triclinic": [4.2, 5.3, 6.1, 88.0, 98.0, 107.0],
}


def test_spacings_are_those_of_the_formulas_of_textbooks():
    h, k, m = PLANES.T
    a, b, c, beta = 4.2, 5.3, 6.1, np.radians(98)
    given = {name: inverse_squares(constraint_of(name).full(np.array(v)), PLANES) for name, v in SYSTEMS.items()}
    np.testing.assert_allclose(given["cubic"], (h * h + k * k + m * m) / a**2)
    np.testing.assert_allclose(given["hexagonal"], 4 / 3 * (h * h + h * k + k * k) / a**2 + m * m / c**2)
    monoclinic = (h / a) ** 2 + (k * np.sin(beta) / b) ** 2 + (m / c) ** 2 - 2 * h * m * np.cos(beta) / a / c
    np.testing.assert_allclose(given["monoclinic"], monoclinic / np.sin(beta) ** 2)


@pytest.mark.parametrize("system", SYSTEMS)
def test_slopes_match_differences(system):
    constraint, values = constraint_of(system), np.array(SYSTEMS[system])
    _, slopes = with_slopes(constraint, values, PLANES)
    for place, step in enumerate(1e-5 * np.eye(len(values))):
        ahead, behind = (inverse_squares(constraint.full(values + sign * step), PLANES) for sign in (1, -1))
        np.testing.assert_allclose(slopes[:, place], (ahead - behind) / 2e-5, rtol=1e-5, atol=1e-9)


def test_rhombohedral_axes_describe_the_same_crystal_as_hexagonal_ones():
    a, c = 4.759, 12.991  # corundum
    edge = np.sqrt(a**2 / 3 + c**2 / 9)
    angle = 2 * np.degrees(np.arcsin(a / 2 / edge))
    rhombohedral = constraint_of("trigonal", rhombohedral=True).full(np.array([edge, angle]))
    hexagonal = constraint_of("trigonal").full(np.array([a, c]))
    assert volume(hexagonal) == pytest.approx(3 * volume(rhombohedral))
    # (104) on hexagonal axes is (2 1 1) on rhombohedral ones
    assert inverse_squares(hexagonal, np.array([[1.0, 0, 4]])) == pytest.approx(
        inverse_squares(rhombohedral, np.array([[2.0, 1, 1]]))
    )


def test_angles_that_close_no_cell_have_no_volume():
    assert np.isnan(volume(np.array([4.0, 4.0, 4.0, 150.0, 150.0, 90.0])))
