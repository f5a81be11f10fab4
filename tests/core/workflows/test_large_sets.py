"""Training sets that do not fit into memory: the same numbers as of those that do, in memory that does not grow."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toy_technique.parts import ToySample

from spectra.core.basics import large
from spectra.core.session import Specimen
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.train import train
from spectra.core.workflows.training_set import data_set, read_data_set
from spectra.registry.registry import Registry
from tests.core.conftest import Laboratory

ROOTS = [Path(__file__).parents[3], Path(__file__).parents[2] / "toy"]

PROGRAM = """
import sys, numpy as np
from pathlib import Path
from toy_technique.parts import Toy
from spectra.core.basics import large
from spectra.core.progress import Silent
from spectra.core.signals import Profile
from spectra.core.technique import Design
from spectra.core.workflows import training_data
from spectra.core.workflows.training_data import FreshlyDistorted
from spectra.core.workflows.training_set import DataSet, simulate, split

large.LARGE, large._PIECE, training_data._NUMBERS = 2_000_000, 100_000, 250_000
X = np.arange(500.0)

class Curves:
    def simulate(self, values):
        return Profile(x=X, y=values[:, :1] * X, x_unit="", y_unit="")

class Encoder:
    def encode(self, signal):
        return signal.y.astype(np.float32)

folder, count = Path(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(0)
design = Design(points=rng.uniform(0.1, 0.3, (count, 2)))
parts = simulate(Curves(), design, folder=folder, jobs=1, progress=Silent())
with parts.join(folder / "whole.npz").open("rb") as stream:
    data = DataSet.open(stream)
training, validation, _ = split(data, rng)
del data
examples = FreshlyDistorted(
    training, validation, quantities=Toy().quantities(None), distortions=[], encoder=Encoder(), rng=rng
)
sums = [features.sum() for features, _ in examples.batches(rng, 1000)], examples.draw(rng)[0][::999].sum()
print([line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line][0].split()[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak of resident memory")
def test_memory_does_not_grow_with_the_set(tmp_path):
    """12,000 curves more are 48 MB of signals, which were held three to five times."""
    peaks = []
    for count in (3_000, 15_000):
        folder = tmp_path / str(count)
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, folder, str(count)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, ROOTS)), "OMP_NUM_THREADS": "1"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout) / 1000)
    assert peaks[1] < peaks[0] + 24


def test_a_model_of_a_set_on_disk_is_that_of_one_in_memory(laboratory, tmp_path, monkeypatch):
    model = train(laboratory.session(), laboratory.specimen, laboratory.recipe(), seed=0)
    _, kept = data_set(laboratory.session(), laboratory.specimen, laboratory.recipe())
    monkeypatch.setattr(large, "LARGE", 1000)
    with Registry.open(tmp_path / "other") as registry:
        other = Laboratory(registry, tmp_path)
        record, data = data_set(other.session(), other.specimen, other.recipe())
        assert not data.signal.y.flags.writeable  # it stays in its file
        assert np.array_equal(data.signal.y, kept.signal.y)
        assert train(other.session(), other.specimen, other.recipe(), seed=0).artefact == model.artefact
        assert np.array_equal(read_data_set(registry, record).signal.y, kept.signal.y)


def test_a_damaged_set_is_simulated_again(laboratory):
    record, data = data_set(laboratory.session(), laboratory.specimen, laboratory.recipe())
    name = record.artefact.removeprefix("sha256:")
    path = laboratory.registry.locations.artefacts / "sha256" / name[:2] / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    _, again = data_set(laboratory.session(), laboratory.specimen, laboratory.recipe())
    assert np.array_equal(again.signal.y, data.signal.y)
    assert path.read_bytes() != bytes(content)


@pytest.mark.parametrize("size", [large.LARGE, 1000])
def test_parts_of_a_bundle_keep_their_order_made_or_on_record(laboratory, monkeypatch, size):
    monkeypatch.setattr(large, "LARGE", size)
    specimen = Specimen(
        technique=laboratory.catalogue.technique("toy-pair"),
        sample=ToySample(name="slab", technique="toy-pair", thickness="2 mm"),
    )
    recipe = complete_recipe(laboratory.catalogue, specimen.recipe())
    for _ in range(2):
        _, data = data_set(laboratory.session(), specimen, recipe)
        assert list(data.signal.parts) == ["profile", "image"]  # as the forward model has them
