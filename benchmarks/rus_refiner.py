"""Refined moduli of simulated steel spectra against the Cramér-Rao bound, and whether their uncertainties are honest.

Every mode is shifted by up to ±1.5 % (or by a Gaussian error of the same variance) and a share of the modes is removed;
starts scatter as widely as a network's answers. Prints rms error / bound, and how often the truth lies within one and
1.96 standard deviations.

    python benchmarks/rus_refiner.py [REPEATS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from spectra.core.basics.documents import load_document
from spectra.core.signals import Peaks
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

SAMPLE = Path(__file__).parents[1] / "examples" / "rus" / "steel" / "sample.yaml"
SIZE = 0.015
ERRORS = {
    "uniform": lambda rng, n: rng.uniform(-SIZE, SIZE, n),
    "Gaussian": lambda rng, n: rng.normal(0, SIZE / np.sqrt(3), n),
}


def main(repeats: int) -> None:
    """Print one row for each kind of error, point and share of missing modes."""
    sample = load_document(SAMPLE, RusSample, what="sample file")
    forward, quantities = RusForwardModel(sample), Rus().quantities(sample)
    low, high = forward.window
    refiner = Posterior(PosteriorParameters())
    print(
        f"{'errors':9s} {'C11, C44':>10s} {'missing':>8s} {'rms/bound':>12s} {'in 1σ':>12s} {'in 1.96σ':>12s}    time"
    )
    for kind, draw in ERRORS.items():
        for truth in ((270.0, 80.0), (200.0, 100.0)):
            computed, slopes = forward.linearize(np.array(truth))
            modes = computed.positions[0]
            slopes = slopes / modes[:, None]
            for missing in (0.0, 0.25):
                rng = np.random.default_rng(1)
                errors, stated, bounds, began = [], [], [], time.perf_counter()
                for _ in range(repeats):
                    seen = rng.random(len(modes)) >= missing
                    information = slopes[seen & (modes <= high)].T @ slopes[seen & (modes <= high)]
                    bounds.append(np.diag(np.linalg.inv(information)) * SIZE**2 / 3)
                    peaks = np.sort((modes * np.exp(draw(rng, len(modes))))[seen])
                    peaks = peaks[(peaks >= low) & (peaks <= high)]
                    start = truth * (1 + rng.normal(size=2) * [0.04, 0.012])
                    aside = np.array([[0, 0], [0.06, 0], [-0.06, 0], [0, 0.02], [0, -0.02]]) * truth
                    fit = refiner.refine(
                        Peaks.from_lists([peaks], unit="MHz", window=(low, high)),
                        forward,
                        starts=start + aside,
                        quantities=quantities,
                    )
                    errors.append(fit.values - truth)
                    stated.append(np.sqrt(np.diag(fit.covariance)))
                ratio = np.sqrt(np.mean(np.square(errors), axis=0) / np.mean(bounds, axis=0))
                scaled = np.abs(np.array(errors) / np.array(stated))
                columns = (ratio, np.mean(scaled <= 1, axis=0), np.mean(scaled <= 1.96, axis=0))
                shown = " ".join(f"{a:5.2f} {b:5.2f} " for a, b in columns)
                took = (time.perf_counter() - began) / repeats
                print(f"{kind:9s} {truth[0]:5.0f}, {truth[1]:3.0f} {missing:8.0%} {shown} {took:5.2f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
