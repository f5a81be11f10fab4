"""What is registered for every technique. Descriptions only: the code behind them is imported when one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.learning"
_KERAS = ("tensorflow", "keras")
_QUICK = {"epochs": 20, "learning_rate": 2e-3}
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_regressors(register: Register) -> None:
    """Register networks of several designs, and regressors that need none."""
    register(
        Component(
            name="dense",
            summary="Multilayer perceptron with a spread for each quantity",
            factory=f"{_HERE}.networks.dense:DenseNetwork",
            parameters=f"{_HERE}.networks.dense:DenseParameters",
        )
    )
    register(
        Component(
            name="nearest",
            summary="No network: average of the simulated spectra that look most like the measured one",
            factory=f"{_HERE}.nearest:Nearest",
            parameters=f"{_HERE}.nearest:NearestParameters",
        )
    )
    register(
        Component(
            name="reconstruction",
            summary="Convolutional autoencoder first, then a perceptron on its latent vector",
            factory=f"{_HERE}.networks.convolutional:ReconstructionFocused",
            parameters=f"{_HERE}.networks.convolutional:ReconstructionParameters",
            trained_with=_KERAS,
            quick=_QUICK | {"autoencoder_epochs": 10, "epochs": 40},
        )
    )
    register(
        Component(
            name="regression",
            summary="Convolutional encoder and perceptron trained together",
            factory=f"{_HERE}.networks.convolutional:RegressionFocused",
            parameters=f"{_HERE}.networks.convolutional:RegressionParameters",
            trained_with=_KERAS,
            quick=_QUICK,
        )
    )
    register(
        Component(
            name="hybrid",
            summary="Autoencoder and perceptron trained on a joint loss",
            factory=f"{_HERE}.networks.convolutional:Hybrid",
            parameters=f"{_HERE}.networks.convolutional:HybridParameters",
            trained_with=_KERAS,
            quick=_QUICK,
        )
    )
    register(
        Component(
            name="multimodal",
            summary="An autoencoder for each of two signals, one perceptron on both latent vectors",
            factory=f"{_HERE}.networks.convolutional:Multimodal",
            parameters=f"{_HERE}.networks.convolutional:MultimodalParameters",
            trained_with=_KERAS,
            quick=_QUICK,
        )
    )
    register(
        Component(
            name="image-regression",
            summary="Convolutional network on pictures, blind to places, with a spread for each quantity",
            factory=f"{_HERE}.networks.image_regression:ImageRegression",
            parameters=f"{_HERE}.networks.image_regression:ImageRegressionParameters",
            takes=("image",),
            trained_with=_KERAS,
            quick={"channels": [8, 16], "epochs": 30, "learning_rate": 5e-3},
        )
    )
    register(
        Component(
            name="ridge",
            summary="Ridge regression on the features, its penalty chosen on validation",
            factory=f"{_HERE}.ridge:Ridge",
        )
    )
    register(
        Component(
            name="grouped-ridge",
            summary="Ridge regression on the features, its penalty chosen on groups left out one after the other",
            factory=f"{_HERE}.linear:GroupedRidge",
        )
    )
    register(
        Component(
            name="polynomial",
            summary="The polynomial of low degree in a few features that fits best; of degree 0, the mean",
            factory=f"{_HERE}.linear:Polynomial",
            parameters=f"{_HERE}.linear:PolynomialParameters",
            quick={"degree": 1},
        )
    )
    register(
        Component(
            name="gaussian-process",
            summary="Gaussian processes on principal components",
            factory=f"{_HERE}.gaussian_process:GaussianProcess",
            parameters=f"{_HERE}.gaussian_process:GaussianProcessParameters",
            version=2,
        )
    )
    register(
        Component(
            name="stacked-gaussian-processes",
            summary="A Gaussian process for each part of a bundle, and a weighted mean of their answers",
            factory=f"{_HERE}.stacked:StackedGaussianProcesses",
            parameters=f"{_HERE}.gaussian_process:GaussianProcessParameters",
        )
    )


@hookimpl
def spectra_register_forward_models(register: Register) -> None:
    """Register what takes the place of a simulation that was done before."""
    register(
        Component(
            name="recorded-structures",
            summary="Structures out of the sample's data set file",
            factory=f"{_HERE}.recorded_structures:RecordedStructures",
            parameters=f"{_HERE}.recorded_structures:RecordedParameters",
            gives=("peaks", "profile", "image", "places", "bundle"),
        )
    )
