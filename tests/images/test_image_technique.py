"""A technique for pictures out of shared components alone: from a micrograph to the share of its dark phase."""

from typing import Literal

import numpy as np
import pytest
from PIL import Image as Pillow

from spectra.core.basics.attachments import Attachment
from spectra.core.components import Component
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.inventory.catalogue import Entry
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Image
from spectra.core.technique import Design
from spectra.core.workflows.train import divide
from spectra.interactive.session import InteractiveSession
from spectra.plugins import SHARED
from spectra.plugins.learning.recorded_structures import structures_of
from spectra.registry.registry import Registry

# The technique


class MicrographSample(Sample):
    """A material, with a data set file of pictures of which the quantities were measured."""

    technique: Literal["micrographs"]
    data_set: Attachment

    def measured_part(self, signal):
        if not isinstance(signal, Image):
            raise InputError(f"The data set holds a {signal.kind}; this technique works on images.")
        return signal


class Micrographs:
    """Whatever a picture says: names, units and ranges of the quantities come with the data set."""

    sample_schema = MicrographSample
    readers = ("picture",)

    def quantities(self, sample):
        return structures_of(sample).quantities

    def recipes(self, sample):
        network = Recipe(
            forward_model=Choice(name="recorded-structures"),
            distortions=(Choice(name="turns"),),
            encoder=Choice(name="pixels"),
            regressor=Choice(name="image-regression"),
        )
        return {"default": network, "quick": network.model_copy(update={"regressor": Choice(name="ridge")})}

    def design(self, sample):
        file = structures_of(sample)
        return Design(points=np.arange(len(file.values), dtype=float)[:, None], groups=file.groups, notes=file.notes)

    def prepare(self, measurement, sample):
        if measurement.signal.kind != "image":
            raise InputError(f"{measurement.file.name} holds a {measurement.signal.kind}, not an image.")
        return measurement

    def derive(self, sample, refinement):
        return []

    def remarks(self, result):
        return []

    def draw(self, result, figure):
        figure.add_subplot().imshow(result.measurement.signal.pixels[0], cmap="gray")


# What it is tried on

SIDE, PICTURES = 32, 3
DARK = Quantity(name="dark", unit="%", description="share of the dark phase", lower=0, upper=60)


def micrographs(specimens, seed):
    """Return pictures (n, side, side, 1), the dark share of each in %, and which specimen it shows.

    Dark round grains on a bright matrix; pictures of one specimen have grain size and exposure in common.
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    pictures, shares = [], []
    for _ in range(specimens):
        count, radius, exposure = rng.integers(2, 20), rng.uniform(2, 4), rng.normal(1, 0.02)
        for _ in range(PICTURES):
            centres = rng.uniform(0, SIDE, (count, 2, 1, 1))
            dark = (np.hypot(rows - centres[:, 0], columns - centres[:, 1]) < radius).any(axis=0)
            shades = exposure * np.where(dark, 90, 170) + rng.normal(0, 12, dark.shape)
            pictures.append(np.clip(shades, 0, 255).astype(np.uint8))
            shares.append(100 * dark.mean())
    return np.stack(pictures)[..., None], np.array(shares), np.repeat(np.arange(specimens), PICTURES)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    catalogue = load_plugins(SHARED, {}).catalogue
    component = Component(name="micrographs", summary="What pictures say", factory=Micrographs, takes=("image",))
    catalogue.add([Entry(kind="technique", plugin="micrographs", source="these tests", component=component)])
    with InteractiveSession(
        Registry.open(tmp_path_factory.mktemp("home")), catalogue, progress=Silent(), jobs=1
    ) as session:
        yield session


@pytest.fixture(scope="module")
def sample():
    pictures, shares, groups = micrographs(specimens=100, seed=0)
    file = DataSetFile(
        quantities=(DARK,),
        values=shares[:, None],
        signal=Image(pixels=pictures, unit="1"),
        points=None,
        groups=groups,
        recipe={},
        notes=(),
        environment={},
    )
    attached = Attachment(name="micrographs.npz", content=file.to_bytes())
    return {"name": "two-phase steel", "technique": "micrographs", "data_set": attached}


@pytest.mark.parametrize(
    ("recipe", "components", "rmse"),
    [
        pytest.param("default", {}, 3.0, marks=pytest.mark.slow),
        ("quick", {}, 5.0),
        ("quick", {"regressor": "gaussian-process"}, 5.0),
    ],
)
def test_pictures_of_new_specimens_give_their_dark_share_within_the_error_bars(
    session, sample, tmp_path, recipe, components, rmse
):
    pictures, shares, _ = micrographs(specimens=2, seed=1)
    errors, stds = [], []
    for number, (picture, share) in enumerate(zip(pictures, shares, strict=True)):
        path = tmp_path / f"{number}.png"
        Pillow.fromarray(picture[..., 0]).save(path)
        answer = session.analyze(path, sample=sample, recipe=recipe, components=components)
        (dark,) = answer.quantities.itertuples()
        assert (dark.Index, dark.unit) == ("dark", "%")
        errors.append(dark.value - share)
        stds.append(dark.std)
    assert np.abs(errors) == pytest.approx(0, abs=3 * max(stds))
    assert np.sqrt(np.mean(np.square(errors))) < rmse  # the shares of all differ by 13
    assert max(stds) < rmse


def test_pictures_of_one_specimen_stay_together(session, sample):
    shares = divide(session.simulate(sample=sample).data, seed=0)
    assert [len(set(share.groups)) for share in shares] == [70, 15, 15]
    assert [len(share) for share in shares] == [210, 45, 45]


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (np.zeros((40, 32), dtype=np.uint8), "40 × 32 pixels .* trained on pictures of 32 × 32"),
        (np.random.default_rng(0).integers(0, 255, (32, 32, 3), dtype=np.uint8), "3 channels"),
    ],
)
def test_other_pictures_are_refused(session, sample, tmp_path, picture, sentence):
    Pillow.fromarray(picture).save(tmp_path / "other.png")
    with pytest.raises(InputError, match=sentence):
        session.analyze(tmp_path / "other.png", sample=sample, recipe="quick")
    if picture.ndim == 2:  # a region of the right size
        session.analyze(tmp_path / "other.png", sample=sample, recipe="quick", reading={"region": [0, 4, 32, 32]})
