"""The loop: an input, a reader, and either a result or a sentence; whatever else is a finding."""

from __future__ import annotations

import io
import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spectra.core.errors import SpectraError
from tests.fuzz.readers import Reader

SECONDS = 10
"""Of the processor, that one input of a megabyte at most may take."""
BYTES = 4_000_000_000
"""Of address space, beyond what the process has when it begins."""
LONGEST_SENTENCE = 20_000


class TooSlowError(BaseException):
    """Not an ``Exception``, which some readers turn into a refusal."""


@dataclass(frozen=True)
class Finding:
    """An input that is neither read nor refused."""

    name: str
    content: bytes
    fault: str
    """The exception with the place where it was raised: equal ones are one bug."""


@dataclass
class Tally:
    """What became of the inputs of one reader."""

    reader: str
    inputs: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)
    """The first of each fault."""
    faults: int = 0
    peak: int = 0
    """Bytes of memory that the process grew by."""

    def __str__(self) -> str:
        return (
            f"{self.reader:16} {self.inputs:7,} inputs {self.read:7,} read {self.refused:7,} refused "
            f"{self.faults:4} faults; slowest {self.slowest:5.2f} s, memory +{self.peak / 1e6:4.0f} MB"
        )


def outcome(reader: Reader, name: str, content: bytes, folder: Path) -> str | None:
    """Return what is wrong with how an input is answered; nothing if it is read.

    Raises
    ------
    SpectraError
        If it is refused.
    """
    printed = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as warned,
        _limited(SECONDS),
        redirect_stdout(printed),
        redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        try:
            reader.read(name, content, folder)
        except SpectraError as error:
            if not str(error).strip() or len(str(error)) > LONGEST_SENTENCE:
                return f"a sentence of {len(str(error)):,} characters: {error!s:.60}"
            if printed.getvalue():
                return f"printed: {printed.getvalue()[:200]!r}"
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # extensions in Rust panic with one of their own
            where = traceback.extract_tb(error.__traceback__)
            ours = [frame for frame in where if "spectra/" in frame.filename and "tests/" not in frame.filename]
            frame = (ours or where)[-1]
            return (
                f"{type(error).__name__} at {frame.filename.rpartition('spectra/')[2]}:{frame.lineno}: {error!s:.120}"
            )
    if printed.getvalue():
        return f"printed: {printed.getvalue()[:200]!r}"
    told = [one for one in warned if issubclass(one.category, RuntimeWarning)]
    return f"{told[0].category.__name__} at {told[0].filename}:{told[0].lineno}: {told[0].message}" if told else None


def fuzz(reader: Reader, count: int, seed: int) -> Tally:
    """Give a reader ``count`` inputs."""
    seeds = dict(reader.seeds())
    names = sorted(seeds)
    tally = Tally(reader=reader.name)
    with tempfile.TemporaryDirectory(prefix="spectra-fuzz-") as base:
        for name in names:  # right inputs are read, and whatever is imported, is by then
            with _emptied(Path(base)) as folder:
                if wrong := outcome(reader, name, seeds[name], folder):
                    raise AssertionError(f"{reader.name}: the right input {name} is not read: {wrong}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(count):
            rng = random.Random(f"{reader.name} {seed} {number}")
            name = rng.choice(names)
            content = reader.mutate(rng, seeds[name], list(seeds.values()))[:1_000_000]
            start = time.process_time()
            with _emptied(Path(base)) as folder:
                try:
                    fault = outcome(reader, name, content, folder)
                    tally.read += fault is None
                except SpectraError:
                    fault = None
                    tally.refused += 1
            tally.inputs += 1
            tally.slowest = max(tally.slowest, time.process_time() - start)
            if fault is not None:
                tally.faults += 1
                tally.findings.setdefault(fault.partition(": ")[0], Finding(name, content, fault))
        tally.peak = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return tally


@contextmanager
def _emptied(base: Path) -> Iterator[Path]:
    folder = base / "input"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes more time of the processor."""

    def stop(*_: Any) -> None:
        raise TooSlowError(f"more than {seconds:g} s")

    former = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def limit_memory() -> None:
    """Let this process have so many bytes more than it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
