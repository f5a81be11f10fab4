"""Simulated specimens of known moduli, whole analyses: how many are solved, how honest the errors are, what they cost.

Every specimen is another body of another solid: lengths and moduli are drawn at random, its first 40 modes get Gaussian
errors, and one in ten is removed. The moduli are searched within 30 % of a reference that is itself up to 20 % wrong.

*solved*: every modulus lies within five standard deviations of the truth, as the Cramér-Rao bound has them that knows
which peak is which mode. *in 1σ*: share of the moduli within the stated standard deviation, of the solved specimens.
*doubted*: share of the solved whose verdict is doubtful. *wrong*: not solved, and a modulus off by more than five
stated standard deviations; *unsaid*: how many of those have a trusted verdict. CPU seconds are those of one analysis
with nothing on record, training included, on one BLAS thread, after the imports.

    python benchmarks/rus_truth.py [N] [--classes cubic …] [--errors 0.001 0.005] [--recipe quick] [--output FILE]

With ``--outside 0.05`` the range of one modulus, in turn, begins or ends 5 % of its value beyond the truth.
Results are appended to FILE, one line of JSON a specimen; those that it holds already are not computed again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

import spectra
from spectra.core.errors import SpectraError
from spectra.plugins.rus.forward import RusForwardModel

Floats = NDArray[np.float64]

MODES = 40
MISSING = 0.1
HALF_RANGE = 0.3
REFERENCE_ERROR = 0.2
POINTS = {2: 25, 3: 9, 5: 5, 6: 4, 7: 4, 9: 3}  # of each axis of the grid, by the number of moduli

# Moduli in GPa of one solid of each symmetry, after steel, SrTiO3, cobalt, CaWO4, alpha-Al2O3 and olivine. The C16 of
# CaWO4 is twice as large: within 30 % of it lie solids so nearly unstable that no order describes their modes.
CLASSES: dict[str, tuple[str, dict[str, float]]] = {
    "cubic": ("box", {"C11": 318, "C12": 103, "C44": 124}),
    "hexagonal": ("box", {"C11": 307, "C33": 358, "C12": 165, "C13": 103, "C44": 75.5}),
    "tetragonal-7": ("box", {"C11": 146, "C33": 127, "C12": 63, "C13": 56, "C44": 33.5, "C66": 38.7, "C16": 9}),
    "trigonal": ("box", {"C11": 497, "C33": 501, "C12": 163, "C13": 116, "C44": 147, "C14": 22}),
    "orthorhombic": (
        "box",
        {
            "C11": 324,
            "C22": 198,
            "C33": 249,
            "C12": 59,
            "C13": 79,
            "C23": 78,
            "C44": 66.7,
            "C55": 81,
            "C66": 79.3,
        },
    ),
    "cylinder": ("cylinder", {"C11": 270, "C44": 80}),
}


class Case:
    """One specimen of a class: its sample file, its moduli and its peaks."""

    def __init__(self, name: str, error: float, number: int) -> None:
        # the same bodies, moduli and gaps at all errors
        rng = np.random.default_rng([sum(name.encode()), number])
        shape, reference = CLASSES[name]
        middle = np.array(list(reference.values()))
        if shape == "cylinder":
            diameter, height = np.sort(rng.uniform(3.0, 6.0, 2))
            body = {"kind": "cylinder", "diameter": f"{diameter:.4f} mm", "height": f"{height:.4f} mm"}
        else:
            lengths = rng.permutation([2.0, 2.7, 3.6]) * rng.uniform(0.9, 1.1, 3)
            body = {"kind": "box"} | {axis: f"{length:.4f} mm" for axis, length in zip("xyz", lengths, strict=True)}
        low, high = (1 - HALF_RANGE) * middle, (1 + HALF_RANGE) * middle
        steps = (high - low) / (POINTS[len(middle)] - 1)
        self.document: dict[str, Any] = {
            "name": f"{name}-{number}",
            "technique": "rus",
            "shape": body,
            "density": "5000 kg/m^3",
            "symmetry": "isotropic" if shape == "cylinder" else name,
            "search": {
                modulus: {"from": f"{a:.6g} GPa", "to": f"{b:.6g} GPa", "step": f"{step:.6g} GPa"}
                for modulus, a, b, step in zip(reference, low, high, steps, strict=True)
            },
            "window": {"from": "0.01 MHz", "to": "1.2 MHz"},
            "order": 16,
        }
        forward, self.truth = self._stable(middle, rng)
        modes, slopes = self._modes(forward)
        ends = 0.9 * modes[0], 0.5 * (modes[MODES - 1] + modes[MODES])
        self.document["window"] = {"from": f"{ends[0]:.6f} MHz", "to": f"{ends[1]:.6f} MHz"}
        del self.document["order"]
        seen = rng.random(MODES) >= MISSING
        noise = error * np.random.default_rng([number, 7]).standard_normal(MODES)
        self.peaks = np.sort((modes[:MODES] * np.exp(noise))[seen])
        relative = (slopes[:MODES] / modes[:MODES, None])[seen]
        self.bound = error * np.sqrt(np.diag(np.linalg.inv(relative.T @ relative)))

    def move_range(self, place: int, share: float) -> None:
        """Let a modulus lie outside its range by a share of its value: of even places below it, of odd ones above."""
        modulus, side = list(self.document["search"])[place], -1 if place % 2 else 1
        width = 2 * HALF_RANGE * self.truth[place]
        near = self.truth[place] * (1 + side * share)
        low, high = sorted([near, near + side * width])
        step = width / (POINTS[len(self.truth)] - 1)
        self.document["search"][modulus] = {
            "from": f"{low:.6g} GPa",
            "to": f"{high:.6g} GPa",
            "step": f"{step:.6g} GPa",
        }

    def _stable(self, middle: Floats, rng: np.random.Generator) -> tuple[RusForwardModel, Floats]:
        forward = RusForwardModel(spectra.load_sample(self.document).sample)  # type: ignore[arg-type]
        while True:
            moduli = middle * rng.uniform(1 - REFERENCE_ERROR, 1 + REFERENCE_ERROR, len(middle))
            if forward.solver.symmetry.is_stable(forward.parametrization.to_moduli(moduli[None]))[0]:
                return forward, moduli

    def _modes(self, forward: RusForwardModel) -> tuple[Floats, Floats]:
        computed, slopes = forward.solver.linearize(1e9 * forward.parametrization.to_moduli(self.truth[None])[0])
        frequencies, slopes = computed[: MODES + 1], slopes[: MODES + 1] @ forward.parametrization.jacobian(self.truth)
        return 1e-6 * frequencies, 1e3 * slopes


def analyzed(case: Case, recipe: str) -> dict[str, Any]:
    """Analyze one specimen in a registry of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "peaks.dat"
        file.write_text("".join(f"{peak:.9f}\n" for peak in case.peaks))
        with spectra.open(Path(folder) / "home", quiet=True, jobs=1) as session:
            began = time.process_time()
            try:
                result = session.analyze(file, sample=case.document, recipe=recipe).analysis.result
            except SpectraError as error:
                return {"refused": str(error), "seconds": time.process_time() - began}
            took = time.process_time() - began
    refinement = result.refinement
    assert refinement is not None
    stds = np.sqrt(np.diag(refinement.covariance))
    return {
        "truth": case.truth.tolist(),
        "bound": case.bound.tolist(),
        "values": refinement.values.tolist(),
        "stds": [float(s) if np.isfinite(s) else None for s in stds],
        "misfit": refinement.misfit,
        "notes": list(refinement.notes),
        "reasons": list(result.verdict.reasons) if result.verdict else [],
        "seconds": took,
    }


def _share(hits: list[bool]) -> str:
    return f"{np.mean(hits):7.0%}" if hits else f"{'–':>7s}"


def summarized(rows: list[dict[str, Any]]) -> str:
    """Return the columns of one line of the table."""
    solved, inside, doubted, wrong, unsaid = [], [], [], 0, 0
    for row in rows:
        if "refused" in row:
            solved.append(False)
            continue
        error = np.abs(np.array(row["values"]) - row["truth"])
        stated = np.array([np.nan if s is None else s for s in row["stds"]])
        solved.append(bool(np.all(error <= 5 * np.array(row["bound"]))))
        if solved[-1]:
            inside += (error <= stated)[np.isfinite(stated)].tolist()
            doubted.append(bool(row["reasons"]))
        elif np.any(error > 5 * stated):
            wrong += 1
            unsaid += not row["reasons"]
    seconds = np.array([row["seconds"] for row in rows])
    return (
        f"{len(rows):5d} {_share(solved)} {_share(inside)} {_share(doubted)} {wrong:6d} {unsaid:7d} "
        f"{np.median(seconds):7.1f} {seconds.max():7.1f}"
    )


def main() -> None:
    """Analyze what FILE lacks, and print the table."""
    parser = argparse.ArgumentParser(description="Simulated specimens of known moduli, whole analyses.")
    parser.add_argument("count", nargs="?", type=int, default=100, help="specimens of each class")
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=list(CLASSES))
    parser.add_argument("--errors", nargs="+", type=float, default=[0.001, 0.005], help="relative, of each peak")
    parser.add_argument("--recipe", default="quick")
    parser.add_argument("--first", type=int, default=0, help="number of the first specimen")
    parser.add_argument("--outside", type=float, default=0.0, help="share by which a modulus is outside its range")
    parser.add_argument("--output", type=Path, default=Path("rus_truth.jsonl"))
    options = parser.parse_args()
    known: dict[tuple[str, str, float, int, float], dict[str, Any]] = {}
    if options.output.exists():
        for line in options.output.read_text().splitlines():
            row = json.loads(line)
            known[row["recipe"], row["class"], row["error"], row["number"], row.get("outside", 0.0)] = row
    # loads what any first analysis imports, so that no specimen pays for it
    analyzed(Case("cylinder", 0.001, 10_000), options.recipe)
    heads = f"{'class':14s} {'error':>6s} {'n':>5s} {'solved':>7s} {'in 1σ':>7s} {'doubted':>7s}"
    print(f"{heads} {'wrong':>6s} {'unsaid':>7s} CPU s: median, most")
    for name in options.classes:
        for error in options.errors:
            rows = []
            for number in range(options.first, options.first + options.count):
                key = (options.recipe, name, error, number, options.outside)
                if key not in known:
                    case = Case(name, error, number)
                    if options.outside:
                        case.move_range(number % len(case.truth), options.outside)
                    about = dict(zip(("recipe", "class", "error", "number", "outside"), key, strict=True))
                    known[key] = about | analyzed(case, options.recipe)
                    with options.output.open("a") as file:
                        file.write(json.dumps(known[key]) + "\n")
                rows.append(known[key])
            print(f"{name:14s} {error:6.1%} {summarized(rows)}", flush=True)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main()
