"""What pyproject.toml allows, the versions that are tested together and the lowest ones fit to each other."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

import spectra

ROOT = Path(spectra.__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TOOLS = {"build", "import-linter", "mypy", "nox", "pytest-cov", "ruff", "types-PyYAML"}  # which results do not need


def required(*extras):
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    found = map(Requirement, lines)
    return {one.name: one.specifier for one in found if one.name != "spectra-platform"}


def pinned(name):
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_the_lowest_versions_are_those_that_the_project_allows():
    extras = set(PROJECT["optional-dependencies"]) - {"docs"}
    allowed = {name: specifier for name, specifier in required(*extras).items() if name not in TOOLS}
    lowest = pinned("constraints-minimum.txt")
    assert lowest.keys() == allowed.keys()
    assert {name: {one.version for one in allowed[name]} for name in lowest} == {n: {v} for n, v in lowest.items()}


def test_the_versions_that_were_tested_together_are_allowed():
    versions = {name.lower(): version for name, version in pinned("constraints.txt").items()}
    for name, specifier in required(*PROJECT["optional-dependencies"]).items():
        assert versions[name.lower()] in specifier, name


def test_nothing_needs_tensorflow_but_the_extra():
    assert "tensorflow" not in required()
    assert "tensorflow" in required("train")
