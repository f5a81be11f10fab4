"""Training sets that are larger than memory: peak memory and time of ``spectra simulate`` and ``spectra train``.

Run with ``python benchmarks/large_set.py 1000000 --epochs 2``: the steel pin with a finer grid of moduli and the
default recipe, in a registry of its own below the folder for temporary files, which needs three times the size of the
set (2 kB a spectrum). Each command is a process of its own; *memory* is the most that was resident at once, mapped
files included, as the system counts it. Interrupted, it goes on from there with ``--folder``.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEEL = Path(__file__).parents[1] / "examples" / "rus" / "steel" / "sample.yaml"
WIDTHS = 200.0, 100.0  # GPa, of C11 and C44


def sample(folder: Path, count: int) -> Path:
    """Write the steel pin with a grid of at most this many moduli."""
    step = math.sqrt(WIDTHS[0] * WIDTHS[1] / count) * 1.0017  # both ends of each range are on the grid, too
    path = folder / "sample.yaml"
    path.write_text(STEEL.read_text(encoding="utf-8").replace("step: 1 GPa", f"step: {step:.6f} GPa"), encoding="utf-8")
    return path


def measured(folder: Path, *arguments: str) -> str:
    """Run a command; return its peak memory, CPU and wall time as cells of a table."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", "from spectra.cli.main import main; main()", *arguments],
        env=os.environ | {"SPECTRA_HOME": str(folder / "home")},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"spectra {arguments[0]} failed.")
    # Linux counts in KiB, macOS in bytes
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 2**30
    return f"{memory:.2f} | {used.ru_utime + used.ru_stime:.0f} | {time.monotonic() - begun:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="large-set-"))
    folder.mkdir(exist_ok=True)
    print(f"in {folder}\n| command | memory (GiB) | CPU (s) | wall (s) |\n| --- | --- | --- | --- |")
    file = str(sample(folder, arguments.count))
    print(f"| simulate | {measured(folder, 'simulate', '--sample', file)} |", flush=True)
    few = ("--set", f"regressor.epochs={arguments.epochs}")
    print(f"| train | {measured(folder, 'train', '--again', '--sample', file, *few)} |", flush=True)


if __name__ == "__main__":
    main()
