"""Old measurements are asked again by another model: each once, whatever becomes of the others."""

import pytest
from toy_technique.parts import Fit

from spectra.core.errors import InputError, NotFoundError, SpectraError
from spectra.core.progress import Silent
from spectra.core.recipe import Choice
from spectra.core.session import Context
from spectra.core.tasks import Task, answers
from spectra.core.workflows.reanalyze import reanalyze
from spectra.core.workflows.recorded import is_recorded_choice
from spectra.core.workflows.train import train
from tests.core.conftest import InThisProcess


def again(laboratory, measurements=None, recipe=None, **options):
    session = laboratory.session(
        context=Context(command="spectra reanalyze slab", operator="ada"),
        progress=options.pop("progress", Silent()),
        executor=options.pop("executor", None),
    )
    measurements = measurements or laboratory.registry.list_measurements()
    return reanalyze(session, laboratory.specimen, measurements, recipe or laboratory.recipe(), **options)


def another_model(laboratory, seed=1):
    return train(laboratory.session(), laboratory.specimen, laboratory.recipe(), seed=seed)


@pytest.fixture
def measured(laboratory):
    """Three measurements with a prediction each, oldest first."""
    return [laboratory.analyze(laboratory.measure(f"line{k}.txt", seed=k)).prediction for k in range(3)]


def test_a_new_model_answers_every_measurement_and_says_what_moved(laboratory, measured):
    model = another_model(laboratory)
    used, done = again(laboratory)

    assert used.id == model.id  # the newest of the recipe
    assert [one.before for one in done] == measured[::-1]
    for one in done:
        assert one.now.model_id == model.id
        assert one.now.measurement_id == one.measurement.id
        assert laboratory.registry.get_prediction(one.now.id) == one.now
        assert not one.known
        for pair in one.moved:
            assert pair.difference == pair.second.value - pair.first.value
    assert [pair.name for pair in done[0].moved] == ["position", "width", "area"]
    assert len(laboratory.registry.list_predictions()) == 6
    assert len(laboratory.registry.list_measurements()) == 3


def test_what_an_interrupted_call_left_is_done_by_the_next(laboratory, measured, monkeypatch):
    another_model(laboratory)
    refine, left = Fit.refine, [2]

    def interrupted(self, *arguments, **options):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return refine(self, *arguments, **options)

    monkeypatch.setattr(Fit, "refine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        again(laboratory)
    monkeypatch.setattr(Fit, "refine", refine)
    assert len(laboratory.registry.list_predictions()) == 5

    _, done = again(laboratory)
    assert [one.known for one in done] == [True, True, False]
    assert [one.before for one in done] == measured[::-1]
    assert len(laboratory.registry.list_predictions()) == 6

    _, done = again(laboratory, again=True)
    assert not any(one.known for one in done)
    assert len(laboratory.registry.list_predictions()) == 9


def test_another_refiner_is_another_answer(laboratory, measured):
    _, done = again(laboratory)
    assert [one.known for one in done] == [True] * 3
    _, done = again(laboratory, recipe=laboratory.recipe(refiner=None))
    assert [one.known for one in done] == [False] * 3
    assert {pair.second.method for pair in done[0].moved if pair.second} == {"learned"}


def test_one_that_fails_does_not_stop_the_others(laboratory, measured, monkeypatch):
    model = another_model(laboratory)
    first, second, _ = measured
    damaged = laboratory.registry.get_measurement(first.measurement_id).artefact.removeprefix("sha256:")
    (laboratory.registry.locations.artefacts / "sha256" / damaged[:2] / damaged).write_bytes(b"")
    refine = Fit.refine
    bad = laboratory.registry.get_measurement(second.measurement_id)

    def failing(self, measured, *arguments, **options):
        if measured.y[0, 0] == bad_value:
            raise ZeroDivisionError("a fault of the plugin")
        return refine(self, measured, *arguments, **options)

    bad_value = float(laboratory.registry.read_artefact(bad.artefact).split()[1])
    monkeypatch.setattr(Fit, "refine", failing)
    _, done = again(laboratory)

    by_id = {one.measurement.id: one for one in done}
    assert "is damaged" in by_id[first.measurement_id].error
    assert by_id[second.measurement_id].error == "ZeroDivisionError: a fault of the plugin"
    assert by_id[second.measurement_id].moved == ()
    assert [one.now.model_id for one in done if one.now] == [model.id]


def test_a_file_is_read_as_it_was_read_before(laboratory):
    laboratory.analyze(laboratory.measure(scale=5.0), scale=5.0)
    another_model(laboratory)
    _, (done,) = again(laboratory)
    assert done.now.report["reader"]["parameters"] == {"scale": 5.0}
    assert all(abs(pair.deviations) < 0.1 for pair in done.moved)


def test_the_model_may_be_named_also_by_an_alias(laboratory, measured):
    old = laboratory.registry.get_model(measured[0].model_id)
    another_model(laboratory)
    laboratory.registry.curation.set_alias(old.id, "production")
    used, done = again(laboratory, model_id="slab@production")
    assert used.id == old.id
    assert all(one.known for one in done)
    with pytest.raises(NotFoundError, match="the nearest is 'slab@production'"):
        again(laboratory, model_id="slab@prodution")


class Listening(Silent):
    def __init__(self):
        self.said = []

    def say(self, text):
        self.said.append(text)


def test_a_retired_model_is_only_taken_if_it_is_named(laboratory, measured):
    old, new = measured[0].model_id, another_model(laboratory).id
    laboratory.registry.curation.retire(new)
    assert again(laboratory)[0].id == old
    laboratory.registry.curation.retire(old)
    with pytest.raises(InputError, match=rf"The model {new} of this recipe for 'slab' is retired") as refused:
        again(laboratory)
    assert f"spectra train --like {new} --seed 2" in refused.value.hint

    listening = Listening()
    assert again(laboratory, model_id=old, progress=listening)[0].id == old
    assert any(f"The model {old} is retired since" in text for text in listening.said)
    laboratory.registry.curation.reinstate(new)
    assert again(laboratory)[0].id == new


def test_a_parameter_that_came_later_does_not_make_old_answers_unknown():
    old = {"name": "fit", "parameters": {"steps": 3}, "version": 1}
    assert is_recorded_choice(old, Choice(name="fit", parameters={"steps": 3, "start": None}))
    assert not is_recorded_choice(old, Choice(name="fit", parameters={"steps": 3, "start": [1.0]}))
    assert not is_recorded_choice(old, None)
    assert is_recorded_choice(None, None)


@pytest.mark.parametrize("fault", [ZeroDivisionError("a fault of the plugin"), InputError("No line.", hint="Look.")])
def test_an_error_on_a_worker_is_the_same_sentence_as_here(laboratory, measured, monkeypatch, fault):
    another_model(laboratory)

    def failing(*_, **__):
        raise fault

    monkeypatch.setattr(Fit, "refine", failing)
    _, here = again(laboratory)
    _, there = again(laboratory, executor=InThisProcess())
    assert [one.error for one in there] == [one.error for one in here]
    assert {one.error for one in here} <= {"ZeroDivisionError: a fault of the plugin", "No line. Look."}


def test_the_first_error_ends_a_training_set_and_a_strangers_one_is_said_to_be_a_workers():
    task = Task(work="workflows.training_set:nothing_of_that_name", document={})
    with pytest.raises(SpectraError, match=r"^A worker failed: AttributeError: module .*nothing_of_that_name"):
        list(answers(InThisProcess(), [task, task]))
