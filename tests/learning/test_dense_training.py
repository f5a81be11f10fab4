"""Back-propagation and Adam by NumPy, beside Keras on TensorFlow with the same first weights and the same batches."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.learning.networks import dense_training
from spectra.plugins.learning.networks.dense_training import Weights, evaluated, train_dense
from spectra.plugins.learning.networks.epochs import Block, Epoch, in_memory
from spectra.plugins.learning.networks.training import Schedule, gaussian, squared, train

SIZES = (5, 32, 16)
RNG = np.random.default_rng(4)
FEATURES = RNG.random((300, 5), dtype=np.float32)
TARGETS = np.stack([FEATURES[:, 0] ** 2, np.sin(FEATURES @ np.arange(5.0))], axis=1).astype(np.float32)
TARGETS += (0.1 * FEATURES[:, 1:2] * RNG.standard_normal(TARGETS.shape)).astype(np.float32)


def shuffled():
    rng = np.random.default_rng(7)
    while True:
        yield Epoch(250, [Block(FEATURES[:250], TARGETS[:250], rng.permutation(250))])


def with_keras(loss, outputs, schedule):
    from spectra.plugins.learning.keras_loading import load_keras

    keras = load_keras(seed=0)
    network = keras.Sequential(
        [keras.Input((5,)), *(keras.layers.Dense(n, activation="relu") for n in SIZES[1:]), keras.layers.Dense(outputs)]
    )
    first = Weights.at_random([*SIZES, outputs], np.random.default_rng(3))
    network.set_weights([array for layer in first.layers for array in layer])

    def objective(features, targets, training):
        import tensorflow as tf

        given = network(features, training=training)
        if loss == "mse":
            return {"loss": squared(given, targets)}
        return {"loss": gaussian(*tf.split(given, 2, axis=1), targets)}

    history = train(
        objective,
        network.trainable_variables,
        shuffled(),
        in_memory((FEATURES[250:], TARGETS[250:])),
        keras=keras,
        schedule=schedule,
        progress=Silent(),
        title="",
    )
    return network, history


@pytest.mark.parametrize(("loss", "outputs"), [("gaussian", 4), ("mse", 2)])
@pytest.mark.parametrize("decay", ["steps", "plateaus"])
def test_numpy_takes_the_steps_of_keras(loss, outputs, decay):
    """32 examples a step leave 26 for the last one of an epoch."""
    patience = 1 if decay == "plateaus" else None
    schedule = Schedule(epochs=5, batch=32, learning_rate=0.01, decay=decay, patience=patience)
    ours = {"gaussian": dense_training.gaussian, "mse": dense_training.squared}[loss]

    layers, history = train_dense(
        [*SIZES, outputs],
        ours,
        shuffled(),
        (FEATURES[250:], TARGETS[250:]),
        dropout=0.0,
        schedule=schedule,
        rng=np.random.default_rng(3),
        progress=Silent(),
    )

    network, expected = with_keras(loss, outputs, schedule)
    assert history["loss"][-1] < history["loss"][0] - 0.03
    for name, values in expected.items():
        assert history[name] == pytest.approx(values, abs=1e-5)
    for ours, theirs in zip((array for layer in layers for array in layer), network.get_weights(), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)
    assert evaluated(FEATURES, layers) == pytest.approx(np.asarray(network(FEATURES)), abs=1e-4)


def test_numpy_evaluates_a_network_as_keras_does():
    from spectra.plugins.learning.keras_loading import load_keras

    layers = load_keras(seed=3).layers
    made = [layers.Dense(64, activation="relu"), layers.Dense(16, activation="relu"), layers.Dense(3)]
    values = FEATURES
    for layer in made:
        values = layer(values)
    weights = [tuple(np.asarray(array) for array in layer.weights) for layer in made]
    assert evaluated(FEATURES, weights) == pytest.approx(np.asarray(values), abs=1e-6)


def test_the_gradient_of_the_likelihood_is_zero_where_a_spread_is_clipped():
    outputs = np.array([[0.5, -20.0], [0.5, 5.0], [0.5, -1.0]], dtype=np.float32)
    _, gradient = dense_training.gaussian(outputs, np.full((3, 1), 0.5, dtype=np.float32))
    assert gradient[:, 1].tolist() == pytest.approx([0.0, 0.0, 1 / 3])


def test_first_weights_have_the_variance_of_glorot_and_bengio():
    (kernel, bias), _ = Weights.at_random((300, 200, 1), np.random.default_rng(0)).layers
    assert kernel.std() == pytest.approx(np.sqrt(2 / (300 + 200)), rel=0.01)
    assert np.abs(kernel).max() <= np.sqrt(6 / (300 + 200))
    assert not bias.any()


def test_dropout_leaves_out_its_share_and_keeps_the_mean():
    seen = []

    def watched(outputs, targets):
        seen.append(outputs.copy())
        return dense_training.squared(outputs, targets)

    features = np.ones((20_000, 1), dtype=np.float32)
    train_dense(
        [1, 1],
        watched,
        iter([Epoch(20_000, [Block(features, features, np.arange(20_000))])]),
        (features, features),
        dropout=0.3,
        schedule=Schedule(epochs=1, batch=20_000, learning_rate=1e-9, decay="none"),
        rng=np.random.default_rng(1),
        progress=Silent(),
    )
    shown, validated = seen[0], seen[1]  # the weight times what was left of 1, in training and on validation
    assert np.mean(shown == 0) == pytest.approx(0.3, abs=0.01)
    assert shown.mean() == pytest.approx(validated.mean(), rel=0.02)
    assert np.ptp(validated) == 0
