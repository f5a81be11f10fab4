"""Human enamel: hardness of windows of the PIC map, on honest and on leaking splits.

Compares the mean, ridge regression on hand-made features and a small residual network. The hardness is that of the
network of Lew et al., Matter 6, 1975 (2023), digitised from its figure; no indents are published. Run::

    python benchmarks/enamel.py FOLDER            # with Human_Test_Map.png and hardness_map_digitised.npz
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from spectra.core.progress import Silent
from spectra.core.signals import Places, take
from spectra.plugins.images.area_means import area_means
from spectra.plugins.images.surroundings import Surroundings, SurroundingsParameters
from spectra.plugins.images.windows.network import WindowNetwork
from spectra.plugins.images.windows.training import WindowNetworkParameters

Floats = NDArray[np.float64]
Fit = Callable[[Places, Floats, NDArray[np.int64], Places], Floats]

WINDOW = 100  # pixels of the published map that the network of the paper saw
BLOCKS, FOLDS = (3, 4), 5
NETWORK: dict[str, Any] = {
    "filters": (8, 16),
    "blocks": (1, 1),
    "zoom": (1.0, 1.0),  # the labels are a network's, which was not blind to scale ...
    "turn": False,  # ... and mirrored pictures without turning what they show
    "epochs": 25,
    "patience": 25,
    "learning_rate": 1e-2,
}


def load(folder: Path, reduced: int, every: int) -> tuple[Places, Floats]:
    """Return places in the reduced map, and the hardness of the windows around them in GPa, shape (n, 1).

    Parameters
    ----------
    reduced
        Pixels of the published map along the sides of one that is learned from.
    every
        Pixels between places.
    """
    colours = np.asarray(Image.open(folder / "Human_Test_Map.png").convert("RGB"), dtype=np.float32) / 255
    height, width = (size // reduced for size in colours.shape[:2])
    picture = area_means(colours[np.newaxis, : height * reduced, : width * reduced], height, width)
    digitised = np.load(folder / "hardness_map_digitised.npz")
    hardness, shown = digitised["hardness_GPa"].astype(float), int(digitised["magfactor"]) * reduced
    rows, columns = np.mgrid[:height:every, :width:every].reshape(2, -1)
    # the first row of the digitised map is row 'row0' of the enlarged picture, and so on
    ends = [(int(digitised[f"{axis}0"]), int(digitised[f"{axis}1"])) for axis in ("row", "col")]
    shares = [((at + 0.5) * shown - low) / (high - low) for at, (low, high) in zip((rows, columns), ends, strict=True)]
    inside = np.all([(share >= 0) & (share < 1) for share in shares], axis=0)
    found = [(share[inside] * size).astype(int) for share, size in zip(shares, hardness.shape, strict=True)]
    places = np.column_stack([np.zeros(inside.sum()), rows[inside], columns[inside]]).astype(np.int32)
    return Places(pictures=picture.astype(np.float32), places=places, unit="1"), hardness[tuple(found)][:, np.newaxis]


def blocks_of(places: Places) -> NDArray[np.int64]:
    """Return in which of 3 × 4 blocks of the map each place lies."""
    at = places.places[:, 1:]
    low, high = at.min(axis=0), at.max(axis=0) + 1
    parts = (at - low) * BLOCKS // (high - low)
    return (parts[:, 0] * BLOCKS[1] + parts[:, 1]).astype(np.int64)


def folds(places: Places, split: str, gap: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield which places are learned from and which tested."""
    rng = np.random.default_rng(0)
    if split == "random":
        numbers = rng.integers(FOLDS, size=len(places))
    else:
        numbers = (rng.permutation(np.prod(BLOCKS)) % FOLDS)[blocks_of(places)]
    at = places.places[:, 1:]
    for fold in range(FOLDS):
        tested = numbers == fold
        if gap:
            apart = np.abs(at[:, np.newaxis] - at[tested]).max(axis=2).min(axis=1) > gap
            yield apart, tested
        else:
            yield ~tested, tested


def mean(_: Places, values: Floats, __: NDArray[np.int64], asked: Places) -> Floats:
    return np.full((len(asked), 1), values.mean())


def ridge(places: Places, values: Floats, groups: NDArray[np.int64], asked: Places, scales: Sequence[float]) -> Floats:
    """Fit ridge on the features, with the penalty that is best for blocks of the training left out one by one."""
    encoder = Surroundings(SurroundingsParameters(scales=tuple(scales))).fit(places)
    seen, features = (encoder.encode(part).astype(float) for part in (places, asked))
    level = values.mean()

    def solved(rows: NDArray[Any], penalty: float) -> Floats:
        x = seen[rows]
        return np.linalg.solve(x.T @ x + penalty * len(x) * np.eye(x.shape[1]), x.T @ (values[rows] - level))

    def error(penalty: float) -> float:
        left_out = [groups == group for group in np.unique(groups)]
        return sum(
            float(((seen[rows] @ solved(~rows, penalty) + level - values[rows]) ** 2).sum()) for rows in left_out
        )

    return features @ solved(np.ones(len(seen), bool), min(np.logspace(-4, 3, 15), key=error)) + level


def network(places: Places, values: Floats, groups: NDArray[np.int64], asked: Places) -> Floats:
    encoder = WindowNetwork(WindowNetworkParameters(**NETWORK))
    encoder.fit(places, targets=values, groups=groups, rng=np.random.default_rng(0), progress=Silent())
    return encoder.encode(asked).astype(float)


def score(fit: Fit, places: Places, values: Floats, split: str, gap: int) -> tuple[float, float]:
    """Return R² over all folds, and the CPU-seconds."""
    answers, start = np.full_like(values, np.nan), time.process_time()
    groups = blocks_of(places) if split == "blocks" else np.arange(len(places))
    for learned, tested in folds(places, split, gap):
        at = np.flatnonzero(learned)
        answers[tested] = fit(take(places, at), values[at], groups[at], take(places, np.flatnonzero(tested)))
    return float(1 - np.mean((answers - values) ** 2) / values.var()), time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", nargs="+", default=["mean", "ridge", "network"])
    parser.add_argument("--splits", nargs="+", default=["blocks", "apart", "random"])
    parser.add_argument("--reduced", type=int, default=2, help="published pixels along the sides of one")
    parser.add_argument("--every", type=int, default=8, help="pixels between places")
    parser.add_argument("--scales", nargs="+", type=float, default=[4.0, 8.0, 16.0], help="of ridge's features, pixels")
    parser.add_argument("--set", nargs="*", default=[], help="parameters of the network, as NAME=VALUE")
    given = parser.parse_args()
    for setting in given.set:
        name, _, value = setting.partition("=")
        NETWORK[name] = eval(value, {"__builtins__": {}}, {"true": True, "false": False})
    half = WINDOW // given.reduced // 2
    NETWORK.setdefault("window", WINDOW // given.reduced)
    NETWORK.setdefault("pool", half)  # where in the window something lies does not matter
    places, values = load(given.folder, given.reduced, given.every)
    print(f"{len(places)} places, hardness {values.mean():.2f} ± {values.std():.2f} GPa")
    models: dict[str, Fit] = {"mean": mean, "ridge": partial(ridge, scales=given.scales), "network": network}
    for split in given.splits:
        for name in given.models:
            honest, gap = ("blocks", half) if split == "apart" else (split, 0)
            r2, seconds = score(models[name], places, values, honest, gap)
            print(f"{split:8} {name:8} R² {r2:6.3f}  {seconds:6.1f} CPU-s", flush=True)


if __name__ == "__main__":
    main()
