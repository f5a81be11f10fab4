"""A prediction is repeated from its record alone, and what has changed since is found."""

import json

import pytest
from toy_technique.parts import Fit

from spectra.core.errors import InputError, RegistryError
from spectra.core.workflows.reproduce import reproduce


def repeat(laboratory, prediction):
    return reproduce(laboratory.session(), laboratory.registry.get_prediction(prediction.id))


def change_report(laboratory, prediction, **changes):
    report = {key: value for key, value in (dict(prediction.report) | changes).items() if value is not ...}
    laboratory.rewrite("UPDATE predictions SET report = :report", report=json.dumps(report))


def test_every_number_comes_out_again_without_the_files(laboratory):
    path = laboratory.measure()
    prediction = laboratory.analyze(path).prediction
    path.unlink()

    repeated = repeat(laboratory, prediction)

    assert repeated.same
    assert repeated.changed == repeated.assumed == ()
    assert [(q.name, q.method) for q in repeated.quantities] == [
        ("position", "refined"),
        ("width", "refined"),
        ("position", "learned"),
        ("width", "learned"),
        ("area", "derived"),
        ("rms misfit", "refined"),
    ]
    assert all(q.now.value == q.recorded.value for q in repeated.quantities)
    assert {q.deviations for q in repeated.quantities[:5]} == {0.0}
    assert len(laboratory.registry.list_predictions()) == 1


def test_the_readers_parameters_are_those_of_then(laboratory):
    path = laboratory.measure(scale=5.0)
    prediction = laboratory.analyze(path, scale=5.0).prediction
    assert prediction.report["reader"] == {"name": "toy-columns", "parameters": {"scale": 5.0}, "version": 1}
    assert repeat(laboratory, prediction).same

    change_report(laboratory, prediction, reader=...)  # as version 0.1 left it
    repeated = repeat(laboratory, prediction)
    assert repeated.assumed == (
        "The parameters of the reader 'toy-columns' are not on record; its defaults were taken.",
    )
    assert not repeated.same


def test_an_answer_that_was_not_refined_is_not_refined(laboratory):
    prediction = laboratory.analyze(laboratory.measure(), recipe=laboratory.recipe(refiner=None)).prediction
    assert prediction.report["refiner"] is None
    repeated = repeat(laboratory, prediction)
    assert repeated.same
    assert {q.method for q in repeated.quantities} == {"learned"}


def test_a_number_that_moved_is_found_and_measured_in_recorded_deviations(laboratory, monkeypatch):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    std = prediction.quantities[1].std
    refine = Fit.refine

    def moved(self, *arguments, **options):
        refinement = refine(self, *arguments, **options)
        refinement.values[1] += 3 * std
        return refinement

    monkeypatch.setattr(Fit, "refine", moved)
    repeated = repeat(laboratory, prediction)

    by_name = {(q.name, q.method): q for q in repeated.quantities}
    assert by_name["width", "refined"].deviations == pytest.approx(3)
    assert by_name["area", "derived"].deviations == pytest.approx(3)
    assert {key for key, q in by_name.items() if not q.same} == {("width", "refined"), ("area", "derived")}
    assert not repeated.same


@pytest.mark.parametrize(("factor", "same"), [(1.009, True), (0.991, True), (1.012, False), (0.9, False)])
def test_an_uncertainty_that_changed_by_more_than_a_hundredth_is_another_answer(laboratory, monkeypatch, factor, same):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    refine = Fit.refine

    def surer(self, *arguments, **options):
        refinement = refine(self, *arguments, **options)
        refinement.covariance[:] *= factor**2
        return refinement

    monkeypatch.setattr(Fit, "refine", surer)
    repeated = repeat(laboratory, prediction)
    assert all(q.deviations == pytest.approx(0) for q in repeated.quantities if q.deviations is not None)
    assert repeated.same is same


def test_a_quantity_that_is_no_longer_derived_counts_as_another_answer(laboratory, monkeypatch):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    monkeypatch.setattr(type(laboratory.technique), "derive", lambda *_: [])
    repeated = repeat(laboratory, prediction)
    (gone,) = [q for q in repeated.quantities if not q.same]
    assert (gone.name, gone.now, gone.deviations) == ("area", None, None)


def test_other_versions_of_packages_plugins_and_components_are_named(laboratory):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    then = dict(prediction.environment) | {"numpy": "1.0", "julia": "1.9"}
    assert then.pop("plugin toy") == "toy-technique 1.0"
    laboratory.rewrite("UPDATE predictions SET environment = :then", then=json.dumps(then))
    change_report(laboratory, prediction, refiner=dict(prediction.report["refiner"]) | {"version": 0})

    repeated = repeat(laboratory, prediction)

    assert repeated.same
    assert {(d.key, d.first) for d in repeated.changed} == {
        ("numpy", "1.0"),
        ("julia", "1.9"),
        ("plugin toy", None),
        ("refiner toy-fit", 0),
    }


def test_a_record_that_is_damaged_or_not_complete_is_told(laboratory):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    measurement = laboratory.registry.get_measurement(prediction.measurement_id)
    digest = measurement.artefact.removeprefix("sha256:")
    path = laboratory.registry.locations.artefacts / "sha256" / digest[:2] / digest
    content = path.read_bytes()
    path.write_bytes(content.replace(b"1", b"2", 1))
    with pytest.raises(RegistryError, match="is damaged"):
        repeat(laboratory, prediction)
    path.write_bytes(content)

    change_report(laboratory, prediction, refiner=...)
    with pytest.raises(InputError, match="does not tell how it was refined"):
        repeat(laboratory, prediction)

    change_report(laboratory, prediction)
    laboratory.rewrite("UPDATE samples SET document = replace(document, 'thickness', 'depth')")
    with pytest.raises(InputError, match=r"The sample 'slab' \(.*\) on record can no longer be read: .*'thickness'"):
        repeat(laboratory, prediction)


def test_facts_that_are_read_differently_today_are_told(laboratory):
    prediction = laboratory.analyze(laboratory.measure()).prediction
    laboratory.rewrite("UPDATE samples SET digest = 'sha256:other'")
    assert repeat(laboratory, prediction).assumed == (
        "The technique reads other facts from the sample 'slab' than it did then.",
    )
