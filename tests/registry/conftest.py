"""A registry in a temporary home, with one of everything on record."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

import spectra
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.signals import Peaks
from spectra.core.store import DataSetRecord, MeasurementRecord, ModelRecord, PredictionRecord, SampleRecord
from spectra.registry.artefacts.folder import ArtefactFolder
from spectra.registry.registry import Registry


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPECTRA_HOME", raising=False)
    monkeypatch.delenv("SPECTRA_DATABASE_URL", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database; a test that is about one of them is parametrized with it."""
    return str(request.param)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest) -> str | None:
    """The URL of this test's registry; ``None`` for the SQLite file in its home."""
    return None if backend == "sqlite" else str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with an empty registry; to make one takes 0.1 s of each test."""
    file = tmp_path_factory.mktemp("empty") / "registry.sqlite"
    Registry.open(file.parent, str(file)).close()
    return file


@pytest.fixture
def registry(home: Path, url: str | None, empty_database: Path) -> Iterator[Registry]:
    if url is None:
        home.mkdir()
        shutil.copy(empty_database, home)
    with Registry.open(home, url) as opened:
        yield opened


@pytest.fixture
def reopen(home: Path, url: str | None) -> Callable[[], Registry]:
    """Open the registry as another process would."""
    return partial(Registry.open, home, url)


@dataclass
class Filler:
    """Puts things on record with as few arguments as a test needs."""

    registry: Registry
    quantities: tuple[EstimatedQuantity, ...] = field(
        default=(
            EstimatedQuantity(name="C11", unit="GPa", method="learned", value=268.0, std=6.0),
            EstimatedQuantity(name="C11", unit="GPa", method="refined", value=271.25, std=0.125),
            EstimatedQuantity(
                name="C44", unit="GPa", method="refined", value=130.0, std=None, note="at the end of its range"
            ),
        )
    )

    def sample(self, name: str = "steel", technique: str = "toy") -> SampleRecord:
        return self.registry.add_sample(Sample(name=name, technique=technique))

    def data_set(self, sample: SampleRecord | None = None, digest: str = "sha256:recipe") -> DataSetRecord:
        return self.registry.add_data_set(
            sample=sample or self.sample(),
            digest=digest,
            recipe={"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]},
            points=20_000,
            notes=("3 points without a solid were left out",),
            content=b"points and signals",
            environment={"numpy": "2.0"},
        )

    def model(
        self, sample: SampleRecord | None = None, *, seed: int = 1, recipe_digest: str = "sha256:model"
    ) -> ModelRecord:
        sample = sample or self.sample()
        return self.registry.add_model(
            sample=sample,
            data_set=self.data_set(sample, digest=f"of {sample.id}"),
            recipe={"encoder": {"name": "direct"}},
            recipe_digest=recipe_digest,
            quantities=[{"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}],
            seed=seed,
            metrics={"rmse": {"C11": 1.5}},
            content=b"weights",
            environment={"numpy": "2.0"},
        )

    def measurement(
        self,
        sample: SampleRecord | None = None,
        *,
        content: bytes = b"1.0\n2.0\n",
        file_name: str = "peaks.dat",
        reader: str = "lines",
        tags: tuple[str, ...] = (),
        conditions: tuple[Condition, ...] = (),
    ) -> MeasurementRecord:
        measurement = Measurement(
            signal=Peaks.from_lists([[1.0, 2.0]], unit="MHz", window=(0.0, 3.0)),
            file=RawFile(name=file_name, content=content),
            reader=reader,
            details={"operator": "Ada", "date": "2026-01-31"},
            conditions=conditions,
        )
        return self.registry.add_measurement(measurement, sample=sample or self.sample(), tags=tags)

    def prediction(
        self,
        sample: SampleRecord | None = None,
        *,
        quantities: tuple[EstimatedQuantity, ...] | None = None,
        misfit: float | None = 0.25,
        report: Mapping[str, object] | None = None,
        verdict: str | None = None,
        files: dict[str, bytes] | None = None,
        command: str = "spectra analyze peaks.dat",
        operator: str = "ada",
        tags: tuple[str, ...] = (),
    ) -> PredictionRecord:
        sample = sample or self.sample()
        return self.registry.add_prediction(
            model=self.model(sample),
            measurement=self.measurement(sample),
            quantities=self.quantities if quantities is None else quantities,
            misfit=misfit,
            misfit_unit="kHz",
            report={"covariance": [[1.0, 0.0], [0.0, None]]} if report is None else report,
            command=command,
            operator=operator,
            environment={"spectra": "0.1.0"},
            verdict=verdict,
            files=files,
            tags=tags,
        )


@pytest.fixture
def filler() -> type[Filler]:
    """For a registry that a test opens itself."""
    return Filler


@pytest.fixture
def put(registry: Registry) -> Filler:
    return Filler(registry)


@pytest.fixture
def artefact_path(registry: Registry) -> Callable[[str], Path]:
    """Where the file of an artefact is, to be damaged."""
    store = registry.storage.artefacts
    assert isinstance(store, ArtefactFolder)
    return store.path


@pytest.fixture
def start_worker(home: Path, url: str | None) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ``worker.py`` in another process; it begins when its input is closed or gets a line."""
    started: list[subprocess.Popen[str]] = []

    def start(job: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py")), job, *map(str, arguments)],
            env={
                **os.environ,
                "PYTHONPATH": str(Path(spectra.__file__).parents[1]),
                "SPECTRA_HOME": str(home),
                "SPECTRA_DATABASE_URL": url or "",
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
