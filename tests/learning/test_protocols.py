"""Regressors are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import NoParameters, Regressor
from spectra.plugins.learning.gaussian_process import GaussianProcess, GaussianProcessParameters
from spectra.plugins.learning.nearest import Nearest, NearestParameters
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
from spectra.plugins.learning.networks.dense import DenseNetwork, DenseParameters
from spectra.plugins.learning.networks.image_regression import ImageRegression, ImageRegressionParameters
from spectra.plugins.learning.ridge import Ridge
from spectra.plugins.learning.stacked import StackedGaussianProcesses


def test_the_regressors_keep_the_protocol() -> None:
    regressors: list[Regressor] = [
        DenseNetwork(DenseParameters()),
        Nearest(NearestParameters()),
        ReconstructionFocused(ReconstructionParameters()),
        RegressionFocused(RegressionParameters()),
        Hybrid(HybridParameters()),
        Multimodal(MultimodalParameters()),
        ImageRegression(ImageRegressionParameters()),
        Ridge(NoParameters()),
        GaussianProcess(GaussianProcessParameters()),
        StackedGaussianProcesses(GaussianProcessParameters()),
    ]
    assert all(regressors)
