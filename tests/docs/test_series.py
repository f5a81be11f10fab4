"""The page on series: its example is done as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "series.md").read_text()


def test_the_example_prints_what_the_page_shows(spectra, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(ROOT / "examples" / "rus" / "series", work / "examples" / "rus" / "series")
    (block,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert len(commands) == 3
    for command, said in commands:
        words = [
            str(path)
            for word in shlex.split(command)[1:]
            for path in (sorted(work.glob(word)) if "*" in word else [word])
        ]
        done = spectra(*words)
        assert done.returncode == 0, done.stderr
        printed = [plain(line) for line in done.stdout.splitlines()]
        for line in said.splitlines():
            assert line == "…" or plain(line) in printed, line
    assert (work / "series.png").stat().st_size > 20_000
    assert (work / "moduli.png").stat().st_size > 5_000


def plain(line):
    """Return a line without identifiers and the width of columns."""
    return " ".join(re.sub(r"\b[a-z0-9]{10}\b", "ID", line).split())
