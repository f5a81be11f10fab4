"""How fast and how exact the spectra of atomistic structures are.

Run with ``python benchmarks/xrd.py``; it keeps to one core. The structures are perfect gold with thermal
displacements as at 300 K. LAMMPS' numbers are those of one run of ``compute xrd``, stored with the tests.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import time
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from spectra.plugins.xrd.forward import MolecularDynamics, MolecularDynamicsParameters
from spectra.plugins.xrd.physics.debye import debye_profile
from spectra.plugins.xrd.physics.reciprocal_mesh import mesh_profile
from spectra.plugins.xrd.physics.vdos import vibrational_density_of_states
from spectra.plugins.xrd.sample import AtomisticSample

LAMMPS = Path(__file__).parents[1] / "tests" / "data" / "xrd" / "lammps_xrd_au500.npz"
BINS = np.linspace(30, 90, 151)
ORIENTATIONS = 16


def seconds(function, repeats=1):
    """Return the best time and what the function returned."""
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - start)
    return best, result


def gold(cells, rng):
    """Make 4 a b c atoms of fcc gold in a box of a x b x c cubic cells."""
    basis = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    corners = np.stack(np.meshgrid(*map(np.arange, cells), indexing="ij"), axis=-1).reshape(-1, 1, 3)
    positions = 4.08 * (corners + basis).reshape(-1, 3)
    return positions + rng.normal(scale=0.085, size=positions.shape)


def largest_difference(one, other):
    """Return the largest difference of two profiles, as a fraction of the maximum of the second."""
    return np.abs(one - other).max() / other.max()


def times(rng):
    print("| atoms | Debye (s) | mesh of 0.005/Å (s) | largest difference | total |")
    print("| --- | --- | --- | --- | --- |")
    for cells in ((5, 5, 5), (8, 8, 8), (10, 10, 10)):
        positions = gold(cells, rng)
        debye, profile = seconds(lambda: debye_profile(positions, BINS), repeats=5)
        mesh, aligned = seconds(lambda: mesh_profile(positions, BINS))
        print(
            f"| {len(positions):,} | {debye:.3f} | {mesh:.1f} | {largest_difference(aligned, profile):.0%} "
            f"| {aligned.sum() / profile.sum() - 1:+.0e} |",
            flush=True,
        )


def exactness():
    with np.load(LAMMPS) as stored:
        positions, spacing, theirs = stored["positions"], float(stored["dk"]), stored["lammps_6000"]
    ours = mesh_profile(positions, np.linspace(30, 90, 6001), spacing=spacing) / spacing**3
    print(f"\nMesh, 6,000 bins, against LAMMPS: {largest_difference(ours, theirs):.1e} of the maximum")
    edges, turns = np.linspace(30, 90, 61), Rotation.random(ORIENTATIONS, rng=np.random.default_rng(0))
    mesh = np.mean([mesh_profile(turn.apply(positions), edges) for turn in turns], axis=0)
    error = largest_difference(debye_profile(positions, edges), mesh)
    print(f"Debye, 60 bins, against the mesh averaged over {ORIENTATIONS} orientations: {error:.2%} of the maximum")


def vibrations(rng):
    velocities = rng.normal(size=(400, 4000, 3))
    elapsed, _ = seconds(lambda: vibrational_density_of_states(velocities, 10.0), repeats=3)
    print(f"Density of states of 4,000 atoms from 400 steps: {elapsed:.2f} s")


def generation():
    sample = AtomisticSample.model_validate(
        {"name": "gold", "technique": "xrd+vdos", "simulation": {"structures": 40, "atoms": 800}}
    )
    model = MolecularDynamics(sample, MolecularDynamicsParameters())
    model.generate(np.array([[0.0]]))  # imports
    start = time.process_time()
    model.generate(np.arange(1.0, 41.0)[:, np.newaxis])
    each = (time.process_time() - start) / 40
    print(
        f"Structure of 800 atoms with both spectra: {each:.2f} s of one core, {2 * 1800 / each:,.0f} in 30 min on two"
    )


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    times(rng)
    exactness()
    vibrations(rng)
    generation()
