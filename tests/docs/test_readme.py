"""What the README and docs/python.md show from Python is run as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import spectra

ROOT = Path(spectra.__file__).parents[1]
CHECK = """
import sys
assert abs(answer.quantities.loc["C11", "value"] - 270.0) < 1.0, answer.quantities
assert abs(answer.quantities.loc["C44", "value"] - 80.0) < 1.0, answer.quantities
assert not {"tensorflow", "keras"} & set(sys.modules)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A registry that both share: the training set is simulated once."""
    return tmp_path_factory.mktemp("home")


def run(code, home):
    environment = os.environ | {"SPECTRA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def test_the_steel_pin_takes_three_lines_of_python_and_no_tensorflow(home):
    (example,) = blocks("README.md")
    assert len([line for line in example.splitlines() if line]) == 3
    done = run(example + CHECK, home)
    assert done.returncode == 0, done.stderr


def test_the_page_on_python_runs_from_top_to_bottom(home):
    done = run("".join(blocks("docs/python.md")) + CHECK, home)
    assert done.returncode == 0, done.stderr
