"""A process of its own, for what must hold where nothing was trained or imported before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import Component
from spectra.core.signals import from_arrays
from spectra.testing.checking import ConformanceError, NotApplicable

Arrays = Mapping[str, NDArray[Any]]

_SECONDS = 120
_HEAVY = ("tensorflow", "keras", "torch", "jax")


def heavy_imports(module: str) -> list[str]:
    """Return which of the large numerical libraries importing ``module`` brings with it."""
    code = f"import sys; __import__({module!r}); print(*[name for name in {_HEAVY!r} if name in sys.modules])"
    return _python("-c", code).split()


def restored_answer(component: Component[Any], parameters: Mapping[str, Any], state: Arrays, asked: Arrays) -> Arrays:
    """Make a component in a new process, hand it ``state``, and return its answer.

    Parameters
    ----------
    asked
        The arrays of a signal for an encoder, ``{"features": …}`` for a regressor.

    Raises
    ------
    NotApplicable
        If factory or schema cannot be imported by a name.
    ConformanceError
        If the state holds Python objects or the other process fails.
    """
    request = {"factory": _path(component.factory), "schema": _path(component.parameters), "parameters": parameters}
    try:
        packed = pack_arrays(dict(state))
    except (TypeError, AttributeError) as error:
        raise ConformanceError(f"The state is no mapping of names to plain arrays: {error}.") from error
    with tempfile.TemporaryDirectory(prefix="spectra-check-") as name:
        folder = Path(name)
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        (folder / "state.npz").write_bytes(packed)
        (folder / "asked.npz").write_bytes(pack_arrays(dict(asked)))
        _python("-m", __name__, name)
        return unpack_arrays((folder / "answer.npz").read_bytes(), what="answer")


def _answer(folder: Path) -> None:
    """Do the other process's part."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    component: Component[Any] = Component(
        name="restored", summary="", factory=request["factory"], parameters=request["schema"]
    )
    made = component.make(component.validate(request["parameters"]))
    made.set_state(unpack_arrays((folder / "state.npz").read_bytes(), what="state"))
    asked = unpack_arrays((folder / "asked.npz").read_bytes(), what="input")
    if "features" in asked:
        estimate = made.predict(asked["features"])
        answer = {"mean": np.asarray(estimate.mean), "spread": np.asarray(estimate.spread)}
    else:
        answer = {"features": made.encode(from_arrays(asked))}
    (folder / "answer.npz").write_bytes(pack_arrays(answer))


def _path(target: Any) -> str:
    """Return ``"package.module:name"`` of a factory or schema."""
    if isinstance(target, str):
        return target
    if "." in target.__qualname__:
        raise NotApplicable(f"{target.__qualname__} cannot be imported by a name; register it as 'package.module:name'")
    return f"{target.__module__}:{target.__qualname__}"


def _python(*arguments: str) -> str:
    """Run Python with this process's search path and return what it prints."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, *arguments],
            env=os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConformanceError(f"A new process did not finish within {_SECONDS} s.") from error
    if done.returncode != 0:
        last = done.stderr.strip().rpartition("\n")[2]
        raise ConformanceError(f"In a new process it fails: {last or f'exit code {done.returncode}'}")
    return done.stdout


if __name__ == "__main__":
    _answer(Path(sys.argv[1]))
