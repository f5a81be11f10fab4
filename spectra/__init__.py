"""Plugin-based, multi-technique spectra analysis: from a measured spectrum to physical quantities.

::

    import spectra

    with spectra.open() as session:
        answer = session.analyze("peaks.dat", sample="sample.yaml")
        answer.quantities
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectra.version import __version__

if TYPE_CHECKING:
    from spectra.interactive.opening import load_sample
    from spectra.interactive.opening import open_session as open  # noqa: A004 - spectra.open() reads well

__all__ = ["__version__", "load_sample", "open"]

_FACE = {"open": "open_session", "load_sample": "load_sample"}


def __getattr__(name: str) -> Any:
    """Import the Python face when it is used: 'spectra --help' needs none of it."""
    if name not in _FACE:
        raise AttributeError(f"module 'spectra' has no attribute {name!r}")
    from spectra.interactive import opening

    return getattr(opening, _FACE[name])
