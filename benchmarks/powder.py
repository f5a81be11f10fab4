"""Whole-pattern fits: CPU seconds, published cells of real scans, and whether uncertainties are as large as errors."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from spectra.core.components import NoParameters
from spectra.core.measurements import RawFile
from spectra.core.signals import Profile
from spectra.plugins.powder.fitting.refiner import WholePatternParameters, WholePatternRefiner
from spectra.plugins.powder.forward import PowderPattern
from spectra.plugins.powder.sample import PowderSample
from spectra.plugins.powder.technique import Powder
from spectra.plugins.xrd.readers.profile_text import ProfileTextParameters, ProfileTextReader

TECHNIQUE = Powder()
TITANIA = {"name": "anatase", "space_group": "I 41/a m d", "cell": {"a": "3.7852 Å", "c": "9.5139 Å"}}
# njszym/XRD-AutoAnalyzer: scans to 100°, the mixture to 80°. Published: PDF 7-230; Geller 1971, the mean edge of what
# is orthorhombic by 0.1 %; PDF 21-1272; Effenberger & Zemann 1979 and Howard 1988
SCANS: dict[str, list[dict[str, Any]]] = {
    "MnO": [{"name": "MnO", "space_group": "F m -3 m", "cell": {"a": "4.4448 Å"}}],
    "Mn2O3": [{"name": "Mn2O3", "space_group": "I a -3", "cell": {"a": "9.4146 Å"}}],
    "TiO2": [TITANIA],
    "Li2CO3-ZrO2": [
        {
            "name": "Li2CO3",
            "space_group": "C 2/c",
            "cell": {"a": "8.359 Å", "b": "4.9767 Å", "c": "6.194 Å", "beta": "114.72 deg"},
        },
        {
            "name": "ZrO2",
            "space_group": "P 21/c",
            "cell": {"a": "5.1505 Å", "b": "5.2116 Å", "c": "5.3173 Å", "beta": "99.23 deg"},
        },
    ],
}


def sample_of(phases: list[dict[str, Any]], high: float, **given: Any) -> PowderSample:
    angles = {"from": "15 °", "to": f"{high} °"}
    return PowderSample.model_validate({"name": "x", "technique": "powder", "phases": phases, "angles": angles} | given)


def refined(sample: PowderSample, profile: Profile) -> Any:
    quantities = TECHNIQUE.quantities(sample)
    middle = np.array([[(quantity.lower + quantity.upper) / 2 for quantity in quantities]])
    refiner = WholePatternRefiner(WholePatternParameters())
    return refiner.refine(profile, PowderPattern(sample, NoParameters()), starts=middle, quantities=quantities)


def real_scans(folder: Path) -> None:
    print("| scan | CPU (s) | R_wp (%) | quantity | here | from published (%) | verdict |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, phases in SCANS.items():
        path = folder / f"{name}.xy"
        if not path.exists():
            continue
        measured = ProfileTextReader(ProfileTextParameters()).read(RawFile.read(path))
        assert isinstance(measured.signal, Profile)
        sample = sample_of(phases, min(99.9, float(measured.signal.x[-1]) - 0.1))
        start = time.process_time()
        found = refined(sample, TECHNIQUE.prepare(measured, sample).signal)
        seconds = time.process_time() - start
        for quantity, value, variance in zip(
            TECHNIQUE.quantities(sample), found.values, np.diag(found.covariance), strict=True
        ):
            if quantity.unit == "angstrom":
                published = (quantity.lower + quantity.upper) / 2
                print(
                    f"| {name} | {seconds:.1f} | {found.misfit:.1f} | {quantity.name} | {value:.5f} ± "
                    f"{np.sqrt(variance):.5f} | {100 * (value / published - 1):+.3f} | "
                    f"{'; '.join(found.doubts) or 'trusted'} |"
                )


def scores(count: int) -> None:
    """Print the rms error in standard deviations of simulated zincite, Poisson noise, up to 1.4 % off."""
    zincite = {"name": "ZnO", "space_group": "P 63 m c", "cell": {"a": "3.250 Å", "c": "5.207 Å"}}
    sample = sample_of([zincite], 90, instrument={"W": 0.004})
    quantities, forward = TECHNIQUE.quantities(sample), PowderPattern(sample, NoParameters())
    lower, upper = np.array([(quantity.lower, quantity.upper) for quantity in quantities]).T
    found = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        values = lower + (upper - lower) * rng.uniform(0.15, 0.85, len(quantities))
        values[-3:] = np.exp(rng.uniform(np.log(10), np.log(100))), rng.uniform(0.02, 0.3), rng.uniform(-0.2, 0.2)
        ideal = forward.simulate(values[np.newaxis])
        counted = Profile(x=ideal.x, y=rng.poisson(ideal.y) * 1.0, x_unit=ideal.x_unit, y_unit=ideal.y_unit)
        refinement = refined(sample, counted)
        found.append((refinement.values - values) / np.sqrt(np.diag(refinement.covariance)))
    known = np.array(found)
    print(f"\n{count} simulated scans of zincite:\n")
    print("| quantity | rms z | mean z | within 1 (%) |\n| --- | --- | --- | --- |")
    for quantity, column in zip(quantities, known.T, strict=True):
        z = column[np.isfinite(column)]
        spread, share = np.sqrt(np.mean(z**2)), 100 * np.mean(np.abs(z) < 1)
        print(f"| {quantity.name} | {spread:.2f} | {z.mean():+.2f} | {share:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=Path, default=Path("tests/data/xrd"), help="folder with the real scans")
    parser.add_argument("--simulated", type=int, default=60)
    arguments = parser.parse_args()
    real_scans(arguments.scans)
    scores(arguments.simulated)


if __name__ == "__main__":
    main()
