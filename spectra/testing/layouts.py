"""What the checks of layouts are handed."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, Floats, Layout
from spectra.core.errors import NotFoundError
from spectra.core.progress import Silent
from spectra.testing.checking import NotApplicable
from spectra.testing.subjects import SEED, Subject

_CLUSTERS, _EACH, _NEW, _NUMBERS = 3, 40, 10, 12


class LayoutSubject(Subject):
    """A layout with features of three clusters, of which some are kept back."""

    @cached_property
    def clusters(self) -> tuple[Features, NDArray[np.int64]]:
        """Features of shape (150, 12) in random order, and which cluster each belongs to."""
        rng = np.random.default_rng(SEED)
        labels = rng.permutation(np.repeat(np.arange(_CLUSTERS), _EACH + _NEW))
        centres = 10 * rng.standard_normal((_CLUSTERS, _NUMBERS))
        return (centres[labels] + rng.standard_normal((len(labels), _NUMBERS))).astype(np.float32), labels

    @property
    def features(self) -> Features:
        """Those to lay out, shape (120, 12); a copy."""
        return self.clusters[0][: -_CLUSTERS * _NEW].copy()

    @property
    def labels(self) -> NDArray[np.int64]:
        """Which clusters they belong to."""
        return self.clusters[1][: -_CLUSTERS * _NEW]

    @property
    def new(self) -> tuple[Features, NDArray[np.int64]]:
        """Those that are kept back, shape (30, 12), and which clusters they belong to."""
        features, labels = self.clusters
        return features[-_CLUSTERS * _NEW :].copy(), labels[-_CLUSTERS * _NEW :]

    @cached_property
    def layout(self) -> Layout:
        """The layout of the clusters."""
        return self.fitted(self.features)

    @property
    def places(self) -> Floats:
        """Their places."""
        return np.asarray(self.layout.embedding_)

    def fitted(self, features: Features, seed: int = SEED) -> Layout:
        """Make it and lay features out.

        Raises
        ------
        NotApplicable
            If a package that does it is not installed.
        """
        layout: Layout = self.make()
        try:
            return layout.fit(features, rng=np.random.default_rng(seed), progress=Silent())
        except NotFoundError as missing:
            raise NotApplicable(missing.message) from missing
