"""The technique 'symmetry': pictures to the probabilities of plane groups, with generated pictures to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Image
from spectra.core.technique import Design, Result
from spectra.plugins.images.symmetry.analysis import analyze
from spectra.plugins.images.symmetry.generator.groups import SYMBOLS
from spectra.plugins.images.symmetry.generator.sample import SymmetrySample
from spectra.plugins.images.symmetry.signatures.shades import Shades, flattened, shades

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class SymmetryTechnique:
    """Pictures to plane groups: each group is a quantity that is 1 or 0, so that an answer is a share of belief."""

    sample_schema: type[Sample] = SymmetrySample
    readers = ("picture",)
    references = "spectra.plugins.images.symmetry:references.bib"

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return one quantity for each group of the sample."""
        return tuple(
            Quantity(name=name, unit="", description=f"1 for pictures of the plane group {name}", lower=0.0, upper=1.0)
            for name in _checked(sample).groups
        )

    def recipes(self, sample: Sample) -> Mapping[str, Recipe]:  # noqa: ARG002
        """Return the recipes: signatures with a dense network, or with the nearest generated pictures."""
        given = {"forward_model": Choice(name="plane-groups"), "encoder": Choice(name="symmetry")}
        return {
            DEFAULT: Recipe(**given, regressor=Choice(name="dense")),
            QUICK: Recipe(**given, regressor=Choice(name="nearest")),
        }

    def design(self, sample: Sample) -> Design:
        """Return a point for each picture: the group's number in the International Tables and a number of its own."""
        sample = _checked(sample)
        numbers = [1 + SYMBOLS.index(name) for name in sample.groups]
        points = [(number, place) for place in range(sample.pictures) for number in numbers]
        return Design(points=np.array(points, dtype=np.float64))

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:  # noqa: ARG002
        """Reduce a picture to one shade per pixel.

        Raises
        ------
        InputError
            If it is no picture, too small, or of one shade.
        """
        image, name = measurement.signal, measurement.file.name
        if not isinstance(image, Image):
            raise InputError(f"{name} holds {image.kind}, not a picture.")
        values = shades(image.pixels[0])
        flattened(values, name)
        grey = Image(pixels=values[np.newaxis, ..., np.newaxis], unit="1")
        return replace(measurement, signal=grey)

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:  # noqa: ARG002
        """Return nothing: there are no derived quantities."""
        return ()

    def remarks(self, result: Result) -> Sequence[str]:  # noqa: ARG002
        """Return nothing beside the verdict."""
        return ()

    def judge(self, result: Result) -> Verdict:
        """Refuse the answer for a picture that is not periodic."""
        reason = analyze(_grey(result)).reason
        return Verdict() if reason is None else Verdict(reasons=(f"The picture is {reason}.",), refused=True)

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw the picture with its lattice and mirror lines."""
        from spectra.plugins.images.symmetry.figure import draw

        draw(_grey(result), analyze(_grey(result), result.measurement.file.name), figure)

    def example_sample(self) -> Mapping[str, Any]:
        """Return a sample of which some tens of pictures take a second."""
        return {"name": "example", "technique": "symmetry", "groups": ["p1", "p4mm", "p6"], "pictures": 12}


def _grey(result: Result) -> Shades:
    image = result.measurement.signal
    assert isinstance(image, Image)  # noqa: S101 - of prepare()
    return shades(image.pixels[0])


def _checked(sample: Sample) -> SymmetrySample:
    if not isinstance(sample, SymmetrySample):
        raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}.")
    return sample
