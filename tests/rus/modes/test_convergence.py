"""The order of the expansion: what it leaves out, and which one is enough."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.bodies.shapes import cylinder_basis, ellipsoid_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.convergence import converged_order, truncation_error
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz, block_frequencies
from spectra.plugins.rus.technique import Rus

ISOTROPIC = SYMMETRIES["isotropic"]


def sphere(order):
    return ellipsoid_basis((1.0, 1.0, 1.0), order)


def test_the_truncation_error_of_the_sphere_is_its_distance_from_lambs_solution():
    moduli, highest = np.array([3.5, 1.0]), 7.0 / (2 * np.pi)  # Poisson's ratio 0.3, units of R and v_t
    exact = [2.50113262] * 5 + [2.64621703] * 5 + [3.5299873] * 3 + [3.86469978] * 7 + [3.93740129] * 7
    for order in (6, 8):
        ours = RayleighRitz(sphere(order), ISOTROPIC, 1.0).frequencies(moduli[None])[0][: len(exact)]
        distance = np.max(2 * np.pi * ours / exact - 1)
        stated = truncation_error(sphere, order, ISOTROPIC, moduli, 1.0, 3.95 / (2 * np.pi))
        assert stated == pytest.approx(distance, rel=0.1)
    order, error = converged_order(sphere, ISOTROPIC, moduli, 1.0, highest=highest, accuracy=1e-6)
    assert error <= 1e-6
    assert truncation_error(sphere, order - 2, ISOTROPIC, moduli, 1.0, highest) > 1e-6


def test_a_window_beyond_any_order_is_refused():
    with pytest.raises(ValueError, match=r"at order 24 the frequencies up to"):
        converged_order(
            lambda n: cylinder_basis(1e-3, 20e-3, n),
            ISOTROPIC,
            1e9 * np.array([270.0, 80.0]),
            7800.0,
            highest=2e6,
            accuracy=1e-8,
        )


def test_the_training_set_says_how_far_it_is_from_convergence(steel_sample):
    """RUS.md, "Traps": at 1.3 MHz order 12 is not converged in the soft corner of the paper's ranges."""
    notes = Rus().design(steel_sample.model_copy(update={"order": 12})).notes
    assert notes[-1].startswith(
        "Order 12: modes up to 1.3 MHz of the softest solid in the ranges are computed about 0.02"
    )
    with pytest.raises(InputError, match="Raise 'order' in the sample file"):
        Rus().design(steel_sample.model_copy(update={"order": 8}))


def test_the_order_is_chosen_for_the_accuracy_asked_for(steel_sample):
    high = RayleighRitz(steel_sample.shape.basis(24), ISOTROPIC, steel_sample.density_kg_m3)
    exact = high.frequencies(1e9 * np.array([[170.0, 30.0]]), highest=1.3e6)[0]
    for accuracy in (1e-2, 1e-3, 1e-4):
        sample = steel_sample.model_copy(update={"order": "auto", "accuracy": accuracy})
        order, error = sample.convergence
        model = RayleighRitz(sample.shape.basis(order), ISOTROPIC, sample.density_kg_m3)
        ours = model.frequencies(1e9 * np.array([[170.0, 30.0]]))[0, : len(exact)]
        assert 0 <= np.max(ours / exact - 1) <= 1.5 * error
        assert error <= accuracy
        lower = RayleighRitz(sample.shape.basis(order - 2), ISOTROPIC, sample.density_kg_m3)
        assert np.max(lower.frequencies(1e9 * np.array([[170.0, 30.0]]))[0, : len(exact)] / exact - 1) > accuracy


def test_an_accuracy_out_of_reach_is_refused(steel_sample):
    with pytest.raises(InputError, match=r"at order 24 the frequencies up to .* Lower the window's end"):
        _ = steel_sample.model_copy(update={"order": "auto", "accuracy": 1e-9}).convergence


@pytest.mark.parametrize("order", [7, 10])
def test_the_blocks_of_a_lower_order_are_parts_of_those_of_a_higher_one(order):
    for make in (sphere, lambda n: cylinder_basis(1.0, 1.3, n), lambda n: box_basis((1.0, 1.2, 1.5), n)):
        direct = RayleighRitz(make(order), SYMMETRIES["cubic"], 1.0)
        blocks = RayleighRitz(make(12), SYMMETRIES["cubic"], 1.0).truncated_blocks(order)
        moduli = np.array([[2.5, 1.2, 0.8]])
        assert block_frequencies(blocks, moduli) == pytest.approx(direct.frequencies(moduli), rel=1e-9)
