"""Simulated series of a cubic box: how sharp and how honest relative changes are, and what a temperature costs.

Run with ``python benchmarks/series.py [SERIES [TEMPERATURES]]``. Each mode has a misfit of its own, 0.1 % on average
and the same at all temperatures, as an imperfect specimen has it; each peak is read to 50 ppm; one in ten is missing,
other ones at each temperature. *off*: rms of what the change from the reference differs from the truth. *stated*:
median of the standard deviation that is stated. *z*: rms of the ratio of the two, 1 if the errors are honest.
CPU seconds are those of the whole workflow, the records on disk included, after the imports, on one thread.

``python benchmarks/series.py --example FOLDER`` writes the example of the documentation.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import spectra
from spectra.core.recipe import QUICK, Choice
from spectra.core.session import Session
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.series.conditions import entries_of
from spectra.core.workflows.series.series import series
from spectra.interactive.opening import open_session

SAMPLE = """\
# A simulated crystal: 'python benchmarks/series.py --example FOLDER' wrote this and the lists.
name: perovskite
technique: rus
shape: {kind: box, x: 2.353 mm, y: 2.764 mm, z: 4.127 mm}
density: 5120 kg/m^3
symmetry: cubic
search:
  C11: {from: 220 GPa, to: 400 GPa, step: 20 GPa}
  C12: {from: 70 GPa, to: 140 GPa, step: 10 GPa}
  C44: {from: 90 GPa, to: 160 GPa, step: 10 GPa}
window: {from: 0.3 MHz, to: 2.0 MHz}
expansion: {coefficient: 9.4e-6 1/K, reference: 295 K}
"""
MISFIT, NOISE, MISSING, END = 1e-3, 5e-5, 0.1, 1.99


def moduli(temperature: float) -> np.ndarray:
    """Return C11, C12 and C44 in GPa, which soften towards a transition at 105 K."""
    stiffening = 1e-4 * (295 - temperature)
    softening = 1.6 * (1 / (temperature - 105 + 6) - 1 / (295 - 105 + 6))
    return np.array([318, 103, 124]) * (1 + stiffening) - softening * np.array([60, -20, 30])


def write(folder: Path, specimen, forward, temperatures, seed: int) -> None:
    rng, misfits = np.random.default_rng(seed), {}
    for temperature in temperatures:
        values = moduli(temperature)
        computed, _ = forward.linearize(values)
        longer = np.sqrt(1 + specimen.sample.expansion.strain(temperature))
        lines = []
        for name, f in zip(forward.names_at(values), longer * computed.positions[0], strict=True):
            misfit = misfits.setdefault(name, MISFIT * rng.standard_normal())
            lines.append(f * np.exp(misfit + NOISE * rng.standard_normal()))
        kept = sorted(line for line in lines if line < END and rng.random() > MISSING)
        (folder / f"perovskite-{temperature:g}K.txt").write_text("".join(f"{line:.6f}\n" for line in kept))


def prepared(folder: Path):
    (folder / "sample.yaml").write_text(SAMPLE)
    specimen = spectra.load_sample(folder / "sample.yaml")
    with open_session(folder / "home", quiet=True) as interactive:
        return specimen, specimen.forward_model(interactive.catalogue, Choice(name="rayleigh-ritz"))


def one(seed: int, count: int):
    """Return errors, stated and absolute standard deviations of the changes of one series, and its CPU seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        specimen, forward = prepared(folder)
        write(folder, specimen, forward, np.linspace(115, 295, count).round(1), seed)
        with open_session(folder / "home", quiet=True) as interactive:
            session = Session(store=interactive.registry, catalogue=interactive.catalogue)
            recipe = complete_recipe(session.catalogue, specimen.recipe(QUICK))
            along, entries = entries_of(sorted(folder.glob("*.txt")), "temperature=perovskite-{K}.txt")
            with threadpool_limits(1):
                start = time.process_time()
                found = series(session, specimen, entries, recipe, along=along)
                took = time.process_time() - start
    truth = np.array([moduli(point.condition.value) for point in found.points])
    truth = truth / truth[found.reference] - 1
    others = [place for place in range(count) if place != found.reference]
    absolute = np.array([point.answer.stds / point.answer.values for point in found.points])
    anew = sum(not point.followed for point in found.points) - 1
    off = (found.contrast.relative - truth)[others]
    return off, found.contrast.relative_stds[others], absolute[others], anew, took


def main() -> None:
    if "--example" in sys.argv:
        folder = Path(sys.argv[-1])
        with tempfile.TemporaryDirectory() as scratch:
            specimen, forward = prepared(Path(scratch))
        (folder / "sample.yaml").write_text(SAMPLE)
        write(folder, specimen, forward, [115, 125, 140, 160, 185, 210, 240, 270, 295], 0)
        return
    count, temperatures = (int(word) for word in [*sys.argv[1:], *["10", "100"][len(sys.argv) - 1 :]])
    rows = [one(seed, temperatures) for seed in range(count)]
    off, stated, absolute = (np.concatenate([row[k] for row in rows]) for k in range(3))
    print(f"{count} series of {temperatures} temperatures; analyzed from scratch besides the reference: "
          f"{sum(row[3] for row in rows)}; CPU seconds {np.median([row[4] for row in rows]):.1f}")  # fmt: skip
    print("        off %  stated %     z   absolute %   times sharper")
    for k, name in enumerate(("C11", "C12", "C44")):
        z = np.sqrt(np.mean((off[:, k] / stated[:, k]) ** 2))
        sharper = np.median(absolute[:, k] / stated[:, k])
        print(f"{name:6}{100 * np.sqrt(np.mean(off[:, k] ** 2)):8.4f}{100 * np.median(stated[:, k]):10.4f}{z:7.2f}"
              f"{100 * np.median(absolute[:, k]):12.3f}{sharper:14.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
