"""Whatever a file holds, it is read or refused with a sentence, in bounded time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from spectra.core.errors import SpectraError
from tests.fuzz.fuzzing import fuzz, outcome
from tests.fuzz.readers import READERS

CORPUS = Path(__file__).with_name("corpus")
BY_NAME = {reader.name: reader for reader in READERS}
FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}-{path.name}" for path in FOUND])
def test_what_was_once_a_traceback_is_read_or_refused(path, tmp_path):
    try:
        assert outcome(BY_NAME[path.parent.name], path.name, path.read_bytes(), tmp_path) is None
    except SpectraError as error:
        assert str(error)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_few_inputs_that_are_nearly_right_are_read_or_refused(reader):
    tally = fuzz(reader, 12, seed=0)
    assert not tally.findings
    assert tally.read + tally.refused == 12


@pytest.mark.slow
def test_a_hundred_thousand_inputs_are_read_or_refused():
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", "100000", "--seed", "0"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
