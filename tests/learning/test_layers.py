"""Layers by NumPy against Keras' own, in one and in two dimensions."""

import numpy as np
import pytest

from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks import layers

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def keras():
    return load_keras(seed=0)


def both(function, layer, values):
    """Evaluate a layer of Keras with a random bias, and ours with its weights."""
    layer.build((None, *values.shape[1:]))
    layer.bias.assign(RNG.normal(size=layer.bias.shape))
    expected = np.asarray(layer(values))
    ours = function(values, layers.named(layers.stored({"it": layer}), "it"))
    assert ours.dtype == np.float32
    assert expected.std() > 0.1
    return ours, pytest.approx(expected, abs=1e-5)


def test_dense(keras):
    ours, expected = both(layers.dense, keras.layers.Dense(7), RNG.random((5, 11), dtype=np.float32))
    assert ours == expected


@pytest.mark.parametrize(("name", "shape", "kernel"), [("1D", (20, 3), 5), ("2D", (9, 8, 3), (3, 2))])
@pytest.mark.parametrize(
    ("kind", "function"), [("Conv", layers.convolution), ("Transposed", layers.transposed_convolution)]
)
def test_convolutions(keras, name, shape, kernel, kind, function):
    of_keras = f"Conv{name}" if kind == "Conv" else f"Conv{name}Transpose"
    values = RNG.random((4, *shape), dtype=np.float32)
    ours, expected = both(function, getattr(keras.layers, of_keras)(6, kernel), values)
    assert ours == expected


@pytest.mark.parametrize("shape", [(9, 8, 3), (10, 11, 3)])
@pytest.mark.parametrize("step", [2, 3])
def test_convolutions_in_steps(keras, shape, step):
    values = RNG.random((4, *shape), dtype=np.float32)
    layer = keras.layers.Conv2D(6, (3, 2), strides=step)
    ours, expected = both(lambda values, layer: layers.convolution(values, layer, step), layer, values)
    assert ours == expected


@pytest.mark.parametrize("activation", ["linear", "relu", "leaky_relu"])
def test_activations(keras, activation):
    values = np.linspace(-2, 2, 9, dtype=np.float32)
    slope = {"negative_slope": layers.SLOPE} if activation == "leaky_relu" else {}
    expected = getattr(keras.activations, activation)(values, **slope)
    assert layers.activated(values, activation) == pytest.approx(np.asarray(expected))


def test_numbered_layers_come_in_order_even_beyond_nine():
    weights = {f"{place}/{part}": np.array(place) for place in range(12) for part in ("kernel", "bias")}
    weights |= {"values/kernel": np.array(-1), "values/bias": np.array(-1)}
    assert [int(kernel) for kernel, _ in layers.numbered(weights)] == list(range(12))
