"""Fixtures for the tests of a plugin; in its ``conftest.py``: ``pytest_plugins = ["spectra.testing.fixtures"]``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spectra.core.manager import Plugins
from spectra.registry.registry import Registry
from spectra.testing.loading import load_only


@pytest.fixture(name="load_only")
def _load_only() -> Callable[..., Plugins]:
    """Load the plugins of the named modules alone."""
    return load_only


@pytest.fixture
def no_plugins() -> Plugins:
    """Load no plugin, not even the platform's own."""
    return load_only()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """Open an empty registry that is gone after the test."""
    home = tmp_path / "registry"
    with Registry.open(home, str(home / "registry.sqlite"), artefacts=str(home / "artefacts")) as opened:
        yield opened
