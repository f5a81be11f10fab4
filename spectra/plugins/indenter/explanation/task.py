"""What a model of pictures looks at, in pictures that it was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.model import TrainedModel
from spectra.core.progress import Progress
from spectra.core.quantities import Quantity
from spectra.core.recipe import Recipe
from spectra.core.session import Session
from spectra.core.signals import Places, Signal
from spectra.core.workflows.specimens import recorded_specimen
from spectra.core.workflows.train import load_model
from spectra.plugins.images.explaining.filters import Axes, Shades, maximised
from spectra.plugins.images.explaining.map_networks import ExplainedMapNetwork
from spectra.plugins.images.explaining.occlusion import occluded, spread_over
from spectra.plugins.images.explaining.orientations import OrientationHistogram, against_orientation
from spectra.plugins.images.grains import blocks_of, grains_of
from spectra.plugins.images.map_network import MapNetwork
from spectra.plugins.images.orientations import ANGLES, axes_of, colours_of_axes
from spectra.plugins.indenter.sample import IndenterSample
from spectra.plugins.learning.explaining import (
    Differentiable,
    integrated_gradients,
    likeness,
    saliency,
    shuffled,
)
from spectra.plugins.learning.recorded_structures import structures_of

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

_MOST_PIECES = 64  # grains of a window that are occluded one by one; of more, blocks are
_BLOCKS = 8  # along each side of a window
_COUNTED = 60  # windows whose pixels count in the histograms of orientations
_DRAWS = 8  # orientations or shades that each piece takes on
_NODES = 48  # of integrated gradients
_SIZE = 48  # pixels along the sides of the pictures that maximise filters


@runtime_checkable
class NetworkEncoder(Protocol):
    """An encoder that answers by a network on windows, such as ``residual-network``."""

    fill_: Singles
    """What a window shows where nothing is known, shape (channels,)."""
    level_: Floats
    """Mean and standard deviation of the answers, shape (2, p)."""

    @property
    def size(self) -> int:
        """Height and width of a window in pixels."""

    @property
    def smallest(self) -> int:
        """Fewest pixels along the sides of a picture that reaches all sections of the network."""

    @property
    def network(self) -> Differentiable:
        """The network; it answers in standard deviations from the mean."""

    def windows(self, signal: Signal) -> Iterator[Singles]:
        """Cut windows as the network sees them, shape (height, width, channels)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ExplainedPlace:
    """One place of the training data.

    Parameters
    ----------
    number
        In the data set, from 0.
    measured, predicted
        In the quantity's unit.
    colours : ndarray, shape (height, width, 3)
        The window around it.
    occlusion : ndarray, shape (height, width)
        Root mean square change of the answer if the pixel's grain had another orientation, in the quantity's unit.
    own
        Share of the place's own grain in the sum of these squares.
    saliency : ndarray, shape (height, width)
        Steepest change of the answer with a number of the pixel; ``None`` without a network.
    contributions : ndarray, shape (height, width)
        What each pixel adds to the answer, in the quantity's unit; they sum up to its difference from that for a
        window in which nothing is known.
    """

    number: int
    picture: int
    row: int
    column: int
    measured: float
    predicted: float
    colours: Singles
    occlusion: Floats
    own: float
    saliency: Floats | None = None
    contributions: Floats | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """What a model looks at.

    Parameters
    ----------
    pieces
        What was occluded: ``"grains"`` or ``"blocks"``.
    histogram
        Importance against orientation: by saliency, or by occlusion where there is no network; ``None`` where
        pictures show no orientation.
    checks
        Rank correlation of each explanation with that of the model with shuffled weights.
    completeness
        Largest gap between the sum of contributions and the difference that it should be, as a share of that sum's
        absolute terms; ``None`` without a network.
    filters
        By section of the network, pictures (n, size, size, 3) that filters answer most strongly.
    """

    model: str
    encoder: str
    quantity: Quantity
    um_per_pixel: float | None
    places: tuple[ExplainedPlace, ...]
    pieces: str
    histogram: OrientationHistogram | None
    checks: Mapping[str, float]
    completeness: float | None = None
    filters: Mapping[str, Singles] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def explain(
    session: Session,
    id: str,
    *,
    places: int = 4,
    colours_are_orientations: bool = False,
    filters: int = 0,
    seed: int = 0,
) -> Explanation:
    """Explain the answers of a model on record for some of the places that it was trained on.

    Parameters
    ----------
    id
        Of the model.
    places
        How many, from the lowest measured value to the highest.
    colours_are_orientations
        Whether pictures in colour are PIC maps; models that take c-axes out of them say so themselves.
    filters
        How many filters of each section of a network to maximise.

    Raises
    ------
    InputError
        If the model is not one of pictures, or the data hold no place whose surroundings are known.
    """
    record = session.store.get_model(id)
    specimen = recorded_specimen(session, session.store.get_sample(record.sample_id))
    if not isinstance(specimen.sample, IndenterSample):
        raise InputError(
            f"The model {record.id} is one of {specimen.sample.technique!r}; places in pictures are explained.",
            hint="Choose a model of the technique 'indenter': 'spectra models list technique=indenter'.",
        )
    recipe, model = Recipe.model_validate(record.recipe), load_model(session, record)
    file = structures_of(specimen.sample)
    signal = file.signal
    assert isinstance(signal, Places)  # noqa: S101 - of measured_part()
    catalogue, rng = session.catalogue, np.random.default_rng(seed)
    other = replace(
        model,
        encoder=catalogue.encoder(recipe.encoder).set_state(shuffled(model.encoder.get_state(), rng)),
        regressor=catalogue.regressor(recipe.regressor).set_state(shuffled(model.regressor.get_state(), rng)),
    )
    oriented = signal.unit == ANGLES or colours_are_orientations or _takes_axes(model.encoder)
    explainer = _Explainer(model, other, _in_floats(signal), file.values[:, 0], oriented=oriented, seed=seed)
    with session.progress.task("Explaining places", places) as advance:
        explained = []
        for number in explainer.chosen(places):
            explained.append(explainer.place(number))
            advance(1)
    encoder = with_gradients(model.encoder)
    maximal: dict[str, Singles] = {}
    if filters and encoder is not None:
        maximal = _maximal_filters(encoder, filters, oriented=explainer.seen_as_axes, rng=rng, session=session)
    return Explanation(
        model=record.id,
        encoder=recipe.encoder.name,
        quantity=model.quantities[0],
        um_per_pixel=signal.um_per_pixel,
        places=tuple(place for place, _ in explained),
        pieces=explainer.pieces,
        histogram=explainer.histogram(session.progress) if oriented else None,
        checks=_checks([place for place, _ in explained], [checked for _, checked in explained]),
        completeness=max(explainer.gaps) if explainer.gaps else None,
        filters=maximal,
    )


class _Explainer:
    """Explains the answers for places of one data set."""

    def __init__(
        self, model: TrainedModel, other: TrainedModel, signal: Places, values: Floats, *, oriented: bool, seed: int
    ) -> None:
        self._model, self._other, self._signal, self._values = model, other, signal, values
        self._oriented = oriented
        known = signal.pictures[np.isfinite(signal.pictures).all(axis=-1)]
        self._others = np.random.default_rng(seed).choice(known, _DRAWS)  # every piece takes on the same
        encoder = with_gradients(model.encoder)
        reaching: Any = model.encoder
        self._window = 2 * int(reaching.reach) + 1 if encoder is None else encoder.size
        self.pieces = "grains" if oriented else "blocks"
        self.gaps: list[float] = []

    @property
    def seen_as_axes(self) -> bool:
        """Whether the network sees c⊗c."""
        return self._signal.unit == ANGLES or _takes_axes(self._model.encoder)

    def chosen(self, count: int) -> list[int]:
        """Return places from the lowest value to the highest, in whose windows everything is known if possible."""
        half, shape = self._window // 2, self._signal.pictures.shape[1:3]
        at = self._signal.places[:, 1:]
        whole = np.all((at >= half) & (at + self._window - half <= shape), axis=1)
        numbers = np.flatnonzero(whole) if whole.any() else np.arange(len(at))
        order = numbers[np.argsort(self._values[numbers], kind="stable")]
        return [
            int(order[place]) for place in np.linspace(0, len(order) - 1, min(count, len(order))).round().astype(int)
        ]

    def place(self, number: int) -> tuple[ExplainedPlace, ExplainedPlace]:
        """Explain one place, and the same for the model with shuffled weights."""
        picture, row, column = self._signal.places[number].tolist()
        here = self._around(number)
        labels = self._labels(here.pictures[0])
        both = []
        for model in (self._model, self._other):
            changes = self._occluded(model, here, labels)
            slopes, contributions = self._of_network(model, here)
            middle = labels[tuple(here.places[0, 1:])]
            own = changes[middle] ** 2 / max(np.nansum(changes**2), np.finfo(float).tiny) if middle >= 0 else np.nan
            both.append(
                ExplainedPlace(
                    number=number,
                    picture=picture,
                    row=row,
                    column=column,
                    measured=float(self._values[number]),
                    predicted=float(model.predict(here).mean[0, 0]),
                    colours=self._colours(here.pictures[0]),
                    occlusion=spread_over(changes, labels),
                    own=float(own),
                    saliency=slopes,
                    contributions=contributions,
                )
            )
        return both[0], both[1]

    def histogram(self, progress: Progress) -> OrientationHistogram:
        """Return the importance of orientations in many windows: by saliency, or by occlusion without a network."""
        encoder = with_gradients(self._model.encoder)
        maps, axes = [], []
        numbers = self.chosen(_COUNTED)
        with progress.task("Comparing orientations", len(numbers)) as advance:
            for number in numbers:
                here = self._around(number)
                if encoder is not None:
                    (window,) = encoder.windows(here)
                    maps.append(saliency(encoder.network, window[np.newaxis])[0])
                else:
                    labels = self._labels(here.pictures[0])
                    maps.append(spread_over(self._occluded(self._model, here, labels), labels))
                axes.append(self._axes(here.pictures[0]))
                advance(1)
        return against_orientation(np.stack(maps), np.stack(axes))

    def _occluded(self, model: TrainedModel, here: Places, labels: NDArray[np.int32]) -> Floats:
        """Return the change of each piece."""
        return occluded(lambda places: model.predict(places).mean[:, 0], here, labels, self._others)

    def _of_network(self, model: TrainedModel, here: Places) -> tuple[Floats | None, Floats | None]:
        """Return saliency and contributions of one window in the quantity's unit, if the encoder is a network."""
        encoder = with_gradients(model.encoder)
        if encoder is None:
            return None, None
        quantity = model.quantities[0]
        unit = float(encoder.level_[1, 0]) * (quantity.upper - quantity.lower)
        (window,) = encoder.windows(here)
        windows = window[np.newaxis].astype(np.float64)
        parts = integrated_gradients(encoder.network, windows, encoder.fill_, nodes=_NODES)
        if model is self._model:
            answers = [
                encoder.network.differentiated(given)[0][0, 0]
                for given in (windows, np.broadcast_to(encoder.fill_, windows.shape).astype(np.float64))
            ]
            self.gaps.append(float(abs(parts.sum() - (answers[0] - answers[1])) / np.abs(parts).sum()))
        return unit * saliency(encoder.network, windows)[0], unit * parts[0].sum(axis=-1)

    def _around(self, number: int) -> Places:
        """Return the place in a window of its surroundings; NaN outside of the picture."""
        picture, *middle = self._signal.places[number].tolist()
        size, half = self._window, self._window // 2
        shown = np.full((size, size, self._signal.pictures.shape[3]), np.nan, dtype=np.float32)
        ends = [
            (max(at - half, 0), min(at - half + size, length))
            for at, length in zip(middle, self._signal.pictures.shape[1:3], strict=True)
        ]
        into = tuple(slice(low - at + half, high - at + half) for at, (low, high) in zip(middle, ends, strict=True))
        shown[into] = self._signal.pictures[picture][tuple(slice(*end) for end in ends)]
        where = np.array([[0, half, half]], dtype=np.int32)
        return replace(self._signal, pictures=shown[np.newaxis], places=where)

    def _labels(self, picture: Singles) -> NDArray[np.int32]:
        if self._oriented:
            grains = grains_of(picture, self._signal.unit)
            if len(grains) <= _MOST_PIECES:
                return grains.labels
            self.pieces = "blocks"
        blocks = min(_BLOCKS, len(picture))
        return blocks_of(*picture.shape[:2], rows=blocks, columns=blocks)

    def _axes(self, picture: Singles) -> Singles:
        return axes_of(picture, self._signal.unit)

    def _colours(self, picture: Singles) -> Singles:
        if self._signal.unit == ANGLES:
            return colours_of_axes(self._axes(picture))
        shades = np.clip(np.nan_to_num(picture[..., :3] if picture.shape[-1] >= 3 else picture[..., :1]), 0, 1)
        return np.broadcast_to(shades, (*shades.shape[:2], 3)).astype(np.float32)


def _checks(places: list[ExplainedPlace], others: list[ExplainedPlace]) -> dict[str, float]:
    """Return how much each explanation is like that of shuffled weights."""
    checks = {}
    for name in ("occlusion", "saliency", "contributions"):
        maps = [[getattr(place, name) for place in given] for given in (places, others)]
        if maps[0][0] is not None:
            # which pixels matter, whatever their sign
            checks[name] = likeness(*(np.abs(np.nan_to_num(np.stack(part))) for part in maps))
    return checks


def _maximal_filters(
    encoder: NetworkEncoder, count: int, *, oriented: bool, rng: np.random.Generator, session: Session
) -> dict[str, Singles]:
    """Return pictures that maximise the first filters of each section."""
    network, channels = encoder.network, len(encoder.fill_)
    size = max(_SIZE, encoder.smallest)
    blank = np.broadcast_to(encoder.fill_, (1, size, size, channels)).astype(np.float32)
    sections = [(section.name, section.values.shape[-1]) for section in network.sections(blank)]
    pictures = {}
    with session.progress.task("Maximising filters", len(sections)) as advance:
        for name, filters in sections:
            pictures[name] = maximised(
                network,
                name,
                range(min(count, filters)),
                canvas=Axes() if oriented else Shades(),
                size=size,
                channels=channels,
                rng=rng,
            )
            advance(1)
    return pictures


def with_gradients(encoder: Any) -> NetworkEncoder | None:
    """Return an encoder that says how its answer follows the pixels; ``None`` if it is none."""
    if isinstance(encoder, MapNetwork):
        return ExplainedMapNetwork(encoder)
    return encoder if isinstance(encoder, NetworkEncoder) else None


def _takes_axes(encoder: Any) -> bool:
    """Say whether an encoder takes c-axes out of colours."""
    return bool(getattr(encoder.parameters, "orientations", False))


def _in_floats(signal: Places) -> Places:
    """Return bytes as shares of white, among which NaN can stand for what is not known."""
    if signal.pictures.dtype != np.uint8:
        return signal
    return replace(signal, pictures=(signal.pictures / np.float32(255)).astype(np.float32))
