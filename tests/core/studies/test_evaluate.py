"""Studies: the same spectra for all, nothing trained twice, and faults told by line and key."""

from dataclasses import replace

import numpy as np
import pytest
from toy_technique.parts import Line, ToySample

from spectra.core.errors import InputError, NotFoundError
from spectra.core.manager import load_plugins
from spectra.core.measurements import Measurement, RawFile
from spectra.core.progress import Silent
from spectra.core.session import Session, Specimen
from spectra.core.studies.evaluate import evaluate
from spectra.core.studies.shown import random_spectra
from spectra.core.studies.study import load_study
from spectra.registry.registry import Registry

SAMPLE = ToySample(name="slab", technique="toy", thickness="2 mm")

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
  - name: one point
    truth: {position: 0.12, width: 0.17}
    distortions: [{name: toy-noise, parameters: {size: 0.05}}]
test: {points: 60, refined: 20}
quick:
  seeds: [0]
  points: 5
"""


@pytest.fixture(scope="module")
def catalogue():
    return load_plugins(())  # the toy, as installed


@pytest.fixture
def store(tmp_path):
    with Registry.open(tmp_path / "home") as registry:
        yield registry


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "study.yaml"
        path.write_text(text)
        return path

    return write


def run(store, catalogue, study, progress=None, **options):
    specimen = Specimen(technique=catalogue.catalogue.technique("toy"), sample=SAMPLE)
    session = Session(store=store, catalogue=catalogue.catalogue, progress=progress or Silent())
    return evaluate(session, specimen, study, **options)


def by(evaluation, **wanted):
    (found,) = [s for s in evaluation.scores if all(getattr(s, key) == value for key, value in wanted.items())]
    return found


class Interrupting(Silent):
    """Presses Ctrl-C when the n-th model is about to be trained."""

    def __init__(self, at):
        self.left = at

    def say(self, text):
        self.left -= "training" in text
        if self.left == 0:
            raise KeyboardInterrupt


# Running


def test_a_study_orders_its_variants_and_conditions_as_they_are(store, catalogue, write):
    evaluation = run(store, catalogue, load_study(write(STUDY)))

    assert evaluation.trained == 4
    assert len(evaluation.scores) == 2 * 3 * 2 * 2
    for quantity in ("position", "width"):
        clean, noisy = (
            by(evaluation, variant=f"trained {name}", condition="noisy", method="learned", quantity=quantity)
            for name in ("clean", "noisy")
        )
        ideal = by(evaluation, variant="trained noisy", condition="ideal", method="learned", quantity=quantity)
        refined = by(evaluation, variant="trained noisy", condition="noisy", method="refined", quantity=quantity)
        assert clean.rmse > 2 * noisy.rmse > 2 * ideal.rmse
        assert noisy.rmse > 1.2 * refined.rmse
        assert 0.4 < refined.within_one_spread < 0.95
        assert noisy.mape_percent_std > 0
        one = by(evaluation, variant="trained noisy", condition="one point", method="refined", quantity=quantity)
        assert one.value == pytest.approx({"position": 0.12, "width": 0.17}[quantity], abs=0.01)
        assert 0 < one.scatter < 0.02


def test_all_variants_and_seeds_see_the_same_spectra_between_the_grid_points(store, catalogue, write):
    evaluation = run(store, catalogue, load_study(write(STUDY), quick=True))
    truths = [o.truth for o in evaluation.outcomes if o.method == "learned" and not o.repeated]
    assert len(truths) == 4
    assert all(np.array_equal(truth, truths[0]) for truth in truths)
    assert truths[0].shape == (1, 5, 2)
    design = catalogue.catalogue.technique("toy").design(SAMPLE).points
    assert np.abs(truths[0][0, :, None] - design[None]).max(axis=2).min() > 1e-6
    assert np.all((truths[0] > [-0.3, 0.1]) & (truths[0] < [0.3, 0.3]))


def test_an_interrupted_study_goes_on_and_nothing_is_trained_twice(store, catalogue, write):
    study = load_study(write(STUDY))
    with pytest.raises(KeyboardInterrupt):
        run(store, catalogue, study, Interrupting(at=3))
    resumed = run(store, catalogue, study)
    again = run(store, catalogue, study)
    assert (resumed.trained, again.trained) == (2, 0)
    for first, second in zip(resumed.outcomes, again.outcomes, strict=True):
        assert np.array_equal(first.mean, second.mean)


def test_a_measurement_is_distorted_again_and_again(store, catalogue, write):
    text = STUDY.replace("    truth: {position: 0.12, width: 0.17}\n", "").replace(
        "test: {points: 60, refined: 20}", "measurement: {file: line.txt, repeats: 40, reference: {width: 0.2}}"
    )
    signal = Line(SAMPLE, None).simulate(np.array([[0.1, 0.16]]))
    measurement = Measurement(signal=signal, file=RawFile(name="line.txt", content=b""), reader="toy-columns")

    evaluation = run(store, catalogue, load_study(write(text)), measurement=measurement)

    ideal = by(evaluation, variant="trained noisy", condition="ideal", quantity="width")
    noisy = by(evaluation, variant="trained noisy", condition="noisy", quantity="width")
    unknown = by(evaluation, variant="trained noisy", condition="noisy", quantity="position")
    assert (ideal.count, noisy.count) == (1, 40)
    assert ideal.scatter is None
    assert ideal.value == pytest.approx(0.16, abs=0.02)
    assert ideal.mape_percent == pytest.approx(100 * abs(ideal.value - 0.2) / 0.2, rel=0.05)
    assert noisy.scatter > 0.001
    assert unknown.mape_percent is None
    assert unknown.value == pytest.approx(0.1, abs=0.03)


class Picky(Line):
    """Refuses lines right of the middle."""

    def simulate(self, values):
        if np.any(values[:, 0] > 0):
            raise InputError("Too far to the right.")
        return super().simulate(values)


def test_points_that_the_forward_model_refuses_are_drawn_anew(catalogue):
    quantities = catalogue.catalogue.technique("toy").quantities(SAMPLE)
    forward = Picky(SAMPLE, None)
    values, signal = random_spectra(forward, quantities, 150, np.random.default_rng(0))
    assert values.shape == (150, 2)
    assert np.all(values[:, 0] <= 0)
    assert values[:, 0].mean() == pytest.approx(-0.15, abs=0.03)  # uniform in what is left
    assert np.array_equal(signal.y, forward.simulate(values).y)
    everywhere = [replace(quantities[0], lower=0.1), quantities[1]]
    with pytest.raises(InputError, match="Hardly any random point"):
        random_spectra(forward, everywhere, 10, np.random.default_rng(0))


# Faults


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seeds: [0, 3]", "sedes: [0, 3]", r"study.yaml, line 3: unknown key 'sedes'; the nearest is 'seeds'"),
        ("seeds: [0, 3]", "seeds: [3, 3]", "line 3: 'seeds': seeds are different whole numbers"),
        ("trained noisy", "trained clean", "line 4: 'variants': the name 'trained clean' stands twice"),
        ("distortions: []", "encoders: []", r"line 6: unknown key 'variants.0.encoders'; the nearest is 'encoder'"),
        ("points: 60", "points: many", "line 15: 'test.points' is 'many'"),
        ("refined: 20", "refined: 90", "line 15: 'test': 90 spectra cannot be refined where there are 60"),
        ("test: {points: 60, refined: 20}", "", "give either 'test'"),
        ("points: 60", "held_out: true", "a condition of a test on held-out points has no 'truth'"),
        ("sample: sample.yaml\n", "", "the key 'sample' is missing"),
    ],
)
def test_faults_are_told_by_line_and_key(write, old, new, sentence):
    assert old in STUDY
    with pytest.raises(InputError, match=sentence):
        load_study(write(STUDY.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "error", "sentence"),
    [
        (
            "distortions: []",
            "encoder: {name: toy-valus}",
            NotFoundError,
            "Variant 'trained clean': There is no encoder 'toy-valus'; the nearest is 'toy-values'",
        ),
        ("toy-noise", "toy-nose", NotFoundError, "Condition 'noisy': There is no distortion 'toy-nose'; the"),
        ("width: 0.17", "with: 0.17", InputError, "'one point' names the quantity 'with'.*the nearest is 'width'"),
        ("width: 0.17", "width: 0.7", InputError, "'one point' has width = 0.7 mm, outside the searched range"),
        ("{position: 0.12, ", "{", InputError, "does not say what position is"),
    ],
)
def test_unknown_names_give_the_nearest_before_anything_is_computed(store, catalogue, write, old, new, error, sentence):
    assert old in STUDY
    study = load_study(write(STUDY.replace(old, new)))
    with pytest.raises(error, match=sentence):
        run(store, catalogue, study, Interrupting(at=1))


def test_quick_parameters_are_for_components_that_are_used(store, catalogue, write):
    with pytest.raises(NotFoundError, match="'toy-ridg', which no variant uses; the nearest is 'toy-ridge'"):
        run(store, catalogue, load_study(write(STUDY)), overrides={"toy-ridg": {}})
