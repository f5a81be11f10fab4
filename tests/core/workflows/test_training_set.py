"""Parts of a simulated training set: what is finished survives what stops the rest."""

import errno
import os

import numpy as np
import pytest

from spectra.core.errors import RegistryError
from spectra.core.progress import Silent
from spectra.core.signals import Profile
from spectra.core.technique import Design
from spectra.core.workflows.training_set import AT_ONCE, DataSet, simulate


class Squares:
    """A forward model that counts what it is asked for."""

    def __init__(self):
        self.asked = 0

    def simulate(self, values):
        self.asked += len(values)
        return Profile(x=np.arange(3.0), y=values**2 * np.ones(3), x_unit="1", y_unit="1")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_full_or_damaged_disk_is_a_sentence_and_costs_one_part(tmp_path, monkeypatch, code):
    design = Design(points=np.linspace(0, 1, 3 * AT_ONCE)[:, np.newaxis])
    synced, sync = [], os.fsync

    def refusing(handle):
        synced.append(handle)
        if len(synced) == 3:  # a file and its folder are one part
            raise OSError(code, os.strerror(code))
        sync(handle)

    monkeypatch.setattr(os, "fsync", refusing)
    first, second = Squares(), Squares()
    with pytest.raises(RegistryError, match=os.strerror(code)) as told:
        simulate(first, design, folder=tmp_path, jobs=1, progress=Silent())
    assert "same command again" in str(told.value)
    assert [path.name for path in tmp_path.iterdir()] == ["part-00000000.npz"]
    parts = simulate(second, design, folder=tmp_path, jobs=1, progress=Silent())
    with parts.join(tmp_path / "whole.npz").open("rb") as stream:
        data = DataSet.open(stream)
    assert second.asked == 2 * AT_ONCE
    assert np.array_equal(data.signal.y[:, 0], design.points[:, 0] ** 2)
