"""The two components by themselves: against scikit-learn, against known distributions, and from their stored arrays."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats
from sklearn.ensemble import ExtraTreesRegressor
from spectra_sklearn.extra_trees import ExtraTrees, ExtraTreesParameters
from spectra_sklearn.quantiles import Quantiles, QuantilesParameters

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.core.signals import Image, Peaks, Profile


class Examples:
    """Two smooth functions of five features, with noise."""

    sizes = (5,)

    def __init__(self, quantities=2):
        self.quantities = quantities
        self.validation = self.draw(np.random.default_rng(1))

    def draw(self, rng):
        features = rng.uniform(-1, 1, (400, 5)).astype(np.float32)
        targets = np.stack([features[:, 0] + features[:, 1] ** 2, np.sin(features[:, 2])], axis=1)[:, : self.quantities]
        return features, targets + rng.normal(0, 0.05, targets.shape)


@pytest.mark.parametrize("quantities", [1, 2])
def test_the_trees_answer_as_scikit_learn_does(quantities):
    data = Examples(quantities)
    parameters = ExtraTreesParameters(trees=20, leaf=3, copies=2)
    estimate = (
        ExtraTrees(parameters).fit(data, rng=np.random.default_rng(0), progress=Silent()).predict(data.validation[0])
    )

    rng = np.random.default_rng(0)
    features, targets = (np.concatenate(arrays) for arrays in zip(data.draw(rng), data.draw(rng), strict=True))
    theirs = ExtraTreesRegressor(20, min_samples_leaf=3, random_state=int(rng.integers(2**31)))
    expected = theirs.fit(features, np.squeeze(targets)).predict(data.validation[0]).reshape(-1, quantities)
    np.testing.assert_allclose(estimate.mean, expected, atol=1e-6)


def test_the_spreads_match_the_errors_on_spectra_that_were_not_seen():
    data = Examples()
    trees = ExtraTrees(ExtraTreesParameters(trees=50)).fit(data, rng=np.random.default_rng(0), progress=Silent())
    features, truth = data.draw(np.random.default_rng(2))
    estimate = trees.predict(features)
    assert np.all(np.abs(estimate.mean - truth).mean(axis=0) < 0.7 * np.abs(truth - truth.mean(axis=0)).mean(axis=0))
    np.testing.assert_allclose(estimate.calibration(truth), 1.0, atol=0.15)


def test_what_was_learned_travels_as_arrays_into_a_process_without_scikit_learn(tmp_path):
    data = Examples()
    trees = ExtraTrees(ExtraTreesParameters(trees=10)).fit(data, rng=np.random.default_rng(0), progress=Silent())
    shown = data.validation[0]
    np.savez(tmp_path / "state.npz", **trees.get_state())
    np.save(tmp_path / "features.npy", shown)
    code = (
        "import sys, numpy as np\n"
        "sys.modules['sklearn'] = None\n"
        "from spectra_sklearn.extra_trees import ExtraTrees, ExtraTreesParameters\n"
        "with np.load('state.npz') as state:\n"
        "    trees = ExtraTrees(ExtraTreesParameters()).set_state(dict(state))\n"
        "np.save('mean.npy', trees.predict(np.load('features.npy')).mean)\n"
    )
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "mean.npy"), trees.predict(shown).mean)


def test_quantiles_of_lines_are_those_of_hazen():
    lines = [np.array([1.0, 2.0, 4.0, 7.0, 7.5]), np.array([3.0, 9.0])]
    signal = Peaks.from_lists(lines, unit="MHz", window=(0.0, 10.0))
    encoder = Quantiles(QuantilesParameters(count=7)).fit(signal)
    features = encoder.encode(signal)
    for row, positions in zip(features, lines, strict=True):
        expected = np.quantile(positions, (np.arange(7) + 0.5) / 7, method="hazen") / 10
        np.testing.assert_allclose(row[:-1], expected, rtol=1e-6)
    np.testing.assert_allclose(features[:, -1], [5 / 3.5, 2 / 3.5], rtol=1e-6)


def test_quantiles_of_a_gaussian_profile_are_those_of_the_distribution():
    x = np.linspace(-8, 8, 4001)
    signal = Profile(x=x, y=2.0 + 3.0 * stats.norm(0.5, 0.7).pdf(x)[None], x_unit="mm", y_unit="1")
    features = Quantiles(QuantilesParameters(count=9)).fit(signal).encode(signal)
    expected = stats.norm(0.5, 0.7).ppf((np.arange(9) + 0.5) / 9)
    np.testing.assert_allclose(16 * features[0, :-1] - 8, expected, atol=1e-3)
    assert features[0, -1] == 1.0


def test_a_spectrum_without_a_line_has_features_too_and_the_state_restores_them():
    signal = Peaks.from_lists([[2.0, 3.0], []], unit="MHz", window=(1.0, 5.0))
    encoder = Quantiles(QuantilesParameters(count=3)).fit(signal)
    features = encoder.encode(signal)
    np.testing.assert_allclose(features[1], [0.5, 0.5, 0.5, 0.0])
    restored = Quantiles(QuantilesParameters(count=3)).set_state(encoder.get_state())
    np.testing.assert_array_equal(restored.encode(signal), features)


def test_images_are_refused():
    with pytest.raises(InputError, match="takes peaks or a profile, not a signal of kind 'image'"):
        Quantiles(QuantilesParameters()).fit(Image(pixels=np.zeros((1, 2, 2, 1), dtype=np.float32), unit="1"))
