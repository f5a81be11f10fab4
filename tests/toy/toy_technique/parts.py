"""The parts of the toy, each as short as it can be."""

import time
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.optimize import least_squares

from spectra.core.basics.files import unpack_arrays
from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError
from spectra.core.formats.bundles import require_parts
from spectra.core.formats.views import Curve, Plot, View
from spectra.core.measurements import Measurement
from spectra.core.quantities import Estimate, EstimatedQuantity, Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.samples import PositiveIn, Sample
from spectra.core.signals import Bundle, Image, Profile, from_arrays, to_arrays
from spectra.core.tables import Column, Table
from spectra.core.technique import Design

X = np.linspace(-1.0, 1.0, 81)


class ToySample(Sample):
    technique: Literal["toy", "toy-pair", "toy-halves", "toy-grown"]
    thickness: Annotated[float, PositiveIn("mm")]


class Line:
    """y = t w² / ((x - p)² + w²) for position p and width w, and thickness t."""

    def __init__(self, sample, parameters):
        self.thickness = sample.thickness

    def simulate(self, values):
        position, width = values.T[:, :, None]
        return Profile(x=X, y=self.thickness * width**2 / ((X - position) ** 2 + width**2), x_unit="mm", y_unit="1")

    def linearize(self, values):
        position, width = values
        root = (X - position) ** 2 + width**2
        d_position = 2 * self.thickness * width**2 * (X - position) / root**2
        d_width = 2 * self.thickness * width * (X - position) ** 2 / root**2
        return self.simulate(values[None]), np.stack([d_position, d_width], axis=1)


class Pair(Line):
    """The line as a profile, and as a picture of 9 by 9 pixels."""

    def simulate(self, values):
        profile = super().simulate(values)
        return Bundle(parts={"profile": profile, "image": Image(pixels=_picture(profile.y), unit="1")})


class Halves(Line):
    """The line as two profiles, left and right of the middle, as two detectors would see it."""

    def simulate(self, values):
        whole = super().simulate(values)
        sides = {"left": X < 0, "right": X >= 0}
        return Bundle(parts={name: replace(whole, x=X[side], y=whole.y[:, side]) for name, side in sides.items()})


class GrownParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = 0.0  # what each specimen takes


class Grown:
    """Slabs grown from a seed: where the line lies and how wide it is comes out, and every tenth slab breaks."""

    specimens_per_part = 20

    def __init__(self, sample, parameters):
        self.line, self.seconds = Line(sample, None), parameters.seconds

    def generate(self, points):
        if self.line.thickness > 5:
            raise InputError(f"No slab of {self.line.thickness:g} mm can be grown.", hint="Grow a thinner one.")
        values = np.array([np.random.default_rng(int(seed)).uniform([-0.3, 0.1], [0.3, 0.3]) for (seed,) in points])
        values[points[:, 0] % 10 == 9] = np.nan
        time.sleep(self.seconds * len(points))
        return values, self.line.simulate(values)


def _picture(y):
    return y.reshape(-1, 9, 9, 1).astype(np.float32)


class NoiseParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: float = 0.01


class Noise:
    def __init__(self, parameters):
        self.size = parameters.size

    def distort(self, signal, rng):
        if isinstance(signal, Bundle):
            return Bundle(parts={name: self.distort(part, rng) for name, part in signal.parts.items()})
        if isinstance(signal, Image):
            noise = rng.normal(0, self.size, signal.pixels.shape).astype(np.float32)
            return replace(signal, pixels=signal.pixels + noise)
        if not isinstance(signal, Profile):
            raise InputError(f"There is no noise for a signal of kind '{signal.kind}'.")
        return replace(signal, y=signal.y + rng.normal(0, self.size, signal.y.shape))


class Values:
    """All numbers of a signal of whatever kind, less their mean and divided by their spread over the training set."""

    def __init__(self, parameters):
        pass

    def fit(self, signal):
        numbers = self._numbers(signal)
        self.mean_, self.scale_ = numbers.mean(axis=0), numbers.std(axis=0) + 1e-9
        return self

    def encode(self, signal):
        numbers = self._numbers(signal)
        if numbers.shape[1] != len(self.mean_):
            raise InputError(f"The signal has {numbers.shape[1]} numbers; the model needs {len(self.mean_)}.")
        return ((numbers - self.mean_) / self.scale_).astype(np.float32)

    def get_state(self):
        return {"mean": self.mean_, "scale": self.scale_}

    def set_state(self, state):
        self.mean_, self.scale_ = state["mean"], state["scale"]
        return self

    def _numbers(self, signal):
        arrays = to_arrays(signal)
        stacked = [a for name, a in arrays.items() if name.rpartition("/")[2] in ("y", "pixels")]
        if not stacked or not all(np.isfinite(array).all() for array in stacked):
            raise InputError("The encoder 'toy-values' needs profiles or images without gaps.")
        return np.concatenate([array.reshape(len(signal), -1) for array in stacked], axis=1)


class Ridge:
    """Ridge regression on the features and their squares."""

    def __init__(self, parameters):
        pass

    def fit(self, data, *, rng, progress):
        with progress.task("Fitting", 5) as advance:
            drawn = []
            for _ in range(5):
                drawn.append(data.draw(rng))
                advance(1)
        features, targets = (np.concatenate(arrays) for arrays in zip(*drawn, strict=True))
        matrix = self._expanded(features)
        self.weights_ = np.linalg.solve(matrix.T @ matrix + 1e-2 * np.eye(matrix.shape[1]), matrix.T @ targets)
        held_out, truth = data.validation
        self.spread_ = np.sqrt(np.mean((self._expanded(held_out) @ self.weights_ - truth) ** 2, axis=0))
        return self

    def predict(self, features):
        mean = self._expanded(features) @ self.weights_
        return Estimate(mean, np.broadcast_to(self.spread_, mean.shape))

    def get_state(self):
        return {"weights": self.weights_, "spread": self.spread_}

    def set_state(self, state):
        self.weights_, self.spread_ = state["weights"], state["spread"]
        return self

    def _expanded(self, features):
        features = features.astype(float)
        return np.concatenate([np.ones((len(features), 1)), features, features**2], axis=1)


class Fit:
    """Ordinary least squares of the profile."""

    def __init__(self, parameters):
        pass

    def refine(self, measured, forward, *, starts, quantities):
        if not isinstance(measured, Profile):
            raise InputError(f"A {measured.kind} cannot be fitted; this refiner needs a profile.")

        def residuals(values):
            return forward.simulate(values[None]).y[0] - measured.y[0]

        fit = least_squares(residuals, starts[0], jac=lambda values: forward.linearize(values)[1])
        variance = 2 * fit.cost / (measured.y.shape[1] - len(starts[0]))
        computed = forward.simulate(fit.x[None]).y[0]
        columns = [("x", measured.x), ("measured", measured.y[0]), ("computed", computed)]
        return Refinement(
            values=fit.x,
            covariance=variance * np.linalg.inv(fit.jac.T @ fit.jac),
            misfit=float(np.sqrt(np.mean(fit.fun**2))),
            misfit_unit="1",
            tables=(
                Table(
                    name="profile",
                    title="Profile",
                    columns=tuple(Column(name=n, values=v.tolist()) for n, v in columns),
                ),
            ),
        )


class ColumnsParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scale: float = 1.0


class Columns:
    def __init__(self, parameters):
        self.scale = parameters.scale

    def read(self, file):
        if not file.content.strip():
            raise InputError(f"{file.name} is empty.")
        try:
            x, y = np.loadtxt(file.content.decode().splitlines(), unpack=True)
        except ValueError as error:
            raise InputError(f"{file.name} does not hold two columns of numbers.") from error
        if not np.isfinite([x, y]).all():
            raise InputError(f"{file.name} holds values that are not finite numbers.")
        y = self.scale * y
        return Measurement(signal=Profile(x=x, y=y[None], x_unit="mm", y_unit="1"), file=file, reader="toy-columns")


class MultiplyParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: float = 5.0


class Multiply:
    def __init__(self, parameters):
        self.by = parameters.by

    def process(self, measurement):
        signal = replace(measurement.signal, y=self.by * measurement.signal.y)
        note = f"Multiplied by {self.by:g}."
        # the name of a reader and conditions, which do not count
        return replace(measurement, signal=signal, notes=(*measurement.notes, note), reader="mine", conditions=())


class Arrays:
    def __init__(self, parameters):
        pass

    def read(self, file):
        signal = from_arrays(unpack_arrays(file.content, what=file.name))
        return Measurement(signal=signal, file=file, reader="toy-arrays")


def measured_and_computed(recorded):
    profile = recorded.table("profile")
    if profile is None:
        return ["Nothing was refined."]
    x = profile.column("x")
    curves = [
        Curve(name="computed", x=x, y=profile.column("computed")),
        Curve(name="measured", x=x, y=profile.column("measured"), marks="points"),
    ]
    return [
        {"misfit": recorded.prediction.misfit},
        Plot(title="Profile", x_label="x (mm)", y_label="y", curves=curves),
    ]


class Toy:
    sample_schema = ToySample
    readers = ("toy-columns",)
    name = "toy"
    forward_model = "toy-line"
    refiner = Choice(name="toy-fit")
    kind = "profile"

    def example_sample(self):
        return {"name": "example", "technique": self.name, "thickness": "2 mm"}

    views: ClassVar = {"profile": View(title="Measured and computed", show=measured_and_computed)}

    def quantities(self, sample):
        return (
            Quantity(name="position", unit="mm", description="centre of the line", lower=-0.3, upper=0.3),
            Quantity(name="width", unit="mm", description="half width of the line", lower=0.1, upper=0.3),
        )

    def recipes(self, sample):
        default = Recipe(
            forward_model=Choice(name=self.forward_model),
            distortions=(Choice(name="toy-noise"),),
            encoder=Choice(name="toy-values"),
            regressor=Choice(name="toy-ridge"),
            refiner=self.refiner,
        )
        return {"default": default}

    def design(self, sample):
        axes = np.meshgrid(np.linspace(-0.3, 0.3, 31), np.linspace(0.1, 0.3, 21), indexing="ij")
        return Design(points=np.stack([axis.ravel() for axis in axes], axis=-1))

    def prepare(self, measurement, sample):
        if measurement.signal.kind != self.kind:
            raise InputError(f"{measurement.file.name} holds a {measurement.signal.kind}, not a {self.kind}.")
        return measurement

    def derive(self, sample, refinement):
        width, std = refinement.values[1], np.sqrt(refinement.covariance[1, 1])
        area = np.pi * sample.thickness
        return [EstimatedQuantity(name="area", unit="mm", method="derived", value=area * width, std=area * std)]

    def remarks(self, result):
        return ("This is a toy.",)

    def judge(self, result):
        found = result.learned.mean[0] if result.refinement is None else result.refinement.values
        return Verdict(reasons=("The line lies near the edge of the slab.",) if abs(found[0]) > 0.25 else ())

    def draw(self, result, figure):
        axes = figure.add_subplot()
        signal = result.measurement.signal
        profile = signal.parts["profile"] if isinstance(signal, Bundle) else signal
        axes.plot(profile.x, profile.y[0], ".")


class ToyPair(Toy):
    name = "toy-pair"
    readers = ("toy-arrays",)
    forward_model = "toy-pair"
    refiner = None
    kind = "bundle"

    def derive(self, sample, refinement):
        return []


class ToyHalves(ToyPair):
    """One file for each half; the right one also as an array archive."""

    name = "toy-halves"
    readers: ClassVar = {"left": ("toy-columns",), "right": ("toy-arrays", "toy-columns")}
    forward_model = "toy-halves"

    def prepare(self, measurement, sample):
        require_parts(measurement, self.readers)
        return measurement

    def draw(self, result, figure):
        axes = figure.add_subplot()
        for part in result.measurement.signal.parts.values():
            axes.plot(part.x, part.y[0], ".")


class ToyGrown(Toy):
    name = "toy-grown"
    forward_model = "toy-grown"
    refiner = None

    def design(self, sample):
        return Design(points=np.arange(300.0)[:, None])

    def derive(self, sample, refinement):
        return []
