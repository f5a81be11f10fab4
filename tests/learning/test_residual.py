"""The residual network of the virtual indenter: its size, NumPy against Keras, and whole pictures against windows."""

import numpy as np
import pytest
from pydantic import ValidationError

from spectra.core.errors import InputError
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks import residual
from spectra.plugins.learning.networks.residual import ResidualDesign, ResidualNetwork
from spectra.testing.fresh_process import heavy_imports

SMALL = ResidualDesign(window=32, filters=(4, 6, 8), blocks=(2, 1, 1), pool=2)
BARE = SMALL.model_copy(update={"padding": "valid", "window": 44})


@pytest.fixture(scope="module")
def keras():
    return load_keras(0)


def network_of(keras, design, outputs=2):
    """Return the network in Keras and in NumPy, as if batch normalisation had seen data."""
    from spectra.plugins.learning.networks.residual_training import TrainableResidualNetwork

    trainable = TrainableResidualNetwork(keras, design, channels=3, outputs=outputs)
    rng = np.random.default_rng(0)
    for layer in trainable.model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([weight + rng.uniform(0, 0.5, weight.shape) for weight in layer.get_weights()])
    return trainable.model, ResidualNetwork(design, trainable.weights())


def pictures(*shape):
    return np.random.default_rng(1).random(shape, dtype=np.float32)


def test_the_papers_network_has_as_many_weights_as_the_released_code(keras):
    model, network = network_of(keras, ResidualDesign(), outputs=1)
    window = pictures(1, 200, 200, 3)

    assert model.count_params() == 3_550_797
    np.testing.assert_allclose(network.answers(window), np.asarray(model(window))[:, 0, 0], rtol=1e-5)


@pytest.mark.parametrize("design", [SMALL, BARE])
def test_numpy_says_what_keras_says(keras, design):
    model, network = network_of(keras, design)
    windows = pictures(3, design.window, design.window, 3)

    np.testing.assert_allclose(network.answers(windows), np.asarray(model(windows))[:, 0, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("tile", [1024, 16])
def test_a_map_has_the_values_of_single_windows_where_nothing_is_padded(keras, monkeypatch, tile):
    monkeypatch.setattr(residual, "_TILE", tile)
    _, network = network_of(keras, BARE)
    picture, step, window = pictures(85, 97, 3), BARE.step, BARE.window
    answers = network.everywhere(picture)

    starts = [(row, column) for row in range(0, 85 - window + 1, step) for column in range(0, 97 - window + 1, step)]
    windows = np.stack([picture[row : row + window, column : column + window] for row, column in starts])
    single = network.answers(windows).reshape(answers.shape)
    assert answers.shape == (11, 14, 2)
    assert np.abs(answers - single).max() <= 3e-7 * np.abs(single).max()


def test_a_padded_map_of_one_window_is_that_window(keras):
    _, network = network_of(keras, SMALL)
    window = pictures(1, 32, 32, 3)

    answer = network.everywhere(window[0])
    assert answer.shape == (1, 1, 2)
    np.testing.assert_allclose(answer[0], network.answers(window), rtol=1e-6)


def test_tiles_do_not_show_in_a_padded_map(keras, monkeypatch):
    _, network = network_of(keras, SMALL)
    picture = pictures(131, 150, 3)
    whole = network.everywhere(picture)
    monkeypatch.setattr(residual, "_TILE", 16)

    np.testing.assert_allclose(network.everywhere(picture), whole, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("design", [SMALL, BARE])
def test_gradients_are_those_of_finite_differences(keras, design):
    _, network = network_of(keras, design, outputs=1)
    window = pictures(1, design.window, design.window, 3).astype(np.float64)
    direction = np.random.default_rng(2).normal(size=window.shape)

    answer, pullback = network.differentiated(window)
    slope = np.sum(pullback(np.ones_like(answer)) * direction)
    ahead, behind = (network.answers(window + shift * direction).item() for shift in (1e-7, -1e-7))
    assert slope == pytest.approx((ahead - behind) / 2e-7, rel=1e-4)


def test_gradients_are_those_of_keras(keras):
    import tensorflow as tf

    model, network = network_of(keras, SMALL, outputs=1)
    window = pictures(1, 32, 32, 3)
    with tf.GradientTape() as tape:
        watched = tf.constant(window)
        tape.watch(watched)
        answer = model(watched)[:, 0, 0]
    expected = np.asarray(tape.gradient(answer, watched))

    _, pullback = network.differentiated(window)
    gradient = pullback(np.ones((1, 1), np.float32))
    assert np.abs(gradient - expected).max() < 1e-5 * np.abs(expected).max()


def test_a_picture_smaller_than_a_window_is_refused(keras):
    _, network = network_of(keras, SMALL)
    with pytest.raises(InputError, match="31 × 40 pixels"):
        network.everywhere(pictures(31, 40, 3))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"window": 30}, "multiple of 4"),
        ({"window": 8, "pool": 4}, "too small"),
        ({"blocks": (1, 1)}, "3 stages have filters, 2 blocks"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(wrong, why):
    with pytest.raises(ValidationError, match=why):
        ResidualDesign(**SMALL.model_dump() | wrong)


def test_evaluating_it_needs_no_tensorflow():
    assert heavy_imports(residual.__name__) == []
