"""What a regressor learns from, in batches where all at once would not fit into memory."""

import numpy as np
import pytest
from toy_technique.parts import Line, Noise, NoiseParameters, Toy, ToySample, Values

from spectra.core.errors import InputError
from spectra.core.workflows import training_data
from spectra.core.workflows.training_data import FreshlyDistorted
from spectra.core.workflows.training_set import DataSet

POINTS = np.random.default_rng(0).uniform(0.1, 0.3, (60, 2))
LINE = Line(ToySample(name="slab", technique="toy", thickness="2 mm"), None)


class Watched(Values):
    """Notes how many spectra it was ever handed to encode."""

    most = 0

    def encode(self, signal):
        self.most = max(self.most, len(signal))
        return super().encode(signal)


class Halved(Values):
    """Keeps every ninth of the 81 features."""

    def encode(self, signal):
        return super().encode(signal)[:, ::9]


def examples(encoder=Watched, seed=0):
    data = DataSet(values=POINTS, signal=LINE.simulate(POINTS))
    training, validation = data.rows(slice(40)), data.rows(slice(40, None))
    return FreshlyDistorted(
        training,
        validation,
        quantities=Toy().quantities(None),
        distortions=[Noise(NoiseParameters())],
        encoder=encoder(None).fit(training.signal),
        rng=np.random.default_rng(seed),
    )


@pytest.fixture
def seven_at_once(monkeypatch):
    monkeypatch.setattr(training_data, "_NUMBERS", 7 * 81)


def test_all_at_once_is_drawn_in_batches_if_it_is_too_much(seven_at_once):
    data = examples()
    features, targets = data.draw(np.random.default_rng(1))
    ideal, _ = data.ideal()
    unseen, truth = data.validation
    assert data._encoder.most == 7
    assert (features.shape, ideal.shape, unseen.shape) == ((40, 81), (40, 81), (20, 81))
    assert (targets.shape, truth.shape) == ((40, 2), (20, 2))


def test_batches_and_the_whole_are_distorted_alike(monkeypatch):
    """White noise comes in one stream, however it is divided."""
    whole = examples().draw(np.random.default_rng(1))[0]
    monkeypatch.setattr(training_data, "_NUMBERS", 7 * 81)
    assert np.array_equal(examples().draw(np.random.default_rng(1))[0], whole)


def test_a_validation_set_that_is_large_only_as_signals_is_encoded_once(seven_at_once, monkeypatch):
    data = examples(Halved)
    monkeypatch.setattr(Halved, "encode", None)  # not called any more
    for size in (3, 20):
        parts = [features for features, _ in data.validation_batches(size)]
        assert np.array_equal(np.concatenate(parts), data.validation[0])


def test_a_validation_set_that_is_too_large_is_encoded_anew_and_always_alike(seven_at_once):
    data = examples()
    assert data._kept is None
    first, second = (list(data.validation_batches(5)) for _ in range(2))
    assert [len(truth) for _, truth in first] == [5, 5, 5, 5]
    for (one, _), (other, _) in zip(first, second, strict=True):
        assert np.array_equal(one, other)
    assert not np.array_equal(first[0][0], next(examples(seed=1).validation_batches(5))[0])


def test_every_example_comes_once_in_batches(seven_at_once):
    data = examples()
    batches = list(data.batches(np.random.default_rng(3), 16))
    assert [len(targets) for _, targets in batches] == [16, 16, 8]
    seen = np.concatenate([targets for _, targets in batches])
    assert sorted(map(tuple, seen)) == sorted(map(tuple, data.ideal()[1]))


@pytest.mark.parametrize("ask", [lambda data: data.draw(np.random.default_rng(0)), FreshlyDistorted.ideal])
def test_features_that_would_fill_the_memory_are_refused(seven_at_once, monkeypatch, ask):
    monkeypatch.setattr(training_data, "_MOST_FEATURES", 40 * 81 - 1)
    with pytest.raises(InputError, match="the features of all 40 spectra at once, 81 of each"):
        ask(examples())
