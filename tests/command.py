"""Calls of the command line, each in a process of its own that has the imports behind it.

A new interpreter spends a second on the imports of a short command and five or more on TensorFlow. :class:`Commands`
keeps one process that has imported everything and forks it for each call: memory, environment, folder, streams and exit
code are the call's own, as a new interpreter's would be. A system without fork gets new interpreters.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import spectra

ROOT = Path(spectra.__file__).parents[1]  # of the spectra under test, wherever else one may be installed
_SERVE = "from tests.command import serve; serve()"
_CALL = "from spectra.cli.main import main; main()"
_FORKS = hasattr(os, "fork") and sys.platform != "darwin"  # macOS kills forks of what has used its frameworks
# What commands import where they need it.
_LIBRARIES = ["keras", "matplotlib.pyplot", "pandas", "scipy.optimize", "scipy.stats"]
_SCRIPTS = ("__main__", ".migrations.env")


class Commands:
    """Runs ``spectra``, forked from a process that starts with the first call."""

    def __init__(self):
        self._server = None

    def run(self, arguments, *, cwd, paths, environment=None, timeout=600):
        """Return what :func:`subprocess.run` would: the exit code, and what was printed as text.

        ``paths`` come first on the path of modules, as ``PYTHONPATH`` would name them. For variables in ``environment``
        that are none of spectra's a new interpreter is started: imports may read them.
        """
        command = [sys.executable, "-c", _CALL, *map(str, arguments)]
        paths = [str(path) for path in paths]
        own = environment or {}
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "NO_COLOR": "1"} | own
        if not _FORKS or not all(name.startswith("SPECTRA_") for name in own):
            return subprocess.run(
                command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout, check=False
            )
        with tempfile.TemporaryDirectory() as folder:
            request = {
                "arguments": ["-c", *command[3:]],
                "cwd": str(cwd),
                "environment": environment,
                "paths": paths,
                "streams": [f"{folder}/out", f"{folder}/err"],
                "timeout": timeout,
            }
            if self._server is None:
                self._server = _started()
            self._server.stdin.write(json.dumps(request) + "\n")
            self._server.stdin.flush()
            code = int(self._server.stdout.readline())
            printed = [Path(stream).read_text(encoding="utf-8") for stream in request["streams"]]
        if code == -signal.SIGALRM:
            raise subprocess.TimeoutExpired(command, timeout, *printed)
        return subprocess.CompletedProcess(command, code, *printed)

    def close(self):
        """End the process that is forked."""
        if self._server is not None:
            self._server.communicate()


def _started():
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def serve():
    """Answer each request on standard input with the exit code of a fork that has run it."""
    _import_everything()
    gc.freeze()
    for line in sys.stdin:
        if (process := os.fork()) == 0:
            _call(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _call(arguments, cwd, environment, paths, streams, timeout):
    signal.alarm(timeout)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, stream in enumerate(streams, 1):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    sys.path[1:2] = paths  # in place of what this process was started with
    importlib.invalidate_caches()

    from spectra.cli.main import main

    try:
        main()
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    # What an interpreter does as it ends, but for taking apart all that was imported.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _import_everything():
    modules = [module.name for module in pkgutil.walk_packages(spectra.__path__, "spectra.")]
    for name in [name for name in modules if not name.endswith(_SCRIPTS)] + _LIBRARIES:
        with contextlib.suppress(ImportError):  # of an extra that is not installed
            importlib.import_module(name)
