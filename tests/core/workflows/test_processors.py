"""Processors, conditions and stacks: what happens between a reader and a technique."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.components import Component
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Entry
from spectra.core.measurements import Condition
from spectra.core.signals import take
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.reanalyze import reanalyze
from spectra.core.workflows.recorded import recorded_measurement, recorded_reader
from spectra.core.workflows.reproduce import reproduce


class Doubled:
    def __init__(self, parameters):
        pass

    def process(self, measurement):
        return replace(measurement, signal=take(measurement.signal, np.array([0, 0])))


COMPONENTS = (
    Component(name="pick", summary="", factory=Doubled, takes=("image",), gives=("profile",)),
    Component(name="doubled", summary="", factory=Doubled),
)


@pytest.fixture
def lab(laboratory):
    laboratory.catalogue.add([Entry(kind="processor", plugin="p", source="s 1.0", component=c) for c in COMPONENTS])
    return laboratory


def chain(lab, *names, **parameters):
    return [lab.catalogue.choose("processor", name, parameters if name == "toy-multiply" else None) for name in names]


def test_the_chain_is_on_record_and_every_number_comes_out_again(lab):
    path = lab.measure(scale=25.0)
    processors = chain(lab, "toy-multiply", "toy-multiply", by=5.0)
    prediction = lab.analyze(path, reading={"processors": processors}).prediction
    assert prediction.quantities[0].value == pytest.approx(0.12, abs=0.03)
    assert prediction.report["notes"][:2] == ["Multiplied by 5.", "Multiplied by 5."]
    assert [choice["parameters"] for choice in prediction.report["processors"]] == [{"by": 5.0}] * 2
    assert prediction.environment["processor toy-multiply"] == "toy-technique 1.0"
    path.unlink()

    repeated = reproduce(lab.session(), lab.registry.get_prediction(prediction.id))
    assert repeated.same
    assert repeated.changed == repeated.assumed == ()

    record = lab.registry.get_measurement(prediction.measurement_id)
    assert record.reader == "toy-columns"
    _, (again,) = reanalyze(lab.session(), lab.specimen, [record], lab.recipe(), seed=7)
    assert again.now.report["processors"] == prediction.report["processors"]
    assert again.now.quantities[0].value == pytest.approx(0.12, abs=0.03)


def test_a_technique_names_processors_for_what_they_take(lab, monkeypatch):
    monkeypatch.setattr(type(lab.technique), "processors", ("pick", "toy-multiply"), raising=False)
    measurement = read_measurement(lab.catalogue, lab.specimen, lab.measure())
    assert [choice.name for choice in measurement.processing] == ["toy-multiply"]


def test_a_processor_that_does_not_take_it_is_refused_in_a_sentence(lab):
    with pytest.raises(InputError, match=r"'pick' takes image, and line\.txt is a profile by then"):
        read_measurement(lab.catalogue, lab.specimen, lab.measure(), processors=chain(lab, "pick"))


def test_several_spectra_are_never_answered_by_the_first(lab):
    with pytest.raises(InputError, match="holds 2 spectra; an analysis takes one"):
        read_measurement(lab.catalogue, lab.specimen, lab.measure(), processors=chain(lab, "doubled"))
    several = {"processors": chain(lab, "doubled"), "several": True}
    assert len(read_measurement(lab.catalogue, lab.specimen, lab.measure(), **several).signal) == 2


def test_conditions_are_those_of_the_file_and_of_the_user(lab):
    conditions = [Condition(name="temperature", value=300.0, unit="K")]
    measurement = read_measurement(
        lab.catalogue, lab.specimen, lab.measure(), conditions=conditions, processors=chain(lab, "toy-multiply")
    )
    assert measurement.conditions == tuple(conditions)
    assert measurement.reader == "toy-columns"


def test_conditions_are_on_record_and_those_of_a_measurement_that_is_read_again(lab):
    warm, hot = (Condition(name="temperature", value=value, unit="K") for value in (300.0, 600.0))
    prediction = lab.analyze(lab.measure(), reading={"conditions": [warm]}).prediction
    assert prediction.conditions == (warm,)
    record = lab.registry.curation.set_conditions(prediction.measurement_id, [hot])
    reader = recorded_reader(prediction)
    assert recorded_measurement(lab.session(), lab.specimen, record, reader).conditions == (hot,)
    assert lab.analyze(lab.measure()).prediction.conditions == (hot,)
    with pytest.raises(InputError, match=r"temperature of the measurement .* is on record as 600 K, not 300 K"):
        lab.analyze(lab.measure(), reading={"conditions": [warm]})


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("temperature=300 K", 300.0, "K"), ("temperature = 25 degC", 298.15, "K"), ("pressure=2.5 GPa", 2.5, "GPa"),
     ("cycle=12", 12.0, "")],
)  # fmt: skip
def test_a_condition_is_a_name_a_number_and_a_unit(text, value, unit):
    assert Condition.parse(text) == Condition(name=text.split("=")[0].strip(), value=value, unit=unit)


@pytest.mark.parametrize("text", ["temperature", "=3 K", "temperature=hot", "temperature=3 furlons", "a b=3", "1a=3 K"])
def test_what_is_none_is_refused(text):
    with pytest.raises(InputError, match="condition"):
        Condition.parse(text)
