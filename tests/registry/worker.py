"""What another process does to the registry while a test looks on; run as a script.

The environment names the registry. ``worker.py open`` opens it and closes it. ``worker.py predict COUNT`` puts
everything that a prediction needs on record, then COUNT predictions of one measurement, or, if COUNT is 0, predictions
of ever new measurements without end, and prints the identifier of each prediction after it was acknowledged.
``worker.py import FILE`` imports an archive and ``worker.py copy URL`` copies the registry.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from spectra.core.measurements import Measurement, RawFile
from spectra.core.progress import Silent
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.signals import Peaks
from spectra.registry.archive.moving import copy, import_archive
from spectra.registry.registry import Registry


def predict(count: int) -> None:
    with Registry.open() as registry:
        sample = registry.add_sample(Sample(name="steel", technique="toy"))
        data_set = registry.add_data_set(
            sample=sample, digest="one", recipe={}, points=1, notes=[], content=b"points", environment={}
        )
        model = registry.add_model(
            sample=sample,
            data_set=data_set,
            recipe={},
            recipe_digest="one",
            quantities=[],
            seed=os.getpid(),
            metrics={},
            content=f"weights of {os.getpid()}".encode(),
            environment={},
        )
        for number in range(count) if count else itertools.count():
            content = b"1.0\n2.0\n" if count else f"{os.getpid()} {number}".encode()
            measurement = registry.add_measurement(
                Measurement(
                    signal=Peaks.from_lists([[1.0, 2.0]], unit="MHz", window=(0.0, 3.0)),
                    file=RawFile(name="peaks.dat", content=content),
                    reader="lines",
                ),
                sample=sample,
                tags=["shared", f"process {os.getpid()}"],
            )
            prediction = registry.add_prediction(
                model=model,
                measurement=measurement,
                quantities=[
                    EstimatedQuantity(name="C11", unit="GPa", method="refined", value=float(number), std=1.0),
                    EstimatedQuantity(name="C44", unit="GPa", method="refined", value=float(number), std=1.0),
                ],
                misfit=1.0,
                misfit_unit="kHz",
                report={},
                command="spectra analyze peaks.dat",
                operator="ada",
                environment={},
                tags=[f"process {os.getpid()}"],
            )
            print(prediction.id, flush=True)


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    sys.stdin.readline()  # everyone starts at once
    if job == "open":
        Registry.open().close()
    elif job == "predict":
        predict(int(arguments[0]))
    elif job == "import":
        with Registry.open() as registry:
            import_archive(registry, Path(arguments[0]), Silent())
    elif job == "copy":
        with Registry.open() as registry, Registry.open(url=arguments[0]) as target:
            copy(registry, target, Silent())
