"""Ends a process with all that it has started."""

from __future__ import annotations

import os
import signal
import subprocess


def end_group(leader: int, *, at_once: bool) -> None:
    """Ask the processes of a group to end, or end them ``at_once``.

    Windows has no groups and nothing to ask with: there the process and its descendants are always ended at once.

    Parameters
    ----------
    leader
        The identifier of a process that was started in a session of its own.

    Raises
    ------
    OSError
        If there are none.
    """
    if os.name == "posix":
        os.killpg(leader, signal.SIGKILL if at_once else signal.SIGTERM)
    else:
        subprocess.run(  # noqa: S603 - our own process
            ["taskkill", "/PID", str(leader), "/T", "/F"],  # noqa: S607
            capture_output=True,
            check=False,
        )
