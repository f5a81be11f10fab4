"""The page on sweeps: its example prints what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

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
        printed = (done.stdout + done.stderr).splitlines()
        for line in said.splitlines():
            assert line == "…" or any(alike(line, other) for other in printed), f"{line!r} is not in {printed}"
    assert (tmp_path / "work" / "sweep.png").stat().st_size > 20_000


def alike(line, other):
    """Say whether lines differ in no more than the digits in which processors do."""
    words, others = (re.sub(r"[,;]", " ", text).split() for text in (line, other))
    return len(words) == len(others) and all(same(*pair) for pair in zip(words, others, strict=True))


def same(word, other):
    try:
        value, found = float(word), float(other)
    except ValueError:
        return word == other
    digits = sum(letter.isdigit() for letter in word)
    return found == pytest.approx(value, rel=1e-5 if digits >= 6 and "e" not in word else 0.02)
