"""What a record came from and what came from it, and two records side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.quantities import EstimatedQuantity
from spectra.core.store import SampleRecord
from spectra.registry.comparison import compare
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def test_a_prediction_leads_back_to_file_model_data_set_and_sample(registry: Registry, put: Filler) -> None:
    prediction = put.prediction()
    lineage = registry.lineage(prediction.id[:5])
    assert lineage.record == prediction
    assert lineage.descendants == ()
    model = registry.get_model(prediction.model_id)
    assert lineage.ancestors == (
        registry.get_measurement(prediction.measurement_id),
        model,
        registry.get_data_set(model.data_set_id),
        registry.get_sample(model.sample_id),
    )


def test_a_model_that_serves_a_renamed_sample_has_two_samples_behind_its_predictions(
    registry: Registry, put: Filler
) -> None:
    model, twin = put.model(put.sample("steel")), put.sample("steel renamed")
    prediction = registry.add_prediction(
        model=model,
        measurement=put.measurement(twin),
        quantities=put.quantities,
        misfit=None,
        misfit_unit="",
        report={},
        command="",
        operator="",
        environment={},
    )
    samples = [record for record in registry.lineage(prediction.id).ancestors if isinstance(record, SampleRecord)]
    assert [sample.name for sample in samples] == ["steel renamed", "steel"]


def test_a_sample_leads_to_all_that_was_made_of_it_and_names_the_newest(registry: Registry, put: Filler) -> None:
    sample, other = put.sample("steel"), put.sample("glass")
    predictions = [put.prediction(sample) for _ in range(7)]
    put.prediction(other)
    lineage = registry.lineage(sample.id)
    assert lineage.ancestors == ()
    assert [(below.kind, below.count) for below in lineage.descendants] == [
        ("data set", 1),
        ("model", 7),
        ("measurement", 1),
        ("prediction", 7),
    ]
    assert lineage.descendants[-1].newest == tuple(predictions[:-6:-1])
    measurement = registry.lineage(predictions[0].measurement_id)
    assert [(below.kind, below.count) for below in measurement.descendants] == [("prediction", 7)]
    data_set = registry.lineage(registry.list_data_sets()[-1].id)
    assert [(below.kind, below.count) for below in data_set.descendants] == [("model", 7)]


def test_anything_is_found_by_a_beginning_that_is_unique_over_all_kinds(
    registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    prediction = put.prediction()
    model = registry.get_model(prediction.model_id)
    for record in (prediction, model, registry.get_sample(model.sample_id), registry.get_data_set(model.data_set_id)):
        assert registry.get_any(record.id) == record
    drawn = iter("abc1111111abc2222222")
    monkeypatch.setattr("spectra.registry.identifiers.secrets.choice", lambda alphabet: next(drawn))
    put.data_set(put.sample("glass"), digest="another")
    with pytest.raises(
        NotFoundError, match=r"More than one record .* 'abc': abc1111111 \(sample\), abc2222222 \(data set\)\."
    ):
        registry.get_any("abc")
    assert registry.get_data_set("abc").id == "abc2222222"
    with pytest.raises(NotFoundError, match="There is no record 'zzz'"):
        registry.lineage("zzz")


def test_predictions_are_compared_by_what_they_stand_for(registry: Registry, put: Filler) -> None:
    def c11(value: float, std: float, method: str = "refined") -> EstimatedQuantity:
        return EstimatedQuantity(name="C11", unit="GPa", method=method, value=value, std=std)

    first = put.prediction(quantities=(c11(270.0, 3.0), c11(250.0, 9.0, "learned")))
    second = put.prediction(quantities=(c11(280.0, 4.0),))
    comparison = compare(registry, first.id, second.id)
    (pair,) = comparison.numbers
    assert (pair.difference, pair.deviations) == (10.0, 2.0)
    assert [difference.key for difference in comparison.differences] == ["model.id"]
    assert comparison.same["sample.name"] == "steel"
    assert comparison.same["environment.spectra"] == "0.1.0"
    assert any("supposes that the errors are independent" in note for note in comparison.notes)
    assert any("same measured file" in note for note in comparison.notes)


def test_predictions_from_two_files_of_two_samples_say_so(registry: Registry, put: Filler) -> None:
    first = put.prediction(put.sample("steel"))
    glass = put.sample("glass")
    put.measurement(glass)  # the same bytes
    second = put.prediction(glass)
    comparison = compare(registry, first.id, second.id)
    assert any("same measured file" in note for note in comparison.notes)
    with registry.storage.database.writing() as session:
        session.execute(
            text("UPDATE measurements SET artefact = 'sha256:other' WHERE id = :id"), {"id": second.measurement_id}
        )
    comparison = compare(registry, first.id, second.id)
    assert not any("same measured file" in note for note in comparison.notes)
    assert {"sample.name", "measurement.content", "measurement.id"} <= {d.key for d in comparison.differences}


def test_models_are_compared_by_recipe_and_test_errors(registry: Registry, put: Filler) -> None:
    sample = put.sample()

    def model(bins: int, error: float) -> str:
        return registry.add_model(
            sample=sample,
            data_set=put.data_set(sample),
            recipe={
                "encoder": {"name": "fingerprint", "parameters": {"bins": bins}},
                "distortions": [{"name": "shift", "parameters": {"size": 0.1 * bins}}],
                "refiner": {"name": "posterior", "parameters": {"walkers": bins}},
            },
            recipe_digest=f"sha256:{bins}",
            quantities=[{"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}],
            seed=1,
            metrics={"test": {"C11": {"mape_percent": error, "rmse": 2 * error}}},
            content=b"weights",
            environment={},
        ).id

    comparison = compare(registry, model(10, 1.5), model(20, 1.0))
    assert [difference.key for difference in comparison.differences] == [
        "recipe.encoder.parameters.bins",
        "recipe.distortions.1.parameters.size",
    ]
    assert [(pair.name, pair.unit, pair.difference, pair.deviations) for pair in comparison.numbers] == [
        ("C11 mean error", "%", -0.5, None),
        ("C11 rms error", "GPa", -1.0, None),
    ]


def test_samples_are_compared_fact_by_fact(registry: Registry, put: Filler) -> None:
    comparison = compare(registry, put.sample("steel").id, put.sample("steel 2").id)
    (difference,) = comparison.differences
    assert (difference.key, difference.first, difference.second) == ("name", "steel", "steel 2")
    assert comparison.same == {"technique": "toy", "notes": ""}
    assert comparison.notes == ("A model of one serves the other: what differs are names and notes.",)
    other = compare(registry, put.sample("steel").id, put.sample("steel", technique="xrd").id)
    assert other.notes == ()


def test_only_likes_are_compared(registry: Registry, put: Filler) -> None:
    prediction = put.prediction()
    with pytest.raises(UsageError, match=rf"{prediction.id} is a prediction and {prediction.model_id} a model"):
        compare(registry, prediction.id, prediction.model_id)
    with pytest.raises(UsageError, match="cannot be compared"):
        compare(registry, prediction.measurement_id, prediction.measurement_id)


def test_what_came_of_a_model_or_measurement_is_its_own(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    models = [put.model(sample, seed=seed) for seed in (1, 2)]
    measurements = [put.measurement(sample, content=content) for content in (b"1.0\n", b"2.0\n")]
    made = {}
    for model in models:
        for measurement in measurements:
            made[model.id, measurement.id] = registry.add_prediction(
                model=model, measurement=measurement, quantities=put.quantities, misfit=None, misfit_unit="", report={},
                command="", operator="", environment={},
            ).id  # fmt: skip
    for id in [*(model.id for model in models), *(measurement.id for measurement in measurements)]:
        (found,) = registry.lineage(id).descendants
        expected = {prediction for ids, prediction in made.items() if id in ids}
        assert {prediction.id for prediction in found.newest} == expected
