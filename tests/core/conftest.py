"""A laboratory with the toy technique: one slab, a registry, and lines to measure."""

import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from toy_technique.parts import Line, ToySample

from spectra.core.execution.worker import outcome_of, perform
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.core.recipe import Recipe
from spectra.core.session import Context, Session, Specimen
from spectra.core.workflows.analyze import analyze
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.recipes import complete_recipe
from spectra.registry.registry import Registry

SLAB = ToySample(name="slab", technique="toy", thickness="2 mm")


@dataclass
class Laboratory:
    """Does what the command line does, without it."""

    registry: Registry
    folder: Path
    catalogue: Catalogue = field(default_factory=lambda: load_plugins(()).catalogue)
    sample: ToySample = SLAB

    @property
    def technique(self):
        return self.catalogue.technique("toy")

    @property
    def specimen(self) -> Specimen:
        return Specimen(technique=self.technique, sample=self.sample)

    def session(self, **changes) -> Session:
        return replace(Session(store=self.registry, catalogue=self.catalogue), **changes)

    def recipe(self, **changes) -> Recipe:
        default = self.specimen.recipe().model_copy(update=changes)
        return complete_recipe(self.catalogue, default)

    def measure(self, name="line.txt", position=0.12, width=0.17, seed=0, scale=1.0):
        """Write the line that a slab of 2 mm would give, divided by ``scale``, and return its path."""
        line = Line(self.sample, None).simulate(np.array([[position, width]]))
        noisy = line.y[0] + np.random.default_rng(seed).normal(0, 0.01, line.x.size)
        text = io.StringIO()
        np.savetxt(text, np.column_stack([line.x, noisy / scale]))
        path = self.folder / name
        path.write_text(text.getvalue())
        return path

    def analyze(self, path, *, specimen=None, recipe=None, scale=1.0, tags=(), reading=None, **options):
        specimen = specimen or self.specimen
        recipe = recipe or complete_recipe(self.catalogue, specimen.recipe())
        parameters = {"scale": scale} if scale != 1.0 else None
        measurement = read_measurement(self.catalogue, specimen, path, parameters=parameters, **(reading or {}))
        session = self.session(
            context=Context(command=f"spectra analyze {path.name}", operator="ada"),
            progress=options.pop("progress", Silent()),
        )
        return analyze(session, specimen, measurement, recipe, tags=tags, **options)

    def rewrite(self, statement, **values):
        """Change the database behind the code's back."""
        from sqlalchemy import text

        with self.registry.storage.database.writing() as session:
            session.execute(text(statement), values)


class InThisProcess:
    """An executor whose only worker is this process."""

    machines = "this one"

    def run(self, tasks):
        for place, task in enumerate(tasks):
            yield place, outcome_of(perform((), task.work, json.dumps(task.document), task.blobs))


@pytest.fixture
def laboratory(tmp_path):
    with Registry.open(tmp_path / "home") as registry:
        yield Laboratory(registry, tmp_path)
