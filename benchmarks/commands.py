"""CPU-seconds of whole commands, of this tree and of others, in one run.

    python benchmarks/commands.py [FOLDER ...]

Each folder is a clone of another commit. Every tree first trains the two models with its own code, in a registry of its
own; then the commands run in turns, tree by tree, so that other work on the machine concerns all alike. The median of a
few runs is shown, of user and system time together, with one thread of BLAS and with as many as there are; of commands
with nothing on record, in a new registry each time, with one thread alone. Modules are compiled once, as in an
installed package.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from rus_truth import Case

HERE = Path(__file__).parents[1]
EXAMPLES = HERE / "examples"
PROGRAM = "import sys; sys.argv[0] = 'spectra'; from spectra.cli.main import main; main()"
STEEL, GOLD = EXAMPLES / "rus" / "steel", EXAMPLES / "xrd" / "gold"
RUS = ["analyze", STEEL / "peaks.dat", "--sample", STEEL / "sample.yaml"]
XRD = ["analyze", GOLD / "specimen.xy", "--sample", GOLD / "gold-xrd.yaml", "--set", "reader.wavelength=1.54"]
COMMANDS = {
    "--help": ["--help"],
    "predictions list": ["predictions", "list"],
    "analyze, rus on record": RUS,
    "analyze, rus on record, --set refiner.most_sweeps=0": [*RUS, "--set", "refiner.most_sweeps=0"],
    "analyze, xrd on record": XRD,
}
QUICK = {"steel": EXAMPLES / "rus" / "steel", "SrTiO3": EXAMPLES / "rus" / "srtio3"}
BOXES = 3  # orthorhombic ones of rus_truth.py
REPEATS = 5


def run(
    tree: Path, home: Path, arguments: list[str | Path], *, threads: int | None, registry: Path | None = None
) -> float | None:
    """Return the CPU-seconds of one command, or nothing if the tree does not know it."""
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        "SPECTRA_HOME": str(registry or home),
        "XDG_CACHE_HOME": str(home),
    }
    environment.pop("OMP_NUM_THREADS", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=home,
        env=environment,
        capture_output=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 6):
        return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quick(tree: Path, home: Path, specimen: Path) -> float | None:
    """Return the CPU-seconds of an analysis of a folder's specimen with nothing on record."""
    command = ["analyze", specimen / "peaks.dat", "--sample", specimen / "sample.yaml", "--recipe", "quick"]
    with tempfile.TemporaryDirectory(dir=home) as registry:
        return run(tree, home, command, threads=1, registry=Path(registry))


def write_boxes(folder: Path) -> dict[str, Path]:
    """Write sample files and peaks of some orthorhombic boxes, with errors of 0.1 %."""
    boxes = {}
    for number in range(BOXES):
        case, box = Case("orthorhombic", 0.001, number), folder / f"box-{number}"
        box.mkdir()
        (box / "sample.yaml").write_text(yaml.safe_dump(case.document))
        (box / "peaks.dat").write_text("".join(f"{peak:.9f}\n" for peak in case.peaks))
        boxes[f"orthorhombic box {number}"] = box
    return boxes


def row(runs: list[list[float | None]]) -> str:
    """Return the medians of each tree as the end of a line."""
    columns = zip(*runs, strict=True)
    medians = ["–" if None in column else f"{statistics.median(column):.2f}" for column in columns]  # type: ignore[type-var]
    return " | ".join(medians) + " |"


def main() -> None:
    """Print a table: a row for each command and number of threads, a column for each tree."""
    trees = [HERE, *(Path(folder).absolute() for folder in sys.argv[1:])]
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / str(number) for number in range(len(trees))]
        for tree, home in zip(trees, homes, strict=True):
            home.mkdir()
            for command in COMMANDS.values():
                run(tree, home, command, threads=1)  # trains, fills caches
        print("| command | threads |", " | ".join(map(str, trees)), "|")
        print("| --- | --- |" + " --- |" * len(trees))
        for name, command in COMMANDS.items():
            for threads in (1, None):
                runs = [
                    [run(tree, home, command, threads=threads) for tree, home in zip(trees, homes, strict=True)]
                    for _ in range(REPEATS)
                ]
                print(f"| `{name}` | {threads or os.cpu_count()} |", row(runs), flush=True)
        for name, specimen in (QUICK | write_boxes(Path(folder))).items():
            runs = [
                [quick(tree, home, specimen) for tree, home in zip(trees, homes, strict=True)] for _ in range(REPEATS)
            ]
            print(f"| {name}, `--recipe quick`, nothing on record | 1 |", row(runs), flush=True)


if __name__ == "__main__":
    main()
