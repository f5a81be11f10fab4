"""Reader of PANalytical's ``.xrdml``: diffraction scans as XML, with the metadata of the instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.plugins.profiles.checks import MOST_POINTS, refuse_large
from spectra.plugins.profiles.xml_tree import Element, parse_xml
from spectra.plugins.xrd.readers.scan import WAVELENGTH_KEY, checked_profile

Floats = NDArray[np.float64]


class XrdmlReader:
    """Reads the 2θ scan of an ``.xrdml`` file.

    Repeated scans over the same angles are summed; of scans over different ones the first is taken, and a note says
    so. The wavelength is the one that the measurement intended: Kα1, Kβ, or the mean of Kα weighted by intensity.
    """

    def __init__(self, parameters: NoParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a measurement.

        Raises
        ------
        InputError
            If the file is no XRDML, or holds no scan of 2θ that is a profile; with the line at fault.
        """
        refuse_large(file)
        root = parse_xml(file.content, file.name)
        if root.name != "xrdMeasurements":
            raise InputError(f"{file.name}, line {root.line}: the root element is {root.name!r}, not XRDML's.")
        scans, notes = _chosen(root, file.name)
        first = scans[0]
        profile = checked_profile(
            first.two_theta,
            np.sum([scan.counts for scan in scans], axis=0),
            lambda i: f"{file.name}, line {first.line}, point {i + 1}",
        )
        if any(scan.attenuated for scan in scans):
            notes.append("The counts were corrected for the beam attenuation given in the file.")
        details = {"points": len(first.two_theta), **_details(root, first, file.name)}
        if all(scan.seconds for scan in scans):
            details["counting time [s]"] = round(sum(scan.seconds for scan in scans), 9)
        return Measurement(signal=profile, file=file, reader="xrdml", details=details, notes=tuple(notes))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scan:
    """One scan of 2θ: angles in degrees and counts, shape (k,); seconds per point, 0 if not told."""

    measurement: Element
    element: Element
    two_theta: Floats
    counts: Floats
    seconds: float
    attenuated: bool
    line: int


def _chosen(root: Element, name: str) -> tuple[list[_Scan], list[str]]:
    """Return the scans to be summed, and notes on the choice."""
    found = [
        scan
        for measurement in root.all("xrdMeasurement")
        for element in measurement.all("scan")
        if (scan := _read_scan(measurement, element, name)) is not None
    ]
    if not found:
        raise InputError(f"{name}, line {root.line}: there is no scan of 2θ in this file.")
    equal = [scan for scan in found if np.array_equal(scan.two_theta, found[0].two_theta)]
    notes = []
    if len(equal) > 1:
        notes.append(f"{len(equal)} scans over the same angles were summed.")
    if len(equal) < len(found):
        notes.append(f"{len(found) - len(equal)} of {len(found)} scans cover other angles than the first; not used.")
    unfinished = {scan.element.attributes.get("status", "Completed") for scan in equal} - {"Completed"}
    if unfinished:
        notes.append(f"The status of the scan is {', '.join(sorted(unfinished)).lower()}.")
    return equal, notes


def _read_scan(measurement: Element, element: Element, name: str) -> _Scan | None:
    """Read one scan, or nothing if it is not one of 2θ."""
    points = element.find("dataPoints")
    axis = next((p for p in element.all("positions") if p.attributes.get("axis") == "2Theta"), None)
    if points is None or axis is None or axis.find("commonPosition"):
        return None
    # 'intensities' are corrected for the attenuation of the beam, the 'counts' of schema 2 are not
    data = points.find("counts") or points.find("intensities")
    if data is None:
        raise InputError(f"{name}, line {points.line}: this scan has neither counts nor intensities.")
    values = _numbers(data, name)
    if len(values) > MOST_POINTS:
        raise InputError(f"{name}, line {data.line}: more than {MOST_POINTS:,} points.")
    two_theta = _positions(axis, len(values), name)
    times = points.find("commonCountingTime") or points.find("countingTimes")
    seconds = _numbers(times, name) if times else np.zeros(1)
    if data.attributes.get("unit", "counts") == "cps":
        if not seconds.all() or len(seconds) not in (1, len(values)):
            raise InputError(f"{name}, line {data.line}: counts per second without a counting time.")
        values = values * seconds
    factors = points.find("beamAttenuationFactors") if data.name == "counts" else None
    if factors:
        values = values * _matching(_numbers(factors, name), factors, len(values), name)
    return _Scan(
        measurement=measurement,
        element=element,
        two_theta=two_theta,
        counts=values,
        seconds=float(seconds.mean()),
        attenuated=factors is not None,
        line=data.line,
    )


def _positions(axis: Element, count: int, name: str) -> Floats:
    """Return the angles of ``count`` points from their list or their ends."""
    listed = axis.find("listPositions")
    if listed:
        return _matching(_numbers(listed, name), listed, count, name)
    start, end = axis.find("startPosition"), axis.find("endPosition")
    if start is None or end is None:
        raise InputError(f"{name}, line {axis.line}: the positions of 2θ have neither a list nor start and end.")
    return np.linspace(_number(start, name), _number(end, name), count)


def _details(root: Element, scan: _Scan, name: str) -> Mapping[str, Any]:
    """Return the metadata of the measurement, without empty fields."""
    tube = scan.measurement.find("incidentBeamPath", "xRayTube") or root
    header = scan.element.find("header") or root
    told: dict[str, Any] = {
        "sample": root.text_at("sample", "id") or root.text_at("sample", "name"),
        "date": header.text_at("startTimeStamp"),
        "operator": header.text_at("author", "name"),
        "instrument": header.text_at("source", "instrumentControlSoftware"),
        "anode": tube.text_at("anodeMaterial"),
        "tension [kV]": _number_at(tube, "tension", name),
        "current [mA]": _number_at(tube, "current", name),
        "scan": scan.element.attributes.get("scanAxis", ""),
        "schema": root.attributes.get("xmlns", ""),
        "comment": "; ".join(entry.text for entry in root.all("entry") if entry.text),
    }
    used = scan.measurement.find("usedWavelength")
    if used:
        told |= _wavelengths(used, name)
    return {key: value for key, value in told.items() if value not in ("", None)}


def _wavelengths(used: Element, name: str) -> dict[str, Any]:
    """Return the intended wavelength, and the second of the doublet that comes with it."""
    intended = used.attributes.get("intended", "K-Alpha 1")
    alpha1, alpha2, beta = (_number_at(used, line, name) for line in ("kAlpha1", "kAlpha2", "kBeta"))
    ratio = _number_at(used, "ratioKAlpha2KAlpha1", name)
    wavelength = beta if intended == "K-Beta" else alpha1
    if intended == "K-Alpha" and alpha1 and alpha2 and ratio is not None:
        wavelength = (alpha1 + ratio * alpha2) / (1 + ratio)
    return {"radiation": intended, WAVELENGTH_KEY: wavelength or None, "Kα2 [Å]": alpha2, "Kα2/Kα1": ratio}


def _numbers(element: Element, name: str) -> Floats:
    try:
        return np.array(element.text.split(), dtype=np.float64)
    except ValueError as error:
        raise InputError(f"{name}, line {element.line}: {element.name!r} holds an invalid number.") from error


def _number(element: Element, name: str) -> float:
    numbers = _numbers(element, name)
    if len(numbers) != 1 or not np.isfinite(numbers[0]):
        raise InputError(f"{name}, line {element.line}: {element.name!r} is not a single number.")
    return float(numbers[0])


def _number_at(parent: Element, child: str, name: str) -> float | None:
    found = parent.find(child)
    return _number(found, name) if found and found.text else None


def _matching(values: Floats, element: Element, count: int, name: str) -> Floats:
    if len(values) != count:
        raise InputError(f"{name}, line {element.line}: {len(values)} {element.name} for {count} points.")
    return values
