"""Designs as a file of their own: structures, searches, and all that repeats the task."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import pack_arrays
from spectra.core.session import Session
from spectra.core.signals import below, to_arrays
from spectra.core.workflows.designs.ranges import SpecimenDesigns
from spectra.core.workflows.designs.search import Found
from spectra.core.workflows.designs.structures import StructureDesigns
from spectra.core.workflows.environment import environment


def designs_file(session: Session, designs: StructureDesigns | SpecimenDesigns) -> bytes:
    """Write designs as a compressed NumPy archive without pickles.

    ``about`` is a JSON text: what :meth:`document` says, the sample, the versions of what the designs were made with
    and the command. ``searches/K/*`` holds what the search for the K-th of its designs asked for and was told, from 0:
    points, values, spreads, distances and trace. Designed structures lie in ``structures/*`` as a data set file has
    its signal, their codes in ``codes``, and altered copies in ``controls/NAME/*``.
    """
    parts: list[Any] = [("technique", designs.specimen.sample.technique), ("optimizer", designs.plan.optimizer.name)]
    arrays: dict[str, NDArray[Any]] = {}
    searches: Sequence[Found | None]
    if isinstance(designs, StructureDesigns):
        searches = [design.found for design in designs.designs]
        parts.append(("generator", designs.plan.generator.name))
        if designs.signal is not None:
            arrays["codes"] = np.array([design.code for design in designs.found])
            arrays |= below("structures", to_arrays(designs.signal))
        for name, control in designs.controls.items():
            arrays |= below(f"controls/{name}", to_arrays(control))
    else:
        searches = [design.found for design in designs.designs]
        parts.append(("forward model", designs.forward_model.name))
    for place, found in enumerate(searches):
        if found is not None:
            arrays |= below(f"searches/{place}", found.to_arrays())
    about = designs.document() | {
        "format": 1,
        "sample_document": designs.specimen.sample.document(),
        "environment": environment(session.catalogue, parts),
        "command": session.context.command,
    }
    return pack_arrays({"about": np.array(json.dumps(about, ensure_ascii=False))} | arrays, compressed=True)
