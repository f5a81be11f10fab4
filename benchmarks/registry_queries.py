"""How long an SQLite registry with a million predictions takes to answer.

Makes the registry if FILE is not there (ten minutes, 1.7 GB), then times queries, inserts and the command itself.

    python benchmarks/registry_queries.py FILE [PREDICTIONS]

The made-up laboratory has 500 samples, each measured in a campaign of its own within the last five years; the first
has a seventh of all predictions. Each prediction has three quantities, refined and as the network gave them.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from spectra.core.quantities import EstimatedQuantity
from spectra.registry.identifiers import ALPHABET, LENGTH
from spectra.registry.registry import Registry

SAMPLES, PREDICTIONS_OF_A_MEASUREMENT, MODELS_OF_A_SAMPLE = 500, 5, 2
QUANTITIES = ("C11", "C12", "C44")
FIVE_YEARS, CAMPAIGN = 5 * 365.25, 90.0
"""In days."""
RECIPE = json.dumps({role: {"name": role, "parameters": {}} for role in ("forward_model", "encoder", "regressor")})
SOUGHT = json.dumps([{"name": name, "unit": "GPa", "lower": 50.0, "upper": 400.0} for name in QUANTITIES])
TESTED = {"mape_percent": 1.0, "rmse": 2.0, "within_one_spread": 0.68}
METRICS = json.dumps({"test": dict.fromkeys(QUANTITIES, TESTED), "points": {"test": 2000}})
CHUNK = 100_000
LIMIT = 50


def make(path: Path, predictions: int) -> None:
    """Fill a new registry; the same size gives the same content."""
    Registry.open(url=str(path)).close()
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000;")
    indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''").fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table, rows in _rows(np.random.default_rng(1), predictions):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    for _, sql in indexes:
        connection.execute(sql)
    connection.commit()
    connection.close()


def _rows(rng: np.random.Generator, predictions: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    now = datetime.now(UTC).replace(tzinfo=None)

    def moments(days: Any) -> list[str]:
        return [(now - timedelta(days=float(day))).isoformat(" ", "microseconds") for day in days]

    sample_ids, model_ids = _identifiers(rng, SAMPLES), _identifiers(rng, MODELS_OF_A_SAMPLE * SAMPLES)
    starts = rng.uniform(CAMPAIGN, FIVE_YEARS, SAMPLES)
    techniques = np.where(np.arange(SAMPLES) % 5 < 4, "rus", "xrd")
    means = rng.normal(260, 40, SAMPLES)
    yield (
        "samples",
        [
            (key, made, f"sample-{n:03d}", str(techniques[n]), f"sha256:{n}", "{}", "")
            for n, (key, made) in enumerate(zip(sample_ids, moments(starts), strict=True))
        ],
    )
    yield (
        "data_sets",
        [(key, moments([0])[0], key, f"sha256:{key}", "{}", 1, "[]", "sha256:", 1, "{}") for key in sample_ids],
    )
    yield (
        "models",
        [
            (key, made, *2 * (sample_ids[n // 2],), RECIPE, "sha256:", SOUGHT, 1, METRICS, "{}", "sha256:", 1, "", None)
            for n, (key, made) in enumerate(zip(model_ids, moments(np.repeat(starts, 2)), strict=True))
        ],
    )
    measurements = predictions // PREDICTIONS_OF_A_MEASUREMENT
    measurement_ids = _identifiers(rng, measurements)
    weights = 1 / np.arange(1, SAMPLES + 1)
    of_sample = rng.choice(SAMPLES, measurements, p=weights / weights.sum())
    days = starts[of_sample] - rng.uniform(0, CAMPAIGN, measurements)
    yield (
        "measurements",
        [
            (key, made, sample_ids[s], f"run{n:07d}.dat", f"sha256:{n}", 1, "peaks", "peaks", "{}", "")
            for n, (key, made, s) in enumerate(zip(measurement_ids, moments(days), of_sample, strict=True))
        ],
    )
    report = json.dumps({"notes": [], "tables": {}, "covariance": np.eye(3).tolist(), "filler": "x" * 300})
    for first in range(0, predictions, CHUNK):
        count = min(CHUNK, predictions - first)
        ids = _identifiers(rng, count)
        of = rng.integers(0, measurements, count)
        model = MODELS_OF_A_SAMPLE * of_sample[of] + rng.integers(0, MODELS_OF_A_SAMPLE, count)
        made = moments(np.maximum(days[of] - rng.exponential(1.0, count), 1e-4))
        operators = rng.choice(["ada", "ben", "cem", "dora"], count, p=[0.5, 0.3, 0.19, 0.01])
        misfits = rng.gamma(2.0, 0.2, count)
        verdicts = np.where(misfits < 0.8, "trusted", "doubtful")
        yield (
            "predictions",
            [
                (
                    ids[i],
                    made[i],
                    model_ids[model[i]],
                    measurement_ids[of[i]],
                    misfits[i],
                    "kHz",
                    report,
                    f"spectra analyze run{of[i]:07d}.dat --sample sample.yaml",
                    str(operators[i]),
                    '{"spectra": "0.1.0"}',
                    "",
                    str(verdicts[i]),
                )
                for i in range(count)
            ],
        )
        tags = rng.random(count)
        for tag, share in (("checked", 0.5), ("paper", 0.01), ("figure-3", 0.00001)):
            if tagged := [(ids[i], tag) for i in np.flatnonzero(tags < share)]:
                yield "prediction_tags", tagged
        values = means[of_sample[of], None] * [1.0, 0.45, 0.4] + rng.normal(0, [5.0, 3.0, 1.0], (count, 3))
        stds = rng.gamma(3.0, 0.3, (count, 3))
        network = values + 5 * stds * rng.normal(size=(count, 3))
        yield (
            "estimated_quantities",
            [
                (
                    ids[i],
                    name,
                    method,
                    3 * (method == "learned") + q,
                    "GPa",
                    float(number[i, q]),
                    float(std[i, q]),
                    "",
                    final,
                )
                for i in range(count)
                for q, name in enumerate(QUANTITIES)
                for method, number, std, final in (
                    ("refined", values, stds, True),
                    ("learned", network, 5 * stds, False),
                )
            ],
        )


def _identifiers(rng: np.random.Generator, count: int) -> list[str]:
    return ["".join(ALPHABET[c] for c in row) for row in rng.integers(0, len(ALPHABET), (count, LENGTH))]


def main(path: Path) -> None:
    """Print the times, in milliseconds: of the first call, and the median of some more."""
    with Registry.open(url=str(path)) as registry:
        print(f"{'query':58s} {'sort':8s} {'found':>5s} {'first':>8s} {'median':>8s}")
        for query, sort in [*_queries(path), *_UNLIKELY]:
            times = []
            for _ in range(6):
                began = time.perf_counter()
                found = list(registry.list_predictions(query, sort=sort, limit=LIMIT))
                times.append(1e3 * (time.perf_counter() - began))
            print(f"{query:58s} {sort:8s} {len(found):5d} {times[0]:8.1f} {np.median(times[1:]):8.1f}", flush=True)
        times = _insert(registry, path)
        print(
            f"insert of a prediction: median {np.median(times):.1f} ms, 99 % within {np.quantile(times, 0.99):.1f} ms"
        )
    times, command = [], Path(sys.executable).with_name("spectra")
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([command, "predictions", "list", "--db", str(path)], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    print(f"spectra predictions list: {min(times):.2f} to {max(times):.2f} s")


def _queries(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        (highest,), (lowest,) = (
            connection.execute(
                f"SELECT {column} FROM estimated_quantities WHERE final AND name = 'C11' AND unit = 'GPa' "
                f"ORDER BY {column} {direction} LIMIT 1 OFFSET 10"
            ).fetchone()
            for column, direction in (("value", "DESC"), ("std", "ASC"))
        )
    newest = "-created"
    return [
        ("", newest),
        ("C11>260", newest),
        (f"C11>{highest!r}", newest),
        ("C11>2.6e11 Pa", newest),
        ("C11.std<0.5", newest),
        (f"C11.std<{lowest!r}", newest),
        ("C11.learned>260", newest),
        ("technique=rus", newest),
        ("sample=sample-030", newest),
        ("sample=sample-400", newest),
        ("tag=checked", newest),
        ("tag=paper", newest),
        ("tag=figure-3", newest),
        ("operator=dora", newest),
        ("file=run0000178.dat", newest),
        ("misfit<0.01", newest),
        ("age<30d", newest),
        ("age>3y", newest),
        ("age>3y,C11>300", newest),
        ("technique=rus,sample=sample-030,C11>200,age<5y", newest),
        ("technique=rus,C11>260,tag=paper,operator=ada", newest),
        ("", "-C11"),
        ("", "C11.std"),
        ("", "misfit"),
        ("sample=sample-030", "-C11"),
        ("age<30d", "-C11"),
    ]


_UNLIKELY = [
    ("sample=sample-000", "-created"),  # 147,000 predictions, all of them old
    ("sample=sample-000,C11>260", "-created"),  # of which none fits
    ("C11>300,C44<100,tag=checked", "-created"),  # conditions that contradict each other
    ("operator=d*", "-created"),
    ("note=*crack*", "-created"),
]
"""What takes longer: a rare match of conditions that are each common, and patterns."""


def _insert(registry: Registry, path: Path) -> list[float]:
    """Time inserts, and take them back."""
    (model,), (measurement,) = registry.list_models(limit=1), registry.list_measurements(limit=1)
    quantities = [
        EstimatedQuantity(name=name, unit="GPa", method=method, value=250.0, std=1.0)
        for name in QUANTITIES
        for method in ("refined", "learned")
    ]
    times, made = [], []
    for _ in range(300):
        began = time.perf_counter()
        record = registry.add_prediction(
            model=model,
            measurement=measurement,
            quantities=quantities,
            misfit=0.5,
            misfit_unit="kHz",
            report={"notes": [], "tables": {}, "covariance": np.eye(3).tolist()},
            command="spectra analyze",
            operator="ada",
            environment={"spectra": "0.1.0"},
            tags=["checked"],
        )
        times.append(1e3 * (time.perf_counter() - began))
        made.append((record.id,))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executemany("DELETE FROM predictions WHERE id = ?", made)
        connection.commit()
    return times


if __name__ == "__main__":
    file = Path(sys.argv[1])
    if not file.exists():
        make(file, int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
    main(file)
