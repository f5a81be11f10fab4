"""A data set file serves as the forward model of any sample that hands one over."""

import pickle

import numpy as np
import pytest

from spectra.core.basics.attachments import Attachment
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.quantities import Quantity
from spectra.core.samples import Sample
from spectra.core.signals import Bundle, Image, Signal
from spectra.plugins.learning.recorded_structures import RecordedParameters, RecordedStructures


class Micrograph(Sample):
    """A stranger's sample, whose technique measures one of the pictures in the file."""

    data_set: Attachment | None = None

    def measured_part(self, signal: Signal) -> Signal:
        assert isinstance(signal, Bundle)
        return signal.parts["grains"]


PIXELS = np.random.default_rng(0).random((9, 4, 4, 1), dtype=np.float32)
HARDNESS = np.linspace(1.0, 2.0, 9)[:, None]


@pytest.fixture
def sample() -> Micrograph:
    file = DataSetFile(
        quantities=(Quantity(name="hardness", unit="GPa", description="", lower=0, upper=3),),
        values=HARDNESS,
        signal=Bundle(parts={"grains": Image(pixels=PIXELS, unit="1"), "phases": Image(pixels=1 - PIXELS, unit="1")}),
        points=None,
        recipe={},
        notes=(),
        environment={},
    )
    attached = Attachment(name="indents.npz", content=file.to_bytes())
    return Micrograph(name="plate", technique="indenter", data_set=attached)


def test_a_point_is_a_row_of_the_file_and_the_sample_says_what_of_it_is_measured(sample: Micrograph) -> None:
    model = pickle.loads(pickle.dumps(RecordedStructures(sample, RecordedParameters())))
    values, signal = model.generate(np.array([[3.0], [8.0]]))
    assert np.array_equal(values, HARDNESS[[3, 8]])
    assert np.array_equal(signal.pixels, PIXELS[[3, 8]])


def test_rows_beyond_the_first_are_not_used_if_so_asked(sample: Micrograph) -> None:
    values, signal = RecordedStructures(sample, RecordedParameters(first=5)).generate(np.arange(9.0)[:, None])
    assert np.isnan(values[:, 0]).tolist() == [False] * 5 + [True] * 4
    assert len(signal) == 9


@pytest.mark.parametrize("other", [Micrograph(name="bare", technique="x"), Sample(name="bare", technique="x")])
def test_a_sample_without_such_a_file_is_refused(other: Sample) -> None:
    with pytest.raises(InputError, match="'bare' names no 'data_set'"):
        RecordedStructures(other, RecordedParameters())
