"""The reference page is what the code says, and leaves nothing out."""

import runpy
from pathlib import Path

import pytest

from spectra.core import components, hookspecs, progress, technique
from spectra.core.manager import load_plugins
from spectra.plugins import BUILT_IN

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference.md").read_text()


def test_the_page_is_what_the_code_says():
    if runpy.run_path(str(DOCS / "write_reference.py"))["page"]() != PAGE:
        pytest.fail("docs/reference.md is not what the code says; run 'python docs/write_reference.py' and commit it.")


def test_every_hook_protocol_and_built_in_component_stands_in_it():
    hooks = [name for name in vars(hookspecs) if name.startswith("spectra_")]
    protocols = [
        name
        for module in (components, progress, technique)
        for name, value in vars(module).items()
        if getattr(value, "_is_protocol", False) and value.__module__.startswith(module.__name__)
    ]
    entries = [e for e in load_plugins(BUILT_IN, {}).catalogue.entries() if e.source == "built in"]
    assert len(hooks) == 12
    assert {"ForwardModel", "Progress", "Technique"} < set(protocols)
    assert {"rus", "gaussian-process", "binned"} < {entry.component.name for entry in entries}
    for hook in hooks:
        assert f"\n| `{hook}` |" in PAGE
    for protocol in protocols:
        assert f"\n### {protocol}\n" in PAGE
    for entry in entries:
        assert f"\n| `{entry.component.name}` | {entry.plugin} | {entry.component.summary} |\n" in PAGE


def test_no_markup_of_docstrings_is_left():
    assert "``" not in PAGE
    assert ":class:" not in PAGE
    assert "-----" not in PAGE.replace("| --- |", "")
