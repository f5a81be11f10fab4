"""The page on similarity: its first example is done as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "similarity.md").read_text()
GOLD = Path(__file__).parents[2] / "examples" / "xrd" / "gold"


def test_the_example_prints_what_the_page_shows(spectra, tmp_path):
    for file in GOLD.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path / "work")
    (block,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    for command, said in commands:
        done = spectra(*shlex.split(command)[1:])
        assert done.returncode == 0, done.stderr
        printed = [plain(line) for line in done.stdout.splitlines()]
        for line in said.splitlines():
            assert line == "…" or plain(line) in printed, line


def plain(line):
    """Return a line without the identifier of the data set and the width of columns."""
    return " ".join(re.sub(r"\b[a-z0-9]{10}:", "ID:", line).split())
