"""Labels, displacement fields and derivatives of modes."""

import numpy as np
import pytest

from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.bodies.shapes import cylinder_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.crystals.orientation import from_rotation_vector
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

ISOTROPIC = SYMMETRIES["isotropic"]
STEEL = 1e9 * np.array([270.0, 80.0])


@pytest.fixture(scope="module")
def cylinder():
    return RayleighRitz(cylinder_basis(2.4e-3, 3.5e-3, 12), ISOTROPIC, 7800.0)


def test_torsional_modes_are_those_of_the_closed_form(cylinder):
    modes = cylinder.modes(STEEL, highest=1.2e6)
    torsional = [f for f, label in zip(modes.frequencies, modes.labels, strict=True) if label.startswith("torsional")]
    velocity = np.sqrt(80e9 / 7800.0)
    radial, axial = 5.135622302 / 2.4e-3, np.pi / 3.5e-3  # κ1/a and π/h
    exact = velocity / (2 * np.pi) * np.array([axial, 2 * axial, radial, np.hypot(radial, axial)])
    assert torsional == pytest.approx(sorted(exact), rel=1e-6)


def test_modes_of_an_azimuthal_order_come_in_pairs_with_one_label(cylinder):
    modes = cylinder.modes(STEEL, highest=1.0e6)
    for number in np.unique(modes.multiplet):
        labels = [label for label, own in zip(modes.labels, modes.multiplet, strict=True) if own == number]
        assert len(set(labels)) == 1
        alone = labels[0].startswith(("torsional", "extensional"))
        assert len(labels) == (1 if alone else 2)


def test_the_lowest_modes_of_strontium_titanate_have_ohnos_labels():
    """A box longest along z: its lowest mode is the torsion EV, then the flexures in its two thin directions."""
    model = RayleighRitz(box_basis((1.49e-3, 2.035e-3, 3.02e-3), 10), SYMMETRIES["cubic"], 5110.0)
    modes = model.modes(1e9 * np.array([316.566, 102.823, 121.914]), highest=1.2e6)
    assert modes.labels == ("EV", "EX", "EY", "OD")


def test_displacement_fields_are_normalised_and_of_the_labelled_symmetry(cylinder):
    modes = cylinder.modes(STEEL, highest=0.8e6)
    rng = np.random.default_rng(0)
    radius, angle, z = 2.4e-3 * np.sqrt(rng.random(40_000)), 2 * np.pi * rng.random(40_000), rng.random(40_000) - 0.5
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), 3.5e-3 * z], axis=1)
    fields = cylinder.displacements(modes, points)
    assert (fields**2).sum(axis=2).mean(axis=1) == pytest.approx(1.0, abs=0.03)
    mirrored = cylinder.displacements(modes, points * [1, 1, -1]) * [1, 1, -1]
    for field, other, label in zip(fields, mirrored, modes.labels, strict=True):
        assert np.allclose(other, field if label.endswith("+") else -field, atol=1e-8)
        if label.startswith("torsional"):  # no radial and no axial motion
            assert np.abs((field[:, :2] * points[:, :2]).sum(axis=1)).max() < 1e-8
            assert np.abs(field[:, 2]).max() < 1e-8


def test_stretching_a_body_moves_its_frequencies_as_the_derivatives_say(cylinder):
    modes = cylinder.modes(STEEL, highest=1.0e6)
    slopes = cylinder.stretch_derivatives(modes, STEEL)
    # Scaling all lengths by s scales f by 1/s; within a degenerate pair the mean does
    for number in np.unique(modes.multiplet):
        own = modes.multiplet == number
        assert slopes[own].sum(axis=1).mean() == pytest.approx(-modes.frequencies[own][0], rel=1e-9)
    h = 1e-6
    count = len(modes.frequencies) - 4

    def stretched(factors):
        basis = cylinder_basis(2.4e-3, 3.5e-3, 12).stretched(factors)
        return RayleighRitz(basis, ISOTROPIC, 7800.0).frequencies(STEEL[None], highest=1.05e6)[0][:count]

    taller = (stretched((1, 1, 1 + h)) - stretched((1, 1, 1 - h))) / (2 * h)
    assert slopes[:count, 2] == pytest.approx(taller, rel=1e-4, abs=1.0)
    # a stretch across the axis splits the pairs: what they split into is seen from one side
    wider = (stretched((1 + h, 1, 1)) - modes.frequencies[:count]) / h
    assert slopes[:count, 0] == pytest.approx(wider, rel=1e-3, abs=20.0)


def test_turning_the_crystal_moves_the_frequencies_as_the_derivatives_say():
    moduli = 1e9 * np.array([250.0, 160.0, 120.0])
    rotation, basis = from_rotation_vector([0.2, -0.1, 0.3]), box_basis((1e-3, 1.3e-3, 1.7e-3), 8)

    def model(turn=(0.0, 0.0, 0.0)):
        turned = SYMMETRIES["cubic"].rotated(from_rotation_vector(turn) @ rotation)
        return RayleighRitz(basis, turned, 8700.0)

    modes = model().modes(moduli, highest=2.2e6)
    slopes = model().orientation_derivatives(modes, moduli)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-5
        numerical = (model(step).frequencies(moduli[None])[0] - model(-step).frequencies(moduli[None])[0]) / 2e-5
        assert slopes[:, axis] == pytest.approx(numerical[: len(slopes)], rel=1e-4, abs=5.0)


@pytest.mark.parametrize(
    ("turn", "labels"),
    [
        ((0.0, 0.0, 0.0), {"OD", "OX", "OY", "OZ", "EV", "EX", "EY", "EZ"}),
        # about x: the plane x = 0 stays a mirror; every way: only the centre of inversion is left
        ((0.3, 0.0, 0.0), {"OD/OX", "OY/OZ", "EV/EX", "EY/EZ"}),
        ((0.3, -0.2, 0.1), {"OD/OX/OY/OZ", "EV/EX/EY/EZ"}),
    ],
)
def test_a_crystal_that_is_turned_mixes_the_symmetries_of_its_body(turn, labels):
    symmetry = SYMMETRIES["cubic"].rotated(from_rotation_vector(turn))
    model = RayleighRitz(box_basis((1e-3, 1.3e-3, 1.7e-3), 5), symmetry, 8700.0)
    modes = model.modes(1e9 * np.array([250.0, 160.0, 120.0]))
    assert set(modes.labels) == labels
