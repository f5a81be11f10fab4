"""The order of the expansion: what it leaves out, and which one is enough."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.bodies.shapes import cylinder_basis, ellipsoid_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.modes.convergence import converged_order, truncation_error
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz, block_frequencies
from spectra.plugins.rus.sample import RusSample
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


def with_order(sample, order):
    """The same sample, without what a copy knows already of another order."""
    other = sample.model_copy(update={"order": order})
    for known in ("convergence", "solver"):
        other.__dict__.pop(known, None)
    return other


def errors(sample, order, solids):
    """Largest relative errors of the modes in the window, against order 24."""
    high, ours = (RayleighRitz(sample.shape.basis(n), ISOTROPIC, sample.density_kg_m3) for n in (24, order))
    exact = high.frequencies(1e9 * solids, highest=1e6 * sample.window.upper)
    seen = np.isfinite(exact)
    ours = ours.frequencies(1e9 * solids)[:, : exact.shape[1]]
    return np.where(seen, ours / np.where(seen, exact, 1.0) - 1, 0.0).max(axis=1)


def test_the_training_set_says_how_far_it_is_from_convergence(steel_sample):
    """RUS.md, "Traps": at 1.3 MHz order 12 is not converged in the soft corner of the paper's ranges."""
    note = Rus().design(steel_sample.model_copy(update={"order": 12})).notes[-1]
    assert note.startswith("Order 12: modes up to 1.3 MHz are computed at most 0.01 (relative) too high")
    solids = np.random.default_rng(0).uniform([170, 30], [370, 130], (100, 2))
    found = errors(steel_sample, 12, solids[ISOTROPIC.is_stable(solids)])
    assert 0.03 < np.mean(found > 0.01) < 0.15
    with pytest.raises(InputError, match="Raise 'order' in the sample file"):
        Rus().design(steel_sample.model_copy(update={"order": 7}))


def test_the_order_is_chosen_for_the_accuracy_asked_for(steel_sample):
    for accuracy in (1e-2, 1e-3, 1e-4):
        sample = steel_sample.model_copy(update={"order": "auto", "accuracy": accuracy})
        order, error = sample.convergence
        tenth = sample.softest(0.1)[None]
        assert error <= accuracy
        assert 0 <= errors(sample, order, tenth)[0] <= 1.5 * error
        assert errors(sample, order - 2, tenth)[0] > accuracy


def test_where_an_answer_needs_a_higher_order_the_model_goes_there(steel_sample):
    sample = with_order(steel_sample, "auto")
    forward = RusForwardModel(sample)
    order, stiff, soft = sample.convergence[0], np.array([300.0, 100.0]), np.array([170.0, 30.0])
    assert forward.accurate_at(stiff) is forward
    assert not forward.doubts_at(stiff)
    assert errors(sample, order, soft[None])[0] > sample.accuracy
    assert "The modes have not converged" in forward.doubts_at(soft)[0]
    higher = forward.accurate_at(soft)
    assert errors(sample, higher.solver.basis.degree, soft[None])[0] < 1.2 * sample.accuracy
    assert not higher.doubts_at(soft)
    assert higher.linearize(soft)[0].positions[0, 50] < forward.linearize(soft)[0].positions[0, 50]


def test_an_order_of_the_sample_file_is_kept_and_doubted(steel_sample):
    forward = RusForwardModel(with_order(steel_sample, 12))
    soft = np.array([170.0, 30.0])
    assert forward.accurate_at(soft) is forward
    (doubt,) = forward.doubts_at(soft)
    assert "up to 1.3 MHz are computed up to 2" in doubt
    assert "% too high at order 12. Raise 'order' in the sample file" in doubt


def test_solids_so_soft_that_no_order_describes_them_do_not_stop_the_others():
    """Cobalt within 30 %: the softest of them has almost no stiffness against a shear in the basal plane."""
    moduli = {"C11": 307, "C33": 358, "C12": 165, "C13": 103, "C44": 75.5}
    sample = RusSample.model_validate(
        {
            "name": "cobalt",
            "technique": "rus",
            "shape": {"kind": "box", "x": "2 mm", "y": "2.7 mm", "z": "3.6 mm"},
            "density": "8900 kg/m^3",
            "symmetry": "hexagonal",
            "search": {
                name: {"from": f"{0.7 * c} GPa", "to": f"{1.3 * c} GPa", "step": f"{0.15 * c} GPa"}
                for name, c in moduli.items()
            },
            "window": {"from": "0.3 MHz", "to": "1.1 MHz"},
        }
    )
    solid = (sample.elastic_symmetry, 1e9 * sample.softest(), sample.density_kg_m3)
    with pytest.raises(ValueError, match="order 24"):
        converged_order(sample.shape.basis, *solid, highest=1.1e6, accuracy=sample.accuracy, lowest=20)
    assert sample.convergence[0] <= 18


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
