"""A dask cluster as executor: https://distributed.dask.org. Nothing of it is imported before it is asked for."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spectra.core.errors import InputError, SpectraError, UsageError
from spectra.core.execution.worker import check_alike, installation, outcome_of, perform
from spectra.core.progress import Progress
from spectra.core.tasks import Installation, Outcome, Task

_PATIENCE = 10.0  # seconds until a scheduler answers
_AHEAD = 3  # tasks handed out for each thread of a worker, so that none waits and memory stays bounded
_RETRIES = 2


class Cluster:
    """The workers of one scheduler.

    Parameters
    ----------
    address
        Of the scheduler (``tcp://host:8786``, ``tls://…``), or the path of its scheduler file.
    built_in
        Modules of the plugins that ship with the platform.
    progress
        Where it says who works, and what to keep in mind.

    Raises
    ------
    UsageError
        If dask.distributed is not installed.
    """

    def __init__(self, address: str, built_in: Sequence[str], progress: Progress) -> None:
        self.address, self.built_in, self.progress = address, tuple(built_in), progress
        self._client: Any = None
        _distributed()

    @property
    def client(self) -> Any:
        """The connection, made and checked when it is needed first.

        Raises
        ------
        InputError
            If the scheduler cannot be reached, has no workers, or one of them has another version of spectra.
        """
        if self._client is None:
            client = self._connected()
            try:
                self._check(client)
            except BaseException:
                client.close()
                raise
            self._client = client
        return self._client

    @property
    def machines(self) -> str:
        """The processors of the workers, each once."""
        return ", ".join(sorted({one.processor for one in self._installations(self.client)[1].values()}))

    def installations(self) -> tuple[Installation, Mapping[str, Installation]]:
        """Return what is installed here and on each worker, by its address; raises like :attr:`client`."""
        client = self._client or self._connected()
        try:
            return self._installations(client)
        finally:
            if client is not self._client:
                client.close()

    def run(self, tasks: Iterable[Task]) -> Generator[tuple[int, Outcome]]:
        """Yield the place of each task with its outcome, as they are done; see :class:`.Executor`.

        No more than a few tasks for each worker are under way, so that neither the scheduler nor the workers hold
        what is not needed yet.
        """
        waiting: Iterator[tuple[int, Task]] = iter(enumerate(tasks))
        first = next(waiting, None)
        if first is None:
            return
        waiting = chain([first], waiting)
        distributed, client = _distributed(), self.client
        places: dict[Any, int] = {}
        going = distributed.as_completed(loop=client.loop, raise_errors=False)

        def hand_out() -> None:
            while len(places) < max(1, _AHEAD * sum(client.nthreads().values())):
                place, task = next(waiting, (-1, None))
                if task is None:
                    return
                arguments = (list(self.built_in), task.work, json.dumps(task.document), dict(task.blobs))
                future = client.submit(perform, *arguments, pure=False, retries=_RETRIES)
                places[future] = place
                going.add(future)

        try:
            hand_out()
            while places:
                future = next(going)
                place = places.pop(future)
                outcome = outcome_of(future.result())
                future.release()
                yield place, outcome
                hand_out()
        except (distributed.KilledWorker, CancelledError, OSError, TimeoutError, RuntimeError, StopIteration) as error:
            raise self._explained(error) from error
        finally:
            client.cancel(list(places))

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _connected(self) -> Any:
        distributed = _distributed()
        is_file = "://" not in self.address
        if is_file and not Path(self.address).is_file():
            raise InputError(
                f"There is no scheduler file {self.address}.",
                hint="Give the file that 'dask scheduler --scheduler-file FILE' writes, or an address like "
                "tcp://host:8786.",
            )
        how = {"scheduler_file": self.address} if is_file else {"address": self.address}
        try:
            client = distributed.Client(timeout=_PATIENCE, set_as_default=False, **how)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                f"The scheduler {self.address} does not answer within {_PATIENCE:g} s.",
                hint="Check the address and that 'dask scheduler' runs there.",
            ) from error
        return client

    def _check(self, client: Any) -> None:
        here, there = self._installations(client)
        for sentence in check_alike(here, there):
            self.progress.say(sentence)
        hosts = {one.host for one in there.values()}
        if _is_open(self.address or "") or _is_open(client.scheduler.address):
            self.progress.say(
                f"{client.scheduler.address} is neither on this machine nor secured by TLS: whoever reaches it can run "
                "programs there. Use it in a network that you trust, or tls://."
            )
        self.progress.say(f"{len(there)} workers on {len(hosts)} machines at {self.address}.")

    def _installations(self, client: Any) -> tuple[Installation, Mapping[str, Installation]]:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise InputError(f"The scheduler {self.address} has no workers.", hint="Start some with 'dask worker'.")
        try:
            found = client.run(installation, list(self.built_in))
        except Exception as error:  # a worker without spectra cannot even read what it is asked
            raise InputError(
                f"A worker of {self.address} cannot say what it has installed: {error}.",
                hint="Install spectra-platform[cluster] in the environment of every worker and of the scheduler.",
            ) from error
        return Installation(**installation(self.built_in)), {
            address: Installation(**told) for address, told in sorted(found.items())
        }

    def _explained(self, error: BaseException) -> SpectraError:
        kept = "Finished parts are kept; the same command goes on from there."
        if type(error).__name__ == "KilledWorker":
            return SpectraError(
                f"A part of the work ended several workers of {self.address}, one after the other.",
                hint=f"Perhaps their memory does not suffice for it: give each worker more. {kept}",
            )
        return SpectraError(f"The scheduler {self.address} was lost, or has no workers left.", hint=kept)


def _is_open(address: str) -> bool:
    """Say whether an address is reached over a network without TLS."""
    parts = urlsplit(address)
    if parts.scheme == "tls" or not parts.hostname:
        return False
    try:
        return not ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname != "localhost"


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise UsageError(
            "Work on other machines needs dask.distributed, which is not installed.",
            hint="Install it with 'pip install spectra-platform[cluster]'.",
        ) from error
    return distributed
