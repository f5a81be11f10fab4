"""How fast the RUS forward model is, as ratios measured in one process.

Run with ``python benchmarks/rus_forward.py``. The yardstick is what a straightforward program does: one dense
generalised eigenproblem of the whole order for each spectrum. Figures of other programs are quoted, not measured here.
"""

import time

import numpy as np
import trimesh
from scipy import linalg

from spectra.plugins.rus import SYMMETRIES, Mesh, RayleighRitz, box_basis, cylinder_basis, mesh_basis, reduce_model
from spectra.plugins.rus.bodies.triangulation import check_mesh
from spectra.plugins.rus.modes.rayleigh_ritz import elastic_matrix, gradient_products
from spectra.plugins.rus.threads import one_blas_thread


def seconds(function, repeats=1):
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def grid(*axes):
    return 1e9 * np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def steel(order):
    return cylinder_basis(2.38e-3, 3.45e-3, order)


def strontium_titanate(order):
    return box_basis((1.49e-3, 2.035e-3, 3.02e-3), order)


def cerium_yag(order):
    return cylinder_basis(3e-3, 4e-3, order)


CASES = {  # body, symmetry, density, one set of moduli (GPa), highest frequency (Hz), orders
    "steel cylinder": (steel, "isotropic", 7818.0, [270, 80], 1.3e6, (8, 10, 12, 14)),
    "SrTiO3 box": (strontium_titanate, "cubic", 5110.0, [316.566, 102.823, 121.914], 3.0e6, (8, 10, 12, 14)),
}
SETS = {  # body, symmetry, density, grid (GPa), highest frequency (Hz), order
    "steel, 201 x 101": (steel, "isotropic", 7818.0, (np.arange(170, 371), np.arange(30, 131)), 1.3e6, 22),
    "cubic cylinder, 21^3": (
        cerium_yag,
        "cubic",
        4550.0,
        (np.linspace(270, 370, 21), np.linspace(60, 160, 21), np.linspace(60, 160, 21)),
        1.0e6,
        16,
    ),
}


def dense_seconds(basis, symmetry, density, moduli):
    stiffness = elastic_matrix(gradient_products(basis), symmetry.stiffness(moduli)).toarray() / density
    mass = np.eye(len(stiffness))
    with one_blas_thread():  # two, on a busy machine, wait for each other
        return seconds(lambda: linalg.eigh(stiffness, mass, eigvals_only=True))


def one_spectrum():
    print("| case | order | set-up (ms) | one spectrum (ms) | with gradients (ms) | dense eigh (ms) | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (body, symmetry_name, density, moduli, highest, orders) in CASES.items():
        symmetry, moduli = SYMMETRIES[symmetry_name], 1e9 * np.array(moduli, dtype=float)
        many = np.repeat(moduli[None], 100, axis=0)
        for order in orders:
            set_up = seconds(lambda: RayleighRitz(body(order), symmetry, density), repeats=3)
            model = RayleighRitz(body(order), symmetry, density)
            each = seconds(lambda: model.frequencies(many, highest=highest), repeats=3) / len(many)
            gradients = seconds(lambda: model.modes(moduli, highest=highest), repeats=5)
            dense = dense_seconds(body(order), symmetry, density, moduli)
            numbers = " | ".join(f"{1e3 * value:.2f}" for value in (set_up, each, gradients, dense))
            print(f"| {name} | {order} | {numbers} | {dense / each:.0f} |", flush=True)


def whole_sets():
    print("\n| data set | points | order | largest block | set-up (s) | all spectra (s) | checked error | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (body, symmetry_name, density, axes, highest, order) in SETS.items():
        symmetry, moduli = SYMMETRIES[symmetry_name], grid(*axes)
        moduli = moduli[symmetry.is_stable(moduli)]
        start = time.perf_counter()
        model = RayleighRitz(body(order), symmetry, density)
        reduced = reduce_model(model, moduli, highest=highest, accuracy=1e-6)
        set_up = time.perf_counter() - start
        every = seconds(lambda: reduced.frequencies(moduli))
        dense = dense_seconds(body(order), symmetry, density, moduli[len(moduli) // 2])
        block = f"{max(len(b.matrices[0]) for b in model.blocks)} -> {max(len(b.matrices[0]) for b in reduced.blocks)}"
        ratio = dense / ((set_up + every) / len(moduli))
        print(
            f"| {name} | {len(moduli):,} | {order} | {block} | {set_up:.1f} | {every:.1f} | {reduced.error:.0e} "
            f"| {ratio:.0f} |",
            flush=True,
        )


def potato(rings):
    """Return a closed surface without any symmetry."""
    sphere = trimesh.creation.uv_sphere(count=[rings, 2 * rings])
    x, y, z = sphere.vertices.T
    radius = 1 + 0.15 * x * y + 0.1 * z**3 - 0.08 * x**2
    return Mesh(vertices=sphere.vertices * radius[:, None] * [2e-3, 1.5e-3, 1e-3], faces=np.array(sphere.faces))


def meshes(order=12):
    print("\n| triangles | check (s) | basis (s) | assembly (s) | one spectrum (s) | with gradients (s) |")
    print("| --- | --- | --- | --- | --- | --- |")
    symmetry = SYMMETRIES["triclinic"]
    stiffness = 1e9 * (np.diag([140, 130, 150, 80, 70, 90]) + 100 * np.pad(np.ones((3, 3)), (0, 3)))
    stiffness += 1e9 * np.random.default_rng(0).uniform(-5, 5, (6, 6))
    moduli = np.array([(stiffness + stiffness.T).ravel() @ v.ravel() / (2 * (v**2).sum()) for v in symmetry.basis])
    for rings in (36, 51):
        mesh = potato(rings)
        checked = seconds(lambda: check_mesh(mesh))
        made = seconds(lambda: mesh_basis(mesh, order))
        basis = mesh_basis(mesh, order)
        assembled = seconds(lambda: RayleighRitz(basis, symmetry, 8000.0))
        model = RayleighRitz(basis, symmetry, 8000.0)
        each = seconds(lambda: model.frequencies(moduli[None]), repeats=3)
        gradients = seconds(lambda: model.modes(moduli))
        numbers = " | ".join(f"{value:.2f}" for value in (checked, made, assembled, each, gradients))
        print(f"| {len(mesh.faces):,} | {numbers} |", flush=True)


if __name__ == "__main__":
    one_spectrum()
    whole_sets()
    meshes()
