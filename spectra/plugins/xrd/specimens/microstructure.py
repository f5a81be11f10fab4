"""Microstructure of a structure by OVITO: phases by common neighbour analysis, dislocations by DXA."""

from __future__ import annotations

import warnings
from typing import NamedTuple

from spectra.core.errors import InputError
from spectra.plugins.xrd.specimens.structures import Structure


class Microstructure(NamedTuple):
    """Shares of the atoms, which add up to 1, and the length of dislocation lines per volume in 1/Å²."""

    fcc: float
    hcp: float
    disordered: float
    dislocation_density: float


def analyze(structure: Structure) -> Microstructure:
    """Classify the atoms of a quenched structure and trace its dislocations.

    Phases are told by adaptive common neighbour analysis (Stukowski, Model. Simul. Mater. Sci. Eng. 20, 045021 (2012)),
    dislocations by the extraction algorithm DXA (Stukowski, Bulatov & Arsenlis, ibid. 20, 085007 (2012)). Whatever is
    neither fcc nor hcp counts as disordered.

    Raises
    ------
    InputError
        If OVITO is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the environment that it was installed into
            from ovito.data import DataCollection
            from ovito.modifiers import CommonNeighborAnalysisModifier, DislocationAnalysisModifier
    except ImportError as error:
        raise InputError(
            "The analysis of a structure needs OVITO, which is not installed.",
            hint="Install it with: pip install 'spectra-platform[xrd]'. Trained models and data sets work without.",
        ) from error
    data = DataCollection()
    particles = data.create_particles(count=len(structure))
    particles.create_property("Position", data=structure.positions)
    matrix = [[*row, 0.0] for row in structure.cell.T]  # vectors in columns, then the origin
    data.create_cell(matrix, pbc=(True, True, True))
    data.apply(CommonNeighborAnalysisModifier())
    counts = [data.attributes[f"CommonNeighborAnalysis.counts.{kind}"] for kind in ("FCC", "HCP")]
    data.apply(DislocationAnalysisModifier(input_crystal_structure=DislocationAnalysisModifier.Lattice.FCC))
    fcc, hcp = (count / len(structure) for count in counts)
    return Microstructure(
        fcc=fcc,
        hcp=hcp,
        disordered=1 - fcc - hcp,
        dislocation_density=data.attributes["DislocationAnalysis.total_line_length"] / data.cell.volume,
    )
