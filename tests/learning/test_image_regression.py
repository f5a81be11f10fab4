"""The network for pictures: NumPy against Keras, batches of any size, and pictures whose truth is known."""

import subprocess
import sys

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays
from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks import image_regression
from spectra.plugins.learning.networks.evaluation import evaluate_pictures
from spectra.plugins.learning.networks.image_regression import ImageRegression, ImageRegressionParameters, _Network

SIDE = 16
SMALL = {"channels": (8, 16), "hidden": (32,), "epochs": 60, "patience": 60, "learning_rate": 5e-3}


class Spots:
    """Bright discs at random places: radius and contrast, each from 0 to 1."""

    sizes = (SIDE**2,)
    shapes = ((SIDE, SIDE, 1),)

    def __init__(self, training=300, validation=100, test=150):
        rng = np.random.default_rng(0)
        targets = rng.random((training + validation + test, 2))
        radius, contrast = 1.5 + 2 * targets[:, 0], 0.5 + targets[:, 1]
        centre = rng.uniform(4, SIDE - 4, (len(targets), 2, 1, 1))
        rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
        distance = np.hypot(rows - centre[:, 0], columns - centre[:, 1])
        pictures = contrast[:, None, None] / (1 + np.exp(3 * (distance - radius[:, None, None])))
        pictures += rng.normal(0, 0.05, pictures.shape)
        features = pictures.reshape(len(targets), -1).astype(np.float32)
        self._features, self._targets = features[:training], targets[:training]
        self._unseen = features[training:][:validation], targets[training:][:validation]
        self.test = features[training + validation :], targets[training + validation :]
        self.largest = 0

    def __len__(self):
        return len(self._targets)

    def batches(self, rng, size):
        order = rng.permutation(len(self))
        for start in range(0, len(order), size):
            rows = np.sort(order[start : start + size])
            yield self._counted(self._features[rows], self._targets[rows])

    def validation_batches(self, size):
        features, targets = self._unseen
        for start in range(0, len(targets), size):
            yield self._counted(features[start : start + size], targets[start : start + size])

    def _counted(self, features, targets):
        self.largest = max(self.largest, len(features))
        return features, targets


def fitted(data, seed=1, **parameters):
    regressor = ImageRegression(ImageRegressionParameters(**SMALL | parameters))
    return regressor.fit(data, rng=np.random.default_rng(seed), progress=Silent())


@pytest.fixture(scope="module")
def spots():
    return Spots()


@pytest.fixture(scope="module")
def trained(spots):
    return fitted(spots)


@pytest.mark.parametrize("shape", [(20, 17, 3), (31, 32, 1)])
def test_numpy_evaluates_the_network_as_keras_does(shape):
    parameters = ImageRegressionParameters(channels=(8, 16, 32), hidden=(24, 12))
    network = _Network(load_keras(seed=3), parameters, shape, outputs=2)
    for variable in network.of_values + network.spreads.trainable_variables:  # biases are zero at the start
        variable.assign_add(0.05 * np.random.default_rng(1).normal(size=variable.shape))
    features = np.random.default_rng(2).normal(size=(40, *shape)).astype(np.float32)

    ours = evaluate_pictures(features, network.weights())

    vectors = network.vectors(features.reshape(40, -1))
    assert np.asarray(network.values(vectors)).std() > 1e-2
    assert ours.values == pytest.approx(np.asarray(network.values(vectors)), abs=1e-5)
    assert ours.log_spreads == pytest.approx(np.asarray(network.spreads(vectors)), abs=1e-5)


def test_it_finds_radius_and_contrast_wherever_the_disc_is_and_its_spreads_match_the_errors(spots, trained):
    features, truth = spots.test
    estimate = trained.predict(features)
    errors = estimate.mean - truth
    assert (np.sqrt(np.mean(errors**2, axis=0)) < 0.1).all()  # the mean has 0.29
    assert (np.abs(np.mean(np.abs(errors) < estimate.spread, axis=0) - 0.68) < 0.12).all()
    assert trained.get_state()["history/validation_loss"].shape == trained.history_["loss"].shape


def test_small_batches_train_as_well_and_never_more_is_asked_for_at_once(monkeypatch):
    monkeypatch.setattr(image_regression, "_NUMBERS", 70 * SIDE**2)
    data = Spots()
    features, truth = data.test
    estimate = fitted(data).predict(features)
    assert data.largest == 64  # two batches of 32
    assert (np.sqrt(np.mean((estimate.mean - truth) ** 2, axis=0)) < 0.1).all()


def test_the_same_seed_trains_the_same_network(spots):
    first, again, other = (fitted(spots, seed, epochs=2).weights_["values/kernel"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_was_learned_survives_a_file_and_predicts_without_tensorflow(spots, trained, tmp_path):
    features, _ = spots.test
    (tmp_path / "state.npz").write_bytes(pack_arrays(dict(trained.get_state())))
    np.save(tmp_path / "features.npy", features)
    code = f"""
import sys, numpy as np
from pathlib import Path
from spectra.core.basics.files import unpack_arrays
from spectra.plugins.learning.networks.image_regression import ImageRegression, ImageRegressionParameters
state = unpack_arrays(Path({str(tmp_path / "state.npz")!r}).read_bytes(), what="state")
regressor = ImageRegression(ImageRegressionParameters(channels=(8, 16), hidden=(32,))).set_state(state)
np.save({str(tmp_path / "mean.npy")!r}, regressor.predict(np.load({str(tmp_path / "features.npy")!r})).mean)
print("tensorflow" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert np.load(tmp_path / "mean.npy") == pytest.approx(trained.predict(features).mean, abs=1e-6)


class Shaped(Spots):
    def __init__(self, *shapes):
        self.shapes = shapes


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (Shaped((256,)), r"the features of one picture \(height, width, channels\), not \(256,\)"),
        (Shaped((16, 16, 1), (16, 16, 1)), "not .* and "),
        (Shaped((6, 40, 3)), r"2 convolutions of 3 pixels in steps of 2 need pictures of at least 7 × 7 .* 6 × 40"),
    ],
)
def test_what_is_no_picture_or_too_small_is_refused(data, sentence):
    with pytest.raises(InputError, match=sentence):
        fitted(data)
