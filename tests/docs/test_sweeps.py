"""The page on sweeps: its example prints what the page shows."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sweeps.md").read_text()


def test_the_example_prints_what_the_page_shows(spectra, tmp_path):
    (tmp_path / "work" / "examples").symlink_to(ROOT / "examples")
    (block,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert len(commands) == 2
    for command, said in commands:
        done = spectra(*shlex.split(command)[1:])
        assert done.returncode == 0, done.stderr
        printed = [rounded(line) for line in (done.stdout + done.stderr).splitlines()]
        for line in said.splitlines():
            assert line == "…" or rounded(line) in printed, line
    assert (tmp_path / "work" / "sweep.png").stat().st_size > 20_000


def rounded(line):
    """Return a line without the width of columns, and without digits beyond six, in which processors differ."""
    return " ".join(re.sub(r"(\d\.\d{5})\d+", r"\1", line).split())
