"""From a picture to a map: a known field comes back at the scale of the training, with its mean and what is unlike."""

import numpy as np
import pytest
from PIL import Image as Pillow

from spectra.core.basics.attachments import Attachment
from spectra.core.components import Component
from spectra.core.errors import InputError, NotFoundError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.inventory.catalogue import Entry
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.core.quantities import Quantity
from spectra.core.signals import Places
from spectra.core.store import MAP
from spectra.interactive.session import InteractiveSession
from spectra.plugins import SHARED
from spectra.plugins.indenter.sample import IndenterSample
from spectra.plugins.indenter.sliding.task import compare_windows
from spectra.plugins.indenter.technique import Indenter
from spectra.registry.registry import Registry

HARDNESS = Quantity(name="hardness", unit="GPa", description="of nanoindents", lower=2.0, upper=5.0)
SIDE = 60


class Shade:
    """The grey value at each place, and that is all."""

    def __init__(self, parameters):
        self.parameters = parameters

    def fit(self, signal):
        return self

    def encode(self, signal):
        if not isinstance(signal, Places):
            raise InputError(f"The encoder 'shade' takes places, not {signal.kind}.")
        return signal.pictures[tuple(signal.places.T)].astype(np.float32) / 255

    def get_state(self):
        return {}

    def set_state(self, state):
        return self


def hardness(picture):
    """Return the truth: what is bright is hard."""
    return 2.5 + 2.0 * picture[..., 0] / 255


def grains(seed, height=SIDE, width=SIDE):
    """Return a picture of grains, each of one shade (height, width, 1), and the grain of each pixel."""
    rng = np.random.default_rng(seed)
    seeds = rng.uniform(0, 1, (40, 2, 1, 1)) * [[[height]], [[width]]]
    rows, columns = np.mgrid[0:height, 0:width]
    numbers = np.argmin((rows - seeds[:, 0]) ** 2 + (columns - seeds[:, 1]) ** 2, axis=0)
    return rng.integers(0, 256, 40, dtype=np.uint8)[numbers][..., None], numbers


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    catalogue = load_plugins((*SHARED, "spectra.plugins.indenter.plugin"), {}).catalogue
    component = Component(name="shade", summary="Shade at the place", factory=Shade, takes=("places",))
    catalogue.add([Entry(kind="encoder", plugin="shades", source="these tests", component=component)])
    with InteractiveSession(
        Registry.open(tmp_path_factory.mktemp("home")), catalogue, progress=Silent(), jobs=1
    ) as session:
        yield session


@pytest.fixture(scope="module")
def sample():
    picture, numbers = grains(seed=0)
    rows, columns = np.mgrid[0:SIDE:2, 0:SIDE:2].reshape(2, -1)
    rng = np.random.default_rng(1)
    file = DataSetFile(
        quantities=(HARDNESS,),
        values=hardness(picture)[rows, columns][:, None] + rng.normal(0, 0.1, (len(rows), 1)),
        signal=Places(
            pictures=picture[None],
            places=np.column_stack([0 * rows, rows, columns]).astype(np.int32),
            unit="1",
            um_per_pixel=2.0,
        ),
        points=None,
        groups=numbers[rows, columns],
        recipe={},
        notes=(),
        environment={},
    )
    attached = Attachment(name="grains.npz", content=file.to_bytes())
    return {"name": "shaded", "technique": "indenter", "data_set": attached}


def analyze(session, sample, path, **reading):
    return session.analyze(path, sample=sample, components={"encoder": "shade"}, reading=reading)


def test_another_picture_is_mapped_with_its_mean_and_errors(session, sample, tmp_path):
    picture, _ = grains(seed=5, height=50, width=80)
    Pillow.fromarray(picture[..., 0]).save(tmp_path / "other.png")
    answer = analyze(session, sample, tmp_path / "other.png", um_per_pixel=2.0)
    field = answer.result.map
    assert field.mean.shape == (50, 80, 1)
    assert (field.names, field.units, field.um_per_step) == (("hardness",), ("GPa",), 2.0)
    truth = hardness(picture)
    assert np.abs(field.mean[..., 0] - truth).max() < 0.05  # ridge on 900 places with errors of 0.1
    assert field.spread.mean() == pytest.approx(0.1, rel=0.2)
    value, std = answer.quantities.loc["hardness", ["value", "std"]]
    assert abs(value - truth.mean()) < 3 * std
    assert 0.005 < std < 0.05  # of 4000 places in some tens of pieces, where one has 0.1
    assert answer.verdict.trusted
    (kept,) = [file for file in answer.prediction.files if file.name == MAP]
    stored = type(field).from_bytes(session.registry.read_artefact(kept.artefact))
    assert np.array_equal(stored.mean, field.mean)


def test_finer_pixels_are_brought_to_the_scale_of_the_training(session, sample, tmp_path):
    picture, _ = grains(seed=5, height=50, width=80)
    Pillow.fromarray(picture[..., 0].repeat(2, axis=0).repeat(2, axis=1)).save(tmp_path / "finer.png")
    Pillow.fromarray(picture[..., 0]).save(tmp_path / "other.png")
    finer = analyze(session, sample, tmp_path / "finer.png", um_per_pixel=1.0)
    same = analyze(session, sample, tmp_path / "other.png", um_per_pixel=2.0)
    assert np.array_equal(finer.result.map.mean, same.result.map.mean)
    assert "from 160 × 100 pixels of 1 µm to 80 × 50 of 2 µm" in finer.notes[0]


def test_a_picture_unlike_the_training_is_doubted(session, sample, tmp_path):
    dark = dict(sample, name="dark")
    file = DataSetFile.from_bytes(sample["data_set"].content)
    rows = np.flatnonzero(file.signal.pictures[tuple(file.signal.places.T)][:, 0] < 128)  # learn of dark grains only
    learned = DataSetFile(
        quantities=file.quantities,
        values=file.values[rows],
        signal=Places(**{**vars(file.signal), "places": file.signal.places[rows]}),
        points=None,
        groups=file.groups[rows],
        recipe={},
        notes=(),
        environment={},
    )
    dark["data_set"] = Attachment(name="dark.npz", content=learned.to_bytes())
    Pillow.fromarray(np.linspace(60, 255, 3600).reshape(60, 60).astype(np.uint8)).save(tmp_path / "bright.png")
    answer = analyze(session, dark, tmp_path / "bright.png", um_per_pixel=2.0)
    assert answer.verdict.word == "doubtful"
    assert "% of the picture is unlike all that the model has learned from" in answer.verdict.reasons[0]
    assert answer.result.map.novelty[0, 0] < 1 < answer.result.map.novelty[-1, -1]


@pytest.mark.parametrize(
    ("picture", "reading", "sentence"),
    [
        (np.full((9, 9, 3), [1, 2, 3]), {"um_per_pixel": 2.0}, "holds colours; .* shades of grey"),
        (np.zeros((9, 9), np.uint8), {}, "Nobody knows the size of a pixel of other.png"),
        (np.zeros((9, 9), np.uint8), {"um_per_pixel": 5.0}, "A pixel of other.png measures 5 µm"),
        (np.zeros((9, 9), np.uint8), {"um_per_pixel": 0.1}, "less than one pixel of 2 µm"),
    ],
)
def test_what_does_not_suit_the_training_is_refused(session, sample, tmp_path, picture, reading, sentence):
    Pillow.fromarray(picture.astype(np.uint8)).save(tmp_path / "other.png")
    with pytest.raises(InputError, match=sentence):
        analyze(session, sample, tmp_path / "other.png", **reading)


@pytest.mark.parametrize(("split", "groups"), [("grains", 40), ("blocks", 20), ("specimen", 1), ("random", 40)])
def test_groups_are_what_the_sample_says(sample, split, groups):
    design = Indenter().design(IndenterSample(**sample, split=split))
    assert len(design.points) == 900
    assert len(set(design.groups)) == groups  # also at random, where the leak is only shown


def test_windows_of_their_own_give_the_answers_of_one_pass(session, sample, tmp_path):
    picture, _ = grains(seed=5, height=50, width=80)
    Pillow.fromarray(picture[..., 0]).save(tmp_path / "other.png")
    model = session.train(sample, recipe="quick").record
    found = compare_windows(
        session._session("compare"), model.id, tmp_path / "other.png", every=9, reading={"um_per_pixel": 2.0}
    )
    assert (len(found.windows), found.total) == (6 * 9, 4000)
    assert np.ptp(found.whole) > 0.5
    assert found.largest[0] < 1e-4  # of features in single precision, whose ridge coefficients are large


def test_windows_of_other_models_are_refused(session, sample, tmp_path):
    with pytest.raises(NotFoundError, match="no model"):
        compare_windows(session._session("compare"), "zzz", tmp_path / "other.png", every=9)
