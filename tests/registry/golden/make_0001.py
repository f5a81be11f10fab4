"""Fill a registry as spectra did when its schema was 0001; run with the code of commit 848a038.

``make_0001.py URL`` takes the path of a new SQLite file or the URL of an empty PostgreSQL database.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from spectra.core.measurements import Measurement, RawFile
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.signals import Peaks
from spectra.registry.registry import Registry

NETWORK = {
    "C11": EstimatedQuantity(name="C11", unit="GPa", method="network", value=268.0, std=6.0),
    "C44": EstimatedQuantity(name="C44", unit="GPa", method="network", value=131.5, std=2.5),
}
REFINED = {
    "C11": EstimatedQuantity(name="C11", unit="GPa", method="refined", value=271.25, std=0.125),
    "C44": EstimatedQuantity(
        name="C44", unit="GPa", method="refined", value=130.0, std=None, note="at the end of its range"
    ),
}


def main(url: str) -> None:
    with tempfile.TemporaryDirectory() as home, Registry.open(Path(home), url, migrate=True) as registry:
        for name in ("steel", "glass"):
            sample = registry.add_sample(Sample(name=name, technique="toy", notes="from the lathe"))
            data_set = registry.add_data_set(
                sample=sample,
                digest=f"sha256:recipe of {name}",
                recipe={"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]},
                points=20_000,
                notes=["3 points without a solid were left out"],
                content=b"points and signals",
                environment={"numpy": "2.0"},
            )
            model = registry.add_model(
                sample=sample,
                data_set=data_set,
                recipe={"encoder": {"name": "direct"}},
                recipe_digest="sha256:model",
                quantities=[{"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}],
                seed=2**40,
                metrics={"rmse": {"C11": 1.5}},
                content=b"weights",
                environment={"numpy": "2.0"},
            )
            measurement = registry.add_measurement(
                Measurement(
                    signal=Peaks.from_lists([[1.0, 2.0]], unit="MHz", window=(0.0, 3.0)),
                    file=RawFile(name="Bär 漢字.dat", content=b"1.0\n2.0\n"),
                    reader="lines",
                    details={"operator": "Ada", "date": "2026-01-31"},
                ),
                sample=sample,
                tags=["cold", "batch 7"],
            )
            for command, quantities in (
                ("network only", (NETWORK["C11"], NETWORK["C44"])),
                ("one refined", (NETWORK["C11"], NETWORK["C44"], REFINED["C11"])),
                ("all refined", (NETWORK["C11"], NETWORK["C44"], REFINED["C11"], REFINED["C44"])),
            ):
                registry.add_prediction(
                    model=model,
                    measurement=measurement,
                    quantities=quantities,
                    misfit=None if command == "network only" else 0.1 + 0.2,
                    misfit_unit="kHz",
                    report={"covariance": [[1.0, None]], "tables": {}, "notes": ["'; DROP TABLE samples; --"]},
                    command=command,
                    operator="ada",
                    environment={"spectra": "0.1.0"},
                    tags=["paper"] if command == "all refined" else [],
                )


main(sys.argv[1])
