"""Thermal expansion: a warm specimen, computed with its own lengths and density, has the moduli that it was made of."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.signals import Peaks
from spectra.plugins.rus.expansion import Expansion
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

LENGTHS = {"x": 2.353, "y": 2.764, "z": 4.127}


def sample(size=1.0, **facts) -> RusSample:
    return RusSample.model_validate(
        {
            "name": "crystal",
            "technique": "rus",
            "shape": {"kind": "box"} | {axis: f"{size * length!r} mm" for axis, length in LENGTHS.items()},
            "density": f"{5120 / size**3!r} kg/m^3",
            "symmetry": "cubic",
            "search": {
                "C11": {"from": "250 GPa", "to": "400 GPa", "step": "50 GPa"},
                "C12": {"from": "70 GPa", "to": "140 GPa", "step": "35 GPa"},
                "C44": {"from": "90 GPa", "to": "160 GPa", "step": "35 GPa"},
            },
            "window": {"from": "0.5 MHz", "to": "1.5 MHz"},
            "order": 10,
        }
        | facts
    )


def measured(positions, *conditions, **extra) -> Measurement:
    peaks = Peaks(positions=positions[None], unit="MHz", window=(0.5, 1.5), **extra)
    return Measurement(
        signal=peaks, file=RawFile(name="warm.dat", content=b""), reader="peak-list", conditions=conditions
    )


def temperature(value):
    return Condition(name="temperature", value=value, unit="K")


def test_frequencies_of_the_larger_body_become_those_of_the_sample_file():
    moduli = np.array([[318.0, 103.0, 124.0]])
    cold = sample(expansion={"coefficient": "1e-5 1/K", "reference": "22 degC"})
    strain = float(np.expm1(1e-5 * (500 - 295.15)))
    f_cold = RusForwardModel(cold).simulate(moduli).positions[0]
    f_warm = RusForwardModel(sample(size=1 + strain)).simulate(moduli).positions[0]
    assert np.abs(f_warm / f_cold - 1).min() > 9e-4  # it matters
    prepared = Rus().prepare(measured(f_warm, temperature(500), deviations=np.full((1, len(f_warm)), 1e-4)), cold)
    np.testing.assert_allclose(prepared.signal.positions[0], f_cold, rtol=1e-9)
    np.testing.assert_allclose(prepared.signal.deviations[0], 1e-4 / np.sqrt(1 + strain), rtol=1e-9)
    assert "At 500 K the lengths differ by +0.205 % from those at 295.15 K" in " ".join(prepared.notes)


def test_without_a_temperature_nothing_is_changed_and_that_is_said():
    positions = np.array([0.6, 0.7, 0.8, 0.9, 1.0])
    cold = sample(expansion={"coefficient": "1e-5 1/K"})
    prepared = Rus().prepare(measured(positions), cold)
    np.testing.assert_array_equal(prepared.signal.positions[0], positions)
    assert "The thermal expansion is not used" in " ".join(prepared.notes)
    assert "expansion" not in " ".join(Rus().prepare(measured(positions, temperature(300)), sample()).notes)


def test_a_table_says_the_strain_from_the_reference(tmp_path):
    (tmp_path / "sto.csv").write_text("temperature (K),dL/L\n0,-0.002\n100,-0.0015\n295,0\n400,0.001\n")
    context = {"folder": tmp_path}
    expansion = Expansion.model_validate({"table": "sto.csv"}, context=context)
    assert expansion.strain(295) == 0
    assert expansion.strain(100) == pytest.approx(-0.0015)
    assert -0.0015 < expansion.strain(200) < 0
    moved = Expansion.model_validate({"table": "sto.csv", "reference": "100 K"}, context=context)
    assert moved.strain(295) == pytest.approx(1 / (1 - 0.0015) - 1)
    cold = sample().model_copy(update={"expansion": expansion})
    with pytest.raises(InputError, match=r"warm.dat: the table of the thermal expansion covers 0 to 400 K, not 500 K"):
        Rus().prepare(measured(np.linspace(0.6, 1.4, 9), temperature(500)), cold)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("T,dL\n100,0\n", "needs two or more rows"),
        ("T,dL\n100,0\n100,1e-3\n", "needs two or more rows of different"),
        ("T,dL\n100,0\n300,150\n", "give ΔL/L as a number, not in ppm"),
        ("T,dL\n100,0\n300,warm\n", "line 3: '300,warm' is not two numbers"),
        ("T,dL\n100,0\n200,1e-3\n", "covers 100 to 200 K, without the reference 295 K"),
    ],
)
def test_a_table_with_a_fault_is_refused(tmp_path, content, sentence):
    (tmp_path / "x.csv").write_text(content)
    with pytest.raises(ValueError, match=sentence):
        Expansion.model_validate({"table": "x.csv"}, context={"folder": tmp_path})


@pytest.mark.parametrize("given", [{}, {"coefficient": "1e-5"}, {"coefficient": "1e-5 1/K", "reference": "3 GPa"}])
def test_an_expansion_without_units_is_refused(given):
    with pytest.raises(ValueError, match=r"unit|temperature|give either"):
        Expansion.model_validate(given)


def test_the_expansion_is_written_as_it_is_read_and_absent_from_the_digests_of_others():
    cold = sample(expansion={"coefficient": "9.4e-6 1/K"})
    document = cold.document()
    assert document["expansion"] == {"coefficient": "9.4e-06 1/K", "reference": "295 K"}
    assert RusSample.model_validate(document) == cold
    assert "expansion" not in sample().document()
    assert cold.digest != sample().digest
