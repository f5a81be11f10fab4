"""Extremely randomised trees: grown by scikit-learn, kept as plain arrays, and read by NumPy alone."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

_BATCH = 1024
_SMALLEST_SPREAD = 1e-3  # of a quantity's range


class ExtraTreesParameters(BaseModel):
    """How many trees, how large, and from how many spectra."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trees: int = Field(default=100, ge=2, le=10_000, description="number of trees")
    leaf: int = Field(default=5, ge=1, le=10_000, description="fewest training spectra in a leaf")
    copies: int = Field(default=2, ge=1, le=1000, description="distorted copies of each training spectrum")


class ExtraTrees:
    """Mean and standard deviation over trees whose splits are drawn at random.

    The spreads are scaled to match the errors on the distorted validation set.

    References
    ----------
    P. Geurts, D. Ernst, L. Wehenkel, Extremely randomized trees, Machine Learning 63, 3-42 (2006).
    """

    def __init__(self, parameters: ExtraTreesParameters) -> None:
        self.parameters = parameters
        # All trees' nodes one after the other. A leaf is its own child, so that one may walk on at the end of a branch.
        self.roots_: NDArray[np.int64]  # (trees,)
        self.children_: NDArray[np.int64]  # (nodes, 2)
        self.feature_: NDArray[np.int64]  # (nodes,)
        self.threshold_: Floats  # (nodes,)
        self.value_: NDArray[np.float32]  # (nodes, p)
        self.depth_: int
        self.calibration_: Floats  # (p,)

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Grow the trees on distorted spectra."""
        from sklearn.ensemble import ExtraTreesRegressor  # takes seconds to import

        drawn = [data.draw(rng) for _ in range(self.parameters.copies)]
        features, targets = (np.concatenate(arrays) for arrays in zip(*drawn, strict=True))
        progress.say(f"Growing {self.parameters.trees} trees on {len(features):,} spectra.")
        forest = ExtraTreesRegressor(
            n_estimators=self.parameters.trees,
            min_samples_leaf=self.parameters.leaf,
            random_state=int(rng.integers(2**31)),
            n_jobs=-1,
        ).fit(features, targets if targets.shape[1] > 1 else targets[:, 0])
        self._lay_out([tree.tree_ for tree in forest.estimators_])
        self.calibration_ = np.ones(targets.shape[1])
        shown, truth = data.validation
        self.calibration_ = self.predict(shown).calibration(truth)
        return self

    def predict(self, features: Features) -> Estimate:
        """Walk down every tree."""
        answers = []
        for start in range(0, len(features), _BATCH):
            part = features[start : start + _BATCH]
            rows = np.arange(len(part))[:, None]
            nodes = np.broadcast_to(self.roots_, (len(part), len(self.roots_)))
            for _ in range(self.depth_):
                right = part[rows, self.feature_[nodes]] > self.threshold_[nodes]
                nodes = self.children_[nodes, right.astype(int)]
            leaves = self.value_[nodes].astype(np.float64)  # (n, trees, p)
            answers.append((leaves.mean(axis=1), leaves.std(axis=1)))
        mean, scatter = (np.concatenate(arrays) for arrays in zip(*answers, strict=True))
        return Estimate(mean, self.calibration_ * np.maximum(scatter, _SMALLEST_SPREAD))

    def get_state(self) -> State:
        """Return the nodes of all trees."""
        return {
            "roots": self.roots_,
            "children": self.children_,
            "feature": self.feature_,
            "threshold": self.threshold_,
            "value": self.value_,
            "depth": np.array(self.depth_),
            "calibration": self.calibration_,
        }

    def set_state(self, state: State) -> Self:
        """Take over what another instance grew."""
        self.roots_, self.children_, self.feature_ = state["roots"], state["children"], state["feature"]
        self.threshold_, self.value_ = state["threshold"], state["value"]
        self.depth_, self.calibration_ = int(state["depth"]), state["calibration"]
        return self

    def _lay_out(self, trees: Sequence[Any]) -> None:
        """Take over scikit-learn's trees, in which a leaf has the child -1 and the feature -2."""
        counts = [tree.node_count for tree in trees]
        self.roots_ = np.cumsum([0, *counts[:-1]])
        children = [np.stack([tree.children_left, tree.children_right], axis=1) for tree in trees]
        nodes = np.arange(sum(counts))[:, None]
        own = np.concatenate(children)
        self.children_ = np.where(own < 0, nodes, own + np.repeat(self.roots_, counts)[:, None])
        self.feature_ = np.maximum(np.concatenate([tree.feature for tree in trees]), 0)
        self.threshold_ = np.concatenate([tree.threshold for tree in trees])
        self.value_ = np.concatenate([tree.value[:, :, 0] for tree in trees]).astype(np.float32)
        self.depth_ = max(tree.max_depth for tree in trees)
