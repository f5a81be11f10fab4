"""A cluster of processes on this machine: what a task costs, and what share of the processors does useful work.

Run with ``python benchmarks/cluster.py``. The tasks are parts of the training set of steel, 50 or 500 spectra each.
*part* is what one costs in this process, without a cluster; *client* and *scheduler* what it costs those, all in CPU
milliseconds; *useful* is the CPU time of the work over that of all processes together. A client that spends c on a part
of T feeds no more than T/c workers: the last column, with the larger of both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from distributed import Client
from threadpoolctl import threadpool_limits

import spectra
from spectra.core.basics.files import pack_arrays
from spectra.core.execution.cluster import Cluster
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.core.tasks import Task
from spectra.core.workflows.specimens import sent_specimen
from spectra.core.workflows.training_set import PART, part_of_document
from spectra.plugins import BUILT_IN

HERE = Path(__file__).parent
STEEL = HERE.parent / "examples" / "rus" / "steel" / "sample.yaml"
SENT = 40


def start(folder: Path, count: int) -> tuple[Path, list[psutil.Process]]:
    file = folder / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)]), "OMP_NUM_THREADS": "1"}
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]]
    commands += [["worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]] * count
    with (folder / "log").open("w") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--scheduler-file", str(file)],
                env=environment, cwd=folder, stdout=log, stderr=log,
            )
            for command in commands
        ]  # fmt: skip
    return file, [psutil.Process(process.pid) for process in processes]


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def measured(count: int, tasks: list[Task]) -> tuple[float, float, float]:
    """Return CPU ms of client and scheduler for each task, and the CPU seconds of all processes."""
    with tempfile.TemporaryDirectory() as name:
        file, processes = start(Path(name), count)
        try:
            while not file.exists():
                time.sleep(0.1)
            cluster = Cluster(str(file), BUILT_IN, Silent())
            with Client(scheduler_file=str(file), set_as_default=False) as waiting:
                waiting.wait_for_workers(count)
            list(cluster.run(tasks[: 2 * count]))  # plugins are loaded and models made
            before, client = [cpu(process) for process in processes], time.process_time()
            list(cluster.run(tasks))
            client = time.process_time() - client
            spent = [cpu(process) - start for process, start in zip(processes, before, strict=True)]
            cluster.close()
        finally:
            for process in processes:
                process.kill()
    return 1e3 * client / len(tasks), 1e3 * spent[0] / len(tasks), client + sum(spent)


def main() -> None:
    specimen = spectra.load_sample(STEEL)
    choice = specimen.recipe().forward_model
    document = sent_specimen(specimen)[0] | {"forward_model": choice.model_dump(mode="json")}
    points = specimen.technique.design(specimen.sample).points
    catalogue = load_plugins(BUILT_IN).catalogue
    print("workers  spectra  part ms  client ms  scheduler ms  useful  workers that one client feeds")
    for size in (50, 500):
        parts = [points[begin : begin + size] for begin in range(0, len(points), size)][:SENT]
        tasks = [Task(work=PART, document=document, blobs={"points": pack_arrays({"points": part})}) for part in parts]
        part_of_document(catalogue, document, tasks[0].blobs)  # the model is made
        with threadpool_limits(1):
            begun = time.process_time()
            for task in tasks:
                part_of_document(catalogue, document, task.blobs)
            took = time.process_time() - begun
        for count in (1, 2, 4):
            client, scheduler, spent = measured(count, tasks)
            alone = 1e3 * took / len(tasks)
            most = alone / max(client, scheduler)
            print(f"{count:7}{size:9}{alone:9.0f}{client:11.1f}{scheduler:14.1f}{took / spent:8.0%}{most:10.0f}")


if __name__ == "__main__":
    main()
