"""Forward model of diffraction and vibrational spectra: from a seed to the descriptors and spectra of a structure."""

from __future__ import annotations

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
from spectra.plugins.xrd.specimens.history import draw_specimen

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


class MolecularDynamics:
    """Simulates structures of gold and their spectra; a point is a seed."""

    specimens_per_part = 8

    def __init__(self, sample: AtomisticSample, parameters: MolecularDynamicsParameters) -> None:
        if sample.simulation is None:
            raise InputError(f"The sample {sample.name!r} has no 'simulation' to say which structures to make.")
        self._parameters, self._simulation = parameters, sample.simulation
        self._technique, self._wavelength = sample.technique, sample.wavelength

    def generate(self, points: Floats) -> tuple[Floats, Signal]:
        """Make the structures of the seeds ``points``, shape (n, 1).

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
        seen = [self._look(int(seed)) for (seed,) in points]
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
        edges, count = bin_edges(simulation), len(wavenumbers(simulation))
        specimen = draw_specimen(
            rng,
            atoms=simulation.atoms,
            lattice_constant=molecular_dynamics.LATTICE_CONSTANT,
            hydrostatic=simulation.hydrostatic.ends,
            uniaxial=simulation.uniaxial.ends,
            temperatures=simulation.temperature.ends,
        )
        try:
            trajectory = molecular_dynamics.run(
                specimen, rng, duration=1000 * simulation.duration, snapshots=self._parameters.snapshots
            )
        except molecular_dynamics.FlewApartError:
            return _Observation(np.full(len(DESCRIPTORS), np.nan), np.zeros(len(edges) - 1), np.zeros(count))
        found = microstructure.analyze(trajectory.quenched)
        profiles = [
            debye_profile(snapshot.positions, edges, wavelength=self._wavelength) for snapshot in trajectory.snapshots
        ]
        _, spectrum = vibrational_density_of_states(trajectory.velocities, trajectory.interval)
        return _Observation(
            np.array([*trajectory.stress, found.fcc, found.hcp, found.disordered, found.dislocation_density]),
            np.mean(profiles, axis=0),
            spectrum[:count],
        )


class _Observation(NamedTuple):
    """Observations of one structure: descriptors (7,), diffraction profile (k,) and vibrational spectrum (m,)."""

    values: Floats
    profile: Floats
    spectrum: Floats


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
