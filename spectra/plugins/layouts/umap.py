"""UMAP (McInnes, Healy & Melville, arXiv:1802.03426v3 (2020)), in NumPy: nothing is compiled before the first map."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator

from spectra.core.components import Features, Floats
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.similarity.metrics import Metric, prepared
from spectra.core.similarity.neighbours import Neighbours, nearest, nearest_others
from spectra.plugins.layouts.descent import curve, descend
from spectra.plugins.layouts.fuzzy_graph import fuzzy_union, memberships
from spectra.plugins.layouts.start import principal_plane

_EXTENT, _NOISE = 10.0, 1e-3
_EXTENT_OF_FEW = 0.5  # times the root of their number: a few clusters far apart would leave nothing to see of each
_MANY, _EPOCHS, _EPOCHS_OF_MANY = 10_000, 500, 200
_SETTLING = 10


class UmapParameters(BaseModel):
    """How local the map is, and how densely points lie."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    neighbours: int = Field(default=15, ge=2, le=500, description="number of neighbours of a point; more: less local")
    min_dist: NonNegativeFloat = Field(default=0.1, description="distance on the map up to which points are together")
    spread: PositiveFloat = Field(default=1.0, description="scale of the distances on the map")
    metric: Metric = Field(default="cosine", description="distance between features")
    epochs: PositiveInt | None = Field(
        default=None, description="steps of the descent; by default 500, and 200 of more than 10,000 points"
    )

    @model_validator(mode="after")
    def _distances_can_be_kept(self) -> Self:
        if self.min_dist > 3 * self.spread:
            raise ValueError(f"min_dist {self.min_dist:g} is more than three times the spread {self.spread:g}")
        return self


class Umap:
    """Neighbours on the map are neighbours among the features, as far as two dimensions allow; far is just far.

    Places depend on the seed, and distances between clusters mean little: rank by the distances of the features.
    """

    def __init__(self, parameters: UmapParameters) -> None:
        self.parameters = parameters
        self.features_: Features
        self.embedding_: Floats

    def fit(self, features: Features, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Lay out features (n, d).

        Raises
        ------
        InputError
            If there are none, or they are not finite.
        """
        parameters = self.parameters
        if not len(features):
            raise InputError("There is nothing to lay out: no features.")
        rows = prepared(features, parameters.metric)
        places = principal_plane(rows, extent=min(_EXTENT, _EXTENT_OF_FEW * len(rows) ** 0.5))
        places += (_NOISE * rng.standard_normal(places.shape)).astype(np.float32)  # copies could never part
        if len(rows) > 1:
            progress.say(f"Looking for the {parameters.neighbours} nearest of each of {len(rows):,} …")
            neighbours = nearest_others(features, parameters.neighbours, metric=parameters.metric)
            graph = fuzzy_union(neighbours.rows, memberships(neighbours.distances))
            epochs = parameters.epochs or (_EPOCHS_OF_MANY if len(rows) > _MANY else _EPOCHS)
            with progress.task("Laying out", epochs) as advance:
                places = descend(places, graph, shape=self._shape, epochs=epochs, rng=rng, advance=advance)
        self.features_, self.embedding_ = features, places.astype(np.float64)
        return self

    def transform(self, features: Features) -> Floats:
        """Place new features (m, d) among those of the layout, which stay where they are: shape (m, 2).

        Each is drawn by its neighbours as in the descent, from the one that the others agree with most, and comes to
        rest where they balance; it repels nobody, so that its place does not depend on other new ones. A copy is put
        where its original is.
        """
        neighbours = nearest(features, self.features_, self.parameters.neighbours, metric=self.parameters.metric)
        return self._settled(neighbours) if neighbours.rows.size else np.zeros((len(features), 2))

    def _settled(self, neighbours: Neighbours) -> Floats:
        a, b = self._shape
        degrees = memberships(neighbours.distances)  # (m, k)
        known = self.embedding_[neighbours.rows]  # (m, k, 2)

        def pulls(places: Floats) -> Floats:
            squared = np.sum((known - places[:, np.newaxis]) ** 2, axis=2)
            return degrees / (1 + a * squared**b)

        agreement = np.stack([pulls(known[:, j]).sum(axis=1) for j in range(known.shape[1])], axis=1)
        places = _of_each(known, agreement.argmax(axis=1))
        for _ in range(_SETTLING):
            weights = pulls(places)
            places = np.einsum("mk,mki->mi", weights, known) / weights.sum(axis=1, keepdims=True)
        copies = neighbours.distances[:, 0] == 0
        places[copies] = known[copies, 0]
        return places

    @property
    def _shape(self) -> tuple[float, float]:
        return curve(self.parameters.min_dist, self.parameters.spread)


def _of_each(known: Floats, columns: NDArray[np.int64]) -> Floats:
    return known[np.arange(len(known)), columns]
