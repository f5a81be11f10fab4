"""Studies on held-out points: each model on what its own training never saw, the same for all variants."""

import numpy as np
import pytest
from toy_technique.parts import Line, Toy

from spectra.core.errors import PluginError, RegistryError
from spectra.core.studies.evaluate import evaluate
from spectra.core.studies.study import load_study
from spectra.core.technique import Design
from spectra.core.workflows import training_data
from spectra.core.workflows.train import divide, load_model
from spectra.core.workflows.training_set import data_set

STUDY = """\
title: Noise
sample: sample.yaml
seeds: [0, 3]
variants:
  - name: trained clean
    distortions: []
  - name: trained noisy
conditions:
  - name: ideal
  - name: noisy
    distortions: [{name: toy-noise, parameters: {size: 0.05}}]
test: {held_out: true}
"""


@pytest.fixture
def run(laboratory):
    """Run a study, changed in a few words."""

    def run(old="", new=""):
        assert old in STUDY
        path = laboratory.folder / "study.yaml"
        path.write_text(STUDY.replace(old, new))
        study, lab = load_study(path), laboratory
        return evaluate(lab.session(), lab.specimen, study)

    return run


@pytest.fixture
def data(laboratory):
    """The laboratory's data set: called, it is looked for on record, or made again."""

    def data():
        return data_set(laboratory.session(), laboratory.specimen, laboratory.recipe())

    return data


def models(laboratory):
    return {(m.seed, not m.recipe["distortions"]): m for m in laboratory.registry.list_models()}


def test_each_model_is_tested_on_the_points_that_its_training_put_aside(laboratory, run, data):
    evaluation = run()

    assert evaluation.trained == 4
    everything = data()[1]
    of_variant = {o.variant: o for o in evaluation.outcomes if o.condition == "ideal"}
    for (seed, clean), record in models(laboratory).items():
        outcome = of_variant["trained clean" if clean else "trained noisy"]
        place = outcome.seeds.index(seed)
        model = load_model(laboratory.session(), record)
        assert np.array_equal(outcome.truth[place], model.test["truth"])
        training, validation, share = divide(everything, seed)
        seen = {tuple(point) for point in np.concatenate([training.values, validation.values])}
        assert not seen & {tuple(point) for point in outcome.truth[place]}
        assert len(seen) + len(outcome.truth[place]) == len(everything)
        assert np.array_equal(outcome.mean[place], model.predict(share.signal).mean)
    scores = {(s.variant, s.condition, s.quantity): s for s in evaluation.scores}
    noisy, clean = (scores[f"trained {name}", "noisy", "width"] for name in ("noisy", "clean"))
    assert clean.rmse > 1.5 * noisy.rmse > 3 * scores["trained noisy", "ideal", "width"].rmse
    assert clean.count == len(everything) // 7


def test_variants_are_shown_the_same_spectra_and_each_split_others(run):
    same = run("    distortions: []\n", "    regressor: {name: toy-ridge}\n")  # two names for one recipe
    assert same.trained == 2
    for first, second in zip(same.outcomes[:2], same.outcomes[2:], strict=True):
        assert np.array_equal(first.truth, second.truth)
        assert np.array_equal(first.mean, second.mean)
    truth = same.outcomes[0].truth
    assert truth.shape == (2, 93, 2)
    assert not np.array_equal(truth[0], truth[1])


def test_fewer_points_are_the_first_of_each_share(run):
    everything = run().outcomes[0]
    few = run("held_out: true", "held_out: true, points: 10").outcomes[0]
    assert np.array_equal(few.truth, everything.truth[:, :10])
    assert np.array_equal(few.mean, everything.mean[:, :10])


def test_many_spectra_are_shown_in_batches_with_the_same_answers(run, monkeypatch):
    """White noise comes in one stream, however it is divided."""
    at_once = run("held_out: true", "held_out: true, refined: 12").outcomes
    monkeypatch.setattr(training_data, "_NUMBERS", 10 * 81)
    in_batches = run("held_out: true", "held_out: true, refined: 12").outcomes
    for one, other in zip(at_once, in_batches, strict=True):
        assert (one.variant, one.condition, one.method) == (other.variant, other.condition, other.method)
        assert other.mean == pytest.approx(one.mean, rel=1e-6)
        assert other.spread == pytest.approx(one.spread, rel=1e-6)
        assert other.occupied == one.occupied


def test_no_forward_model_is_made_unless_answers_are_refined(run, monkeypatch):
    first = run()

    def refuse(self, sample, parameters):
        raise AssertionError("A forward model was made.")

    monkeypatch.setattr(Line, "__init__", refuse)
    again = run()
    assert again.trained == 0
    assert np.array_equal(again.outcomes[0].mean, first.outcomes[0].mean)
    with pytest.raises(PluginError, match="was made"):
        run("held_out: true", "held_out: true, refined: 3")


def test_held_out_points_are_refined_on_request(run):
    evaluation = run("held_out: true", "held_out: true, refined: 5")
    scores = {(s.variant, s.condition, s.method, s.quantity): s for s in evaluation.scores}
    refined, network = (scores["trained noisy", "noisy", method, "width"] for method in ("refined", "learned"))
    assert (refined.count, network.count) == (5, 93)
    assert refined.rmse < network.rmse


def test_a_lost_data_set_is_made_again(laboratory, run, data):
    first = run()
    digest = data()[0].artefact.removeprefix("sha256:")
    (laboratory.registry.locations.artefacts / "sha256" / digest[:2] / digest).unlink()
    again = run()
    assert again.trained == 0
    assert np.array_equal(again.outcomes[1].mean, first.outcomes[1].mean)


def test_models_of_another_data_set_are_refused_until_they_are_put_aside(laboratory, run, monkeypatch):
    run()
    design = Toy().design(None).points
    monkeypatch.setattr(Toy, "design", lambda _self, _sample: Design(points=design[::2]))
    with pytest.raises(RegistryError, match="may have seen points that are held out") as caught:
        run()
    for record in models(laboratory).values():
        laboratory.registry.curation.retire(record.id)
    assert "spectra retire" in caught.value.hint
    assert run().trained == 4


def test_whole_groups_are_tested_whatever_their_size(run, data, monkeypatch):
    points = Toy().design(None).points
    groups = np.sqrt(np.arange(len(points))).astype(np.int64)  # of 1, 3, 5, … points
    monkeypatch.setattr(Toy, "design", lambda _self, _sample: Design(points=points, groups=groups))
    (outcome, *_) = run().outcomes
    shares = [divide(data()[1], seed)[2] for seed in outcome.seeds]
    assert len({len(share) for share in shares}) == 2
    for share, truth, mean in zip(shares, outcome.truth, outcome.mean, strict=True):
        assert np.array_equal(truth[: len(share)], share.values)
        assert np.isnan(truth[len(share) :]).all()
        assert np.isfinite(mean).sum() == share.values.size
