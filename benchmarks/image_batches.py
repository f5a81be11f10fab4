"""Memory and time of training on pictures that would not fit into memory as floats.

Run with ``python benchmarks/image_batches.py [PICTURES [EPOCHS]]``; 20,000 pictures are 3.0 GB as bytes and 12 GB in
single precision. Everything goes on record in a temporary folder, which takes twice that. The pictures are 224 × 224
pixels in three colours, of a matrix with a dark phase; the network is the default one on every pixel.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from spectra.core.components import Component
from spectra.core.inventory.catalogue import Entry
from spectra.core.manager import load_plugins
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.session import Session, Specimen
from spectra.core.signals import Image
from spectra.core.technique import Design
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.train import train
from spectra.core.workflows.training_set import data_set
from spectra.plugins import SHARED
from spectra.registry.registry import Registry

SIDE = 224
MATRIX, PHASE = np.array([[180, 170, 160], [70, 60, 80]], dtype=np.uint8)


class Micrograph:
    """Pictures whose dark share is given, as bytes: a forward model never makes more than 500 at once."""

    def __init__(self, sample, parameters):
        self.noise = np.random.default_rng(0).integers(0, 256, (1024, 1024), dtype=np.uint8)

    def simulate(self, values):
        pixels = np.empty((len(values), SIDE, SIDE, 3), dtype=np.uint8)
        for picture, (share,) in zip(pixels, values, strict=True):
            top, left = np.random.default_rng(int(share * 1e6)).integers(0, 1024 - SIDE, 2)
            noise = self.noise[top : top + SIDE, left : left + SIDE, None]
            picture[:] = np.where(noise < 2.56 * share, PHASE, MATRIX)
            picture += noise >> 4
        return Image(pixels=pixels, unit="1")


class Micrographs:
    """From a picture to the share of its dark phase."""

    sample_schema = Sample
    readers = ("picture",)

    def __init__(self, count, epochs):
        self.count, self.epochs = count, epochs

    def quantities(self, sample):
        return (Quantity(name="dark", unit="%", description="share of the dark phase", lower=10, upper=50),)

    def recipes(self, sample):
        network = Choice(name="image-regression", parameters={"epochs": self.epochs})
        return {
            "default": Recipe(
                forward_model=Choice(name="micrograph"), encoder=Choice(name="pixels"), regressor=network
            ),
        }

    def design(self, sample):
        return Design(points=np.linspace(10, 50, self.count)[:, None])


def peak():
    """Return the most memory that this process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-9


def prepared(count, epochs=1):
    """Return a catalogue with the technique in it, and its specimen."""
    catalogue = load_plugins(SHARED, {}).catalogue
    technique = Micrographs(count, epochs)
    for kind, name, factory in (
        ("technique", "micrographs", lambda: technique),
        ("forward model", "micrograph", Micrograph),
    ):
        component = Component(name=name, summary="", factory=factory)
        catalogue.add([Entry(kind=kind, plugin="micrographs", source="this benchmark", component=component)])
    return catalogue, Specimen(technique=technique, sample=Sample(name="two phases", technique="micrographs"))


def main(count=20_000, epochs=1):
    catalogue, specimen = prepared(count, epochs)
    recipe = complete_recipe(catalogue, specimen.recipe())
    as_bytes = count * SIDE**2 * 3e-9
    print(f"{count:,} pictures: {as_bytes:.2f} GB as bytes, {4 * as_bytes:.2f} GB in single precision\n")
    print("| after | seconds | CPU seconds | peak memory (GB) |")
    print("| --- | --- | --- | --- |")
    print(f"| imports | | {time.process_time():.0f} | {peak():.2f} |", flush=True)
    with tempfile.TemporaryDirectory() as home, Registry.open(Path(home)) as registry:
        session = Session(store=registry, catalogue=catalogue, jobs=1)
        start, used = time.perf_counter(), time.process_time()

        def report(step):
            seconds, cpu = time.perf_counter() - start, time.process_time() - used
            print(f"| {step} | {seconds:.0f} | {cpu:.0f} | {peak():.2f} |", flush=True)

        data_set(session, specimen, recipe)
        report("simulation, on record")
        record = train(session, specimen, recipe, seed=0)
        report(f"{epochs} epochs of training, test")
    print(f"\nTest set: {record.metrics['test']['dark']}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
