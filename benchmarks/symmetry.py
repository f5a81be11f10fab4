"""How often the plane group is right, how good the signature is for retrieval, and what it costs.

Run with ``python benchmarks/symmetry.py [FOLDER [COUNT]]``. FOLDER holds ``sem/`` with pictures and ``metadata.csv``,
from which motifs are cut that the classifier never saw, and ``stem2d/stem2d.npz``; without it, these lines are left
out. COUNT pictures of each kind are made, the 17 groups in turn; their seeds are none of the training's.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from scipy.ndimage import gaussian_filter
from scipy.spatial.distance import cdist

from spectra.core.signals import Image
from spectra.plugins.images.symmetry.classifier import shipped
from spectra.plugins.images.symmetry.encoder import Symmetry, SymmetryParameters
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS
from spectra.plugins.images.symmetry.generator.patterns import atoms_motif, pattern
from spectra.plugins.images.symmetry.generator.textures import filled, random_texture
from spectra.plugins.images.symmetry.signatures.shades import flattened
from spectra.plugins.images.symmetry.signatures.signature import signature
from spectra.plugins.images.symmetry.training import distorted

SEED = 1000


def kinds(photos):
    yield "Fourier motifs", lambda group, rng: pattern(group, rng)[0]
    yield "Fourier motifs, noise 0.5", lambda group, rng: pattern(group, rng, noise=0.5)[0]
    yield "atoms", lambda group, rng: pattern(group, rng, motif=atoms_motif)[0]
    yield "atoms, noise 0.5", lambda group, rng: pattern(group, rng, motif=atoms_motif, noise=0.5)[0]
    yield "either, distorted as by a microscope", distorted
    yield "textures with seams, never seen", lambda group, rng: filled(group, random_texture(rng), rng)[0]
    if photos:
        yield "photo motifs, never seen", lambda group, rng: filled(group, photos[rng.integers(len(photos))], rng)[0]


def precisions(distances, labels, groups):
    """Return the mean average precision of each query, never counting what is of its own group of pictures."""
    found = []
    for row, label, group in zip(distances, labels, groups, strict=True):
        others = np.flatnonzero(groups != group)
        right = labels[others[np.argsort(row[others], kind="stable")]] == label
        if right.any():
            found.append((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())
    return float(np.mean(found))


def accuracy(count, photos):
    classifier = shipped()
    print(
        "| pictures of 64 × 64 pixels | right | mean probability | of groups' pictures retrieved (mAP) | CPU-ms each |"
    )
    print("| --- | --- | --- | --- | --- |")
    for name, make in kinds(photos):
        rng = np.random.default_rng(SEED)
        labels = np.arange(count) % len(PLANE_GROUPS)
        pictures = [make(PLANE_GROUPS[label], rng) for label in labels]
        start = time.process_time()
        rows = np.array([signature(*flattened(picture)) for picture in pictures])
        spent = (time.process_time() - start) / count * 1e3
        probabilities = classifier.probabilities(rows)
        right = float((probabilities.argmax(axis=1) == labels).mean())
        retrieved = precisions(cdist(probabilities, probabilities), labels, np.arange(count))
        sure = float(probabilities.max(axis=1).mean())
        print(f"| {name} | {right:.3f} | {sure:.3f} | {retrieved:.3f} | {spent:.1f} |", flush=True)


def retrieval(name, pictures, labels, groups):
    pixels = np.array([picture[..., 0].ravel() for picture in pictures])
    pixels = (pixels - pixels.mean(axis=1, keepdims=True)) / pixels.std(axis=1, keepdims=True)
    start = time.process_time()
    rows = Symmetry(SymmetryParameters()).encode(Image(pixels=pictures, unit="1"))
    spent = (time.process_time() - start) / len(pictures) * 1e3
    scores = [precisions(cdist(found, found), labels, groups) for found in (rows, pixels)]
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    print(f"| {name} | {scores[0]:.3f} | {scores[1]:.3f} | {(shares**2).sum():.3f} | {spent:.0f} |", flush=True)


def main(folder=None, count=1020):
    root = None if folder is None else Path(folder)
    files = [] if root is None else list(csv.DictReader((root / "sem" / "metadata.csv").open()))
    shown = [np.asarray(Pillow.open(root / "sem" / row["file"]).convert("L"), dtype=np.float32) for row in files]
    accuracy(int(count), [gaussian_filter(picture[: int(0.85 * len(picture))], 0.7) for picture in shown])
    if root is None:
        return
    print("\n| retrieval (mAP) | signature | pixels | chance | CPU-ms each |")
    print("| --- | --- | --- | --- | --- |")
    with np.load(root / "stem2d" / "stem2d.npz") as stem:
        pictures, labels = stem["images"][..., np.newaxis].astype(np.float32), stem["label"]
    retrieval("STEM pictures by plane lattice", pictures, labels, np.arange(len(labels)))
    names = sorted({row["material"] for row in files})
    tiles = [(top, left) for top in (0, 128) for left in (0, 128, 256)]
    cut = np.array([picture[t : t + 128, left : left + 128, None] for picture in shown for t, left in tiles])
    labels = np.repeat([names.index(row["material"]) for row in files], len(tiles))
    retrieval(
        "SEM pictures by material, others than the same", cut, labels, np.repeat(np.arange(len(files)), len(tiles))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
