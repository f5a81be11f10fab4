"""How fast the RUS forward model is, as ratios measured in one process.

Run with ``python benchmarks/rus_forward.py``. The yardstick is what a straightforward program does: one dense
generalised eigenproblem of the whole order for each spectrum.
"""

import time

import numpy as np
from scipy import linalg

from spectra.plugins.rus.basis import box_basis
from spectra.plugins.rus.elasticity import SYMMETRIES
from spectra.plugins.rus.rayleigh_ritz import RayleighRitz, _elastic_matrices
from spectra.plugins.rus.shapes import cylinder_basis

CASES = {
    "steel cylinder": (
        lambda order: cylinder_basis(2.38e-3, 3.45e-3, order),
        SYMMETRIES["isotropic"],
        7818.0,
        [(170e9, 370e9), (30e9, 120e9)],
        1.3e6,
    ),
    "SrTiO3 box": (
        lambda order: box_basis((1.49e-3, 2.035e-3, 3.02e-3), order),
        SYMMETRIES["cubic"],
        5110.0,
        [(220e9, 420e9), (70e9, 135e9), (85e9, 165e9)],
        3.0e6,
    ),
}


def seconds(function, repeats=1):
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    print("| case | order | set-up (ms) | spectrum (ms) | with derivatives (ms) | dense eigh (ms) | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (make_basis, symmetry, density, ranges, highest) in CASES.items():
        for order in (10, 12, 14):
            set_up = seconds(lambda: RayleighRitz(make_basis(order), symmetry, density), repeats=3)
            model = RayleighRitz(make_basis(order), symmetry, density)
            low, high = np.array(ranges).T
            moduli = np.random.default_rng(0).uniform(low, high, (200, len(low)))
            moduli = moduli[symmetry.is_stable(moduli)]
            each = seconds(lambda: model.frequencies(moduli, highest=highest), repeats=2) / len(moduli)
            derivatives = seconds(lambda: model.modes(moduli[0], highest=highest), repeats=5)
            matrices = _elastic_matrices(make_basis(order), symmetry, density)
            whole = sum(c * matrix.toarray() for c, matrix in zip(moduli[0], matrices, strict=True))
            mass = np.eye(len(whole))
            dense = seconds(lambda: linalg.eigh(whole, mass, eigvals_only=True))
            numbers = [f"{1e3 * value:.2f}" for value in (set_up, each, derivatives, dense)]
            print(f"| {name} | {order} | {' | '.join(numbers)} | {dense / each:.0f} |", flush=True)


if __name__ == "__main__":
    main()
