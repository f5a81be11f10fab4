"""The fixtures for authors give what they promise, whatever else is installed."""

import pytest

from spectra.core.errors import NotFoundError

pytest_plugins = ["spectra.testing.fixtures"]


def test_no_plugins_are_none(no_plugins):
    assert list(no_plugins.catalogue.entries()) == []
    with pytest.raises(NotFoundError, match="no plugin provides any"):
        no_plugins.catalogue.find("encoder", "fingerprint")


def test_only_the_named_modules_are_loaded(load_only):
    plugins = load_only("spectra.plugins.xrd.plugin", "toy_technique.plugin")
    assert {entry.plugin for entry in plugins.catalogue.entries()} == {"xrd", "toy_technique"}


def test_the_registry_is_empty_and_its_own(registry, tmp_path):
    assert len(registry.list_models()) == 0
    assert (tmp_path / "registry" / "registry.sqlite").exists()
