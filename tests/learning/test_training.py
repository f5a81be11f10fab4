"""The training loop: where examples come from, how learning rates fall, when it is over."""

from itertools import repeat
from types import SimpleNamespace

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.epochs import Block, Epoch, fixed_epochs, fresh_epochs, in_memory
from spectra.plugins.learning.networks.stopping import Best, Plateaus
from spectra.plugins.learning.networks.training import Schedule, squared, train

SLOPES = np.array([[1.0], [-2.0], [0.5]], dtype=np.float32)


class Noisy:
    """y = 3 + slopes · x, with x drawn anew every time."""

    def __init__(self, count=50):
        self.count = count
        self.validation = self.draw(np.random.default_rng(9))

    def draw(self, rng):
        features = rng.random((self.count, 3)).astype(np.float32)
        return features, (3.0 + features @ SLOPES).astype(np.float64)


def trained(shown, validation, **schedule):
    """Train a linear layer; return kernel and bias with the history."""
    keras = load_keras(seed=1)
    layer = keras.layers.Dense(1)
    layer.build((None, 3))
    history = train(
        lambda features, targets, _training: {"loss": squared(layer(features), targets)},
        layer.trainable_variables,
        shown,
        validation,
        keras=keras,
        schedule=Schedule(**{"epochs": 5, "batch": 8, "learning_rate": 0.1, "decay": "epochs"} | schedule),
        progress=Silent(),
        title="",
    )
    return *(np.asarray(weight) for weight in layer.weights), history


def test_a_linear_law_is_found():
    data = Noisy()
    with fresh_epochs(data, np.random.default_rng(0)) as epochs:
        kernel, bias, history = trained(epochs, in_memory(data.validation), epochs=200)
    assert kernel == pytest.approx(SLOPES, abs=0.01)
    assert bias == pytest.approx(3.0, abs=0.01)
    assert history["validation_loss"][-1] < 1e-4 < history["loss"][0]
    assert [len(values) for values in history.values()] == [200, 200]


@pytest.mark.parametrize("decay", ["epochs", "steps"])
def test_an_epoch_in_batches_trains_as_one_in_memory(decay):
    """50 examples in batches of 8: the last one is smaller, and counts for less in the history."""
    features, targets = (array.astype(np.float32) for array in Noisy().draw(np.random.default_rng(0)))
    orders = [np.random.default_rng(seed).permutation(50) for seed in range(5)]
    whole = (Epoch(50, [Block(features, targets, order)]) for order in orders)

    def batches(order):
        for start in range(0, 50, 8):
            part = order[start : start + 8]
            yield Block(features[part], targets[part], np.arange(len(part)))

    parts = [(features[:20], targets[:20]), (features[20:], targets[20:])]
    kernel, bias, history = trained(whole, [(features, targets)], decay=decay)
    streamed = trained((Epoch(50, batches(order)) for order in orders), parts, decay=decay)
    assert np.array_equal(streamed[0], kernel)
    assert np.array_equal(streamed[1], bias)
    for name, values in history.items():
        assert streamed[2][name] == pytest.approx(values, rel=1e-6)


def test_weights_decay_if_so_asked():
    features, targets = np.zeros((8, 3), dtype=np.float32), np.zeros((8, 1), dtype=np.float32)
    sizes = [
        np.abs(trained(repeat(Epoch(8, [Block(features, targets, np.arange(8))])), [(features, targets)], **given)[0])
        for given in ({"decay": "none"}, {"decay": "none", "weight_decay": 0.1})
    ]
    assert sizes[1] == pytest.approx(sizes[0] * (1 - 0.1 * 0.1) ** 5, rel=1e-5)  # rate · decay in each of 5 steps


def test_what_is_drawn_ahead_in_vain_leaves_no_trace_in_the_generator():
    data, rng = Noisy(), np.random.default_rng(0)
    with fresh_epochs(data, rng) as epochs:
        drawn = [next(epochs) for _ in range(3)]
    expected = np.random.default_rng(0)
    for epoch in drawn:
        (block,) = epoch.blocks
        features, targets = data.draw(expected)
        assert np.array_equal(block.features, features)
        assert np.array_equal(block.targets, targets.astype(np.float32))
        assert np.array_equal(block.order, expected.permutation(50))
    assert rng.random() == expected.random()


def test_an_error_of_the_data_reaches_the_caller():
    class Broken(Noisy):
        def draw(self, rng):
            raise ValueError("no data")

    broken = Broken.__new__(Broken)
    with pytest.raises(ValueError, match="no data"), fresh_epochs(broken, np.random.default_rng(0)) as epochs:
        next(epochs)


def test_fixed_copies_are_drawn_once_and_shuffled_for_every_epoch():
    data = Noisy(count=4)
    with fixed_epochs(data, 3, np.random.default_rng(0)) as epochs:
        first, second = next(epochs), next(epochs)
    rng = np.random.default_rng(0)
    expected = np.concatenate([data.draw(rng)[0] for _ in range(3)])
    for epoch in (first, second):
        (block,) = epoch.blocks
        assert epoch.examples == 12
        assert np.array_equal(block.features, expected)
        assert sorted(block.order) == list(range(12))
    assert not np.array_equal(first.blocks[0].order, second.blocks[0].order)


# When it is over


def test_the_learning_rate_is_divided_by_five_on_plateaus_down_to_a_millionth_and_then_it_is_over():
    optimizer = SimpleNamespace(learning_rate=1e-3)
    watch = Plateaus(optimizer, patience=2)
    rates = []
    for loss in (1.0, 0.9, *[0.95] * 100):
        over = watch.is_over(loss)
        rates.append(optimizer.learning_rate)
        if over:
            break
    expected = [1e-3] * 3 + [2e-4] * 2 + [4e-5] * 2 + [8e-6] * 2 + [1.6e-6] * 2 + [1e-6] * 2 + [1e-6]
    assert rates == pytest.approx(expected, rel=1e-5)


def test_keras_optimizer_takes_the_learning_rate_of_a_plateau():
    optimizer = load_keras(seed=1).optimizers.Adam(1e-3)
    assert not Plateaus(optimizer, patience=1).is_over(np.nan)
    assert float(optimizer.learning_rate) == pytest.approx(2e-4)


class Variable:
    def __init__(self):
        self.value = 0

    def numpy(self):
        return self.value

    def assign(self, value):
        self.value = value


def test_it_is_over_without_progress_and_the_best_weights_come_back():
    variable = Variable()
    watch = Best([variable], patience=3)
    over = []
    for variable.value, loss in enumerate([5.0, 4.0, 4.5, 3.0, 3.1, 3.0, 3.2], start=1):
        over.append(watch.is_over(loss))
    assert over == [False] * 6 + [True]
    watch.finish()
    assert variable.value == 4
    assert watch.why() == "; the best was 4"
