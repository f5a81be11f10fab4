"""The regressors serve a technique that they were not written for: the toy's line, distorted, from end to end."""

import pytest
from toy_technique.parts import Line, X

from spectra.core.components import Component
from spectra.core.inventory.catalogue import Entry
from spectra.core.signals import Bundle, Profile
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.train import load_model, train
from spectra.plugins.learning.networks.convolutional import Hybrid, HybridParameters, Multimodal, MultimodalParameters
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.registry.registry import Registry
from tests.core.conftest import Laboratory

SMALL = {"latent": 4, "channels": [2, 4], "hidden": [32, 32], "dropout": 0, "learning_rate": 3e-3, "epochs": 30}
TRUTH = {"position": 0.12, "width": 0.17}


class TwoDetectors(Line):
    """The line over the whole axis, and its middle alone."""

    def simulate(self, values):
        whole = super().simulate(values)
        middle = Profile(x=X[20:61], y=whole.y[:, 20:61], x_unit="mm", y_unit="1")
        return Bundle(parts={"whole": whole, "middle": middle})


COMPONENTS = (
    ("encoder", Component(name="binned", summary="", factory=Binned, parameters=BinnedParameters)),
    ("regressor", Component(name="hybrid", summary="", factory=Hybrid, parameters=HybridParameters)),
    ("regressor", Component(name="multimodal", summary="", factory=Multimodal, parameters=MultimodalParameters)),
    ("forward model", Component(name="two-detectors", summary="", factory=TwoDetectors)),
)


@pytest.fixture
def laboratory(tmp_path):
    with Registry.open(tmp_path / "home") as registry:
        laboratory = Laboratory(registry, tmp_path)
        laboratory.catalogue.add([Entry(kind=k, plugin="p", source="s", component=c) for k, c in COMPONENTS])
        yield laboratory


def trained(laboratory, regressor, parameters, forward_model="toy-line"):
    names = {"encoder": "binned", "regressor": regressor, "forward-model": forward_model}
    default = laboratory.specimen.recipe()
    recipe = complete_recipe(laboratory.catalogue, default, names=names, parameters={"regressor": parameters})
    return train(laboratory.session(), laboratory.specimen, recipe, seed=0)


def test_a_line_in_noise_is_found_by_a_hybrid_that_analyze_loads_again(laboratory):
    record = trained(laboratory, "hybrid", SMALL)
    assert record.metrics["test"]["position"]["rmse"] < 0.03
    assert record.metrics["test"]["width"]["rmse"] < 0.03

    model = load_model(laboratory.session(), record)
    measured = read_measurement(laboratory.catalogue, laboratory.specimen, laboratory.measure(**TRUTH))
    estimate = model.predict(measured.signal)
    for quantity, value, spread in zip(model.quantities, estimate.mean[0], estimate.spread[0], strict=True):
        assert abs(value - TRUTH[quantity.name]) < 3 * spread


def test_two_profiles_of_one_line_go_through_the_multimodal_design(laboratory):
    record = trained(laboratory, "multimodal", SMALL, forward_model="two-detectors")
    assert record.metrics["test"]["position"]["rmse"] < 0.03
    model = load_model(laboratory.session(), record)
    assert model.regressor.get_state()["sizes"].tolist() == [81, 41]
