"""A map of 980 × 684 pixels by the residual network of the virtual indenter, in one pass; weights at random.

Run with ``python benchmarks/residual_map.py [same|valid]``. The published way evaluates every window: one after the
other, at each of 377,520 pixels.
"""

import os
import resource
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from spectra.plugins.learning.networks.residual import ResidualDesign, ResidualNetwork

PIXELS, CHANNELS = (684, 980), 3


def network_of(design):
    """Return a network with random weights, which keep the variance of what they are given."""
    rng, weights = np.random.default_rng(0), {}

    def normalisation(name, channels):
        weights[f"{name}/scale"] = np.ones(channels, np.float32)
        weights[f"{name}/shift"] = np.zeros(channels, np.float32)

    def convolution(name, taps, before, after):
        kernel = rng.normal(size=(taps, taps, before, after)) / np.sqrt(taps**2 * before)
        weights[f"{name}/kernel"], weights[f"{name}/bias"] = kernel.astype(np.float32), np.zeros(after, np.float32)

    normalisation("input", CHANNELS)
    convolution("first", 3, CHANNELS, design.filters[0])
    normalisation("first", design.filters[0])
    channels = design.filters[0]
    for stage, (blocks, filters) in enumerate(zip(design.blocks, design.filters, strict=True)):
        for block in range(blocks):
            name = f"stage{stage}/{block}"
            convolution(f"{name}/first", 3, channels, filters)
            normalisation(f"{name}/first", filters)
            convolution(f"{name}/second", 3, filters, filters)
            normalisation(name, filters)
            if channels != filters:
                convolution(f"{name}/skip", 1, channels, filters)
            channels = filters
    last = rng.normal(size=(design.averages**2 * channels, 1)) / np.sqrt(design.averages**2 * channels)
    weights["answer/kernel"], weights["answer/bias"] = last.astype(np.float32), np.zeros(1, np.float32)
    return ResidualNetwork(design, weights)


def main():
    design = ResidualDesign(padding=sys.argv[1] if len(sys.argv) > 1 else "same")
    network, rng = network_of(design), np.random.default_rng(1)
    picture, window = rng.random((*PIXELS, CHANNELS), dtype=np.float32), design.window
    start = time.process_time()
    answers = network.everywhere(picture)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    corners = np.stack([picture[row : row + window, column : column + window] for row in (0, 8) for column in (0, 8)])
    start = time.process_time()
    single = network.answers(corners)
    each = (time.process_time() - start) / len(corners)
    off = np.abs(answers[:2, :2].reshape(-1, 1) - single).max() / np.abs(single).max()
    every = (PIXELS[0] - window) * (PIXELS[1] - window) * each / 3600
    print(f"{design.padding}: map of {answers.shape[0]} × {answers.shape[1]} in {seconds:.1f} CPU-s, {peak:.2f} GiB")
    print(f"one window {each:.3f} CPU-s, so every pixel {every:.0f} h; map off windows by {off:.1e} of them")


if __name__ == "__main__":
    main()
