"""Features of a network of the user's: found by content, computed as Keras computes them, and no code out of files."""

import io
import json
import zipfile

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Image, Peaks
from spectra.plugins.images.features.keras_files import checked_archive
from spectra.plugins.images.features.network import NetworkFeatures, NetworkFeaturesParameters
from spectra.plugins.images.features.tables import picture_digest

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 40, 50, 1), dtype=np.uint8)
IMAGE = Image(pixels=PICTURES, unit="1")
ROWS = np.arange(6.0).reshape(3, 2)


def encoder(file, **parameters):
    return NetworkFeatures(NetworkFeaturesParameters(file=str(file), **parameters))


def table(path, **arrays):
    np.savez(path, **arrays)
    return f"npy:{path}"


def archive(path, configuration, **members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        files = {"metadata.json": "{}", "config.json": json.dumps(configuration), "model.weights.h5": ""}
        for name, text in (files | members).items():
            file.writestr(name, text)
    path.write_bytes(content.getvalue())
    return f"keras:{path}"


@pytest.fixture
def known(tmp_path):
    return table(tmp_path / "t.npz", digests=[picture_digest(one) for one in PICTURES], features=ROWS)


def test_a_table_is_searched_by_content(known):
    fitted = encoder(known).fit(IMAGE)
    turned = Image(pixels=PICTURES[[2, 0]], unit="1")
    assert np.array_equal(fitted.encode(turned), ROWS[[2, 0]])
    with pytest.raises(InputError, match=r"table of 3 features has none of the picture sha256:"):
        fitted.encode(Image(pixels=PICTURES + 1, unit="1"))


def test_the_table_travels_in_the_state(known, tmp_path):
    fitted = encoder(known).fit(IMAGE)
    (tmp_path / "t.npz").unlink()
    assert np.array_equal(encoder(known).set_state(fitted.get_state()).encode(IMAGE), ROWS)


def test_a_digest_is_of_values_shape_and_type():
    digests = {
        picture_digest(one)
        for one in (PICTURES[0], PICTURES[0].reshape(50, 40, 1), PICTURES[0].astype(np.float32), PICTURES[0] + 1)
    }
    assert len(digests) == 4
    assert picture_digest(PICTURES[0][::-1][::-1]) == picture_digest(PICTURES[0])
    singles = PICTURES[0].astype(np.float32)
    assert picture_digest(singles.astype(">f4")) == picture_digest(singles)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"features": ROWS}, "lacks digests; it has features"),
        ({"digests": ["a"], "features": ROWS}, r"features of shape \(3, 2\) and digests of shape \(1,\)"),
        ({"digests": ["a", "b", "c"], "features": np.full((3, 2), np.nan)}, "not finite"),
        ({"digests": [1, 2, 3], "features": ROWS}, "digests text"),
        ({"digests": ["a", "b", "c"], "features": np.array([{}] * 6).reshape(3, 2)}, "not an array archive"),
    ],
)
def test_other_tables_are_refused(tmp_path, arrays, sentence):
    with pytest.raises(InputError, match=sentence):
        encoder(table(tmp_path / "t.npz", **arrays)).fit(IMAGE)


def test_without_a_file_the_sentence_says_how_to_give_one(tmp_path):
    with pytest.raises(InputError, match=r"needs a file.*file=keras:"):
        NetworkFeatures(NetworkFeaturesParameters()).fit(IMAGE)
    with pytest.raises(InputError, match="There is no file of the network"):
        encoder(f"npy:{tmp_path / 'none.npz'}").fit(IMAGE)
    with pytest.raises(InputError, match="takes images"):
        encoder("npy:t.npz").fit(Peaks(positions=np.array([[1.0]]), unit="MHz", window=(0, 2)))


def layer(module, name, **more):
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"layers": [{"module": module, "class_name": name, "config": {}, "registered_name": None, **more}]},
    }


@pytest.mark.parametrize(
    "configuration",
    [
        layer("keras.layers", "Lambda"),
        layer("keras.layers", "TFSMLayer"),
        layer("keras.layers", "StringLookup"),
        layer("keras.layers", "Dense", registered_name="mine>Dense"),
        layer("keras.utils", "function", config="get_file"),
        layer("builtins", "function", config="exec"),
        layer("os", "Dense"),
        layer(None, "__lambda__"),
        layer("keras.layers", "Dense", config={"activation": {"module": "os", "class_name": "function"}}),
    ],
)
def test_what_could_run_code_is_refused_before_keras_sees_it(tmp_path, configuration):
    with pytest.raises(InputError, match="no ordinary layer"):
        encoder(archive(tmp_path / "n.keras", configuration)).fit(IMAGE)


def test_other_files_are_no_networks(tmp_path):
    with pytest.raises(InputError, match=r"no \.keras file.*model\.save"):
        checked_archive(b"\x89HDF")
    with pytest.raises(InputError, match=r"it holds assets/x, config\.json"):
        encoder(archive(tmp_path / "n.keras", layer("keras.layers", "Dense"), **{"assets/x": "y"})).fit(IMAGE)
    with pytest.raises(InputError, match="more than 2 GB"):
        encoder(archive(tmp_path / "n.keras", {}, **{"metadata.json": "0" * 20_000_001})).fit(IMAGE)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_keras_network_answers_as_keras_does(tmp_path):
    from spectra.plugins.learning.keras_loading import load_keras

    keras = load_keras(seed=1)
    layers = keras.layers
    given = keras.Input((40, 50, 3))
    first = layers.Conv2D(4, 3, activation="relu", name="first")(layers.Rescaling(0.5)(given))
    last = layers.Dense(2, kernel_regularizer="l2")(layers.GlobalMaxPooling2D()(layers.BatchNormalization()(first)))
    model = keras.Model(given, last)
    model.save(tmp_path / "n.keras")
    shown = np.repeat(PICTURES, 3, axis=3).astype(np.float32) / 255
    fitted = encoder(f"keras:{tmp_path / 'n.keras'}").fit(IMAGE)
    assert fitted.encode(IMAGE) == pytest.approx(np.asarray(model(shown)), abs=1e-5)
    assert fitted.encode(Image(pixels=PICTURES[1:2], unit="1")) == pytest.approx(fitted.encode(IMAGE)[1:2], abs=1e-5)
    restored = encoder(f"keras:{tmp_path / 'n.keras'}").set_state(fitted.get_state())
    assert restored.encode(IMAGE) == pytest.approx(fitted.encode(IMAGE))
    means = np.asarray(keras.Model(given, first)(255 * shown)).mean(axis=(1, 2))
    named = encoder(f"keras:{tmp_path / 'n.keras'}", layer="first", shades=(0, 255)).fit(IMAGE)
    assert named.encode(IMAGE) == pytest.approx(means, rel=1e-4)
    larger = Image(pixels=np.kron(PICTURES, np.ones((1, 2, 2, 1), dtype=np.uint8)), unit="1")
    assert named.encode(larger) == pytest.approx(means, rel=1e-4)
    with pytest.raises(InputError, match=r"no layer 'other'.*first"):
        encoder(f"keras:{tmp_path / 'n.keras'}", layer="other").fit(IMAGE).encode(IMAGE)
    with pytest.raises(InputError, match="gaps"):
        fitted.encode(Image(pixels=np.full((1, 40, 50, 1), np.nan, dtype=np.float32), unit="1"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_network_without_pictures_or_with_lambdas_is_refused(tmp_path):
    from spectra.plugins.learning.keras_loading import load_keras

    keras = load_keras(seed=1)
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(tmp_path / "flat.keras")
    with pytest.raises(InputError, match=r"input has shape \(None, 4\)"):
        encoder(f"keras:{tmp_path / 'flat.keras'}").fit(IMAGE).encode(IMAGE)
    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Lambda(lambda x: x)]).save(tmp_path / "code.keras")
    with pytest.raises(InputError, match=r"keras\.layers\.Lambda"):
        encoder(f"keras:{tmp_path / 'code.keras'}").fit(IMAGE)
