"""How long the page takes on a registry with 25,000 predictions, and how many statements it asks.

    python benchmarks/web.py [FILE [PREDICTIONS]]

Makes the registry if FILE is not there, as benchmarks/registry_queries.py does; times each page within the process,
from the request to the last byte of the answer, 20 times after one that is not counted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import event
from starlette.testclient import TestClient

from benchmarks.registry_queries import make
from spectra.registry.registry import Registry
from spectra.web.app import create_app
from spectra.web.security import Access
from spectra.web.site import Site

PREDICTIONS = 25_000
TIMES = 20
COLUMNS = "&".join(f"column={name}" for name in ("id", "file", "C11", "C11.std", "C44", "misfit"))
PAGES = (
    "/predictions",
    "/predictions?query=sample=sample-000&sort=-C11",
    f"/predictions?query=C11>260,misfit<0.5&{COLUMNS}",
    "/predictions?query=temprature>3",
    "/measurements",
    "/models",
    "/samples",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "registry.sqlite"
        if not path.exists():
            make(path, int(sys.argv[2]) if len(sys.argv) > 2 else PREDICTIONS)
        with Registry.open(url=str(path)) as registry:
            measure(registry)


def measure(registry: Registry) -> None:
    access = Access(token="for measuring only")
    client = TestClient(create_app(Site(opened=registry), access), base_url="http://localhost")
    client.cookies.set(access.cookie, access.session)
    asked: list[str] = []
    engine: Any = registry.storage.database.engine
    event.listen(engine, "before_cursor_execute", lambda *called: asked.append(called[2]))
    newest = registry.list_predictions(limit=12).ids
    record = registry.get_prediction(newest[0])
    pages = [
        *PAGES,
        f"/records/{record.id}",
        f"/records/{record.model_id}",
        f"/compare?{'&'.join(f'id={one}' for one in newest)}",
        "/trend?query=sample=sample-000&x=created&y=C11",
    ]
    last = registry.list_predictions(limit=10_000).ids[-1]
    print("| page | median (ms) | slowest (ms) | statements | kB |\n| --- | --- | --- | --- | --- |")
    for page in (*pages, f"/predictions?after={last}"):
        client.get(page)
        asked.clear()
        took = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = client.get(page)
            took.append(1000 * (time.perf_counter() - begun))
        statements = len(asked) / TIMES
        size = len(answer.content) / 1e3
        print(f"| `{page}` | {np.median(took):.0f} | {max(took):.0f} | {statements:g} | {size:.0f} |")


if __name__ == "__main__":
    main()
