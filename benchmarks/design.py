"""Designs of titanium: evaluations, errors and distances of CMA-ES and of the paper's genetic algorithm.

Both search the same space (128 principal components of measured windows) with the same model (ridge on hand-made
features), for targets at the edge of the model's answers to real windows, between and beyond them. Five seeds each.

    python benchmarks/design.py [--set step=0.5 …]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from spectra.core.basics.attachments import Attachment
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.core.quantities import Quantity
from spectra.core.session import Session
from spectra.core.signals import Places
from spectra.core.workflows.designs.structures import Plan, StructureDesign, StructureDesigns, design_structures
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.specimens import specimen_of
from spectra.plugins import BUILT_IN, SHARED
from spectra.plugins.images.grains import grains_of
from spectra.registry.registry import Registry

TITANIUM = Path(__file__).parents[1] / "tests" / "data" / "titanium" / "registered.npz"
FAILED = (1.5, 4.9)  # GPa: indents outside of this failed
TARGETS = (2.6, 3.0, 3.2, 3.6, 4.0, 4.2)
SEEDS = 5
TOLERANCE = 0.01  # GPa


def titanium() -> DataSetFile:
    """Return all measured places of the map, with the grain in which it lies."""
    with np.load(TITANIUM) as arrays:
        angles = np.stack([arrays[f"{name}_deg"] for name in ("phi1", "Phi", "phi2")], axis=-1).astype(np.float32)
        hardness = arrays["hardness_GPa"].astype(float)
    grains = grains_of(angles, "°").labels
    rows, columns = np.nonzero((hardness > FAILED[0]) & (hardness < FAILED[1]) & (grains >= 0))
    values = hardness[rows, columns]
    return DataSetFile(
        quantities=(
            Quantity(name="hardness", unit="GPa", description="", lower=float(values.min()), upper=float(values.max())),
        ),
        values=values[:, None],
        signal=Places(
            pictures=angles[None],
            places=np.stack([0 * rows, rows, columns], axis=1).astype(np.int32),
            unit="°",
            um_per_pixel=2.0,
        ),
        points=None,
        groups=grains[rows, columns].astype(np.int64),
        recipe={},
        notes=(),
        environment={},
    )


def reached(design: StructureDesign) -> tuple[float, float]:
    """Return after how many evaluations the target was reached first, and the distance then; NaN if it never was."""
    assert design.found is not None
    hits = np.flatnonzero(design.aim.errors(design.found.worth) <= design.aim.tolerance)
    return (hits[0] + 1, design.found.worth.distances[hits[0]]) if len(hits) else (np.nan, np.nan)


def report(name: str, designs: StructureDesigns, seconds: float) -> None:
    print(f"\n{name}: {seconds:.0f} CPU-s; real structures lie within {designs.limit:.1f} of one from elsewhere (95 %)")
    print("target  reached  evaluations (median, most)  distance at the first hit  good  evaluations, distance of good")
    for target in TARGETS:
        of_target = [design for design in designs.designs if design.aim.value == target]
        firsts = np.array([reached(design) for design in of_target])
        good = [(d.found.evaluations, d.distance) for d in of_target if d.found is not None and d.verdict.trusted]
        hit = firsts[np.isfinite(firsts[:, 0])]
        first = (
            f"{np.median(hit[:, 0]):7.0f} {hit[:, 0].max():5.0f} {np.median(hit[:, 1]):20.1f}" if len(hit) else " " * 34
        )
        best = "{:12.0f} {:8.1f}".format(*np.median(good, axis=0)) if good else ""
        print(f"{target:6.1f}  {len(hit)} of {len(of_target)} {first} {len(good):17} {best}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of cma")
    changes = dict(text.split("=") for text in arguments.parse_args().set)
    built_in = dict.fromkeys([*BUILT_IN, "spectra.plugins.indenter.plugin"])
    catalogue = load_plugins([*built_in], {}, always=SHARED).catalogue
    with tempfile.TemporaryDirectory() as folder, Registry.open(Path(folder)) as registry:
        session = Session(store=registry, catalogue=catalogue, progress=Silent(), jobs=1)
        content = Attachment(name="titanium.npz", content=titanium().to_bytes())
        specimen = specimen_of(catalogue, {"name": "titanium", "technique": "indenter", "data_set": content})
        recipe = complete_recipe(catalogue, specimen.recipe("quick"))
        for name in ("cma", "genetic"):
            start = time.process_time()
            plan = Plan(
                quantity=None,
                targets=TARGETS,
                optimizer=catalogue.choose("optimizer", name, changes if name == "cma" else {}),
                generator=catalogue.choose("generator", "pca"),
                starts=SEEDS,
                tolerance=TOLERANCE,
            )
            designs = design_structures(session, specimen, recipe, plan)
            if name == "cma":
                low, high = designs.predicted
                print(f"The model answers {low:.2f} to {high:.2f} GPa for {designs.real:,} real windows.")
            report(name, designs, time.process_time() - start)


if __name__ == "__main__":
    main()
