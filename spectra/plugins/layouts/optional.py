"""Layouts by other packages, which are not installed with spectra."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from spectra.core.components import Features, Floats
from spectra.core.errors import InputError, NotFoundError
from spectra.core.progress import Progress
from spectra.core.similarity.metrics import prepared
from spectra.plugins.layouts.start import principal_plane

_FEWEST = 8  # points that the packages lay out; fewer they refuse, each in its own way
_LARGEST_SEED = 2**31 - 1


class PacmapParameters(BaseModel):
    """How local the map is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    neighbours: int = Field(default=10, ge=2, le=500, description="number of neighbours of a point")


class OpentsneParameters(BaseModel):
    """How local the map is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    perplexity: PositiveFloat = Field(default=30.0, description="about how many neighbours a point has")


class _Optional:
    """What both have in common: rows of unit length, whose Euclidean distances are in the order of their cosines."""

    def __init__(self) -> None:
        self.embedding_: Floats
        self._model: Any = None

    def fit(self, features: Features, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Lay out features (n, d).

        Raises
        ------
        InputError
            If there are none, or they are not finite.
        NotFoundError
            If the package is not installed.
        """
        rows = prepared(features, "cosine")
        if not len(rows):
            raise InputError("There is nothing to lay out: no features.")
        self._model = None
        if len(rows) < _FEWEST:
            places = principal_plane(rows, extent=1.0)
        else:
            progress.say(f"Laying out {len(rows):,} …")
            places = self._laid_out(rows, int(rng.integers(_LARGEST_SEED)))
        self.embedding_ = np.array(places, dtype=np.float64)
        return self

    def transform(self, features: Features) -> Floats:
        """Place new features (m, d) among those of the layout: shape (m, 2).

        Raises
        ------
        InputError
            If the layout has too few points for that.
        """
        if self._model is None:
            raise InputError(f"A layout of less than {_FEWEST} points has no place for new ones.")
        return np.asarray(self._placed(prepared(features, "cosine")), dtype=np.float64)

    def _laid_out(self, rows: Features, seed: int) -> Any:
        raise NotImplementedError

    def _placed(self, rows: Features) -> Any:
        raise NotImplementedError


class Pacmap(_Optional):
    """PaCMAP (Wang, Huang, Rudin & Shaposhnik, J. Mach. Learn. Res. 22, 201 (2021)), by the package ``pacmap``."""

    def __init__(self, parameters: PacmapParameters) -> None:
        super().__init__()
        self.parameters = parameters

    def _laid_out(self, rows: Features, seed: int) -> Any:
        package = _package("pacmap", "pacmap")
        neighbours = min(self.parameters.neighbours, len(rows) - 1)
        self._model = package.PaCMAP(n_neighbors=neighbours, random_state=seed, save_tree=True)
        return self._model.fit_transform(rows, init="pca")

    def _placed(self, rows: Features) -> Any:
        return self._model.transform(rows)


class Opentsne(_Optional):
    """t-SNE (van der Maaten & Hinton, J. Mach. Learn. Res. 9, 2579 (2008)), by the package ``openTSNE``."""

    def __init__(self, parameters: OpentsneParameters) -> None:
        super().__init__()
        self.parameters = parameters

    def _laid_out(self, rows: Features, seed: int) -> Any:
        package = _package("openTSNE", "openTSNE")
        perplexity = min(self.parameters.perplexity, (len(rows) - 1) / 3)
        self._model = package.TSNE(perplexity=perplexity, random_state=seed, n_jobs=1).fit(rows)
        return self._model

    def _placed(self, rows: Features) -> Any:
        places = self._model.transform(rows)
        return places - (self._model - self.embedding_).mean(axis=0)  # it shifts the layout itself (openTSNE 1.0)


def _package(module: str, distribution: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise NotFoundError(
            f"This layout is made by the package {distribution}, which is not installed or cannot be imported: "
            f"{error}.",
            hint=f"Install it with 'pip install {distribution}', or take the layout 'umap', which needs no package.",
        ) from error
