"""Designs, as a user reads them: what was asked for, what was found, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spectra.core.basics.verdict import Verdict
from spectra.core.quantities import with_uncertainty
from spectra.core.workflows.designs.ranges import SpecimenDesigns
from spectra.core.workflows.designs.realism import SHARE
from spectra.core.workflows.designs.structures import StructureDesigns
from spectra.views.layout import Block, table


def design_blocks(designs: StructureDesigns | SpecimenDesigns) -> Iterator[Block]:
    """Yield the designs as a table, then the reasons for which some are doubtful or refused."""
    facts: dict[str, Any] = {"sample": designs.specimen.sample.name}
    if isinstance(designs, StructureDesigns):
        facts["model"] = f"{designs.model.id} ({'trained now' if designs.trained_now else 'on record'})"
        facts["generator"] = designs.plan.generator.name
    facts |= {"optimizer": designs.plan.optimizer.name, "seed": designs.plan.seed}
    yield facts
    yield from _structures(designs) if isinstance(designs, StructureDesigns) else _specimens(designs)
    reasons = ((design.aim.value, design.start, design.verdict) for design in designs.designs)
    unit = designs.quantity.unit if isinstance(designs, StructureDesigns) else designs.unit
    yield from _reasons(reasons, unit)
    for note in designs.notes:
        yield f"Note: {note}"


def _structures(designs: StructureDesigns) -> Iterator[Block]:
    quantity = designs.quantity
    rows = [
        (
            f"{design.aim.value:g}",
            "" if design.found is None else str(design.start + 1),
            "" if design.value is None else with_uncertainty(design.value, design.spread),
            "" if design.value is None else f"{design.value - design.aim.value:+.2g}",
            "" if design.distance is None else f"{design.distance:.2f}",
            str(design.found.evaluations) if design.found else "",
            *(f"{design.controls[name]:.3g}" if design.controls else "" for name in designs.controls),
            design.verdict.word,
        )
        for design in designs.designs
    ]
    header = ("target", "start", quantity.label, "error", "distance", "evaluations", *designs.controls, "verdict")
    yield table(
        header,
        rows,
        title=f"Designs of {quantity.label}",
        name="designs",
        priorities={"start": 1, "error": 2, **dict.fromkeys(designs.controls, 3)},
    )
    yield (
        f"Distance: from the nearest of {designs.real:,} real structures, in standard deviations of their codes; "
        f"{SHARE} % of them lie within {designs.limit:.2f} of one from elsewhere, and no design beyond that is good."
    )


def _specimens(designs: SpecimenDesigns) -> Iterator[Block]:
    line = f"peak {designs.plan.peak} ({designs.unit})"
    rows = [
        (
            f"{design.aim.value:g}",
            str(design.start + 1),
            *(f"{value:.5g}" for value in design.values.values()),
            "" if design.value is None else f"{design.value:.6g}",
            str(design.found.evaluations),
            design.verdict.word,
        )
        for design in designs.designs
    ]
    names = (f"{one.name} ({one.unit})" if one.unit else one.name for one in designs.ranges)
    yield table(("target", "start", *names, line, "evaluations", "verdict"), rows, title="Designs", name="designs")


def _reasons(designs: Iterable[tuple[float, int, Verdict]], unit: str) -> Iterator[Block]:
    for target, start, verdict in designs:
        for reason in verdict.reasons:
            yield f"{target:g} {unit}, start {start + 1}, {verdict.word}: {reason}"
