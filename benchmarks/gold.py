"""What stretched spectra and stacked answers gain on the structures of gold that come with spectra.

Run with ``python benchmarks/gold.py``; it keeps to one core. The splits are the first three
of ``examples/xrd/gold/studies/designs.yaml``.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import time
from pathlib import Path

import numpy as np

from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.progress import Silent
from spectra.core.workflows.train import divide
from spectra.core.workflows.training_data import FreshlyDistorted, distorted
from spectra.core.workflows.training_set import DataSet
from spectra.plugins.learning.gaussian_process import GaussianProcess, GaussianProcessParameters
from spectra.plugins.learning.stacked import StackedGaussianProcesses
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.plugins.profiles.distortions import (
    Background,
    BackgroundParameters,
    Broadening,
    BroadeningParameters,
    CountingNoise,
    CountingNoiseParameters,
    ZeroShift,
    ZeroShiftParameters,
)
from spectra.plugins.xrd.stretched import Stretched

GOLD = Path(__file__).parents[1] / "examples" / "xrd" / "gold" / "gold.npz"
SPLITS = (0, 1, 2)
DIFFRACTOMETER = (
    Broadening(BroadeningParameters()),
    ZeroShift(ZeroShiftParameters()),
    Background(BackgroundParameters()),
    CountingNoise(CountingNoiseParameters()),
)


def errors(data, quantities, distortions, encoder, regressor, seed):
    """Return root mean square errors of the test share in percent of the ranges, and R²: shape (2, p)."""
    training, validation, test = divide(data, seed)
    encoder.fit(training.signal)
    rng = np.random.default_rng(seed)
    shown = FreshlyDistorted(
        training, validation, quantities=quantities, distortions=distortions, encoder=encoder, rng=rng
    )
    regressor.fit(shown, rng=rng, progress=Silent())
    lower, upper = np.array([(quantity.lower, quantity.upper) for quantity in quantities]).T
    truth = (test.values - lower) / (upper - lower)
    measured = distorted(test.signal, distortions, rng)
    squares = np.mean((regressor.predict(encoder.encode(measured)).mean - truth) ** 2, axis=0)
    return np.stack([100 * np.sqrt(squares), 1 - squares / truth.var(axis=0)])


def table(data, quantities, distortions, normalisation):
    """Print a row for each of one spectrum or both, and each of plain and better means."""
    print("|", " | ".join(["", *(quantity.name for quantity in quantities), "CPU-s"]), "|")
    print("|" + " --- |" * (len(quantities) + 2))
    for kind, learner in ((Binned, GaussianProcess), (Stretched, StackedGaussianProcesses)):
        for parts in (("xrd",), ("vdos",), ("xrd", "vdos")):
            start, found = time.process_time(), []
            for seed in SPLITS:
                encoder = kind(BinnedParameters(parts=parts, normalisation=normalisation))
                regressor = learner(GaussianProcessParameters())
                found.append(errors(data, quantities, distortions, encoder, regressor, seed))
            each = (time.process_time() - start) / len(SPLITS)
            rmse, r2 = np.mean(found, axis=0)
            cells = [f"{error:.2f} ({share:.3f})" for error, share in zip(rmse, r2, strict=True)]
            print("|", " | ".join([f"{' + '.join(parts)}, {kind.name}", *cells, f"{each:.0f}"]), "|", flush=True)


if __name__ == "__main__":
    file = DataSetFile.from_bytes(GOLD.read_bytes())
    structures = DataSet(values=file.values, signal=file.signal)
    print("Spectra as simulated\n")
    table(structures, file.quantities, (), "set")
    print("\nSpectra as of a diffractometer, learned from and tested\n")
    table(structures, file.quantities, DIFFRACTOMETER, "profile")
