"""Checks of forward models whose quantities are outcomes; those of all forward models hold for them, too."""

from __future__ import annotations

import pickle

import numpy as np

from spectra.testing.checking import ConformanceError, check, require
from spectra.testing.comparing import require_same, require_same_signal
from spectra.testing.subjects import ForwardModelSubject

_FEW = 4


@check("forward model")
def makes_specimens_with_their_quantities(subject: ForwardModelSubject) -> None:
    """N points give quantities of shape (n, p) beside n signals, in float64; some specimens can be used.

    A row of NaN marks a specimen that cannot; a row in which only some are NaN would be left out without a word.
    """
    size = subject.generating.specimens_per_part
    require(isinstance(size, int) and size > 0, f"specimens_per_part is {size!r}, not a number of specimens.")
    values, signal = subject.simulated
    wanted = (len(signal), len(subject.trial.quantities))
    require(values.shape == wanted, f"Quantities have the shape {values.shape}, not {wanted}.")
    require(values.dtype == np.float64, f"Quantities are {values.dtype}, not float64.")
    unknown = np.isnan(values)
    require((unknown.all(axis=1) == unknown.any(axis=1)).all(), "Some quantities of a specimen are NaN; mark all.")
    require(not unknown.all(), f"None of {len(values)} specimens can be used.")


@check("forward model")
def makes_specimens_in_other_processes(subject: ForwardModelSubject) -> None:
    """The model can be pickled, and what comes out makes the same specimens: they are made in several processes."""
    model, points = subject.generating, subject.trial.points[:_FEW]
    try:
        sent = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    except Exception as error:
        raise ConformanceError(f"It cannot be pickled: {type(error).__name__}: {error}.") from error
    (values, signal), (others, elsewhere) = model.generate(points), sent.generate(points.copy())
    require_same({"values": values}, {"values": others}, "Unpickled, its quantities differ.", tolerance=1e-9)
    require_same_signal(signal, elsewhere, "Unpickled, its signals differ.", tolerance=1e-9)
