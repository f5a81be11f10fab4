"""What the package registers: descriptions only, so that listing it imports no scikit-learn."""

from collections.abc import Callable

from spectra.core.components import Component, Encoder, Regressor
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2


@hookimpl
def spectra_register_encoders(register: Callable[[Component[Encoder]], None]) -> None:
    """Register the quantiles."""
    register(
        Component(
            name="quantiles",
            summary="Positions below which given shares of the lines, or of a profile's area, lie",
            factory="spectra_sklearn.quantiles:Quantiles",
            parameters="spectra_sklearn.quantiles:QuantilesParameters",
            takes=("peaks", "profile"),
        )
    )


@hookimpl
def spectra_register_regressors(register: Callable[[Component[Regressor]], None]) -> None:
    """Register the trees."""
    register(
        Component(
            name="extra-trees",
            summary="Extremely randomised trees by scikit-learn, with their scatter as spread",
            factory="spectra_sklearn.extra_trees:ExtraTrees",
            parameters="spectra_sklearn.extra_trees:ExtraTreesParameters",
        )
    )
