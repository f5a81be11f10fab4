"""The dense network: features to quantities, each with its own spread. Keras trains it, NumPy evaluates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

if TYPE_CHECKING:
    import keras

Floats = NDArray[np.float64]

# Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless.
_LOG_SPREAD = (-9.0, 2.0)


class DenseParameters(BaseModel):
    """Size and training of the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden: tuple[int, ...] = Field(default=(256, 256, 128), description="nodes of the hidden layers (ReLU)")
    dropout: float = Field(default=0.0, ge=0, lt=1, description="share of the input bins dropped (the paper: 0.1)")
    epochs: int = Field(default=120, ge=1, description="passes over the training set, each with fresh distortions")
    batch: int = Field(default=128, ge=1, description="examples per step")
    learning_rate: float = Field(default=2e-3, gt=0, description="Adam's, at the start; it falls as a cosine to zero")


class DenseNetwork:
    """A multilayer perceptron with two outputs for each quantity: its value and the logarithm of its spread.

    Trained on the negative logarithm of the Gaussian likelihood (Nix and Weigend 1994), so that the network says
    itself where it cannot know; afterwards the spreads are scaled to match the errors on the validation set.
    """

    def __init__(self, parameters: DenseParameters) -> None:
        self.parameters = parameters
        self.layers_: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        self.calibration_: Floats = np.ones(0)
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch."""
        progress.say("Loading TensorFlow …")
        keras = _keras(seed=int(rng.integers(2**31)))
        (validation_x, validation_y), parameters = data.validation, self.parameters
        inputs, targets = validation_x.shape[1], validation_y.shape[1]
        model = keras.Sequential(
            [keras.Input((inputs,)), keras.layers.Dropout(parameters.dropout)]
            + [keras.layers.Dense(nodes, activation="relu") for nodes in parameters.hidden]
            + [keras.layers.Dense(2 * targets)]
        )

        with progress.task("Training the network", parameters.epochs) as advance:
            epochs = _epochs(keras, data, rng, parameters.batch, advance)
            decay = keras.optimizers.schedules.CosineDecay(parameters.learning_rate, parameters.epochs * len(epochs))
            model.compile(optimizer=keras.optimizers.Adam(decay), loss=_gaussian_loss(keras), jit_compile=False)
            history = model.fit(
                epochs,
                validation_data=(validation_x, validation_y.astype(np.float32)),
                validation_batch_size=4096,
                epochs=parameters.epochs,
                shuffle=False,
                verbose=0,
            ).history

        dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
        self.layers_ = [(np.asarray(layer.kernel), np.asarray(layer.bias)) for layer in dense]
        self.history_ = {"loss": np.array(history["loss"]), "validation_loss": np.array(history["val_loss"])}
        self.calibration_ = np.ones(targets)
        estimate = self.predict(validation_x)
        self.calibration_ = np.sqrt(np.mean(((validation_y - estimate.mean) / estimate.spread) ** 2, axis=0))
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        activation = features
        for kernel, bias in self.layers_[:-1]:
            activation = np.maximum(activation @ kernel + bias, 0.0)
        kernel, bias = self.layers_[-1]
        mean, log_spread = np.split((activation @ kernel + bias).astype(np.float64), 2, axis=1)
        return Estimate(mean, self.calibration_ * np.exp(np.clip(log_spread, *_LOG_SPREAD)))

    def get_state(self) -> State:
        """Return weights, calibration and the losses of each epoch."""
        state: dict[str, NDArray[Any]] = {"calibration": self.calibration_}
        for place, (kernel, bias) in enumerate(self.layers_):
            state |= {f"layer{place}/kernel": kernel, f"layer{place}/bias": bias}
        return state | {f"history/{name}": values for name, values in self.history_.items()}

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        count = sum(name.endswith("/kernel") for name in state)
        self.layers_ = [(state[f"layer{place}/kernel"], state[f"layer{place}/bias"]) for place in range(count)]
        self.calibration_ = state["calibration"]
        self.history_ = {n.removeprefix("history/"): v for n, v in state.items() if n.startswith("history/")}
        return self


def _keras(seed: int) -> Any:
    """Import Keras quietly, on TensorFlow, repeatable on one machine."""
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    keras.utils.set_random_seed(seed)
    return keras


def _gaussian_loss(keras: Any) -> Any:
    """Negative log-likelihood of a Gaussian, up to a constant; the outputs hold means and log-spreads."""

    def loss(targets: Any, outputs: Any) -> Any:
        mean, log_spread = keras.ops.split(outputs, 2, axis=1)
        log_spread = keras.ops.clip(log_spread, *_LOG_SPREAD)
        deviation = (targets - mean) * keras.ops.exp(-log_spread)
        return keras.ops.mean(0.5 * keras.ops.square(deviation) + log_spread, axis=1)

    return loss


def _epochs(
    keras: Any, data: TrainingData, rng: np.random.Generator, batch: int, advance: Any
) -> keras.utils.PyDataset:
    """Return a Keras data set that draws the training data anew, shuffled, after every epoch."""

    class Epochs(keras.utils.PyDataset):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self._draw()

        def __len__(self) -> int:
            return -(-len(self.features) // batch)

        def __getitem__(self, place: int) -> tuple[Features, NDArray[np.float32]]:
            part = slice(place * batch, (place + 1) * batch)
            return self.features[part], self.targets[part]

        def on_epoch_end(self) -> None:
            advance(1)
            self._draw()

        def _draw(self) -> None:
            features, targets = data.draw(rng)
            order = rng.permutation(len(features))
            self.features, self.targets = features[order], targets[order].astype(np.float32)

    return Epochs()
