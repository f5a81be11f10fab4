"""Which specimen has a wanted line: a search over quantities, and over numbers of the sample file, within ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.documents import nearest
from spectra.core.basics.units import conversion_factor, split_quantity
from spectra.core.basics.verdict import Verdict
from spectra.core.components import ForwardModel
from spectra.core.errors import InputError, SpectraError
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.signals import Peaks
from spectra.core.workflows.designs.search import Aim, Found, Worth, search
from spectra.core.workflows.specimens import specimen_of

Floats = NDArray[np.float64]

TOLERANCE = 1e-3
"""Deviation from a target that counts as none, by default, as a share of the target."""
_STARTS = 20


@dataclass(frozen=True, kw_only=True)
class Range:
    """A number that may be chosen.

    Parameters
    ----------
    name
        Of a quantity, or the keys of a number in the sample file: ``shape.height``.
    quantity
        Whether it is a quantity.
    """

    name: str
    unit: str
    lower: float
    upper: float
    quantity: bool

    def __post_init__(self) -> None:
        if not self.lower < self.upper:
            raise InputError(
                f"The range of {self.name}, {self.lower:g} to {self.upper:g} {self.unit}, holds nothing.",
                hint=f"Write --vary '{self.name}=LOWER..UPPER {self.unit}'.",
            )


@dataclass(frozen=True, kw_only=True)
class RangePlan:
    """What is asked for.

    Parameters
    ----------
    peak
        Which line of the spectrum, from 1.
    targets
        Its wanted positions, each in the unit that is written behind it, or in that of the spectrum.
    vary
        What may be chosen; empty for all quantities that are not given, within the ranges of the sample file.
    at
        The quantities that are given, in their units.
    optimizer
        A complete choice.
    starts
        How many specimens to look for, for each target.
    tolerance
        Deviation up to which a target counts as reached, in the spectrum's unit; ``None`` for :data:`TOLERANCE` of
        the target.
    evaluations
        Of the forward model in one search, at most.
    """

    peak: int
    targets: Sequence[str]
    vary: Sequence[str]
    at: Mapping[str, float]
    optimizer: Choice
    starts: int = 1
    tolerance: float | None = None
    evaluations: int = 300
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class SpecimenDesign:
    """One designed specimen.

    Parameters
    ----------
    values
        What was chosen, by name, in the order of the ranges.
    value
        Position of the line; ``None`` if there is no such line.
    """

    start: int
    aim: Aim
    verdict: Verdict
    found: Found
    values: Mapping[str, float]
    value: float | None

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "target": self.aim.value,
            "start": self.start,
            "values": dict(self.values),
            "value": self.value,
            "error": None if self.value is None else abs(self.value - self.aim.value),
            "tolerance": self.aim.tolerance,
            "evaluations": self.found.evaluations,
            "verdict": self.verdict.word,
            "reasons": list(self.verdict.reasons),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class SpecimenDesigns:
    """All designs of one task; ``unit`` is that of the line."""

    specimen: Specimen
    forward_model: Choice
    plan: RangePlan
    ranges: Sequence[Range]
    unit: str
    designs: Sequence[SpecimenDesign]
    notes: Sequence[str]

    def document(self) -> dict[str, Any]:
        """Return what a program wants to know, and all that repeats the task."""
        return {
            "technique": self.specimen.sample.technique,
            "sample": self.specimen.sample.name,
            "forward_model": self.forward_model.model_dump(mode="json"),
            "quantity": f"peak {self.plan.peak}",
            "unit": self.unit,
            "optimizer": self.plan.optimizer.model_dump(mode="json"),
            "starts": self.plan.starts,
            "evaluations": self.plan.evaluations,
            "seed": self.plan.seed,
            "ranges": [asdict(one) for one in self.ranges],
            "at": dict(self.plan.at),
            "designs": [design.document() for design in self.designs],
            "notes": list(self.notes),
        }


def design_specimens(session: Session, specimen: Specimen, recipe: Recipe, plan: RangePlan) -> SpecimenDesigns:
    """Search specimens for every target of a plan.

    Raises
    ------
    InputError
        If a range or a target cannot be understood, quantities are left without a value, or the forward model gives no
        lines.
    """
    ranges = _ranges(specimen, plan)
    trial = _Trial(session=session, specimen=specimen, physics=recipe.forward_model, plan=plan, ranges=ranges)
    unit, window = trial.line()
    designs = []
    with session.progress.task("Searching designs", len(plan.targets) * plan.starts) as advance:
        for text in plan.targets:
            target = _converted(text, unit, "the target")
            tolerance = TOLERANCE * abs(target) if plan.tolerance is None else plan.tolerance
            aim = Aim(
                value=target, scale=abs(target) or 1.0, tolerance=tolerance, reach=0.0, evaluations=plan.evaluations
            )
            for start in range(plan.starts):
                rng = np.random.default_rng([plan.seed, start, int(np.float64(target).view(np.uint64))])
                starts = rng.random((_STARTS, len(ranges)))
                optimizer = session.catalogue.optimizer(plan.optimizer)
                found = search(optimizer, trial.worth, starts, aim=aim, bounded=True, rng=rng)
                designs.append(_design(found, aim, start, ranges, f"peak {plan.peak}", unit))
                advance(1)
    notes = [
        f"Peak {plan.peak} is counted from {window[0]:g} {unit}, where the sample's window begins; whatever is not "
        "varied is as the sample file has it."
    ]
    return SpecimenDesigns(
        specimen=specimen,
        forward_model=recipe.forward_model,
        plan=plan,
        ranges=ranges,
        unit=unit,
        designs=designs,
        notes=notes,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trial:
    """Says where the line of a specimen is."""

    session: Session
    specimen: Specimen
    physics: Choice
    plan: RangePlan
    ranges: Sequence[Range]

    def line(self) -> tuple[str, tuple[float, float]]:
        """Return unit and window of the lines of the specimen in the middle of the ranges."""
        values = self._values(np.full((1, len(self.ranges)), 0.5))
        signal = self._model({}).simulate(self._quantities(values))
        if not isinstance(signal, Peaks):
            raise InputError(
                f"The forward model {self.physics.name!r} gives a {signal.kind}, and lines are designed.",
                hint="Specimens can be designed for techniques whose spectra are peaks.",
            )
        return signal.unit, signal.window

    def worth(self, points: Floats) -> Worth:
        """Return the position of the line at points of the unit cube, shape (n, d)."""
        values = self._values(points)
        if all(r.quantity for r in self.ranges):
            positions = self._positions(self._model({}), values)
        else:
            positions = np.array([self._position(row) for row in values])
        return Worth(values=positions, spreads=np.full(len(points), np.nan), distances=np.zeros(len(points)))

    def _position(self, values: Floats) -> float:
        """Return the line of a specimen of its own; NaN if there can be no such specimen."""
        changes = {r.name: f"{float(v)!r} {r.unit}".strip() for r, v in self._pairs(values) if not r.quantity}
        try:
            return float(self._positions(self._model(changes), values[None])[0])
        except SpectraError:
            return float("nan")

    def _positions(self, forward: ForwardModel, values: Floats) -> Floats:
        signal = forward.simulate(self._quantities(values))
        assert isinstance(signal, Peaks)  # noqa: S101 - of line()
        missing = max(0, self.plan.peak - signal.positions.shape[1])
        padded = np.pad(signal.positions, ((0, 0), (0, missing)), constant_values=np.nan)
        return padded[:, self.plan.peak - 1]

    def _model(self, changes: Mapping[str, str]) -> ForwardModel:
        specimen = self.specimen
        if changes:
            document = deepcopy(specimen.sample.document())
            for name, text in changes.items():
                inner, key = _place(document, name)
                inner[key] = text if isinstance(inner[key], str) else float(text)
            specimen = specimen_of(self.session.catalogue, document, specimen.sample.technique)
        return specimen.forward_model(self.session.catalogue, self.physics)

    def _pairs(self, values: Floats) -> list[tuple[Range, float]]:
        return list(zip(self.ranges, values, strict=True))

    def _values(self, points: Floats) -> Floats:
        low, high = (np.array([getattr(r, end) for r in self.ranges]) for end in ("lower", "upper"))
        return low + points * (high - low)

    def _quantities(self, values: Floats) -> Floats:
        """Return all quantities, shape (n, p), of what is varied (n, d) and what is given."""
        columns = {r.name: values[:, place] for place, r in enumerate(self.ranges) if r.quantity}
        given = {name: np.full(len(values), value) for name, value in self.plan.at.items()}
        return np.column_stack([(columns | given)[quantity.name] for quantity in self.specimen.quantities])


def _design(found: Found, aim: Aim, start: int, ranges: Sequence[Range], line: str, unit: str) -> SpecimenDesign:
    best = aim.best(found.worth)
    value = float(found.worth.values[best])
    reasons = []
    if not np.isfinite(value):
        reasons.append(f"No specimen of {found.evaluations:,} has a {line} in the sample's window.")
    elif not abs(value - aim.value) <= aim.tolerance:
        reasons.append(
            f"The target was not reached within the ranges: of {found.evaluations:,} specimens the closest has "
            f"{value:.6g} {unit}."
        )
    chosen = [r.lower + x * (r.upper - r.lower) for r, x in zip(ranges, found.points[best], strict=True)]
    return SpecimenDesign(
        start=start,
        aim=aim,
        verdict=Verdict(reasons=tuple(reasons)),
        found=found,
        values={r.name: float(x) for r, x in zip(ranges, chosen, strict=True)},
        value=value if np.isfinite(value) else None,
    )


def _ranges(specimen: Specimen, plan: RangePlan) -> list[Range]:
    """Return what is varied, as it was asked for."""
    quantities = {quantity.name: quantity for quantity in specimen.quantities}
    names = [text.partition("=")[0].strip() for text in plan.vary]
    for name in plan.at:
        if name not in quantities:
            raise InputError(f"There is no quantity {name!r}{nearest(name, quantities)}.")
    asked = list(plan.vary) or [name for name in quantities if name not in plan.at]
    if missing := [name for name in quantities if name not in plan.at and name not in (names or asked)]:
        raise InputError(
            f"The quantities {', '.join(missing)} are neither varied nor given.",
            hint=f"Give them with --at {','.join(f'{name}=…' for name in missing)}.",
        )
    ranges = []
    for text in asked:
        name, equals, ends = (part.strip() for part in text.partition("="))
        if quantity := quantities.get(name):
            unit, low, high = quantity.unit, quantity.lower, quantity.upper
        else:
            inner, key = _place(specimen.sample.document(), name)
            unit, low, high = _unit(inner[key]), np.nan, np.nan
        if equals:
            low, high = _ends(ends, unit, name)
        elif not quantity:
            raise InputError(f"{name} has no range.", hint=f"Write --vary '{name}=LOWER..UPPER {unit}'.")
        ranges.append(Range(name=name, unit=unit, lower=low, upper=high, quantity=quantity is not None))
    if not ranges:
        raise InputError("Nothing is varied: all quantities are given.", hint="Say what may be chosen with --vary.")
    return ranges


def _place(document: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """Return the mapping in which a number of the sample file stands, and its key there.

    Raises
    ------
    InputError
        If there is none.
    """
    known = dict(_numbers(document))
    if name not in known:
        raise InputError(
            f"{name!r} is neither a quantity nor a number of the sample file{nearest(name, known)}.",
            hint=f"Its numbers are {', '.join(known)}.",
        )
    return known[name], name.rpartition(".")[2]


def _numbers(document: dict[str, Any], above: str = "") -> list[tuple[str, dict[str, Any]]]:
    """List the numbers of a document by their keys, joined by dots, each with the mapping in which it stands."""
    found: list[tuple[str, dict[str, Any]]] = []
    for key, value in document.items():
        if isinstance(value, dict):
            found += _numbers(value, f"{above}{key}.")
        elif _is_number(value):
            found.append((f"{above}{key}", document))
    return found


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            split_quantity(value)
        except ValueError:
            return False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unit(value: Any) -> str:
    return split_quantity(value)[1] if isinstance(value, str) else ""


def _ends(text: str, unit: str, name: str) -> tuple[float, float]:
    """Read ``2..6 mm`` or ``2 mm..0.6 cm``."""
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not dots:
        raise InputError(f"{text!r} is no range of {name}.", hint=f"Write --vary '{name}=LOWER..UPPER {unit}'.")
    try:
        _, behind = split_quantity(high)
        if behind and not split_quantity(low)[1]:
            low = f"{low} {behind}"
    except ValueError as error:
        raise InputError(f"The range of {name} cannot be read: {error}.") from error
    return _converted(low, unit, f"the range of {name}"), _converted(high, unit, f"the range of {name}")


def _converted(text: str, unit: str, what: str) -> float:
    """Return the number that stands in a text, in ``unit``; that is also the unit of a number without one."""
    try:
        number, written = split_quantity(text)
        return number * conversion_factor(written, unit) if written else number
    except ValueError as error:
        raise InputError(f"The text {text!r} of {what} cannot be read: {error}.") from error
