"""Lengths that are not exactly known: searched with the moduli, and part of their uncertainties."""

import numpy as np
import pytest

from spectra.core.signals import Peaks
from spectra.plugins.peaks.lengths import WithLengths
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

BRICK = {"kind": "box", "x": "4 mm", "y": "3 mm", "z": "2 mm"}


def sample(shape, **mass):
    return RusSample.model_validate(
        {
            "name": "brick",
            "technique": "rus",
            "shape": shape,
            "symmetry": "cubic",
            "search": {
                "C11": {"from": "220 GPa", "to": "420 GPa", "step": "20 GPa"},
                "C12": {"from": "70 GPa", "to": "135 GPa", "step": "13 GPa"},
                "C44": {"from": "85 GPa", "to": "160 GPa", "step": "15 GPa"},
            },
            "window": {"from": "0.3 MHz", "to": "1.8 MHz"},
            "order": 9,
        }
        | (mass or {"mass": "0.1226 g"})
    )


TRUTH = np.array([317.0, 102.5, 123.5])


@pytest.mark.parametrize("mass", [{"mass": "0.1226 g"}, {"density": "5.11 g/cm^3"}])
def test_lengths_move_the_peaks_as_a_body_of_those_lengths_has_them(mass):
    changes = np.array([2e-5, -3e-5, 1e-5])
    forward = WithLengths(RusForwardModel(sample(BRICK, **mass)))
    assert forward.names == ("x", "y", "z")
    x, y, z = np.array([4.0, 3.0, 2.0]) * (1 + changes)
    other = RusForwardModel(sample({"kind": "box", "x": f"{x} mm", "y": f"{y} mm", "z": f"{z} mm"}, **mass))
    computed, slopes = forward.linearize(np.concatenate([TRUTH, changes]))
    expected, _ = other.linearize(TRUTH)
    ours, theirs = computed.positions[0], expected.positions[0]
    count = min(len(ours), len(theirs)) - 1
    assert ours[:count] == pytest.approx(theirs[:count], rel=1e-8)  # what is quadratic in the changes
    step = 1e-6
    up = forward.linearize(np.concatenate([TRUTH, changes + np.array([step, 0, 0])]))[0].positions[0]
    assert slopes[:count, 3] == pytest.approx((up[:count] - ours[:count]) / step, rel=1e-4)


def test_a_wrong_length_is_found_and_no_longer_spoils_the_moduli():
    true_shape = BRICK | {"x": "4.02 mm"}  # 0.5 % longer than the file says
    exact = RusForwardModel(sample(true_shape)).simulate(TRUTH[None]).positions[0]
    peaks = Peaks.from_lists(
        [exact * (1 + 2e-4 * np.random.default_rng(1).normal(size=len(exact)))], unit="MHz", window=(0.3, 1.8)
    )
    specimen = sample(BRICK)
    forward, quantities = RusForwardModel(specimen), Rus().quantities(specimen)
    starts = np.array([[310.0, 100.0, 120.0], [330.0, 110.0, 125.0]])

    def refined(**parameters):
        refiner = Posterior(PosteriorParameters(**parameters))
        return refiner.refine(peaks, forward, starts=starts, quantities=quantities)

    exact_lengths, searched = refined(), refined(lengths=0.005)
    assert exact_lengths.misfit > 3 * searched.misfit
    deviations = np.sqrt(np.diag(searched.covariance))
    assert np.all(np.abs(searched.values - TRUTH) < 2.5 * deviations)
    # The peaks tell the ratios of the lengths, but not their size: the uncertainty of its logarithm, a third of that of
    # the volume's, stays what it was beforehand, and at a given mass moduli are inversely proportional to it.
    assert deviations[2] / TRUTH[2] == pytest.approx(0.005 / np.sqrt(3), rel=0.2)
    table = searched.tables[1]
    change = dict(zip(table.column("length"), table.column("change"), strict=True))
    assert change["x"] - (change["y"] + change["z"]) / 2 == pytest.approx(0.5, abs=0.1)
    assert searched.draws is not None
    assert searched.draws.shape[1] == 3
