"""How the shipped classifier was trained; ``python -m spectra.plugins.images.symmetry.training`` does it again.

On 5,814 generated pictures, 64 pixels wide: random Fourier motifs, atoms, either with noise, and either distorted as by
a microscope. The network is fitted by L-BFGS with weight decay. The temperature is that of the best likelihood on 1,020
more pictures, a quarter of which have motifs of a kind that was not learned from: asymmetric units cut out of a random
texture, with seams.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.optimize import minimize, minimize_scalar

from spectra.core.basics.files import write_atomically
from spectra.plugins.images.symmetry.classifier import WEIGHTS, Classifier, Layers, softmax
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, PlaneGroup
from spectra.plugins.images.symmetry.generator.patterns import atoms_motif, fourier_motif, pattern
from spectra.plugins.images.symmetry.generator.textures import filled, random_texture
from spectra.plugins.images.symmetry.signatures.shades import flattened
from spectra.plugins.images.symmetry.signatures.signature import signature

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Maker = Callable[[PlaneGroup, np.random.Generator], Floats]

SEED = 17
_SIDE, _MARGIN = 64, 8  # pixels
_HIDDEN = (96, 64)
_DECAY = 3e-4
_ITERATIONS = 300


def fourier(group: PlaneGroup, rng: np.random.Generator) -> Floats:
    """Return a picture with a random Fourier motif."""
    return pattern(group, rng)[0]


def noisy(group: PlaneGroup, rng: np.random.Generator) -> Floats:
    """Return a picture of either kind with noise of 0.1 to 0.8 of its contrast."""
    motif = fourier_motif if rng.random() < 0.5 else atoms_motif
    return pattern(group, rng, motif=motif, noise=rng.uniform(0.1, 0.8))[0]


def atoms(group: PlaneGroup, rng: np.random.Generator) -> Floats:
    """Return a picture of atoms."""
    return pattern(group, rng, motif=atoms_motif)[0]


def distorted(group: PlaneGroup, rng: np.random.Generator) -> Floats:
    """Return a picture as a microscope distorts it: sheared, bent, blurred along one axis, unevenly lit, with noise."""
    motif = fourier_motif if rng.random() < 0.5 else atoms_motif
    values, _ = pattern(group, rng, motif=motif, side=_SIDE + 2 * _MARGIN, noise=0.0)
    return as_by_a_microscope(values, rng)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]


def as_by_a_microscope(values: Floats, rng: np.random.Generator) -> Floats:
    """Distort a picture (n, n): shear of up to some 2 %, bends of up to some 0.4 pixels, light, blur and noise."""
    side = len(values)
    down, across = np.indices(values.shape) - (side - 1) / 2
    shear = np.eye(2) + rng.uniform(0, 0.02) * rng.normal(size=(2, 2)) / np.sqrt(2)
    bends = [gaussian_filter(rng.normal(size=values.shape), side / 6) for _ in range(2)]
    bend = rng.uniform(0, 0.4)
    rows = shear[0, 0] * down + shear[0, 1] * across + bend * bends[0] / bends[0].std()
    columns = shear[1, 0] * down + shear[1, 1] * across + bend * bends[1] / bends[1].std()
    moved = map_coordinates(values, [rows + (side - 1) / 2, columns + (side - 1) / 2], order=3, mode="reflect")
    blurred = gaussian_filter(moved, (rng.uniform(0, 0.4), 0))
    lit = blurred / blurred.std() * (1 + rng.uniform(-0.3, 0.3) * across * 2 / side)
    return lit + rng.uniform(0, 0.3) * rng.normal(size=values.shape)


def textured(group: PlaneGroup, rng: np.random.Generator) -> Floats:
    """Return a picture whose asymmetric unit is a piece of a random texture."""
    return filled(group, random_texture(rng), rng)[0]


TRAINING: tuple[tuple[Maker, int], ...] = ((fourier, 3060), (noisy, 918), (atoms, 918), (distorted, 918))
"""What is learned from: how each picture is made, and how many of each."""

CALIBRATION: tuple[tuple[Maker, int], ...] = ((fourier, 255), (noisy, 255), (atoms, 255), (textured, 255))


def signatures(makers: tuple[tuple[Maker, int], ...], seed: int) -> tuple[Floats, Labels]:
    """Make pictures, the 17 groups in turn, and return their signatures (n, 39) and groups (n,), from 0."""
    rng = np.random.default_rng(seed)
    rows, labels = [], []
    for make, count in makers:
        for number in range(count):
            label = number % len(PLANE_GROUPS)
            rows.append(signature(*flattened(make(PLANE_GROUPS[label], rng))))
            labels.append(label)
    return np.array(rows), np.array(labels)


def fitted(rows: Floats, labels: Labels, *, seed: int) -> Classifier:
    """Fit the network to signatures (n, 39) of known groups (n,)."""
    rng = np.random.default_rng(seed)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    sizes = (rows.shape[1], *_HIDDEN, len(PLANE_GROUPS))
    shapes: list[tuple[int, ...]] = []
    for inputs, outputs in pairwise(sizes):
        shapes += [(inputs, outputs), (outputs,)]
    start = np.concatenate(
        [
            (rng.normal(size=shape) * np.sqrt(2 / shape[0])).ravel() if len(shape) == 2 else np.zeros(shape)
            for shape in shapes
        ]
    )
    standardised, wanted = (rows - mean) / scale, np.eye(len(PLANE_GROUPS))[labels]
    found = minimize(
        lambda numbers: _loss(numbers, shapes, standardised, wanted),
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ITERATIONS, "maxcor": 20},
    )
    return Classifier(mean=mean, scale=scale, layers=_layers(found.x, shapes))


def calibrated(classifier: Classifier, rows: Floats, labels: Labels) -> Classifier:
    """Return the network with the temperature of the best likelihood (Guo et al. 2017, section 4)."""
    scores = classifier.scores(rows)

    def loss(logarithm: float) -> float:
        probabilities = softmax(scores / np.exp(logarithm))
        return -float(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)).mean())

    best = minimize_scalar(loss, bounds=(-2, 3), method="bounded").x
    return Classifier(**(vars(classifier) | {"temperature": float(np.exp(best))}))


def _layers(numbers: Floats, shapes: list[tuple[int, ...]]) -> Layers:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    arrays = [part.reshape(shape) for part, shape in zip(np.split(numbers, ends[:-1]), shapes, strict=True)]
    return tuple(zip(arrays[::2], arrays[1::2], strict=True))


def _loss(numbers: Floats, shapes: list[tuple[int, ...]], rows: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Return the mean cross entropy with the weight decay, and its gradient by back-propagation."""
    layers = _layers(numbers, shapes)
    values = [rows]
    for place, (weights, biases) in enumerate(layers):
        linear = values[-1] @ weights + biases
        values.append(linear if place == len(layers) - 1 else np.maximum(linear, 0))
    probabilities = softmax(values[-1])
    loss = -float(np.log(np.maximum((probabilities * wanted).sum(axis=1), 1e-12)).mean())
    back = (probabilities - wanted) / len(rows)
    gradient: list[Floats] = []
    for place in reversed(range(len(layers))):
        gradient = [(values[place].T @ back).ravel(), back.sum(axis=0), *gradient]
        if place:
            back = (back @ layers[place][0].T) * (values[place] > 0)
    return loss + _DECAY / 2 * float(numbers @ numbers), np.concatenate(gradient) + _DECAY * numbers


def train(seed: int = SEED) -> Classifier:
    """Make the pictures, fit the network and calibrate it."""
    classifier = fitted(*signatures(TRAINING, seed), seed=seed)
    return calibrated(classifier, *signatures(CALIBRATION, seed + 1))


if __name__ == "__main__":
    write_atomically(Path(__file__).with_name(WEIGHTS), train().to_bytes())
