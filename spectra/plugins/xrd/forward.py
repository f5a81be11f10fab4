"""Forward model of diffraction and vibrational spectra: from a seed to the descriptors and spectra of a structure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Profile, Signal
from spectra.plugins.xrd.physics.debye import debye_profile
from spectra.plugins.xrd.physics.scattering import ANGLE
from spectra.plugins.xrd.physics.vdos import WAVENUMBER, resolution, vibrational_density_of_states
from spectra.plugins.xrd.sample import AtomisticSample, Simulation
from spectra.plugins.xrd.specimens import microstructure, molecular_dynamics
from spectra.plugins.xrd.specimens.history import Specimen, draw_crystal, draw_specimen, loading

Floats = NDArray[np.float64]

DESCRIPTORS = (
    # The ranges are those of Vizoso & Dingreville (2025), table I.
    Quantity(name="σxx", unit="GPa", description="stress along x, tension positive", lower=-204.22, upper=14.48),
    Quantity(name="σyy", unit="GPa", description="stress along y, tension positive", lower=-205.43, upper=14.48),
    Quantity(name="σzz", unit="GPa", description="stress along the loading axis", lower=-207.32, upper=14.48),
    Quantity(name="fcc", unit="", description="share of atoms in face-centred cubic order", lower=0.354, upper=1),
    Quantity(name="hcp", unit="", description="share of atoms in hexagonal order", lower=0, upper=0.353),
    Quantity(name="disordered", unit="", description="share of atoms in neither order", lower=0, upper=0.302),
    Quantity(
        name="dislocations", unit="1/Å^2", description="length of dislocation lines per volume", lower=0, upper=4.14e-3
    ),
)
_LOWER = np.array([quantity.lower for quantity in DESCRIPTORS])
_UPPER = np.array([quantity.upper for quantity in DESCRIPTORS])


class MolecularDynamicsParameters(BaseModel):
    """Parameters of the forward model 'molecular-dynamics'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    snapshots: int = Field(
        default=8, ge=1, le=1000, description="number of snapshots that a diffraction profile is averaged over"
    )
    averages: int = Field(
        default=0,
        ge=0,
        le=1000,
        exclude_if=lambda averages: averages == 0,  # as in recipes on record
        description="number of parts of the run of which the mean positions are quenched and analyzed; phases and "
        "dislocations are the mean of all. 0 takes the last step alone, which is less exact",
    )


class MolecularDynamics:
    """Simulates structures of gold and their spectra; a point is a seed, or that of a family and a member's number."""

    @property
    def specimens_per_part(self) -> int:
        """How many are saved together: whole families."""
        return self._simulation.family or 8

    def __init__(self, sample: AtomisticSample, parameters: MolecularDynamicsParameters) -> None:
        if sample.simulation is None:
            raise InputError(f"The sample {sample.name!r} has no 'simulation' to say which structures to make.")
        self._parameters, self._simulation = parameters, sample.simulation
        self._technique, self._wavelength = sample.technique, sample.wavelength

    def generate(self, points: Floats) -> tuple[Floats, Signal]:
        """Make the structures of the seeds ``points``, shape (n, 1), or of the members of families, shape (n, 2).

        Returns
        -------
        values : ndarray, shape (n, 7)
            The descriptors; NaN for a structure that lies outside their ranges or flew apart.
        signal
            The diffraction profile in electrons²/Å³ per atom, averaged over orientations and over the run; the
            vibrational density of states, of area 1; or a bundle of both, as the technique wants them.

        Raises
        ------
        InputError
            If LAMMPS or OVITO is not installed.
        """
        if self._simulation.family is None:
            seen = [self._look(int(seed)) for (seed,) in points]
        else:
            families = {seed: self._look_at_family(int(seed)) for seed in np.unique(points[:, 0])}
            seen = [families[seed][int(member)] for seed, member in points]
        values = np.array([observation.values for observation in seen])
        usable = np.all((values >= _LOWER) & (values <= _UPPER), axis=1)
        signal = Bundle(
            parts={
                "xrd": Profile(
                    x=two_theta(self._simulation),
                    y=np.array([observation.profile for observation in seen]),
                    x_unit=ANGLE,
                    y_unit="electrons²/Å³",
                ),
                "vdos": Profile(
                    x=wavenumbers(self._simulation),
                    y=np.array([observation.spectrum for observation in seen]),
                    x_unit=WAVENUMBER,
                    y_unit="cm",
                ),
            }
        )
        return np.where(usable[:, np.newaxis], values, np.nan), part_of(signal, self._technique)

    def _look(self, seed: int) -> _Observation:
        """Simulate one structure, with ``seed`` as its only source of randomness."""
        simulation, rng = self._simulation, np.random.default_rng(seed)
        specimen = draw_specimen(
            rng,
            atoms=simulation.atoms,
            lattice_constant=molecular_dynamics.LATTICE_CONSTANT,
            hydrostatic=simulation.hydrostatic.ends,
            uniaxial=simulation.uniaxial.ends,
            temperatures=simulation.temperature.ends,
        )
        try:
            return self._observed(self._run(specimen, rng))
        except molecular_dynamics.FlewApartError:
            return self._nothing()

    def _look_at_family(self, seed: int) -> list[_Observation]:
        """Simulate a crystal, and what becomes of it when it is strained."""
        simulation, rng = self._simulation, np.random.default_rng(seed)
        assert simulation.family is not None  # noqa: S101
        crystal = draw_crystal(rng, atoms=simulation.atoms, lattice_constant=molecular_dynamics.LATTICE_CONSTANT)
        crystal = replace(crystal, temperature=rng.uniform(*simulation.temperature.ends))
        try:
            first = self._run(crystal, rng)
        except molecular_dynamics.FlewApartError:
            return [self._nothing()] * simulation.family
        seen = [self._observed(first)]
        at_rest = replace(crystal, structure=first.quenched[-1], molten=None)
        for way in loading(
            simulation.family, hydrostatic=simulation.hydrostatic.ends, uniaxial=simulation.uniaxial.ends
        ):
            members = list(self._strained(at_rest, way, rng))
            seen += members + [self._nothing()] * (len(way) - len(members))
        return seen

    def _strained(self, specimen: Specimen, way: Sequence[Floats], rng: np.random.Generator) -> Iterator[_Observation]:
        """Strain a specimen step by step, each time from the structure before, until it flies apart."""
        reached = np.eye(3)
        for gradient in way:
            strained = specimen.structure.deformed(gradient @ np.linalg.inv(reached))
            try:
                trajectory = self._run(replace(specimen, structure=strained), rng)
            except molecular_dynamics.FlewApartError:
                return
            yield self._observed(trajectory)
            specimen, reached = replace(specimen, structure=trajectory.quenched[-1]), gradient

    def _run(self, specimen: Specimen, rng: np.random.Generator) -> molecular_dynamics.Trajectory:
        return molecular_dynamics.run(
            specimen,
            rng,
            duration=1000 * self._simulation.duration,
            snapshots=self._parameters.snapshots,
            averages=self._parameters.averages,
        )

    def _observed(self, trajectory: molecular_dynamics.Trajectory) -> _Observation:
        simulation = self._simulation
        edges, count = bin_edges(simulation), len(wavenumbers(simulation))
        found = [microstructure.analyze(structure) for structure in trajectory.quenched]
        profiles = [
            debye_profile(snapshot.positions, edges, wavelength=self._wavelength) for snapshot in trajectory.snapshots
        ]
        _, spectrum = vibrational_density_of_states(trajectory.velocities, trajectory.interval)
        return _Observation(
            np.array([*trajectory.stress, *np.mean(found, axis=0)]),
            np.mean(profiles, axis=0),
            spectrum[:count],
        )

    def _nothing(self) -> _Observation:
        """Return what is seen of a structure that flew apart."""
        bins, count = self._simulation.angles.bins, len(wavenumbers(self._simulation))
        return _Observation(np.full(len(DESCRIPTORS), np.nan), np.zeros(bins), np.zeros(count))


class _Observation(NamedTuple):
    """Observations of one structure: descriptors (7,), diffraction profile (k,) and vibrational spectrum (m,)."""

    values: Floats
    profile: Floats
    spectrum: Floats


def seeds(simulation: Simulation) -> Floats:
    """Return the points of all structures: seeds, shape (n, 1), or seeds of families and members, shape (n, 2)."""
    numbers = np.arange(simulation.structures)
    if simulation.family is None:
        return (simulation.first_seed + numbers[:, np.newaxis]).astype(np.float64)
    family, member = np.divmod(numbers, simulation.family)
    return np.column_stack([simulation.first_seed + family, member]).astype(np.float64)


def bin_edges(simulation: Simulation) -> Floats:
    """Return the edges of the bins of a diffraction profile in degrees 2θ, shape (k + 1,)."""
    angles = simulation.angles
    return np.linspace(angles.lower, angles.upper, angles.bins + 1)


def two_theta(simulation: Simulation) -> Floats:
    """Return the axis of a diffraction profile: the centres of its bins, shape (k,)."""
    edges = bin_edges(simulation)
    return (edges[:-1] + edges[1:]) / 2


def wavenumbers(simulation: Simulation) -> Floats:
    """Return the axis of a vibrational spectrum in 1/cm, shape (m,)."""
    step = resolution(molecular_dynamics.sampled(1000 * simulation.duration))
    return step * np.arange(int(simulation.highest_wavenumber / step) + 1, dtype=np.float64)


def part_of(signal: Signal, technique: str) -> Signal:
    """Return the part of a bundle that ``technique`` uses, or all of it."""
    return signal.parts.get(technique, signal) if isinstance(signal, Bundle) else signal
