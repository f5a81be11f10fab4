"""Maps of an archive: how long they take, how much memory, and what of the neighbourhoods is kept.

``python benchmarks/similarity_map.py [LAYOUT …]`` prints the table of benchmarks/README.md. Each layout runs in a
process of its own, with one thread: 25,133 rows of 512 features, as many as the pictures of Nguyen et al., npj Comput.
Mater. 7, 166 (2021); and 1,797 handwritten digits of scikit-learn.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

ROWS, FEATURES, CLUSTERS, LATENT, HIDDEN = 25_133, 512, 60, 12, 128
NEIGHBOURS = 10
LAYOUTS = ("two principal components", "umap", "pacmap", "opentsne")


def generated():
    """Return features (25,133, 512) of 60 curved clusters: 12 numbers through a random network, with noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(CLUSTERS, size=ROWS)
    widths = np.where(np.arange(LATENT) < 4, 1.0, 0.3)
    codes = 2 * rng.standard_normal((CLUSTERS, LATENT))[labels] + widths * rng.standard_normal((ROWS, LATENT))
    hidden = np.maximum(codes @ rng.standard_normal((LATENT, HIDDEN)) / 3 + 0.5 * rng.standard_normal(HIDDEN), 0)
    features = hidden @ rng.standard_normal((HIDDEN, FEATURES)) + 2 * rng.standard_normal((ROWS, FEATURES))
    return features.astype(np.float32), labels


def digits():
    from sklearn.datasets import load_digits

    features, labels = load_digits(return_X_y=True)
    return features.astype(np.float32), labels


def measured(layout, data):
    """Lay out in this process: CPU-seconds of import and layout, peak of memory, and shares."""
    from spectra.core.progress import Silent
    from spectra.core.similarity.neighbours import nearest_others
    from spectra.plugins.layouts.start import principal_plane

    features, labels = {"generated": generated, "digits": digits}[data]()
    before = time.process_time()
    if layout == LAYOUTS[0]:
        places = principal_plane(features, extent=1)
    else:
        from spectra.core.manager import load_plugins
        from spectra.plugins import BUILT_IN

        catalogue = load_plugins(BUILT_IN).catalogue
        made = catalogue.layout(catalogue.choose("layout", layout))
        places = made.fit(features, rng=np.random.default_rng(0), progress=Silent()).embedding_
    seconds, peak = time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    above = nearest_others(features, NEIGHBOURS, metric="cosine").rows
    below = nearest_others(places.astype(np.float32), NEIGHBOURS, metric="euclidean").rows
    kept = np.mean([len(np.intersect1d(one, other)) for one, other in zip(above, below, strict=True)]) / NEIGHBOURS
    return seconds, peak, kept, np.mean(labels[below[:, 0]] == labels), np.mean(labels[above[:, 0]] == labels)


def main(layouts):
    print("| data | layout | CPU-s | peak MB | 10 neighbours kept | nearest alike, on the map | among the features |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for data in ("generated", "digits"):
        for layout in layouts:
            environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
            command = [sys.executable, __file__, "--one", layout, data]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"| {data} | {layout} | {done.stderr.strip().splitlines()[-1]} |")
                continue
            seconds, peak, kept, below, above = json.loads(done.stdout.splitlines()[-1])
            print(
                f"| {data} | {layout} | {seconds:.1f} | {peak:.0f} | {kept:.3f} | {below:.3f} | {above:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps([float(number) for number in measured(*sys.argv[2:4])]))
    else:
        main(sys.argv[1:] or LAYOUTS)
