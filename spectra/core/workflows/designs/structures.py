"""Which structure has a wanted property: a search in the space of a generator, with a model on record as the judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import digest_document, keep_part, pack_arrays, unpack_arrays
from spectra.core.basics.units import conversion_factor
from spectra.core.basics.verdict import Verdict
from spectra.core.components import Features, Generator, PicturingGenerator
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.model import TrainedModel
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.signals import Places, Signal, take
from spectra.core.store import ModelRecord
from spectra.core.workflows.analyze import model_for
from spectra.core.workflows.designs.realism import SHARE, RealCodes
from spectra.core.workflows.designs.search import Aim, Found, Worth, search
from spectra.core.workflows.train import load_model
from spectra.core.workflows.training_set import data_set

Floats = NDArray[np.float64]

TOLERANCE = 0.03
"""Deviation from a target that counts as none, by default, in standard deviations of the measured values."""
_MOST_REAL = 4000  # windows whose distances are measured
_SHOWN = 5  # structures by which a search came to its design
_STARTS = 20  # real codes that a search is handed


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for.

    Parameters
    ----------
    quantity
        Name of the quantity; ``None`` for the only one.
    targets
        Its wanted values.
    optimizer, generator
        Complete choices, from :meth:`~spectra.core.inventory.catalogue.Catalogue.choose`.
    starts
        How many designs to search for each target, each from real structures of its own.
    tolerance
        Deviation up to which a target counts as reached, in the quantity's unit; ``None`` for
        :data:`TOLERANCE` standard deviations of the measured values.
    evaluations
        Of the model in one search, at most.
    seed
        Of everything random.
    """

    quantity: str | None
    targets: Sequence[float]
    optimizer: Choice
    generator: Choice
    starts: int = 3
    tolerance: float | None = None
    evaluations: int = 1300
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class StructureDesign:
    """One designed structure.

    Parameters
    ----------
    start
        Which of the searches for its target it is of.
    aim
        What was wanted.
    found
        The whole search; ``None`` for a target that is refused.
    code : ndarray, shape (d,)
        Of the design.
    value, spread
        The model's answer, one standard deviation.
    distance
        From the nearest real structure, in standard deviations of real codes.
    controls
        The model's answers to altered copies, by what was done to them.
    """

    start: int
    aim: Aim
    verdict: Verdict
    found: Found | None = None
    code: Floats | None = None
    value: float | None = None
    spread: float | None = None
    distance: float | None = None
    controls: Mapping[str, float] = field(default_factory=dict)

    @property
    def front(self) -> Floats:
        """Error and distance of the points that no other of the search is better than in both, shape (k, 2)."""
        if self.found is None:
            return np.empty((0, 2))
        best = self.found.front(self.aim)
        return np.stack([self.aim.errors(self.found.worth)[best], self.found.worth.distances[best]], axis=1)

    def document(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "target": self.aim.value,
            "start": self.start,
            "value": self.value,
            "std": self.spread,
            "error": None if self.value is None else abs(self.value - self.aim.value),
            "tolerance": self.aim.tolerance,
            "distance": self.distance,
            "evaluations": self.found.evaluations if self.found else 0,
            "verdict": self.verdict.word,
            "reasons": list(self.verdict.reasons),
            "controls": dict(self.controls),
            "front": self.front.tolist(),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Evolution:
    """Some of the structures by which a search came to its design, each the closest to the target so far.

    Parameters
    ----------
    target
        What the search was for.
    evaluations
        After how many, shape (g,).
    values
        The model's answers, shape (g,).
    pictures : ndarray, shape (g, height, width, 3)
        What to show of them.
    """

    target: float
    evaluations: NDArray[np.int64]
    values: Floats
    pictures: Features


@dataclass(frozen=True, kw_only=True, eq=False)
class StructureDesigns:
    """All designs of one task.

    Parameters
    ----------
    limit
        Distance between real structures that 95 % do not exceed.
    real
        How many real structures that is of.
    signal, controls
        The designs that were found, in their order: a stack, and altered copies of it by what was done to them.
    pictures : mapping of ndarray, shape (k, height, width, 3)
        What to show of these, the designs as ``"design"``; empty for a generator that shows nothing.
    evolution
        How one of them came about; ``None`` where nothing can be shown.
    measured, predicted
        Least and greatest value of the quantity that was measured, and that the model answers for real structures.
    """

    specimen: Specimen
    model: ModelRecord
    quantity: Quantity
    plan: Plan
    limit: float
    real: int
    designs: Sequence[StructureDesign]
    signal: Signal | None
    controls: Mapping[str, Signal]
    pictures: Mapping[str, Features]
    evolution: Evolution | None
    measured: tuple[float, float]
    predicted: tuple[float, float]
    trained_now: bool
    notes: Sequence[str]

    @property
    def found(self) -> Sequence[StructureDesign]:
        """Those of targets that were searched for."""
        return [design for design in self.designs if design.found is not None]

    def document(self) -> dict[str, Any]:
        """Return what a program wants to know, and all that repeats the task."""
        return {
            "technique": self.specimen.sample.technique,
            "sample": self.specimen.sample.name,
            "model": self.model.id,
            "trained_now": self.trained_now,
            "quantity": self.quantity.name,
            "unit": self.quantity.unit,
            "optimizer": self.plan.optimizer.model_dump(mode="json"),
            "generator": self.plan.generator.model_dump(mode="json"),
            "starts": self.plan.starts,
            "evaluations": self.plan.evaluations,
            "seed": self.plan.seed,
            "measured": list(self.measured),
            "predicted": list(self.predicted),
            "real_structures": self.real,
            "real_distance_95": self.limit,
            "designs": [design.document() for design in self.designs],
            "notes": list(self.notes),
        }


def in_unit(quantities: Sequence[Quantity], name: str | None, values: Sequence[float], unit: str) -> tuple[float, ...]:
    """Return wanted values of a quantity, written in ``unit``, in its own unit.

    Parameters
    ----------
    name
        Of the quantity; ``None`` for the only one.
    unit
        Empty for the quantity's own.

    Raises
    ------
    InputError
        If there is no such quantity, or the unit is not one of it.
    """
    quantity = quantities[_column(quantities, name)]
    if not unit:
        return tuple(values)
    try:
        factor = conversion_factor(unit, quantity.unit)
    except ValueError as error:
        raise InputError(f"The target of {quantity.name} cannot be read: {error}.") from error
    return tuple(value * factor for value in values)


def design_structures(
    session: Session, specimen: Specimen, recipe: Recipe, plan: Plan, *, model_id: str | None = None
) -> StructureDesigns:
    """Search structures for every target of a plan.

    A model of the recipe is taken from the registry, or trained first if there is none.

    A search that is finished is kept in the registry's work folder until all are, so that an interrupted task goes on
    where it stopped.

    Parameters
    ----------
    model_id
        Take this model instead, as :func:`~spectra.core.workflows.analyze.analyze` does.

    Raises
    ------
    InputError
        If the model has no such quantity, the generator cannot make what it was trained on, or real structures cannot
        be compared; and as ``analyze`` does.
    """
    _column(specimen.quantities, plan.quantity)
    _check_generator(session.catalogue, specimen.sample.technique, plan.generator)
    record, trained_now = model_for(session, specimen, recipe, model_id=model_id, seed=None)
    model = load_model(session, record)
    column = _column(model.quantities, plan.quantity)
    _, data = data_set(session, specimen, Recipe.model_validate(record.recipe))
    measured = data.values[:, column]
    rng = np.random.default_rng(plan.seed)
    generator = session.catalogue.generator(plan.generator).fit(data.signal, rng=rng, progress=session.progress)
    rows, real = _real_codes(generator, data.signal, data.groups, rng)
    judge = _Judge(model=model, column=column, generator=generator, real=real)
    tolerance = TOLERANCE * float(measured.std()) if plan.tolerance is None else plan.tolerance
    digest = digest_document(
        {
            "model": record.artefact,
            "quantity": model.quantities[column].name,
            "generator": plan.generator.model_dump(mode="json"),
            "optimizer": plan.optimizer.model_dump(mode="json"),
            "numbers": [tolerance, plan.evaluations, plan.seed],
        }
    )
    folder = session.store.workspace(digest)
    ends = float(measured.min()), float(measured.max())
    designs = []
    with session.progress.task("Searching designs", len(plan.targets) * plan.starts) as advance:
        for target in plan.targets:
            aim = Aim(
                value=target,
                scale=float(measured.std()),
                tolerance=tolerance,
                reach=real.limit,
                evaluations=plan.evaluations,
            )
            if not ends[0] <= target <= ends[1]:
                designs.append(_refused(aim, model.quantities[column], ends))
                advance(plan.starts)
                continue
            for start in range(plan.starts):
                found = _kept_or_searched(session, judge, plan, aim, start, folder)
                designs.append(_design(found, aim, start, model.quantities[column]))
                advance(1)
    signal, controls, designs = _controlled(judge, designs, plan.seed)
    pictures, evolution = {}, None
    if signal is not None and isinstance(generator, PicturingGenerator):
        pictures = {name: generator.colours(stack) for name, stack in {"design": signal, **controls}.items()}
        evolution = _evolution(generator, designs)
    answers = model.predict(take(data.signal, rows)).mean[:, column]
    predicted = float(np.nanmin(answers)), float(np.nanmax(answers))
    session.store.clear_workspace(digest)
    return StructureDesigns(
        specimen=specimen,
        model=record,
        quantity=model.quantities[column],
        plan=plan,
        limit=real.limit,
        real=len(real.codes),
        designs=designs,
        signal=signal,
        controls=controls,
        pictures=pictures,
        evolution=evolution,
        measured=ends,
        predicted=predicted,
        trained_now=trained_now,
        notes=_notes([design.aim for design in designs if design.found], model.quantities[column], predicted),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Judge:
    """Says what codes are worth."""

    model: TrainedModel
    column: int
    generator: Generator
    real: RealCodes

    def worth(self, codes: Floats) -> Worth:
        """Return the model's answers to structures, and how far they are from real ones.

        A picture has limits that a code has not: distances are those of the codes that the pictures have.
        """
        signal = self.generator.decode(codes)
        mean, spread = self.answers(signal)
        return Worth(values=mean, spreads=spread, distances=self.real.distances(self.generator.encode(signal)))

    def answers(self, signal: Signal) -> tuple[Floats, Floats]:
        """Return the quantity of n structures with one standard deviation, shape (n,) each."""
        estimate = self.model.predict(signal)
        return estimate.mean[:, self.column], estimate.spread[:, self.column]


def _check_generator(catalogue: Catalogue, technique: str, generator: Choice) -> None:
    """Refuse a generator that cannot make what a technique works on, from the descriptions alone."""
    works_on = catalogue.find("technique", technique).component.takes
    makes = catalogue.find("generator", generator.name).component.takes
    if works_on and makes and not set(works_on) & set(makes):
        raise InputError(
            f"The generator {generator.name!r} makes {' or '.join(makes)}, and the technique {technique!r} works on "
            f"{' or '.join(works_on)}.",
            hint="Where lines can be computed, specimens are designed instead: --target 'peak 1=200 kHz'.",
        )


def _column(quantities: Sequence[Quantity], name: str | None) -> int:
    names = [quantity.name for quantity in quantities]
    if name is None and len(names) == 1:
        return 0
    if name not in names:
        missing = "The target names no quantity" if name is None else f"The model does not predict {name!r}"
        raise InputError(f"{missing}; it predicts {', '.join(names)}.", hint=f"Write --target {names[0]}=….")
    return names.index(name)


def _real_codes(
    generator: Generator, signal: Signal, groups: NDArray[np.int64] | None, rng: np.random.Generator
) -> tuple[NDArray[np.int64], RealCodes]:
    """Return which structures of the training set have codes (some, if there are many), and these."""
    rows = np.arange(len(signal))
    if len(rows) > _MOST_REAL:
        rows = np.sort(rng.choice(rows, _MOST_REAL, replace=False))
    codes = generator.encode(take(signal, rows))
    known = np.isfinite(codes).all(axis=1)
    rows, codes = rows[known], codes[known]
    design = generator.decode(codes[:1])
    window = design.pictures.shape[1:3] if isinstance(design, Places) else (0, 0)
    return rows, RealCodes.of(codes, take(signal, rows), None if groups is None else groups[rows], window)


def _kept_or_searched(session: Session, judge: _Judge, plan: Plan, aim: Aim, start: int, folder: Path) -> Found:
    """Return a search that a former run finished, or make it."""
    path = folder / f"target-{aim.value!r}-start-{start}.npz"
    try:
        return Found.from_arrays(unpack_arrays(path.read_bytes(), what="finished search"))
    except (OSError, InputError, KeyError):
        pass
    # its own for each search, so that none depends on which others there are
    rng = np.random.default_rng([plan.seed, start, int(np.float64(aim.value).view(np.uint64))])
    codes = judge.real.codes
    starts = codes[rng.choice(len(codes), min(_STARTS, len(codes)), replace=False)]
    optimizer = session.catalogue.optimizer(plan.optimizer)
    found = search(optimizer, judge.worth, starts, aim=aim, bounded=False, rng=rng)
    keep_part(path, pack_arrays(found.to_arrays()))
    return found


def _refused(aim: Aim, quantity: Quantity, ends: tuple[float, float]) -> StructureDesign:
    reason = (
        f"{aim.value:g} {quantity.unit} lies outside of what was measured, {ends[0]:.3g} to {ends[1]:.3g} "
        f"{quantity.unit}: the model knows nothing of such structures."
    )
    return StructureDesign(start=0, aim=aim, verdict=Verdict(reasons=(reason,), refused=True))


def _design(found: Found, aim: Aim, start: int, quantity: Quantity) -> StructureDesign:
    best = aim.best(found.worth)
    value, spread, distance = (
        float(array[best]) for array in (found.worth.values, found.worth.spreads, found.worth.distances)
    )
    reasons = []
    if not abs(value - aim.value) <= aim.tolerance:
        reasons.append(
            f"The target was not reached: after {found.evaluations:,} evaluations the closest has {value:.4g} "
            f"{quantity.unit}."
        )
    if distance > aim.reach:
        reasons.append(
            f"It is unlike anything real: it lies {distance:.3g} from the nearest real structure, and {SHARE} % of "
            f"these lie within {aim.reach:.3g} of one from elsewhere."
        )
    return StructureDesign(
        start=start,
        aim=aim,
        verdict=Verdict(reasons=tuple(reasons)),
        found=found,
        code=found.points[best],
        value=value,
        spread=spread,
        distance=distance,
    )


def _controlled(
    judge: _Judge, designs: Sequence[StructureDesign], seed: int
) -> tuple[Signal | None, dict[str, Signal], list[StructureDesign]]:
    """Return the structures of the designs, their controls, and the designs with the answers to these."""
    judged = list(designs)
    places = [place for place, design in enumerate(designs) if design.code is not None]
    if not places:
        return None, {}, judged
    signal = judge.generator.decode(np.array([designs[place].code for place in places]))
    controls: dict[str, Signal] = {}
    if isinstance(judge.generator, PicturingGenerator):
        controls = dict(judge.generator.controls(signal, np.random.default_rng(seed)))
    for name, control in controls.items():
        for place, answer in zip(places, judge.answers(control)[0], strict=True):
            judged[place] = replace(judged[place], controls={**judged[place].controls, name: float(answer)})
    return signal, controls, judged


def _evolution(generator: PicturingGenerator, designs: Sequence[StructureDesign]) -> Evolution:
    """Return up to five structures of one search, at evaluations that grow by equal factors.

    It is the longest of those that found a good design, or of all.
    """
    good = [design for design in designs if design.verdict.trusted] or designs
    found, aim = max(
        ((design.found, design.aim) for design in good if design.found is not None), key=lambda one: one[0].evaluations
    )
    errors = aim.errors(found.worth)
    counts = np.unique(np.geomspace(1, found.evaluations, _SHOWN).round().astype(int))
    places = np.array([int(np.argmin(errors[:count])) for count in counts])
    places[-1] = aim.best(found.worth)
    return Evolution(
        target=aim.value,
        evaluations=counts,
        values=found.worth.values[places],
        pictures=generator.colours(generator.decode(found.points[places])),
    )


def _notes(aims: Sequence[Aim], quantity: Quantity, predicted: tuple[float, float]) -> tuple[str, ...]:
    """Return what a reader should keep in mind of all designs."""
    low, high = predicted
    notes = [
        "The model that was searched with is the only judge of these designs; make one and measure it before you rely "
        "on any."
    ]
    beyond = [f"{aim.value:g}" for aim in aims if not low <= aim.value <= high]
    if beyond:
        notes.append(
            f"For real structures the model answers {low:.3g} to {high:.3g} {quantity.unit}: a design for "
            f"{', '.join(dict.fromkeys(beyond))} {quantity.unit} goes beyond all of them."
        )
    return tuple(notes)
