"""A stack of pictures stays in bytes: simulated, on record, divided, encoded, learned from and tested."""

import runpy
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from spectra.core.components import Component
from spectra.core.inventory.catalogue import Entry
from spectra.core.recipe import Choice
from spectra.core.session import Session
from spectra.core.signals import Image
from spectra.core.workflows import training_data
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.train import train
from spectra.plugins.images import pixels
from spectra.registry.registry import Registry

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "image_batches.py"
COUNT = 600
BYTES = COUNT * 224 * 224 * 3


class Noise:
    """Noise of a camera, which makes floats of bytes."""

    def __init__(self, parameters):
        pass

    def distort(self, signal, rng):
        values = signal.pixels.astype(np.float32) / 255
        return Image(pixels=values + rng.normal(0, 0.01, values.shape[:3])[..., None].astype(np.float32), unit="1")


@pytest.mark.slow
def test_no_more_than_a_few_copies_in_bytes_are_ever_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(training_data, "_NUMBERS", 20 * 224 * 224 * 3)
    monkeypatch.setattr(pixels, "_NUMBERS", 5 * 224 * 224 * 3)
    catalogue, specimen = runpy.run_path(str(BENCHMARK))["prepared"](COUNT)
    noise = Component(name="noise", summary="", factory=Noise)
    catalogue.add([Entry(kind="distortion", plugin="noise", source="this test", component=noise)])
    recipe = specimen.recipe().model_copy(
        update={"distortions": (Choice(name="noise"),), "regressor": Choice(name="ridge")}
    )
    recipe = complete_recipe(catalogue, recipe, parameters={"encoder": {"size": [16, 16]}})
    with Registry.open(tmp_path) as registry:
        tracemalloc.start()
        record = train(Session(store=registry, catalogue=catalogue), specimen, recipe, seed=0)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert record.metrics["test"]["dark"]["rmse"] < 1
    assert peak < 3 * BYTES  # four times as much were all of them in single precision, beside the bytes themselves


@pytest.mark.slow
def test_a_network_is_trained_on_every_pixel_in_less_memory_than_floats_would_take():
    """3,000 pictures: 0.45 GB as bytes and 1.81 GB in single precision; TensorFlow takes 0.7 GB without any."""
    done = subprocess.run([sys.executable, str(BENCHMARK), "3000"], capture_output=True, text=True, check=True)
    rows = [line.split("|") for line in done.stdout.splitlines() if line.startswith("|")]
    peak = {row[1].strip(): float(row[4]) for row in rows[2:]}
    assert peak["simulation, on record"] < 1.4
    assert peak["1 epochs of training, test"] < 2.3
