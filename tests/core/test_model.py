"""A trained model as a file: it comes back as it was, or not at all."""

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.errors import RegistryError
from spectra.core.model import TrainedModel, make_probe
from spectra.core.quantities import Estimate, Quantity
from spectra.core.signals import Profile

QUANTITY = Quantity(name="place", unit="GPa", description="", lower=10.0, upper=30.0)


class Plain:
    """Encodes a profile as its values."""

    def encode(self, signal):
        return signal.y

    def get_state(self):
        return {}

    def set_state(self, state):
        return self


class Line:
    """Answers the mean of the features times a slope."""

    def __init__(self, slope=0.0):
        self.slope = slope

    def predict(self, features):
        mean = self.slope * features.mean(axis=1, keepdims=True)
        return Estimate(mean, np.full(mean.shape, 0.1))

    def get_state(self):
        return {"slope": np.array(self.slope)}

    def set_state(self, state):
        return Line(float(state["slope"]))


@pytest.fixture
def packed():
    signal = Profile(x=np.arange(4.0), y=np.linspace(0.1, 1.0, 40).reshape(10, 4), x_unit="1", y_unit="1")
    return TrainedModel(
        encoder=Plain(), regressor=Line(0.5), quantities=(QUANTITY,), probe=make_probe(signal), test={}
    ).pack()


def restored(content):
    return TrainedModel.unpack(content, encoder=Plain(), regressor=Line(), quantities=(QUANTITY,))


def test_a_model_answers_as_before(packed):
    model = restored(packed)
    assert model.predict(model.probe).mean[0, 0] == pytest.approx(10 + 20 * 0.5 * model.probe.y[0].mean())


def test_the_spread_is_multiplied_by_the_calibration(packed):
    plain = restored(packed)
    wider = TrainedModel(
        encoder=Plain(),
        regressor=Line(0.5),
        quantities=(QUANTITY,),
        probe=plain.probe,
        test={},
        calibration=np.array([3.0]),
    )
    assert restored(wider.pack()).predict(plain.probe).spread == pytest.approx(3 * plain.predict(plain.probe).spread)
    assert plain.predict(plain.probe).spread == pytest.approx(20 * 0.1)


def test_rounding_is_no_other_answer(packed):
    """The largest answer, 0.5 of the range, may differ by a ten thousandth of the range."""
    restored(pack_arrays(unpack_arrays(packed, what="model") | {"regressor/slope": np.array(0.5 * (1 + 1.5e-4))}))


@pytest.mark.parametrize("slope", [0.5 * (1 + 3e-4), 0.4, np.nan, np.inf])
def test_one_that_does_not_give_its_stored_answers_is_refused(packed, slope):
    arrays = unpack_arrays(packed, what="model") | {"regressor/slope": np.array(slope)}
    with pytest.raises(RegistryError, match="no longer gives the answers"), np.errstate(invalid="ignore"):
        restored(pack_arrays(arrays))
