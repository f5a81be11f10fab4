"""The child's side of a job: ``python -m spectra.web.jobs.child MODULE ARGUMENTS…`` runs a module that ends with us.

Standard input is a pipe whose other end the server holds and never writes to. When the server ends, however it ends,
the pipe closes, and the job ends with all processes that it has started.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading

from spectra.web.jobs.ending import end_group


def main() -> None:
    """Run the module that the first argument names, as ``python -m`` would."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the other end is closed
    end_group(os.getpid(), at_once=True)


if __name__ == "__main__":
    main()
