"""What a command looks for on record, without anything being simulated or trained."""

from __future__ import annotations

import sys

import pytest

from spectra.cli.main import main
from spectra.core.errors import SpectraError


class _EnoughError(SpectraError):
    """All that was to be asked for has been asked for."""


@pytest.fixture
def asked(home, monkeypatch, capsys):
    """Run a command in this process as far as it asks the registry for a model, and return the digests asked for.

    ``training_set`` lets it go on, as if there were no model, as far as it asks for the training set.
    """
    registry, digests = "spectra.registry.registry.Registry", {}

    def run(*arguments, training_set=False):
        def find_model(self, *, sample_digest, recipe_digest, **others):
            digests.update(sample=sample_digest, recipe=recipe_digest)
            if not training_set:
                raise _EnoughError("That is enough.")

        def find_data_set(self, digest):
            digests["training set"] = digest
            raise _EnoughError("That is enough.")

        digests.clear()
        monkeypatch.setattr(f"{registry}.find_model", find_model)
        monkeypatch.setattr(f"{registry}.find_data_set", find_data_set)
        monkeypatch.setattr(sys, "argv", ["spectra", *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        said = capsys.readouterr().err
        assert "That is enough." in said, said
        return dict(digests)

    return run
