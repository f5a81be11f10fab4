"""Trained models: encoder and regressor with what they learned, as one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import Encoder, Features, Regressor
from spectra.core.errors import RegistryError
from spectra.core.quantities import Estimate, Quantity, from_unit_interval
from spectra.core.signals import Signal, below, from_arrays, take, to_arrays, within

_FORMAT = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainedModel:
    """An encoder and a regressor that were fitted together.

    Parameters
    ----------
    quantities
        What is predicted; their ranges are the range of the training.
    probe
        A few signals; their answers are stored with the model, and loading it repeats them.
    test
        How it did on the test set, for plots: ``truth``, ``mean`` and ``spread``, each shape (n, p).
    calibration : ndarray, shape (p,)
        What the regressor's spreads are multiplied by, where groups that it has not seen have shown it.
    """

    encoder: Encoder
    regressor: Regressor
    quantities: tuple[Quantity, ...]
    probe: Signal
    test: Mapping[str, NDArray[np.float64]]
    calibration: NDArray[np.float64] | None = None

    def predict(self, signal: Signal) -> Estimate:
        """Estimate the quantities of a stack of n signals: arrays (n, p) in the quantities' units."""
        return self.predict_features(self.encoder.encode(signal))

    def predict_features(self, features: Features) -> Estimate:
        """Estimate the quantities of signals that are encoded already."""
        estimate = from_unit_interval(self.regressor.predict(features), self.quantities)
        if self.calibration is None:
            return estimate
        return replace(estimate, spread=self.calibration * estimate.spread)

    def pack(self) -> bytes:
        """Serialise what was learned; the recipe, which the registry keeps, says how to rebuild the rest."""
        answer = self.predict(self.probe)
        return pack_arrays(
            {"format": np.array(_FORMAT), "probe-answer/mean": answer.mean, "probe-answer/spread": answer.spread}
            | below("probe", to_arrays(self.probe))
            | below("encoder", self.encoder.get_state())
            | below("regressor", self.regressor.get_state())
            | below("test", self.test)
            | ({} if self.calibration is None else {"calibration": self.calibration})
        )

    @classmethod
    def unpack(
        cls, content: bytes, *, encoder: Encoder, regressor: Regressor, quantities: Sequence[Quantity]
    ) -> TrainedModel:
        """Restore a model into freshly made components.

        Raises
        ------
        RegistryError
            If the file is of a newer format, or the restored model no longer gives the answers that it gave when it
            was saved.
        """
        arrays = unpack_arrays(content, what="model file")
        if int(arrays.get("format", np.array(0))) != _FORMAT:
            raise RegistryError("The model file has a format that this version cannot read.", hint="Upgrade spectra.")
        model = cls(
            encoder=encoder.set_state(within(arrays, "encoder")),
            regressor=regressor.set_state(within(arrays, "regressor")),
            quantities=tuple(quantities),
            probe=from_arrays(within(arrays, "probe")),
            test=within(arrays, "test"),
            calibration=arrays.get("calibration"),
        )
        answer = model.predict(model.probe)
        width = np.array([quantity.upper - quantity.lower for quantity in quantities])
        if not np.all(np.abs(answer.mean - arrays["probe-answer/mean"]) <= 1e-4 * width):  # NaN is no answer
            raise RegistryError(
                "The stored model no longer gives the answers that it gave when it was trained.",
                hint="Its components have changed; train it again with 'spectra train'.",
            )
        return model


def make_probe(signal: Signal, count: int = 8) -> Signal:
    """Pick ``count`` signals, evenly through the stack."""
    return take(signal, np.linspace(0, len(signal) - 1, min(count, len(signal))).astype(int))


def errors(
    estimate: Estimate, truth: NDArray[np.float64], quantities: Sequence[Quantity]
) -> dict[str, dict[str, float]]:
    """Return RMSE, coverage and mean absolute percentage error (Liu et al. 2023, eq. 14) of a test, for the record.

    Percentages of a quantity that may be zero would mean nothing and are left out.
    """
    error = estimate.mean - truth
    metrics = {}
    for k, quantity in enumerate(quantities):
        metrics[quantity.name] = {
            "rmse": float(np.sqrt(np.mean(error[:, k] ** 2))),
            "within_one_spread": float(np.mean(np.abs(error[:, k]) <= estimate.spread[:, k])),
        }
        if quantity.lower > 0 or quantity.upper < 0:
            metrics[quantity.name]["mape_percent"] = float(100 * np.mean(np.abs(error[:, k] / truth[:, k])))
    return metrics
