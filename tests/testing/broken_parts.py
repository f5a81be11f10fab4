"""The toy's parts, each with one fault; the checks must find it."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict
from toy_technique.parts import Columns, Fit, Grown, Line, Multiply, Noise, Ridge, Values

from spectra.core.measurements import Condition
from spectra.core.quantities import Estimate
from spectra.core.signals import Image, Profile, take
from spectra.plugins.images.generators.principal_components import PrincipalComponents, PrincipalComponentsParameters
from spectra.plugins.search.genetic import GeneticAlgorithm, GeneticParameters


class Needy(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: float


class Lax(BaseModel):
    size: float = 0.01


# forward models


class TooFew(Line):
    def simulate(self, values):
        return super().simulate(values[:-1] if len(values) > 1 else values)


class Single(Line):
    """In single precision."""

    def simulate(self, values):
        profile = super().simulate(values)
        return replace(profile, y=profile.y.astype(np.float32))


class Unitless(Line):
    def simulate(self, values):
        return replace(super().simulate(values), y_unit="")


class DependsOnBatch(Line):
    def simulate(self, values):
        profile = super().simulate(values)
        return replace(profile, y=profile.y / profile.y.sum())


class Dicey(Line):
    def simulate(self, values):
        profile = super().simulate(values)
        return replace(profile, y=profile.y * np.random.default_rng().uniform(0.9, 1.1))


class ChangesPoints(Line):
    def simulate(self, values):
        np.clip(values, 0.12, 0.28, out=values)
        return super().simulate(values)


class FailsAtEnds(Line):
    def simulate(self, values):
        if np.any(values[:, 1] > 0.299) and len(values) == 1:
            raise ZeroDivisionError("too wide")
        return super().simulate(values)


class WrongSlopes(Line):
    def linearize(self, values):
        signal, derivatives = super().linearize(values)
        return signal, -derivatives


class RaggedTable(Line):
    def tabulate(self, values):
        from spectra.core.tables import Column, Table

        return Table(name="t", title="t", columns=(Column(name="x", values=[1]), Column(name="y", values=[1, 2])))


class DrawsWide(Line):
    pictures: ClassVar = {"line": "The line"}

    def draw(self, values, figure, *, picture, rows):
        figure.subplots()
        figure.set_size_inches(10, 4)


class DrawsNothing(Line):
    pictures: ClassVar = {"line": "The line"}

    def draw(self, values, figure, *, picture, rows):
        pass


class OtherSignal(Line):
    def representative(self, values):
        return values * 1.1


class GrownBroken(Grown):
    def __init__(self, sample, parameters):
        self.line, self.seconds = Line(sample, None), 0.0


class GrownInPart(GrownBroken):
    def generate(self, points):
        values, signal = super().generate(points)
        values[0, 0] = np.nan
        return values, signal


class GrownInVain(GrownBroken):
    def generate(self, points):
        values, signal = super().generate(points)
        return np.full_like(values, np.nan), signal


class GrownSingle(GrownBroken):
    def generate(self, points):
        values, signal = super().generate(points)
        return values.astype(np.float32), signal


class GrownUnpicklable(GrownBroken):
    def __init__(self, sample, parameters):
        super().__init__(sample, parameters)
        self.double = lambda y: 2 * y


class GrownTogether(GrownBroken):
    """All from one generator."""

    def generate(self, points):
        values = np.random.default_rng(0).uniform([-0.3, 0.1], [0.3, 0.3], (len(points), 2))
        return values, self.line.simulate(values)


# distortions


class DistortsNothing(Noise):
    def distort(self, signal, rng):
        raise RuntimeError("no")


class DropsOne(Noise):
    def distort(self, signal, rng):
        return take(signal, slice(1, None))


class OwnDice(Noise):
    def distort(self, signal, rng):
        return super().distort(signal, np.random.default_rng())


class InPlace(Noise):
    def distort(self, signal, rng):
        signal.y[:] = signal.y + rng.normal(0, self.size, signal.y.shape)
        return signal


class Speechless(Noise):
    def distort(self, signal, rng):
        assert isinstance(signal, Profile)
        return super().distort(signal, rng)


# encoders


class EncodesNothing(Values):
    def encode(self, signal):
        raise RuntimeError("no")


class FitsAnother(Values):
    def fit(self, signal):
        return Values(None).fit(signal)


class Double(Values):
    def encode(self, signal):
        return super().encode(signal).astype(float)


class CentresBatch(Values):
    def encode(self, signal):
        features = super().encode(signal)
        return features - features.mean(axis=0)


class RandomScale(Values):
    def fit(self, signal):
        super().fit(signal)
        self.scale_ = self.scale_ * np.random.default_rng().uniform(1, 2)
        return self


class EncodesInPlace(Values):
    def encode(self, signal):
        features = super().encode(signal)
        signal.y[:] = 0
        return features


class ForgetsScale(Values):
    def set_state(self, state):
        self.mean_, self.scale_ = state["mean"], 1.0
        return self


class KeepsObjects(Values):
    def get_state(self):
        return super().get_state() | {"self": np.array([self], dtype=object)}


class Draws(Values):
    """Its scale is drawn, and not from the generator that it asks for."""

    def fit(self, signal, *, rng):
        super().fit(signal)
        self.scale_ = self.scale_ * np.random.default_rng().uniform(1, 2)
        return self


class SortsTargets(Values):
    def fit(self, signal, *, targets):
        targets.sort(axis=0)
        return super().fit(signal)


class AsksForLabels(Values):
    def fit(self, signal, *, labels):
        return super().fit(signal)


class Square(Values):
    def shapes(self):
        return ((9, 8, 1),)


class SquareInParts(Values):
    def shapes(self):
        return ((9, 9), (0,))


class OnlyProfiles(Values):
    def _numbers(self, signal):
        return signal.y


class PassesGaps(Values):
    def _numbers(self, signal):
        return signal.y if isinstance(signal, Profile) else super()._numbers(signal)


# regressors


class LearnsNothing(Ridge):
    def fit(self, data, *, rng, progress):
        raise RuntimeError("no")


class ReturnsAnother:
    """A pipeline whose fit hands out what it made inside."""

    def __init__(self, parameters):
        pass

    def fit(self, data, *, rng, progress):
        return Ridge(None).fit(data, rng=rng, progress=progress)


class NoSpread(Ridge):
    def predict(self, features):
        estimate = super().predict(features)
        return Estimate(estimate.mean, np.zeros_like(estimate.mean))


class RanksBatch(Ridge):
    def predict(self, features):
        estimate = super().predict(features)
        return Estimate(estimate.mean - estimate.mean.mean(axis=0) + 0.5, estimate.spread)


class RandomWeights(Ridge):
    def fit(self, data, *, rng, progress):
        return super().fit(data, rng=np.random.default_rng(), progress=progress)


class ScalesTargets(Ridge):
    def fit(self, data, *, rng, progress):
        super().fit(data, rng=rng, progress=progress)
        data.ideal()[0][:] *= 1.001
        return self


class Constant(Ridge):
    def predict(self, features):
        return Estimate(np.full((len(features), 2), 0.9), np.full((len(features), 2), 0.5))


class Overconfident(Ridge):
    def predict(self, features):
        estimate = super().predict(features)
        return Estimate(estimate.mean, estimate.spread / 100)


class Underconfident(Ridge):
    def predict(self, features):
        estimate = super().predict(features)
        return Estimate(estimate.mean, estimate.spread * 100)


class ForgetsWeights(Ridge):
    def set_state(self, state):
        self.weights_, self.spread_ = state["weights"] * 0, state["spread"]
        return self


class BadHistory(Ridge):
    def get_state(self):
        return super().get_state() | {"history/loss": np.array([[1.0, np.nan]])}


# refiners


class NoCovariance(Fit):
    def refine(self, measured, forward, **options):
        return replace(super().refine(measured, forward, **options), covariance=np.ones(2))


class Beyond(Fit):
    def refine(self, measured, forward, **options):
        refinement = super().refine(measured, forward, **options)
        return replace(refinement, values=refinement.values + 1)


class ReturnsStart(Fit):
    def refine(self, measured, forward, *, starts, quantities):
        refinement = super().refine(measured, forward, starts=starts, quantities=quantities)
        return replace(refinement, values=np.array([quantities[0].lower, quantities[1].upper]))


class RandomAnswer(Fit):
    def refine(self, measured, forward, **options):
        refinement = super().refine(measured, forward, **options)
        return replace(refinement, values=refinement.values + np.random.default_rng().normal(0, 0.01, 2))


class ChangesStarts(Fit):
    def refine(self, measured, forward, *, starts, quantities):
        refinement = super().refine(measured, forward, starts=starts, quantities=quantities)
        starts[:] = refinement.values
        return refinement


class Overshoots(Fit):
    def refine(self, measured, forward, *, starts, quantities, progress):
        with progress.task("Fitting", 1) as advance:
            advance(2)
        return super().refine(measured, forward, starts=starts, quantities=quantities)


class WrongDraws(Fit):
    def refine(self, measured, forward, **options):
        return replace(super().refine(measured, forward, **options), draws=np.zeros((10, 3)))


class FitsAnything(Fit):
    def refine(self, measured, forward, *, starts, quantities):
        _ = measured.y
        return super().refine(measured, forward, starts=starts, quantities=quantities)


# processors


class ProcessesNothing(Multiply):
    def process(self, measurement):
        raise RuntimeError("no")


class GivesSignal(Multiply):
    def process(self, measurement):
        return super().process(measurement).signal


class LosesNotes(Multiply):
    def process(self, measurement):
        return replace(super().process(replace(measurement, notes=())), notes=())


class DividesByZero(Multiply):
    def process(self, measurement):
        return replace(measurement, signal=replace(measurement.signal, y=measurement.signal.y + np.inf))


class RandomFactor(Multiply):
    def process(self, measurement):
        self.by = np.random.default_rng().uniform(1, 2)
        return super().process(measurement)


class MultipliesInPlace(Multiply):
    def process(self, measurement):
        measurement.signal.y[:] *= self.by
        return measurement


# readers


class ReadsAnything(Columns):
    def read(self, file):
        np.loadtxt(file.content.decode().splitlines(), unpack=True)
        return super().read(file)


class OtherName(Columns):
    def read(self, file):
        return replace(super().read(file), reader="other")


class TwoTemperatures(Columns):
    conditions: ClassVar[tuple[Condition, ...]] = (
        Condition(name="temperature", value=300.0, unit="K"),
        Condition(name="temperature", value=4.0, unit="K"),
    )

    def read(self, file):
        return replace(super().read(file), conditions=self.conditions)


class InCelsius(TwoTemperatures):
    conditions = (Condition(name="temperature", value=25.0, unit="degC"),)


class Unaskable(TwoTemperatures):
    conditions = (Condition(name="the temperature", value=300.0, unit="K"),)


# optimizers


class Search(GeneticAlgorithm):
    def __init__(self, parameters):
        super().__init__(GeneticParameters())


class AsksForRows(Search):
    def ask(self):
        return super().ask()[..., None]


class AsksForNothing(Search):
    def ask(self):
        return super().ask()[:0]


class GoesOnFromElsewhere(Search):
    @property
    def population(self):
        return super().population + 1


class StandsStill(Search):
    def ask(self):
        return self.population[:1]

    def tell(self, points, losses):
        pass


class LeavesBounds(Search):
    def _outside(self, points):
        return points / 5


class RollsItsOwnDice(Search):
    def begin(self, starts, *, bounded, rng):
        return super().begin(starts, bounded=bounded, rng=np.random.default_rng())


class SortsLosses(Search):
    def tell(self, points, losses):
        super().tell(points, losses.copy())
        losses.sort()


# generators


class Space(PrincipalComponents):
    def __init__(self, parameters):
        super().__init__(PrincipalComponentsParameters(components=4, size=9))


class GeneratesNothing(Space):
    def fit(self, signal, *, rng, progress):
        raise RuntimeError("no")


class FitsAnotherSpace(Space):
    def fit(self, signal, *, rng, progress):
        super().fit(signal, rng=rng, progress=progress)
        return Wrapped(self)


class Wrapped:
    def __init__(self, inner):
        self.encode, self.decode = inner.encode, inner.decode


class CodesInSingle(Space):
    def encode(self, signal):
        return super().encode(signal).astype(np.float32)


class CodesInPart(Space):
    def encode(self, signal):
        codes = super().encode(signal)
        codes[0, 0] = np.nan
        return codes


class Unscaled(Space):
    def encode(self, signal):
        return 10 * super().encode(signal)

    def decode(self, codes):
        return super().decode(codes / 10)


class Shifted(Space):
    def encode(self, signal):
        return super().encode(signal) + 3

    def decode(self, codes):
        return super().decode(codes - 3)


class MakesGaps(Space):
    def decode(self, codes):
        made = super().decode(codes)
        return replace(made, pixels=np.where(made.pixels > made.pixels.mean(), np.nan, made.pixels))


class Forgetful(Space):
    def decode(self, codes):
        return super().decode(np.zeros_like(codes))


class DecodesTogether(Space):
    def decode(self, codes):
        return super().decode(codes - codes.mean(axis=0) if len(codes) > 1 else codes)


class LearnsAtRandom(Space):
    def fit(self, signal, *, rng, progress):
        super().fit(signal, rng=rng, progress=progress)
        self.components_ = self.components_ * np.random.default_rng().uniform(0.9, 1.1)
        return self


class LearnsInPlace(Space):
    def fit(self, signal, *, rng, progress):
        super().fit(signal, rng=rng, progress=progress)
        if isinstance(signal, Image):
            signal.pixels[0] = 0
        return self


class ForgetsTheMean(Space):
    def get_state(self):
        state = dict(super().get_state())
        return state | {"mean": 0 * state["mean"]}


class LearnsFromPictures(Space):
    def fit(self, signal, *, rng, progress):
        if not isinstance(signal, Image):
            raise AttributeError("pixels")
        return super().fit(signal, rng=rng, progress=progress)


# layouts


class Plane:
    """Two directions of the features themselves."""

    def __init__(self, parameters):
        pass

    def fit(self, features, *, rng, progress):
        self.mean_ = features.mean(axis=0)
        self.embedding_ = self.placed(features - self.mean_)
        return self

    def transform(self, features):
        return self.placed(features - self.mean_)

    def placed(self, features):
        return features[:, :2].astype(float)


class LaysOutAnother(Plane):
    def fit(self, features, *, rng, progress):
        return Projection(super().fit(features, rng=rng, progress=progress))


class Projection:
    def __init__(self, layout):
        self.embedding_, self.transform = layout.embedding_, layout.transform


class PlacesInSpace(Plane):
    def placed(self, features):
        return features[:, :3].astype(float)


class PlacesInSingle(Plane):
    def placed(self, features):
        return features[:, :2]


class PlacesAtRandom(Plane):
    def placed(self, features):
        return np.random.default_rng(0).random((len(features), 2))


class PlacesNewOnesAtZero(Plane):
    def transform(self, features):
        return np.full((len(features), 2), 1000.0) * np.arange(2)


class MovesTheOthers(Plane):
    def transform(self, features):
        self.embedding_ += 1e-3
        return super().transform(features)


class RollsDice(Plane):
    def placed(self, features):
        return super().placed(features) * np.random.default_rng().uniform(0.9, 1.1)


class CentresInPlace(Plane):
    def fit(self, features, *, rng, progress):
        features -= features.mean(axis=0)
        return super().fit(features, rng=rng, progress=progress)


class NeedsThree(Plane):
    def fit(self, features, *, rng, progress):
        features[2]
        return super().fit(features, rng=rng, progress=progress)
