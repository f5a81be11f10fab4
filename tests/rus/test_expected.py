"""Where modes are expected, against other people's spectra; and facts in wrong units, with the unit that is named."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.peak_list import PeakListParameters, PeakListReader
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

EXAMPLES = Path(__file__).parents[2] / "examples" / "rus"
SPECTRUM = Path(__file__).parents[1] / "data" / "rus" / "steel-computed-c11-178-c44-60.dat"


def document(name, **changes):
    facts = yaml.safe_load((EXAMPLES / name / "sample.yaml").read_text(encoding="utf-8"))
    for key, value in changes.items():
        if isinstance(value, dict):
            facts[key] = facts[key] | value
        else:
            facts[key] = value
    return facts


def sample(name, **changes):
    return RusSample.model_validate(document(name, **changes))


def lengths(name, change):
    return {key: change(text) for key, text in document(name)["shape"].items() if key != "kind"}


def ranges(name, unit):
    return {
        key: {end: text.replace("GPa", unit) for end, text in bounds.items()}
        for key, bounds in document(name)["search"].items()
    }


def in_unit(unit):
    return lambda text: text.replace("mm", unit)


def divided_by(factor):
    return lambda text: f"{float(text.split()[0]) / factor:.6g} mm"


def test_the_number_of_modes_is_that_of_the_spectrum_that_others_computed():
    frequencies = 1e6 * np.array(SPECTRUM.read_text().split()[2:], dtype=float)
    facts = document("steel", shape={"diameter": "4.76231843 mm", "height": "3.45416614 mm"}, density="7818 kg/m^3")
    steel = RusSample.model_validate({key: value for key, value in facts.items() if key != "mass"})  # RUS.md, oracle 1
    expected = steel.expected_modes(np.array([178.0, 60.0]))
    assert expected.first == pytest.approx(frequencies[0], rel=1e-3)
    for highest in (0.5e6, 0.8e6, 1.3e6, 2e6):
        assert expected.count(0, highest) == pytest.approx((frequencies <= highest).sum(), rel=0.06, abs=1)


@pytest.mark.parametrize(("name", "modes"), [("srtio3", 177), ("mn3ge", 190), ("ti64", 60), ("aluminium-bar", 45)])
def test_the_number_of_modes_of_crystals_is_right_within_a_few_percent(name, modes):
    """Against the converged expansion at the softest solid."""
    assert sample(name).most_modes == pytest.approx(modes, rel=0.06)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/sample.yaml")))
def test_the_examples_are_plausible(name):
    sample(name).check_units()


WRONG = [
    ("ti64", {"density": "4.4 kg/m^3"}, "the density is 4.4 g/cm^3, not 4.4 kg/m^3"),
    ("ti64", {"density": "4401.7 g/cm^3"}, "the density is 4401.7 kg/m^3, not 4401.7 g/cm^3"),
    ("srtio3", {"mass": "45 g"}, "the mass is 45 mg, not 45 g"),
    ("steel", {"mass": "0.48 mg"}, "the mass is 0.48 g, not 0.48 mg"),
    ("steel", {"mass": "0.48 kg"}, "the mass is 0.48 g, not 0.48 kg"),
    ("ti64", {"window": {"from": "0.09 kHz", "to": "0.375 kHz"}}, "the window is 0.09 to 0.375 MHz, not kHz"),
    ("ti64", {"window": {"from": "90 MHz", "to": "375 MHz"}}, "the window is 90 to 375 kHz, not MHz"),
    ("ti64", {"window": {"from": "90000 MHz", "to": "375000 MHz"}}, "the window is 90000 to 375000 Hz, not MHz"),
    ("steel", {"window": {"from": "0.2 kHz", "to": "1.3 kHz"}}, "the window is 0.2 to 1.3 MHz, not kHz"),
    *[
        (name, {"shape": lengths(name, in_unit(unit))}, f"the dimensions are in mm, not in {said}")
        for name in ("ti64", "steel", "srtio3", "aluminium-bar")
        for unit, said in (("cm", "cm"), ("m", "m"), ("um", "um"), ("in", "inch"))
    ],
    *[
        (name, {"shape": lengths(name, divided_by(factor))}, f"the dimensions are in {unit}, not in mm")
        for name in ("ti64", "steel", "srtio3", "aluminium-bar")
        for unit, factor in (("cm", 10), ("inch", 25.4))
    ],
    *[
        (name, {"search": ranges(name, unit)}, f"the searched moduli are in {right}")
        for name in ("ti64", "steel", "srtio3")
        for unit, right in (("MPa", "GPa, not in MPa"), ("TPa", "MPa, not in GPa"))
    ],
]


@pytest.mark.parametrize(("name", "changes", "remedy"), WRONG)
def test_a_fact_in_a_wrong_unit_is_refused_with_the_likely_one(name, changes, remedy):
    right = sample(name)
    with pytest.raises(InputError) as refusal:
        _ = sample(name, **changes).convergence
    sentence, hint = str(refusal.value), refusal.value.hint
    assert "the lowest mode of the softest solid in the searched ranges lies near" in sentence
    assert f"Probably {remedy}." in hint
    first = right.expected_modes(right.softest()).first / 1e6
    assert f"Then the lowest mode lies near {first:.3g} MHz, and about {right.most_modes:.0f} are expected" in hint


def test_no_remedy_is_invented_where_no_unit_puts_it_right():
    with pytest.raises(InputError, match=r"no mode is expected in the window from 0\.0007 to 0\.0008 MHz"):
        sample("ti64", density="1200 kg/m^3", window={"from": "0.7 kHz", "to": "0.8 kHz"}).check_units()


def test_a_window_with_fewer_modes_than_quantities_is_noted():
    notes = Rus().design(sample("ti64", window={"from": "0.09 MHz", "to": "0.11 MHz"})).notes
    assert any(
        "has only 1 modes in the window from 0.09 to 0.11 MHz, too few for 2 quantities" in note for note in notes
    )


def test_uneven_lines_by_the_hundred_are_taken_for_a_sweep():
    rows = np.sort(np.random.default_rng(1).uniform(0.09, 0.375, 400))
    file = RawFile(name="rows.dat", content="".join(f"{f:.6f} 1\n" for f in rows).encode())
    measurement = PeakListReader(PeakListParameters()).read(file)
    with pytest.raises(InputError, match=r"400 lines lie in the window, but even the softest solid .* about 60 modes"):
        Rus().prepare(measurement, sample("ti64"))
