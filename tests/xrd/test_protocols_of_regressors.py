"""Encoder and regressors are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import Encoder, NoParameters, PartitioningEncoder, Regressor
from spectra.plugins.xrd.encoders import Binned, BinnedParameters
from spectra.plugins.xrd.gaussian_process import GaussianProcess, GaussianProcessParameters
from spectra.plugins.xrd.regressors import (
    Hybrid,
    HybridParameters,
    Multimodal,
    MultimodalParameters,
    ReconstructionFocused,
    ReconstructionParameters,
    RegressionFocused,
    RegressionParameters,
)
from spectra.plugins.xrd.ridge import Ridge


def test_the_designs_and_the_baselines_keep_the_protocols() -> None:
    encoder: Encoder = Binned(BinnedParameters())
    regressors: list[Regressor] = [
        ReconstructionFocused(ReconstructionParameters()),
        RegressionFocused(RegressionParameters()),
        Hybrid(HybridParameters()),
        Multimodal(MultimodalParameters()),
        Ridge(NoParameters()),
        GaussianProcess(GaussianProcessParameters()),
    ]
    assert isinstance(encoder, PartitioningEncoder)
    assert all(regressors)
