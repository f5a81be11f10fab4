"""How good similarity search is, and what it costs.

Run with ``python benchmarks/similarity.py [FOLDER [COUNT]]``. FOLDER holds ``images/sem/`` with pictures and
``metadata.csv``, ``images/stem2d/stem2d.npz``, and ``xrd/thin-film/`` with a folder of patterns for each space group;
without it, only what is simulated is measured. COUNT pictures of each kind are made, the 17 plane groups in turn.
Features are compared as ``spectra similar`` compares them: those of pictures over their standard deviations in the
archive, blocks at unit length times the root of their weights.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import csv
import json
import re
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from scipy.ndimage import gaussian_filter

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.core.signals import Image, Profile
from spectra.core.similarity.axes import common_axis, on_axis
from spectra.core.similarity.blocks import Standard, combined
from spectra.core.similarity.following import neighbour_mean
from spectra.core.similarity.metrics import METRICS, between, distances, prepared
from spectra.core.similarity.retrieval import retrieval
from spectra.plugins.images.features.texture import Texture
from spectra.plugins.images.symmetry.encoder import Symmetry, SymmetryParameters
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS
from spectra.plugins.images.symmetry.generator.patterns import pattern
from spectra.plugins.images.symmetry.generator.textures import filled
from spectra.plugins.profiles.background import subtract_background
from spectra.plugins.profiles.slopes import Slopes, SlopesParameters
from spectra.plugins.xrd.readers.profile_text import ProfileTextParameters, ProfileTextReader

GOLD = Path(__file__).parents[1] / "examples" / "xrd" / "gold" / "gold.npz"
SEED = 1000
ITEMS, NUMBERS = 25_133, 512
NEIGHBOURS = 8
GAUSSIAN_PROCESS = (0.21, 0.24, 0.18, 5.2, 8.2, 8.8, 20.9)  # on both spectra, in the study of docs/xrd.md


def scored(features, labels, groups, metric="cosine"):
    return retrieval(features, labels, metric=metric, not_same=groups, rng=np.random.default_rng(0))


def shown(precision):
    return f"{precision.value:.3f} ({precision.low:.3f}–{precision.high:.3f})"


def standardised(features):
    return Standard.of(features).applied(features)


def image(pictures):
    return Image(pixels=np.asarray(pictures, dtype=np.float32)[..., np.newaxis], unit="1")


def pixels_of(pictures):
    rows = np.array([picture.ravel() for picture in pictures])
    return (rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True)


def of_pictures(name, pictures, labels, groups):
    symmetry = Symmetry(SymmetryParameters())
    signatures, textures = symmetry.encode(image(pictures)), Texture(NoParameters()).encode(image(pictures))
    weights = symmetry.weights(signatures)
    spaces = {
        "pixels": pixels_of(pictures),
        "symmetry": standardised(signatures),
        "texture": standardised(textures),
        "both": combined([standardised(signatures), standardised(textures)], [weights, None]),
    }
    found = {key: scored(rows, labels, groups) for key, rows in spaces.items()}
    cells = " | ".join(shown(one.overall.mean_average_precision) for one in found.values())
    first = found["both"].overall.first
    print(
        f"| {name} | {found['both'].overall.mean_average_precision.chance:.3f} | {cells} "
        f"| {first.value:.2f} ({first.chance:.2f}) |",
        flush=True,
    )


def pictures(folder):
    rows = list(csv.DictReader((folder / "sem" / "metadata.csv").open()))
    sem = [np.asarray(Pillow.open(folder / "sem" / row["file"]).convert("L"), dtype=np.float32) for row in rows]
    materials, specimens = ([row[key] for row in rows] for key in ("material", "specimen"))
    print("| pictures, mAP (95 % interval) | chance | pixels | symmetry | texture | both | P@1 of both (chance) |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with np.load(folder / "stem2d" / "stem2d.npz") as stem:
        of_pictures("STEM, by plane lattice", stem["images"].astype(np.float32), stem["label"], None)
    corners = [(top, left) for top in (0, 128) for left in (0, 128, 256)]
    tiles = [picture[top : top + 128, left : left + 128] for picture in sem for top, left in corners]
    each = len(corners)
    of_tiles = np.repeat(materials, each)
    of_pictures("SEM tiles by material, not the same picture", tiles, of_tiles, np.repeat(np.arange(len(sem)), each))
    of_pictures("SEM tiles by material, not the same specimen", tiles, of_tiles, np.repeat(specimens, each))
    of_pictures("SEM pictures by material, not the same specimen", sem, materials, specimens)
    robustness(sem)
    return [gaussian_filter(picture[: int(0.85 * len(picture))], 0.7) for picture in sem]


def resized(side):
    return lambda picture: np.asarray(Pillow.fromarray(picture).resize((side, side), Pillow.Resampling.LANCZOS))


def with_scale_bar(picture):
    marked, (height, width) = picture.copy(), picture.shape
    marked[int(0.93 * height) : int(0.95 * height), int(0.67 * width) : int(0.94 * width)] = 255
    marked[int(0.86 * height) : int(0.9 * height), int(0.72 * width) : int(0.9 * width) : 2] = 255
    return marked


def with_strip(picture):
    strip = np.zeros((len(picture) // 14, picture.shape[1]), dtype=np.float32)
    strip[10:14, 300:400], strip[6:22, 20:150:3] = 255, 255
    return np.vstack([picture, strip])


def with_gaps(picture, rng):
    return np.where(gaussian_filter(rng.normal(size=picture.shape), 12) > 0.03, np.float32(np.nan), picture)


def tilted(picture):
    down, across = np.indices(picture.shape) / len(picture)
    return picture + 300 * down - 200 * across


def changes(rng):
    yield "inverted", lambda picture: 255 - picture
    yield "a tilted plane, 300 of 255 shades", tilted
    yield "a quarter turn", lambda picture: np.rot90(picture)
    yield "gamma 2", lambda picture: picture**2 / 255
    yield "gaps in a tenth", lambda picture: with_gaps(picture, rng)
    yield "information strip", with_strip
    yield "scale bar and letters, 1 %", with_scale_bar
    for side in (900, 224, 128, 96, 64):
        yield f"{side} × {side} pixels", resized(side)
    for noise in (0.1, 0.3, 1.0):
        yield f"noise of {noise:g} × contrast", lambda p: p + noise * p.std() * rng.normal(size=p.shape)
    yield "upper two thirds alone", lambda picture: picture[: 2 * len(picture) // 3]


def robustness(sem):
    encoder = Texture(NoParameters())
    kept = np.vstack([encoder.encode(image([picture])) for picture in sem])
    standard = Standard.of(kept)
    print(f"\n| the {len(sem)} SEM pictures, changed | finds itself first | distance from itself | nearest other |")
    print("| --- | --- | --- | --- |")
    for name, change in changes(np.random.default_rng(0)):
        rows = np.vstack([encoder.encode(image([change(picture)])) for picture in sem])
        apart = distances(standard.applied(rows), standard.applied(kept), "cosine")
        first = int((apart.argmin(axis=1) == np.arange(len(sem))).sum())
        own, others = np.median(apart.diagonal()), apart + 9 * np.eye(len(sem))
        print(f"| {name} | {first} | {own:.4f} | {np.median(others.min(axis=1)):.4f} |", flush=True)


def plane_groups(count, photos):
    kinds = {"Fourier motifs": lambda group, rng: pattern(group, rng)[0]}
    if photos:
        kinds["photo motifs, never seen"] = lambda g, rng: filled(g, photos[rng.integers(len(photos))], rng)[0]
    print("\n| plane groups, mAP (95 % interval) | chance | pixels | signature | probabilities | CPU-ms each |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, make in kinds.items():
        rng, labels = np.random.default_rng(SEED), np.arange(count) % len(PLANE_GROUPS)
        made = [make(PLANE_GROUPS[label], rng) for label in labels]
        start = time.process_time()
        groups = Symmetry(SymmetryParameters(features="groups")).encode(image(made))
        spent = (time.process_time() - start) / count * 1e3
        signatures = standardised(Symmetry(SymmetryParameters()).encode(image(made)))
        found = [
            scored(rows, labels, None, metric).overall.mean_average_precision
            for rows, metric in ((pixels_of(made), "cosine"), (signatures, "cosine"), (groups[:, :17], "euclidean"))
        ]
        print(f"| {name} | {found[0].chance:.3f} | {' | '.join(map(shown, found))} | {spent:.1f} |", flush=True)


def thin_films(folder):
    reader = ProfileTextReader(ProfileTextParameters())
    files = [file for group in sorted(folder.iterdir()) if group.is_dir() for file in sorted(group.iterdir())]
    profiles = [reader.read(RawFile.read(file)).signal for file in files]
    axis, kept = common_axis(profiles), []
    for file, profile in zip(files, profiles, strict=True):
        try:
            raw = on_axis(profile, axis).y[0]
        except InputError as error:
            print(f"\nLeft out: {file.name}. {error.message}")
            continue
        flat = on_axis(subtract_background(profile, width=8.0), axis).y[0]
        geometry = r"(_2-Theta|_Omega|_GIXD|_gixrd|_again|_3min|_test)+$"  # the same film, measured otherwise
        kept.append((raw, flat, file.parent.name, f"{file.parent.name} {re.sub(geometry, '', file.stem)}"))
    raw, flat, labels, specimens = (list(column) for column in zip(*kept, strict=True))
    raw, lines = np.array(raw), np.sqrt(np.clip(flat, 0, None))
    signal = Profile(x=axis, y=raw, x_unit="° 2θ", y_unit="counts")
    slopes = Slopes(SlopesParameters(window=25)).fit(signal).encode(signal)
    smooth = gaussian_filter(lines, (0, 0.2 / (axis[1] - axis[0])))
    print(f"\n{len(labels)} thin films of {len(set(specimens))} specimens.\n")
    print("| space group, never the same specimen | mAP (95 % interval) | P@1 | P@10 | mean of classes |")
    print("| --- | --- | --- | --- | --- |")
    rows = {
        "counts, `correlation`": (raw, "correlation"),
        "counts, `cosine`": (raw, "cosine"),
        "counts, `spectral-angle`": (raw, "spectral-angle"),
        "counts, `wasserstein`": (raw, "wasserstein"),
        "`slopes`, window 25 (1°), `cosine`": (slopes, "cosine"),
        "no background, `correlation`": (np.clip(flat, 0, None), "correlation"),
        "no background, root, `cosine`": (lines, "cosine"),
        "the same, smoothed by 0.2°": (smooth, "cosine"),
    }
    for name, (features, metric) in rows.items():
        found = scored(features, labels, specimens, metric)
        whole, of_classes = found.overall, [one.mean_average_precision.value for one in found.classes.values()]
        first, ten = whole.first.value, whole.first_ten.value
        print(
            f"| {name} | {shown(whole.mean_average_precision)} | {first:.3f} | {ten:.3f} | {np.mean(of_classes):.3f} |"
        )
    chance = [np.mean([one.mean_average_precision.chance for one in found.classes.values()])]
    at = (whole.mean_average_precision.chance, whole.first.chance, whole.first_ten.chance, *chance)
    print(f"| chance | {' | '.join(f'{value:.3f}' for value in at)} |")
    print(f"\nLeft out as queries, nobody else of the class: {found.left_out}", flush=True)


def gold():
    with np.load(GOLD) as stored:
        quantities = json.loads(str(stored["about"]))["quantities"]
        values = stored["values"]
        parts = {name: stored[f"signal/{name}/y"] for name in ("xrd", "vdos")}
    ranges = np.array([quantity["upper"] - quantity["lower"] for quantity in quantities])
    spaces = {
        "`xrd`, `wasserstein`": (parts["xrd"], "wasserstein"),
        "`xrd`, `correlation`": (parts["xrd"], "correlation"),
        "`vdos`, `correlation`": (parts["vdos"], "correlation"),
        "both as blocks, `cosine`": (combined(list(parts.values()), [None, None]), "cosine"),
    }
    folds = np.random.default_rng(0).permutation(len(values)) % 5
    print(f"\n| RMSE in % of the range | {' | '.join(quantity['name'] for quantity in quantities)} | within ±1 |")
    print(f"| --- |{' --- |' * (len(quantities) + 1)}")
    for name, (features, metric) in spaces.items():
        errors, spreads = (np.empty_like(values) for _ in range(2))
        for fold in range(5):
            kept, held = features[folds != fold], np.flatnonzero(folds == fold)
            for row, apart in zip(held, distances(features[held], kept, metric), strict=True):
                near = np.argsort(apart)[:NEIGHBOURS]
                for place, column in enumerate(values[folds != fold].T):
                    mean = neighbour_mean(column[near], apart[near])
                    errors[row, place], spreads[row, place] = mean.mean - values[row, place], mean.spread
        rmse = 100 * np.sqrt((errors**2).mean(axis=0)) / ranges
        within = float((np.abs(errors) <= spreads).mean())
        print(f"| {name} | {' | '.join(f'{value:.1f}' for value in rmse)} | {within:.0%} |", flush=True)
    print(f"| Gaussian process on both | {' | '.join(map(str, GAUSSIAN_PROCESS))} | |")


def costs():
    archive = np.random.default_rng(0).random((ITEMS, NUMBERS), dtype=np.float32)
    print(f"\n| {ITEMS:,} × {NUMBERS} | prepared once (CPU-s) | one query (CPU-ms) | of 64 at once, each (CPU-ms) |")
    print("| --- | --- | --- | --- |")
    for metric in METRICS:
        times = [time.process_time()]
        rows = prepared(archive, metric)
        times.append(time.process_time())
        for query in rows[:10]:
            np.argpartition(between(query[np.newaxis], rows, metric), 10)
        times.append(time.process_time())
        between(rows[:64], rows, metric)
        times.append(time.process_time())
        once, ten, many = (after - before for before, after in pairwise(times))
        print(f"| `{metric}` | {once:.2f} | {ten * 100:.1f} | {many / 64 * 1e3:.2f} |", flush=True)
    print(f"\nPeak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")
    print("\n| one picture (CPU-ms) | symmetry | texture |\n| --- | --- | --- |")
    rng = np.random.default_rng(SEED)
    for side in (64, 128, 512, 1024):
        made = [pattern(group, rng, side=side)[0] for group in PLANE_GROUPS]
        spent = []
        for encoder in (Symmetry(SymmetryParameters()), Texture(NoParameters())):
            start = time.process_time()
            encoder.encode(image(made))
            spent.append((time.process_time() - start) / len(made) * 1e3)
        print(f"| {side} × {side} pixels | {' | '.join(f'{one:.0f}' for one in spent)} |", flush=True)


def main(folder=None, count=680):
    photos = pictures(Path(folder) / "images") if folder else []
    plane_groups(int(count), photos)
    if folder:
        thin_films(Path(folder) / "xrd" / "thin-film")
    gold()
    costs()


if __name__ == "__main__":
    main(*sys.argv[1:])
