"""The four designs: what NumPy evaluates, what bounds them, and profiles of known truth."""

import subprocess
import sys

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.autoencoders import Design, Networks, suggested_latent
from spectra.plugins.learning.networks.convolutional import (
    Hybrid,
    HybridParameters,
    Multimodal,
    MultimodalParameters,
    ReconstructionFocused,
    ReconstructionParameters,
    RegressionFocused,
    RegressionParameters,
)
from spectra.plugins.learning.networks.evaluation import evaluate, reconstruct
from spectra.plugins.learning.ridge import Ridge
from tests.learning.synthetic import Examples

SMALL = {"latent": 4, "channels": (2, 4), "hidden": (32, 32), "dropout": 0.0, "learning_rate": 3e-3, "epochs": 120}


def fitted(regressor, data, seed=1):
    return regressor.fit(data, rng=np.random.default_rng(seed), progress=Silent())


def rms(errors):
    return np.sqrt(np.mean(errors**2, axis=0))


@pytest.fixture(scope="module")
def trained():
    """Return each design with the data that it was trained on."""
    designs = {
        "reconstruction": ReconstructionFocused(ReconstructionParameters(**SMALL, autoencoder_epochs=60)),
        "regression": RegressionFocused(RegressionParameters(**SMALL)),
        "hybrid": Hybrid(HybridParameters(**SMALL)),
        "multimodal": Multimodal(MultimodalParameters(**SMALL)),
    }
    data = {name: Examples(copies=2 if name == "multimodal" else 1) for name in designs}
    return {name: (fitted(design, data[name]), data[name]) for name, design in designs.items()}


# Architecture


def test_150_bins_give_the_papers_2208_values_and_layers():
    networks = Networks(load_keras(seed=0), Design(), sizes=[150], latents=[30], outputs=7)
    shapes = {name: array.shape for name, array in networks.weights(decoders=False).items() if name.endswith("kernel")}
    assert [shapes[f"encoder0/{place}/kernel"] for place in range(4)] == [(5, 1, 4), (5, 4, 8), (5, 8, 16), (2208, 30)]
    assert [shapes[f"regressor/{place}/kernel"] for place in range(4)] == [(30, 64)] + [(64, 64)] * 3
    assert shapes["regressor/values/kernel"] == shapes["regressor/spreads/kernel"] == (64, 7)
    (decoder,) = networks.decoders
    assert [weight.shape for weight in decoder.weights[::2]] == [(30, 2208), (5, 8, 16), (5, 4, 8), (5, 1, 4)]


@pytest.mark.parametrize("activation", ["linear", "relu", "leaky_relu"])
def test_numpy_evaluates_the_network_as_keras_does(activation):
    design = Design(activation=activation)
    networks = Networks(load_keras(seed=3), design, sizes=[150, 40], latents=[30, 5], outputs=7)
    for variable in (
        networks.of_autoencoders + networks.of_regressor + networks.spreads.trainable_variables
    ):  # biases are zero at the start
        variable.assign_add(0.05 * np.random.default_rng(1).normal(size=variable.shape))
    features = np.random.default_rng(2).random((300, 190), dtype=np.float32)

    ours = evaluate(features, networks.weights(decoders=True), networks.sizes, activation)

    latents = np.concatenate([np.asarray(part) for part in networks.latent(features)], axis=1)
    values, log_spreads = networks.regress(latents, training=False)
    assert np.asarray(values).std() > 1e-2
    assert ours.values == pytest.approx(np.asarray(values), abs=1e-5)
    assert ours.log_spreads == pytest.approx(np.asarray(log_spreads), abs=1e-5)

    again = reconstruct(features, networks.weights(decoders=True), networks.sizes, activation)
    decoded = [decoder(part) for decoder, part in zip(networks.decoders, networks.latent(features), strict=True)]
    assert again.shape == features.shape
    assert again == pytest.approx(np.concatenate(decoded, axis=1), abs=1e-5)


def test_profiles_too_short_for_the_convolutions_are_refused():
    with pytest.raises(InputError, match="3 convolutions of 5 bins need profiles of at least 13 bins, not 12"):
        Networks(load_keras(seed=0), Design(), sizes=[12], latents=[3], outputs=2)


# Reconstruction


class ThreeDirections:
    """Noisy mixtures of three shapes; what is validated is what was trained on."""

    def __init__(self):
        rng = np.random.default_rng(0)
        shapes = np.sin(np.arange(1, 4)[:, None] * np.linspace(0, np.pi, 24))
        features = 0.5 + rng.normal(size=(256, 3)) @ shapes + 0.3 * rng.normal(size=(256, 24))
        self.features = features.astype(np.float32)
        self.sizes = (24,)
        self.validation = self.features, rng.random((256, 1))

    def ideal(self):
        return self.validation

    def draw(self, rng):
        return self.validation


def test_principal_components_bound_the_linear_autoencoder_and_training_comes_close():
    data = ThreeDirections()
    parameters = ReconstructionParameters(
        latent=3, epochs=1, autoencoder_epochs=80, autoencoder_learning_rate=5e-3, batch=32, activation="linear"
    )
    losses = fitted(ReconstructionFocused(parameters), data).history_["validation_reconstruction"]

    centred = data.features - data.features.mean(axis=0)
    singular = np.linalg.svd(centred, compute_uv=False)
    bound = (singular[3:] ** 2).sum() / centred.size
    assert np.all(losses > bound)
    assert losses.min() < 1.15 * bound


def test_a_trained_autoencoder_reconstructs_what_it_knows_and_not_what_it_does_not(trained):
    for name in ("reconstruction", "hybrid", "multimodal"):
        regressor, data = trained[name]
        features, _ = data.test
        again = regressor.reconstruct(features)
        assert again.shape == features.shape
        assert again.dtype == np.float32
        known = rms(again - features).mean()
        assert known < 0.5 * rms(features - features.mean(axis=0)).mean()
        steps = np.tile(np.float32([0, 1] * 5), features.shape[1] // 10)[None]
        assert rms((regressor.reconstruct(steps) - steps)[0]) > 3 * known


def test_of_the_regression_design_no_decoder_is_kept(trained):
    regressor, _ = trained["regression"]
    assert not hasattr(regressor, "reconstruct")
    assert not any(name.startswith("weights/decoder") for name in regressor.get_state())


def test_a_model_of_the_time_before_decoders_were_kept_predicts_and_says_that_it_cannot_reconstruct(trained):
    regressor, data = trained["hybrid"]
    features, _ = data.test
    old = {name: array for name, array in regressor.get_state().items() if "decoder" not in name}
    assert len(old) < len(regressor.get_state())
    restored = Hybrid(regressor.parameters).set_state(old)
    assert np.array_equal(restored.predict(features).mean, regressor.predict(features).mean)
    with pytest.raises(InputError, match="cannot reconstruct") as caught:
        restored.reconstruct(features)
    assert "Train it again" in caught.value.hint


def test_the_latent_size_suggested_is_the_number_of_components_that_hold_98_percent():
    assert suggested_latent(ThreeDirections().features) > 3
    exact = np.random.default_rng(0).normal(size=(50, 3)) @ np.random.default_rng(1).normal(size=(3, 24))
    assert suggested_latent(exact.astype(np.float32)) == 3
    assert suggested_latent(np.ones((10, 24), dtype=np.float32)) == 1


# Regression


@pytest.mark.parametrize("name", ["reconstruction", "regression", "hybrid", "multimodal"])
def test_each_design_finds_place_and_width_and_its_spreads_cover(trained, name):
    regressor, data = trained[name]
    features, truth = data.test
    estimate = regressor.predict(features)
    assert np.all(rms(estimate.mean - truth) < 0.35 * truth.std(axis=0))
    errors = np.abs(estimate.mean - truth) / estimate.spread
    assert np.all(np.mean(errors < 1, axis=0) > 0.55)
    assert np.all(np.mean(errors < 2, axis=0) > 0.88)


class Blurred(Examples):
    """Places that are known the worse the wider the line is: with an error of 0.01 to 0.2."""

    def __init__(self):
        super().__init__(training=800, validation=200, test=400)
        rng = np.random.default_rng(5)
        self._training, self.validation, self.test = (
            (features, places + (0.01 + 0.19 * widths) * rng.normal(size=places.shape))
            for features, (places, widths) in (
                (features, np.hsplit(targets, 2)) for features, targets in (self._training, self.validation, self.test)
            )
        )
        self.widths = Examples(training=800, validation=200, test=400).test[1][:, 1]


def test_the_spread_is_larger_where_the_answer_is_less_certain():
    data = Blurred()
    features, truth = data.test
    estimate = fitted(RegressionFocused(RegressionParameters(**SMALL | {"epochs": 60})), data).predict(features)
    errors, spreads = estimate.mean[:, 0] - truth[:, 0], estimate.spread[:, 0]
    wide, narrow = data.widths > 0.7, data.widths < 0.3
    assert rms(spreads[wide]) > 2 * rms(spreads[narrow])
    common = rms(errors)  # what a single spread for all could be at best
    assert np.mean(0.5 * (errors / spreads) ** 2 + np.log(spreads)) < 0.5 + np.log(common) - 0.15


def test_the_hybrid_comes_near_ridge(trained):
    regressor, data = trained["hybrid"]
    features, truth = data.test
    ridge = fitted(Ridge(NoParameters()), data)
    ours, plain = (rms(r.predict(features).mean - truth).mean() for r in (regressor, ridge))
    assert ours < 1.2 * plain


@pytest.mark.parametrize("name", ["reconstruction", "regression", "hybrid", "multimodal"])
def test_a_restored_model_predicts_alike_from_a_file_without_pickle(trained, name):
    regressor, data = trained[name]
    features, _ = data.test
    state = unpack_arrays(pack_arrays(regressor.get_state()), what="state")
    restored = type(regressor)(regressor.parameters).set_state(state)
    assert np.array_equal(restored.predict(features).mean, regressor.predict(features).mean)
    assert np.array_equal(restored.predict(features).spread, regressor.predict(features).spread)
    assert restored.history_.keys() == regressor.history_.keys()
    if name != "regression":
        assert np.array_equal(restored.reconstruct(features), regressor.reconstruct(features))


@pytest.mark.parametrize("activation", ["linear", pytest.param("leaky_relu", marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same_network(activation):
    data = Examples(training=64, validation=20, test=1)
    parameters = HybridParameters(**SMALL | {"epochs": 2, "dropout": 0.2, "activation": activation})
    first, again, other = (fitted(Hybrid(parameters), data, seed).weights_ for seed in (1, 1, 2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["encoder0/0/kernel"], other["encoder0/0/kernel"])


class Misleading(Examples):
    """The truth of the validation set lies where training moves away from."""

    def __init__(self):
        super().__init__(training=64, validation=20, test=1)
        features, targets = self.validation
        self.validation = features, targets - 1000.0
        self._training = self._training[0], self._training[1] + 1.0


def test_training_stops_without_progress_on_validation_and_keeps_the_best():
    parameters = RegressionParameters(**SMALL | {"patience": 3, "epochs": 50})
    regressor = fitted(RegressionFocused(parameters), data := Misleading())
    losses = regressor.history_["validation_loss"]
    assert len(losses) == losses.argmin() + 1 + 3
    features, targets = data.validation
    assert np.mean((regressor.predict(features).mean - targets) ** 2) == pytest.approx(losses.min(), rel=1e-5)


def test_multimodal_wants_as_many_parts_as_it_has_scales():
    with pytest.raises(InputError, match="has scales for 2 parts; the encoder gives features of 1"):
        fitted(Multimodal(MultimodalParameters(**SMALL)), Examples(training=20, validation=5, test=1))


def test_a_prediction_needs_no_tensorflow(trained, tmp_path):
    regressor, data = trained["hybrid"]
    features, _ = data.test
    path = tmp_path / "state.npz"
    path.write_bytes(pack_arrays({**regressor.get_state(), "features": features}))
    script = f"""
import sys
import subprocess
import sys

import numpy as np
from spectra.plugins.learning.networks.convolutional import Hybrid, HybridParameters
with np.load({str(path)!r}) as state:
    estimate = Hybrid(HybridParameters(activation="linear")).set_state(state).predict(state["features"])
assert not {{"tensorflow", "keras"}} & sys.modules.keys()
print(estimate.mean.sum())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(regressor.predict(features).mean.sum(), rel=1e-6)
