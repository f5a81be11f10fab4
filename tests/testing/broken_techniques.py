"""The toy's techniques, each with one fault; the checks must find it."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import ConfigDict
from toy_technique.parts import Toy, ToySample

from spectra.core.formats.views import View
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice
from spectra.core.signals import take
from spectra.core.technique import Design


class BrokenSample(ToySample):
    technique: Literal["broken"]


class LossySample(BrokenSample):
    @property
    def digest(self):
        return str(id(self))


class LaxSample(BrokenSample):
    model_config = ConfigDict(extra="ignore")


class Broken(Toy):
    name = "broken"
    sample_schema = BrokenSample


class Lossy(Broken):
    sample_schema = LossySample


class Misnamed(Broken):
    sample_schema = ToySample
    name = "toy"


class LaxTechnique(Broken):
    sample_schema = LaxSample


class TwoOfAName(Broken):
    def quantities(self, sample):
        return (super().quantities(sample)[0],) * 2


class UnknownUnit(Broken):
    def quantities(self, sample):
        return (*super().quantities(sample)[:1], Quantity(name="w", unit="furlons", description="", lower=0, upper=1))


class ViewInWords(Broken):
    views = {"My view": View(title="Mine", show=lambda _recorded: [])}  # noqa: RUF012


class UntitledView(Broken):
    views = {"mine": View(title=" ", show=lambda _recorded: [])}  # noqa: RUF012


class ViewOfItsOwn(Broken):
    views: ClassVar[dict[str, object]] = {"mine": lambda _recorded: []}


class NoSuchEncoder(Broken):
    def recipes(self, sample):
        default = super().recipes(sample)["default"]
        return {"default": default.model_copy(update={"encoder": Choice(name="no-such")})}


class NoSuchReader(Broken):
    readers = ("no-such",)


class OutsideRanges(Broken):
    def design(self, sample):
        return Design(points=super().design(sample).points + 1.0)


class TakesAnything(Broken):
    def prepare(self, measurement, sample):
        return measurement


class Twice(Broken):
    def prepare(self, measurement, sample):
        signal = take(measurement.signal, np.array([0, 0]))
        return replace(measurement, signal=signal)


class EmptyFigure(Broken):
    def draw(self, result, figure):
        pass


class OneRemark(Broken):
    def remarks(self, result):
        return "This is a toy."


class RefinesGrown(Broken):
    def recipes(self, sample):
        default = super().recipes(sample)["default"]
        return {"default": default.model_copy(update={"forward_model": Choice(name="toy-grown")})}


class NoSuchProcessor(Broken):
    processors = ("no-such",)


class RefinesPairs(Broken):
    def recipes(self, sample):
        default = super().recipes(sample)["default"]
        return {"default": default, "pair": default.model_copy(update={"forward_model": Choice(name="toy-pair")})}


class Grouped(Broken):
    """Sound, with the groups of a subclass."""

    def groups(self, count):
        return np.arange(count) % 3

    def design(self, sample):
        points = super().design(sample).points
        return Design(points=points, groups=self.groups(len(points)))


class InTwoGroups(Grouped):
    def groups(self, count):
        return np.arange(count) % 2


class FractionalGroups(Grouped):
    def groups(self, count):
        return np.linspace(0, 1, count)


class RandomGroups(Grouped):
    def groups(self, count):
        return np.random.default_rng().integers(0, 9, count)


class GroupsOfAnother(Grouped):
    def groups(self, count):
        return np.arange(count - 1)
