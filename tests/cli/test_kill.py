"""A kill at any moment leaves a registry that opens, and the next run completes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np


def test_a_killed_first_analysis_is_completed_by_the_next(spectra, home, tmp_path):
    sample, line = tmp_path / "sample.yaml", tmp_path / "line.txt"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    x = np.linspace(-1, 1, 81)
    np.savetxt(line, np.column_stack([x, 2 * 0.03 / ((x - 0.1) ** 2 + 0.03)]))
    toy = str(Path(__file__).parents[1] / "toy")
    command = [sys.executable, "-c", "from spectra.cli.main import main; main()", "analyze", line, "-s", sample]
    rng = np.random.default_rng(7)
    for _ in range(6):
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": toy},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(rng.uniform(0.4, 1.8))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (home / "registry.sqlite").exists():
            assert spectra("predictions", "list").returncode == 0

    done = spectra("analyze", line, "-s", sample, "--json")

    assert done.returncode == 0, done.stderr
    with sqlite3.connect(home / "registry.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM data_sets").fetchone() == (1,)
    connection.close()
    assert json.loads(done.stdout)["prediction"]["id"] in spectra("predictions", "list").stdout
    assert not list((home / "work").glob("*"))
