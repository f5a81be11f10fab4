"""What a person and programs get of a plan: a text of 80 columns, a JSON document, rows of CSV."""

from __future__ import annotations

import csv
import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from spectra.plugins.rus.planning.comparisons import OWN
from spectra.plugins.rus.planning.plan import Case, Plan

SCHEMA = 1
"""Of the JSON document, as of all the platform's."""

_WIDTH = 80
_FIELD = 9  # columns of a number
_LABEL = 12  # of a symmetry, such as "extensional+"
_UNKNOWN = "–"
_MARK = " <- plan"
_SHOWN = 10  # boxes or orientations
_SIDES = ("lines", "ignored", "fitted")


def text(plan: Plan) -> str:
    """Return the plan in lines of at most 80 characters."""
    window, errors = plan.sample.window, plan.errors
    mass = "mass" if plan.sample.mass is not None else "density"
    lengths = ", ".join(f"{name} {_percent(error)}" for name, error in errors.lengths.items())
    everything = plan.measured.lines == int((plan.spectrum.frequencies <= window.upper).sum())
    which = "all" if everything else "the lowest"
    lines = [
        *_wrapped(
            f"{plan.sample.name}: {which} {plan.measured.lines} lines ({plan.measured.modes} modes) from "
            f"{window.lower:g} to {plan.measured.highest if not everything else window.upper:.4g} MHz, at {plan.chosen}"
        ),
        *_wrapped(f"Errors (1 σ): each line {_percent(errors.line)}; {lengths}; {mass} {_percent(errors.mass)}"),
        "",
        f"{'quantity':<14}{'value':>12}   {'standard deviation':<24}{'lengths and ' + mass:>23}",
        f"{'':<26}   {'of the lines alone':<24}{'ignored':>11}{'fitted':>12}",
    ]
    for place, quantity in enumerate(plan.quantities):
        value, found = float(plan.values[place]), plan.measured.deviations
        alone = _with_share(found.lines[place], value if quantity.unit != "deg" else 0.0)
        ignored, fitted = _number(found.ignored[place]), _number(found.fitted[place])
        lines.append(f"{quantity.label:<14}{value:>12.5g}   {alone:<24}{ignored:>11}{fitted:>12}")
    lines += ["", "How many lines? The lowest ones, lengths and mass fitted:"]
    lines += _cases(plan, ("lines", "to MHz"), [(str(c.lines), f"{c.highest:.4g}", c) for c in plan.by_number])
    if plan.additions:
        lines += ["", "Measure next: each line lowers the errors the most, after those above it"]
        rows = [("", "", plan.measured)]
        for place, case in zip(plan.next_lines, plan.additions, strict=True):
            label = plan.spectrum.labels[place]
            label = label if len(label) <= _LABEL else "mixed"
            rows.append((f"{plan.spectrum.frequencies[place]:.5g}", label, case))
        lines += _cases(plan, ("MHz", "symmetry"), rows)
    for title, compared in (
        (f"Boxes of the same volume, the lowest {plan.measured.lines} lines of each, the best first:", plan.shapes),
        (f"Orientations of the crystal, the lowest {plan.measured.lines} lines, the best first:", plan.orientations),
    ):
        if compared:
            lines += ["", title, *_labelled(plan, compared)]
    if plan.notes:
        lines += ["", *(line for note in plan.notes for line in _wrapped(f"Note: {note}"))]
    return "\n".join(lines)


def document(plan: Plan) -> dict[str, Any]:
    """Return the plan for a JSON file; what is not determined is null."""
    spectrum, errors = plan.spectrum, plan.errors
    return {
        "schema": SCHEMA,
        "plan": {
            "sample": plan.sample.name,
            "chosen": plan.chosen,
            "window": [plan.sample.window.lower, plan.sample.window.upper],
            "errors": {"line": errors.line, "lengths": dict(errors.lengths), "mass": errors.mass},
            "quantities": [
                {"name": quantity.name, "unit": quantity.unit, "value": float(value)}
                for quantity, value in zip(plan.quantities, plan.values, strict=True)
            ],
            "measured": _case_document(plan, plan.measured),
            "by_number": [_case_document(plan, case) for case in plan.by_number],
            "next": [
                {
                    "frequency": float(spectrum.frequencies[place]),
                    "symmetry": spectrum.labels[place],
                    "modes": int(spectrum.degeneracies[place]),
                    **_case_document(plan, case),
                }
                for place, case in zip(plan.next_lines, plan.additions, strict=True)
            ],
            "shapes": [_case_document(plan, case) for case in plan.shapes],
            "orientations": [_case_document(plan, case) for case in plan.orientations],
            "notes": list(plan.notes),
        },
    }


def csv_text(plan: Plan) -> str:
    """Return a row for each list of lines and quantity, with all digits; what is not determined is empty."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    heads = ("table", "case", "lines", "modes", "to (MHz)", "quantity", "unit", "value")
    writer.writerow((*heads, *(f"std {side}" for side in _SIDES)))
    tables = {
        "plan": (plan.measured,),
        "number": plan.by_number,
        "next": plan.additions,
        "shape": plan.shapes,
        "orientation": plan.orientations,
    }
    for name, cases in tables.items():
        for case in cases:
            for place, quantity in enumerate(plan.quantities):
                stds = (_finite(getattr(case.deviations, side)[place]) for side in _SIDES)
                head = (name, case.label, case.lines, case.modes, _finite(case.highest))
                writer.writerow((*head, quantity.name, quantity.unit, float(plan.values[place]), *stds))
    return target.getvalue().rstrip("\n")


def _case_document(plan: Plan, case: Case) -> dict[str, Any]:
    return {
        "label": case.label,
        "lines": case.lines,
        "modes": case.modes,
        "to_MHz": _finite(case.highest),
        "std": {
            name: {side: _finite(getattr(case.deviations, side)[place]) for side in _SIDES}
            for place, name in enumerate(plan.names)
        },
    }


def _cases(plan: Plan, heads: tuple[str, str], rows: Sequence[tuple[str, str, Case]]) -> Iterator[str]:
    """Yield a table with two leading columns; quantities for which it has no room go on in another below it."""
    for shown in _parts(len(plan.quantities), (_WIDTH - len(_MARK) - _FIELD - _LABEL) // (_FIELD + 2)):
        titles = "".join(f"{plan.quantities[k].label:>{_FIELD + 2}}" for k in shown)
        yield from ["", f"{heads[0]:>{_FIELD - 2}}{heads[1]:>{_LABEL + 1}}{titles}"]
        for first, second, case in rows:
            numbers = "".join(f"{_number(case.deviations.fitted[k]):>{_FIELD + 2}}" for k in shown)
            mark = _MARK if case.lines == plan.measured.lines else ""
            yield f"{first:>{_FIELD - 2}}{second:>{_LABEL + 1}}{numbers}{mark}"


def _labelled(plan: Plan, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the best of some cases, and the specimen wherever it stands, in a table headed by their labels."""
    kept = [case for place, case in enumerate(cases) if place < _SHOWN or case.label in OWN]
    width = max(len(case.label) for case in kept) + 1
    for shown in _parts(len(plan.quantities), (_WIDTH - width - _FIELD) // _FIELD):
        titles = "".join(f"{plan.quantities[k].name:>{_FIELD}}" for k in shown)
        yield from ["", f"{'':<{width}}{'to MHz':>{_FIELD}}{titles}"]
        for case in kept:
            numbers = "".join(f"{_number(case.deviations.fitted[k]):>{_FIELD}}" for k in shown)
            yield f"{case.label:<{width}}{case.highest:>{_FIELD}.4g}{numbers}"
    if len(kept) < len(cases):
        yield f"{len(cases) - len(kept)} more are left out; --json and --csv have them."


def _parts(count: int, at_once: int) -> Iterator[range]:
    for start in range(0, count, at_once):
        yield range(start, min(start + at_once, count))


def _with_share(deviation: float, value: float) -> str:
    """Write a deviation with its share of a value that is not 0."""
    if math.isnan(deviation):
        return "not determined"
    share = f" ({_percent(deviation / abs(value))})" if value else ""
    return f"{_number(deviation)}{share}"


def _number(value: float) -> str:
    if math.isnan(value):
        return _UNKNOWN
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}"  # with its zeros: 0.100


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _wrapped(sentence: str) -> Iterator[str]:
    yield from textwrap.wrap(sentence, _WIDTH, subsequent_indent="  ")


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
