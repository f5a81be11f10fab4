"""CPU-seconds of whole commands, models on record, of this tree and of others, in one run.

    python benchmarks/commands.py [FOLDER ...]

Each folder is a clone of another commit. Every tree first trains the two models with its own code, in a registry of its
own; then the commands run in turns, tree by tree, so that other work on the machine concerns all alike. The least of a
few runs is shown, of user and system time together, with one thread of BLAS and with as many as there are.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

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
REPEATS = 5


def run(tree: Path, home: Path, arguments: list[str | Path], *, threads: int | None) -> float | None:
    """Return the CPU-seconds of one command, or nothing if the tree does not know it."""
    environment = os.environ | {"PYTHONPATH": str(tree), "SPECTRA_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    environment.pop("OMP_NUM_THREADS", None)
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
                taken = [
                    [run(tree, home, command, threads=threads) for tree, home in zip(trees, homes, strict=True)]
                    for _ in range(REPEATS)
                ]
                least = ["–" if None in runs else f"{min(runs):.2f}" for runs in zip(*taken, strict=True)]
                print(f"| `{name}` | {threads or os.cpu_count()} |", " | ".join(least), "|", flush=True)


if __name__ == "__main__":
    main()
