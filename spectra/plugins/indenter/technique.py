"""The technique of the virtual indenter: quantities, recipes, design, preparation, maps and what to think of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from inspect import signature
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Encoder, Refinement
from spectra.core.errors import InputError
from spectra.core.formats.maps import QuantityMap
from spectra.core.measurements import Measurement
from spectra.core.model import TrainedModel
from spectra.core.quantities import Estimate, EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Contest, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Image, Places, Signal
from spectra.core.technique import Design, Result
from spectra.plugins.images.mapping import answers, as_map, at_scale, every_place
from spectra.plugins.images.orientations import ANGLES
from spectra.plugins.images.surroundings import Surroundings, SurroundingsParameters, reach_at
from spectra.plugins.indenter.blocks import blocks_of_columns, folds_of_blocks
from spectra.plugins.indenter.sample import IndenterSample
from spectra.plugins.learning import doubts
from spectra.plugins.learning.recorded_structures import structures_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAPER = "paper"

_BLOCKS = 20  # of columns, in all pictures together
_TILT = "cos2 2"  # cos²Φ, averaged over about the width of an indent
_NOVEL, _MOST_NOVEL = 2.0, 0.1  # how unlike the training a place is, and which share of a map may be


def _in_blocks(sample: IndenterSample) -> bool:
    without_grains = structures_of(sample).groups is None
    return sample.split == "blocks" or (sample.split == "random" and without_grains)


def _rivals(*, oriented: bool) -> dict[str, Recipe]:
    """Return the recipes that compete, by name; a law only where the pictures hold orientations."""
    hand = Choice(name="surroundings")
    tilt = Choice(name="surroundings", parameters={"only": [_TILT]})
    as_it_is = _polynomial(1)  # of a network's answer
    law = {"law": _recipe(tilt, _polynomial(2))}
    return {
        "mean": _recipe(hand, _polynomial(0)),
        **(law if oriented else {}),
        "ridge": _recipe(hand, Choice(name="grouped-ridge")),
        "nearest": _recipe(hand, Choice(name="nearest", parameters={"neighbours": 15})),
        "network": _recipe(Choice(name="map-network"), as_it_is),
        "residual": _recipe(Choice(name="residual-map-network"), as_it_is),
    }


def likeness_of(encoder: Encoder, known: Places) -> Encoder:
    """Return what says how unlike the training a place is: hand-made features, where those of the model are answers."""
    if "targets" not in signature(encoder.fit).parameters:
        return encoder
    return Surroundings(SurroundingsParameters()).fit(known)


def _polynomial(degree: int) -> Choice:
    return Choice(name="polynomial", parameters={"degree": degree})


def _recipe(encoder: Choice, regressor: Choice) -> Recipe:
    return Recipe(forward_model=Choice(name="recorded-structures"), encoder=encoder, regressor=regressor)


class Indenter:
    """Pictures of a microstructure to hardness, or to whatever else was measured at places in such pictures."""

    sample_schema: type[Sample] = IndenterSample
    readers = ("picture", "orientation-map")
    references = "spectra.plugins.indenter:references.bib"

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return what the data set holds, with its name and unit."""
        return structures_of(_indented(sample)).quantities

    def recipes(self, sample: Sample) -> dict[str, Recipe]:
        """Return recipes that compete, and each by its name; the quick one trains no network.

        The recipe ``paper`` is that of Lew et al. (2023), which takes hours, and does not compete.
        """
        sample = _indented(sample)
        rivals = _rivals(oriented=_places(sample).unit == ANGLES)
        ridge = rivals["ridge"]
        contest = Contest(**dict(ridge), rivals=rivals, leaking=sample.split == "random")
        return {
            DEFAULT: contest,
            QUICK: ridge,
            **rivals,
            PAPER: _recipe(Choice(name="residual-network"), _polynomial(1)),
        }

    def design(self, sample: Sample) -> Design:
        """Return the rows of the data set, in groups that stay together.

        A split at random keeps grains together, too, or blocks where nothing is known of grains: what it would have
        made believe is shown beside, and nothing more.

        Raises
        ------
        InputError
            If the data set cannot be used, or says nothing of grains where they are asked for.
        """
        sample = _indented(sample)
        file, places = structures_of(sample), _places(sample)
        rows = np.arange(len(places), dtype=np.float64)[:, np.newaxis]
        if sample.split == "grains" and file.groups is None:
            raise InputError(
                f"{sample.data_set.name} does not say which places lie in one grain.",
                hint="Write 'split: blocks' in the sample file, or register the map with its orientations.",
            )
        if _in_blocks(sample):
            groups = blocks_of_columns(places, _BLOCKS)
        elif sample.split == "specimen":
            groups = places.places[:, 0].astype(np.int64)
        else:
            assert file.groups is not None  # noqa: S101 - told above
            groups = file.groups
        return Design(points=rows, notes=file.notes, groups=groups)

    def folds(
        self, sample: Sample, signal: Signal, groups: NDArray[np.int64], count: int
    ) -> Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]] | None:
        """Hold out neighbouring blocks together, and learn from nothing that they see or that sees them.

        Grains and whole pictures are divided as they come: a place near a boundary sees some pixels of the grain
        beyond, but never what was measured there.
        """
        if not _in_blocks(_indented(sample)):
            return None
        assert isinstance(signal, Places)  # noqa: S101 - of the data set
        gap = reach_at(SurroundingsParameters().scales, signal.um_per_pixel)
        return folds_of_blocks(signal, groups, count, gap=gap)

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:
        """Take every pixel of a picture for a place, at the scale of the pictures that were learned from.

        Raises
        ------
        InputError
            If it is no picture, shows something else than these, or is coarser.
        """
        known, name = _places(_indented(sample)), measurement.file.name
        image = measurement.signal
        if not isinstance(image, Image):
            raise InputError(f"{name} holds {image.kind}, not a picture.")
        channels, learned = image.pixels.shape[3], known.pictures.shape[3]
        if (image.unit, channels) != (known.unit, learned):
            raise InputError(
                f"{name} holds {_described(image.unit, channels)}; the model has learned from "
                f"{_described(known.unit, learned)}.",
                hint="Give a map of the same kind.",
            )
        given = measurement.details.get("µm per pixel")
        size = None if given is None else float(given)
        scaled = at_scale(image, um_per_pixel=size, known=known, name=name)
        notes = []
        if scaled is not image:
            notes.append(
                f"{name} was reduced from {image.pixels.shape[2]} × {image.pixels.shape[1]} pixels of {size:g} µm to "
                f"{scaled.pixels.shape[2]} × {scaled.pixels.shape[1]} of {known.um_per_pixel:g} µm."
            )
        places = every_place(scaled, um_per_pixel=known.um_per_pixel)
        return replace(measurement, signal=places, notes=(*measurement.notes, *notes))

    def map(self, model: TrainedModel, measurement: Measurement, sample: Sample) -> tuple[Estimate, QuantityMap]:
        """Return the mean over the picture with its uncertainty, and the map.

        What a model gets wrong about one place of a grain it gets wrong about all, so that the mean over the picture is
        no better known than by one place of each grain; of these there are as many as groups of the training would
        fill the picture.
        """
        places = measurement.signal
        assert isinstance(places, Places)  # noqa: S101 - of prepare()
        groups = self.design(sample).groups
        known = _places(_indented(sample))
        likeness = likeness_of(model.encoder, known)
        found = answers(model, places, likeness, likeness.encode(known), groups)
        mean, variance = np.nanmean(found.mean, axis=0), np.nanmean(found.spread**2, axis=0)
        pieces = max(1.0, len(places) / _places_per_group(groups))
        estimate = Estimate(mean[np.newaxis], np.sqrt(variance / pieces)[np.newaxis])
        return estimate, as_map(found, places, model.quantities)

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:  # noqa: ARG002
        """Return nothing: there are no derived quantities."""
        return ()

    def remarks(self, result: Result) -> Sequence[str]:
        """Say what the one number is."""
        assert result.map is not None  # noqa: S101 - of map()
        return (
            f"The result is the mean over {np.isfinite(result.map.novelty).sum():,} places; "
            "its uncertainty is that of the mean, and the map has that of one measurement at each place.",
        )

    def judge(self, result: Result) -> Verdict:
        """Doubt a picture of which much is unlike the training, and answers outside of the learned range."""
        assert result.map is not None  # noqa: S101 - of map()
        reasons = [*doubts.of_ranges(result)]
        novel = float(np.mean(result.map.novelty > _NOVEL))
        if novel > _MOST_NOVEL:
            reasons.insert(
                0,
                f"{novel:.0%} of the picture is unlike all that the model has learned from: neither the answers there "
                "nor their uncertainties can be trusted.",
            )
        return Verdict(reasons=tuple(reasons))

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw the picture, the map, its uncertainty, and how unlike the training each place is."""
        from spectra.plugins.indenter.figure import draw

        draw(result, figure)


def _places_per_group(groups: NDArray[np.int64] | None) -> float:
    """Return how many places there are in the group of a place, on average."""
    if groups is None:
        return 1.0
    sizes = np.unique(groups, return_counts=True)[1]
    return float((sizes**2).sum() / sizes.sum())


def _places(sample: IndenterSample) -> Places:
    signal = structures_of(sample).signal
    assert isinstance(signal, Places)  # noqa: S101 - nothing else is let through
    return signal


def _described(unit: str, channels: int) -> str:
    """Say what a picture of so many channels in a unit shows."""
    if unit == "°":
        return "crystal orientations"
    return {1: "shades of grey", 3: "colours"}.get(channels, f"{channels} channels in {unit!r}")


def _indented(sample: Sample) -> IndenterSample:
    if not isinstance(sample, IndenterSample):
        raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}.")
    return sample
