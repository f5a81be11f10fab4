"""The generator as a forward model, and the technique that learns from it."""

import numpy as np
import pytest

from spectra.core.basics.verdict import REFUSED
from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.samples import Sample
from spectra.core.signals import take
from spectra.plugins.images.symmetry.generator.forward import PlaneGroupPictures
from spectra.plugins.images.symmetry.generator.sample import SymmetrySample
from spectra.plugins.images.symmetry.technique import SymmetryTechnique

SAMPLE = SymmetrySample(name="some", technique="symmetry", groups=("p2", "p4gm", "p6mm"), pictures=4, noise=0.1)


def test_quantities_say_which_group_a_picture_has():
    technique = SymmetryTechnique()
    points = technique.design(SAMPLE).points
    values, signal = PlaneGroupPictures(SAMPLE, NoParameters()).generate(points)
    assert [quantity.name for quantity in technique.quantities(SAMPLE)] == ["p2", "p4gm", "p6mm"]
    assert values.sum(axis=0).tolist() == [4, 4, 4]
    assert values.sum(axis=1).tolist() == [1] * 12
    assert signal.pixels.shape == (12, 64, 64, 1)
    assert (signal.pixels.min(), signal.pixels.max()) == (0, 1)


def test_a_picture_depends_on_its_own_point_alone():
    points = SymmetryTechnique().design(SAMPLE).points
    model = PlaneGroupPictures(SAMPLE, NoParameters())
    values, signal = model.generate(points)
    few, shown = model.generate(points[5:7])
    assert np.array_equal(few, values[5:7])
    assert np.array_equal(shown.pixels, take(signal, slice(5, 7)).pixels)
    other = SAMPLE.model_copy(update={"seed": 1})
    assert not np.array_equal(
        PlaneGroupPictures(other, NoParameters()).generate(points[:1])[1].pixels[0], signal.pixels[0]
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"groups": ["p1", "p5"]}, "none of the 17 plane groups"),
        ({"groups": ["p1", "p1"]}, "listed twice"),
        ({"side": 8}, "greater than or equal to 32"),
        ({"motif": "photos"}, "fourier"),
    ],
)
def test_samples_that_cannot_be_are_refused_in_words(fields, said):
    with pytest.raises(ValueError, match=said):
        SymmetrySample.model_validate({"name": "x", "technique": "symmetry", **fields})


def test_another_sample_is_refused():
    with pytest.raises(InputError, match="is a sample for 'rus'"):
        PlaneGroupPictures(Sample(name="x", technique="rus"), NoParameters())


def test_a_picture_is_analyzed_on_record_from_end_to_end(tmp_path):
    """The command line's own path: generate, learn from the nearest pictures, analyze; noise is refused."""
    import yaml
    from PIL import Image

    import spectra

    sample = tmp_path / "three.yaml"
    sample.write_text(yaml.safe_dump(SAMPLE.document() | {"pictures": 12}))
    unseen = PlaneGroupPictures(SAMPLE.model_copy(update={"seed": 9}), NoParameters()).generate(np.array([[12.0, 0.0]]))
    Image.fromarray((255 * unseen[1].pixels[0, ..., 0]).astype(np.uint8)).save(tmp_path / "p4gm.png")
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    with spectra.open(tmp_path / "home", quiet=True) as session:
        found = session.analyze(tmp_path / "p4gm.png", sample=sample, recipe="quick")
        refused = session.analyze(tmp_path / "noise.png", sample=sample, recipe="quick")
    assert found.quantities.loc["p4gm", "value"] > 0.8
    assert refused.verdict.word == REFUSED
