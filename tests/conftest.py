"""Fixtures for all tests: a registry of its own, and the command line as a user calls it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import spectra as package

TESTS = Path(__file__).parent


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A registry's home of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SPECTRA_HOME", str(folder))
    monkeypatch.delenv("SPECTRA_DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def spectra(home, tmp_path):
    """Run the command line in a process of its own, in an empty folder, with the toy plugin installed."""
    (tmp_path / "work").mkdir()

    def run(*arguments, **environment):
        under_test = Path(package.__file__).parents[1]  # wherever else a spectra may be installed
        paths = os.pathsep.join([str(TESTS / "toy"), str(under_test), *environment.pop("paths", [])])
        return subprocess.run(
            [sys.executable, "-c", "from spectra.cli.main import main; main()", *map(str, arguments)],
            cwd=tmp_path / "work",
            env=os.environ | {"PYTHONPATH": paths, "NO_COLOR": "1"} | environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return run
