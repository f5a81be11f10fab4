"""Facts of a sample in a wrong unit: noticed by where its modes would lie, with the unit that would put them right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from spectra.core.errors import InputError
from spectra.plugins.rus.modes.expected import ExpectedModes

_MOST_MODES = 5_000  # in the window: more than the highest order of the expansion has
_LIGHTEST, _HEAVIEST = 25, 23_000  # kg/m³; light foams have 30, osmium 22,590: as numbers in g/cm³, none overlap
# What laboratories have: foam to osmium, grains to beams, audio to GHz, rubber to diamond.
_DENSITIES, _LENGTHS, _FREQUENCIES, _MODULI = (100.0, 23_000.0), (0.15, 700.0), (3e-4, 300.0), (3e-3, 1_400.0)
_COMFORTABLE = 1_500  # modes
# What most have: a fact within is less likely to have a wrong unit.
_USUAL_DENSITIES, _USUAL_LENGTHS, _USUAL_FREQUENCIES, _USUAL_MODULI = (500, 12_000), (1, 100), (3e-3, 20), (1, 700)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What determines where the modes of a sample lie.

    Parameters
    ----------
    name
        Of the sample.
    density
        In kg/m³, from mass and volume where the mass is given.
    mass
        In g, where it is given.
    length
        Cube root of the volume, in mm.
    window
        Lowest and highest measured frequency, in MHz.
    stiffness
        The largest modulus, in GPa.
    modes
        Of the softest solid in the searched ranges, which has the most.
    usual
        Number of modes expected in the window that nine in ten solids in the searched ranges do not exceed.
    """

    name: str
    density: float
    mass: float | None
    length: float
    window: tuple[float, float]
    stiffness: float
    modes: ExpectedModes
    usual: float

    def count(self, factor: float = 1.0) -> float:
        """Return how many modes are expected in the window if all frequencies were ``factor`` times as high."""
        low, high = (1e6 * end / factor for end in self.window)
        return self.modes.count(low, high)


class _Change(NamedTuple):
    """Another unit of one fact: the facts then, how much higher the frequencies are, and how to say so."""

    facts: Facts
    factor: float
    sentence: str
    surprise: float


def check_units(facts: Facts) -> None:
    """Refuse a density that no solid has, and a sample that has no mode in the window or thousands.

    Raises
    ------
    InputError
        With the lowest mode, the expected number of modes and the fact whose unit is the likely cause.
    """
    count = facts.count()
    # Of a nearly unstable solid in a corner of wide ranges thousands may be expected, and nobody computes them.
    if _LIGHTEST <= facts.density <= _HEAVIEST and count > 0 and min(count, facts.usual) <= _MOST_MODES:
        return
    low, high = facts.window
    if facts.density > _HEAVIEST or (facts.density < _LIGHTEST and count):
        origin = "mass and dimensions imply" if facts.mass is not None else "the sample file has"
        number = f"{facts.density:,.3g}" if facts.density < 1e3 else f"{facts.density:,.0f}"
        than = "more" if facts.density > _HEAVIEST else "less"
        what = f"{origin} a density of {number} kg/m^3, {than} than any solid has"
    elif count:
        number = f"{count:.2g}" if count >= 1e6 else f"{100 * round(count / 100):,}"
        what = f"about {number} modes are expected in the window from {low:g} to {high:g} MHz, too many to compute"
    else:
        what = f"no mode is expected in the window from {low:g} to {high:g} MHz"
    raise InputError(
        f"Sample {facts.name!r}: {what}; the lowest mode of the softest solid in the searched ranges lies near "
        f"{facts.modes.first / 1e6:.3g} MHz.",
        hint=_likely(facts) or "Check the units of dimensions, mass or density, searched ranges and window.",
    )


def _likely(facts: Facts) -> str:
    """Say with which other unit of one fact all of them would be plausible, if there is one."""
    fitting = [change for change in _changes(facts) if _is_plausible(change)]
    if not fitting:
        return ""
    best = min(fitting, key=_distance)
    count = best.facts.count(best.factor)
    return (
        f"{best.sentence} Then the lowest mode lies near {_first(best) / 1e6:.3g} MHz, and about {count:.0f} are "
        f"expected in the window from {best.facts.window[0]:g} to {best.facts.window[1]:g} MHz."
    )


def _distance(change: _Change) -> float:
    """Return how far the lowest mode is from the window's beginning, and how little the changed fact was in doubt."""
    return abs(math.log(1e6 * change.facts.window[0] / _first(change))) + change.surprise


def _first(change: _Change) -> float:
    return change.factor * change.facts.modes.first


def _is_plausible(change: _Change) -> bool:
    facts = change.facts
    values = (facts.density, facts.length, *facts.window, facts.stiffness)
    ranges = (_DENSITIES, _LENGTHS, _FREQUENCIES, _FREQUENCIES, _MODULI)
    within = all(low <= value <= high for value, (low, high) in zip(values, ranges, strict=True))
    return within and 1 <= facts.count(change.factor) <= _COMFORTABLE


def _changes(facts: Facts) -> Iterator[_Change]:
    yield from _masses(facts)
    yield from _dimensions(facts)
    low, high = facts.window
    for factor, unit, wrong in ((1e3, "MHz", "kHz"), (1e6, "MHz", "Hz"), (1e-3, "kHz", "MHz"), (1e-6, "Hz", "MHz")):
        size = max(factor, 1.0)  # the same numbers, with the right unit and with the wrong one
        sentence = f"Probably the window is {size * low:g} to {size * high:g} {unit}, not {wrong}."
        surprise = _surprise(high, _USUAL_FREQUENCIES)
        yield _Change(replace(facts, window=(factor * low, factor * high)), 1.0, sentence, surprise)
    for factor, unit, wrong in ((1e3, "GPa", "MPa"), (1e-3, "MPa", "GPa"), (100.0, "Mbar", "GPa")):
        sentence = f"Probably the searched moduli are in {unit}, not in {wrong}."
        surprise = _surprise(facts.stiffness, _USUAL_MODULI) + math.log(2)  # a range is written three times
        yield _Change(replace(facts, stiffness=factor * facts.stiffness), factor**0.5, sentence, surprise)


def _masses(facts: Facts) -> Iterator[_Change]:
    density, mass = facts.density, facts.mass
    surprise = _surprise(density, _USUAL_DENSITIES)
    if mass is None:
        values = ((1e3, density, "g/cm^3", "kg/m^3"), (1e-3, density / 1e3, "kg/m^3", "g/cm^3"))
    else:
        values = (
            (1e3, *((mass, "kg", "g") if mass >= 0.01 else (1e3 * mass, "g", "mg"))),
            (1e-3, *((1e-3 * mass, "g", "kg") if mass >= 100 else (mass, "mg", "g"))),
        )
    for factor, value, unit, wrong in values:
        what = "density" if mass is None else "mass"
        sentence = f"Probably the {what} is {value:g} {unit}, not {value:g} {wrong}."
        yield _Change(replace(facts, density=factor * density), factor**-0.5, sentence, surprise)


def _dimensions(facts: Facts) -> Iterator[_Change]:
    for factor, unit, wrong in (
        (1e3, *(("mm", "um") if facts.length < 0.1 else ("m", "mm"))),
        (1e-3, *(("mm", "m") if facts.length > 1e3 else ("um", "mm"))),
        (10.0, "cm", "mm"),
        (0.1, "mm", "cm"),
        (100.0, "m", "cm"),
        (25.4, "inch", "mm"),
        (1 / 25.4, "mm", "inch"),
    ):
        # at a given mass a larger body is less dense
        density = facts.density if facts.mass is None else facts.density / factor**3
        effect = 1 / factor if facts.mass is None else factor**0.5
        sentence = f"Probably the dimensions are in {unit}, not in {wrong}."
        surprise = _surprise(facts.length, _USUAL_LENGTHS)
        yield _Change(replace(facts, length=factor * facts.length, density=density), effect, sentence, surprise)


def _surprise(value: float, usual: tuple[float, float]) -> float:
    return math.log(4) if usual[0] <= value <= usual[1] else 0.0
