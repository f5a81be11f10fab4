"""Verdicts on specimens that are as described, and on some that are not."""

import numpy as np
import pytest

from spectra.core.measurements import Measurement, RawFile
from spectra.core.quantities import Estimate
from spectra.core.signals import Peaks
from spectra.core.technique import Result
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

PIN = {
    "shape": {"kind": "cylinder", "diameter": "4.76 mm", "height": "3.45 mm"},
    "density": "7818 kg/m^3",
    "symmetry": "isotropic",
    "window": {"from": "0.2 MHz", "to": "1.1 MHz"},
}
BOX = {"kind": "box", "x": "2.9 mm", "y": "2.5 mm", "z": "2.2 mm"}
CUBIC = {  # strontium titanate
    "shape": BOX,
    "density": "5120 kg/m^3",
    "symmetry": "cubic",
    "window": {"from": "0.6 MHz", "to": "2.1 MHz"},
}
HEXAGONAL = CUBIC | {"symmetry": "hexagonal"}
TURNED = CUBIC | {"orientation": {"rotation_vector": [0.1, 0.2, 0.18]}}  # by 16.5°
STEEL, TITANATE = {"C11": 270, "C44": 80}, {"C11": 318, "C12": 103, "C44": 123}


def sample(facts, values):
    search = {
        name: {"from": f"{0.6 * v} GPa", "to": f"{1.5 * v} GPa", "step": f"{0.3 * v} GPa"} for name, v in values.items()
    }
    return RusSample.model_validate({"name": "x", "technique": "rus", "order": 14, "search": search} | facts)


def listed(facts, values, error=1e-3):
    """Peaks with errors, every twelfth missing."""
    made, rng = sample(facts, values), np.random.default_rng(0)
    positions = RusForwardModel(made).simulate(np.array([[*values.values()]], dtype=float)).positions[0]
    positions *= np.exp(error * rng.standard_normal(len(positions)))
    return positions[np.arange(len(positions)) % 12 != 5]


def judged(peaks, facts, start, learned=None):
    believed, technique = sample(facts, start), Rus()
    quantities, forward = technique.quantities(believed), RusForwardModel(believed)
    signal = Peaks.from_lists([peaks], unit="MHz", window=forward.window).within(*forward.window)
    values = np.array([[*start.values()]], dtype=float)
    refinement = Posterior(PosteriorParameters(sweeps=20)).refine(signal, forward, starts=values, quantities=quantities)
    result = Result(
        sample=believed,
        measurement=Measurement(signal=signal, file=RawFile(name="peaks.dat", content=b""), reader="peak-list"),
        model=None,
        quantities=quantities,
        learned=learned or Estimate(values, 0.05 * values),
        refinement=refinement,
    )
    return technique.judge(result)


@pytest.mark.parametrize("error", [1e-4, 1e-3, 4e-3])
def test_specimens_that_are_as_described_are_trusted(error):
    assert str(judged(listed(PIN, STEEL, error), PIN, STEEL)) == "trusted"
    assert str(judged(listed(CUBIC, TITANATE, error), CUBIC, TITANATE)) == "trusted"


@pytest.mark.parametrize("height", ["3.485 mm", "3.415 mm"])
def test_a_height_wrong_by_one_percent_is_noticed(height):
    wrong = PIN | {"shape": PIN["shape"] | {"height": height}}
    (reason,) = judged(listed(PIN, STEEL), wrong, STEEL).reasons
    assert "they follow what other lengths of the specimen would cause (" in reason


def test_a_cubic_crystal_taken_for_isotropic_is_noticed():
    isotropic = CUBIC | {"symmetry": "isotropic"}
    assert not judged(listed(CUBIC, TITANATE), isotropic, {"C11": 318, "C44": 115}).trusted
    hardly = {"C11": 270, "C12": 105, "C44": 87}  # anisotropy 1.05
    (reason,) = judged(listed(CUBIC, hardly), isotropic, {"C11": 270, "C44": 84}).reasons
    assert "they follow what a lower elastic symmetry than isotropic would cause" in reason


def test_a_hexagonal_crystal_taken_for_cubic_is_noticed():
    truth = {"C11": 130, "C33": 203, "C12": 46, "C13": 12, "C44": 47.5}  # Mn3Ge
    window = {"window": {"from": "0.4 MHz", "to": "1.3 MHz"}}
    peaks = listed(HEXAGONAL | window, truth)
    assert not judged(peaks, CUBIC | window, {"C11": 150, "C12": 40, "C44": 47.5}).trusted


def test_a_crystal_turned_by_17_degrees_taken_for_aligned_is_noticed():
    nickel = {"C11": 250, "C12": 160, "C44": 130}
    assert not judged(listed(TURNED, nickel), CUBIC, nickel).trusted


def test_a_regressor_outside_its_ranges_or_far_from_the_refined_answer_is_doubted():
    peaks = listed(PIN, STEEL)
    for learned, said in (
        ([470.0, 80.0], "lies outside the range that was learned, 162 to 405"),
        ([330.0, 80.0], "standard deviations from the learned one, 330.0 ± 5.0"),
    ):
        reasons = judged(peaks, PIN, STEEL, Estimate(np.array([learned]), np.array([[5.0, 1.0]]))).reasons
        assert any(said in reason for reason in reasons), reasons
    far_but_unsure = Estimate(np.array([[330.0, 80.0]]), np.array([[50.0, 1.0]]))
    assert judged(peaks, PIN, STEEL, far_but_unsure).trusted
