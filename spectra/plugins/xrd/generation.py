"""From a seed to a structure's descriptors and spectra: the forward model in which nothing can be chosen beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Profile, Signal
from spectra.plugins.xrd import microstructure, molecular_dynamics
from spectra.plugins.xrd.debye import debye_profile
from spectra.plugins.xrd.history import draw_specimen
from spectra.plugins.xrd.sample import AtomisticSample
from spectra.plugins.xrd.scan import ANGLE
from spectra.plugins.xrd.vdos import WAVENUMBER, resolution, vibrational_density_of_states

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
    """How long a structure is watched, and how its spectra are computed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duration: float = Field(
        default=4.0, ge=0.2, le=1000, description="in ps; the vibrational spectrum resolves its inverse, 4 ps 4 1/cm"
    )
    snapshots: int = Field(
        default=8, ge=1, le=1000, description="structures over which a diffraction profile is averaged"
    )
    highest: float = Field(default=500.0, gt=0, le=834, description="end of the vibrational spectrum in 1/cm")


class MolecularDynamics:
    """Makes structures of gold and looks at them; a point is a seed."""

    specimens_per_part = 8

    def __init__(self, sample: AtomisticSample, parameters: MolecularDynamicsParameters) -> None:
        assert sample.simulation is not None  # noqa: S101
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
        signal = bundle(
            np.array([observation.profile for observation in seen]),
            np.array([observation.spectrum for observation in seen]),
            two_theta=self._edges[:-1] + np.diff(self._edges) / 2,
            wavenumbers=self._wavenumbers,
        )
        return np.where(usable[:, np.newaxis], values, np.nan), part_of(signal, self._technique)

    def _look(self, seed: int) -> _Observation:
        """Make one structure, and whatever is random about it from ``seed`` alone."""
        simulation, parameters, rng = self._simulation, self._parameters, np.random.default_rng(seed)
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
                specimen, rng, duration=1000 * parameters.duration, snapshots=parameters.snapshots
            )
        except molecular_dynamics.FlewApartError:
            return _Observation(
                values=np.full(len(DESCRIPTORS), np.nan),
                profile=np.zeros(len(self._edges) - 1),
                spectrum=np.zeros(len(self._wavenumbers)),
            )
        found = microstructure.analyze(trajectory.quenched)
        profiles = [
            debye_profile(snapshot.positions, self._edges, wavelength=self._wavelength)
            for snapshot in trajectory.snapshots
        ]
        _, spectrum = vibrational_density_of_states(trajectory.velocities, trajectory.interval)
        return _Observation(
            values=np.array([*trajectory.stress, found.fcc, found.hcp, found.disordered, found.dislocation_density]),
            profile=np.mean(profiles, axis=0),
            spectrum=spectrum[: len(self._wavenumbers)],
        )

    @property
    def _edges(self) -> Floats:
        angles = self._simulation.angles
        return np.linspace(angles.lower, angles.upper, angles.bins + 1)

    @property
    def _wavenumbers(self) -> Floats:
        every = resolution(molecular_dynamics.sampled(1000 * self._parameters.duration))
        return every * np.arange(int(self._parameters.highest / every) + 1, dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Observation:
    """What was seen of one structure: descriptors (7,), diffraction profile (k,) and vibrational spectrum (m,)."""

    values: Floats
    profile: Floats
    spectrum: Floats


def bundle(profiles: Floats, spectra: Floats, *, two_theta: Floats, wavenumbers: Floats) -> Bundle:
    """Put diffraction profiles (n, k) and vibrational spectra (n, m) of the same structures together."""
    return Bundle(
        parts={
            "xrd": Profile(x=two_theta, y=profiles, x_unit=ANGLE, y_unit="electrons²/Å³"),
            "vdos": Profile(x=wavenumbers, y=spectra, x_unit=WAVENUMBER, y_unit="cm"),
        }
    )


def part_of(signal: Bundle, technique: str) -> Signal:
    """Return what ``technique`` works on: one part of the bundle, or all of it."""
    return signal.parts.get(technique, signal)
