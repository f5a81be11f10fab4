"""The Cramér-Rao bound against refits of lists with drawn errors, against scaling laws, and its edges."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import least_squares

from spectra.plugins.rus import SYMMETRIES, RayleighRitz, box_basis
from spectra.plugins.rus.planning.information import Lines, deviations, next_lines

ORDER, COUNT = 4, 20
TRUE = np.array([110e9, 27e9])  # C11 and C44
SIDES, DENSITY = np.array([4e-3, 5e-3, 6e-3]), 2700.0


def frequencies(moduli, sides, density):
    model = RayleighRitz(box_basis(tuple(sides), ORDER), SYMMETRIES["isotropic"], density)
    return model.frequencies(np.asarray(moduli)[None], workers=1)[0, :COUNT]


@pytest.fixture(scope="module", name="model")
def fixture_model():
    return RayleighRitz(box_basis(tuple(SIDES), ORDER), SYMMETRIES["isotropic"], DENSITY)


def lines_of(model, moduli, *, length_error, mass_error):
    """The lines with their slopes, moduli in units of 1 GPa; density is mass over volume."""
    modes = model.modes(moduli, highest=np.inf)
    f = modes.frequencies[:, None]
    by_length = model.stretch_derivatives(modes, moduli) / f + 0.5
    nuisances = np.concatenate([by_length * length_error, np.full((len(f), 1), -0.5 * mass_error)], axis=1)
    lines = Lines.from_modes(modes.frequencies, 1e9 * modes.derivatives / f, nuisances, modes.labels)
    return lines.taken(slice(COUNT))


def refitted(model, observed, *, error):
    """The moduli in GPa by least squares of ln f."""

    def residuals(x):
        return np.log(model.linearize(1e9 * x)[0][:COUNT] / observed) / error

    def jacobian(x):
        f, slopes = model.linearize(1e9 * x)
        return (1e9 * slopes / f[:, None])[:COUNT] / error

    return least_squares(residuals, 1e-9 * TRUE, jac=jacobian, max_nfev=3).x


def refitted_with_lengths(observed, *, error, priors):
    """The same by lengths and mass as well, each within its error."""

    def residuals(x):
        changes = x[2:] * priors
        density = DENSITY * np.exp(changes[3] - changes[:3].sum())
        f = frequencies(1e9 * x[:2], SIDES * np.exp(changes[:3]), density)
        return np.concatenate([np.log(f / observed) / error, x[2:]])

    return least_squares(residuals, np.concatenate([1e-9 * TRUE, np.zeros(4)]), max_nfev=6).x[:2]


def scatter_over_bound(scatter, bound):
    return np.abs(scatter / bound - 1).max()


def test_refits_of_lists_with_drawn_errors_scatter_as_the_bound_says(model):
    rng, error = np.random.default_rng(1), 3e-4
    exact = frequencies(TRUE, SIDES, DENSITY)
    found = [refitted(model, exact * np.exp(rng.normal(0, error, COUNT)), error=error) for _ in range(300)]
    bound = deviations(lines_of(model, TRUE, length_error=0, mass_error=0), error).lines
    assert scatter_over_bound(np.std(found, axis=0), bound) < 0.13  # three standard errors of 300


@pytest.mark.slow  # 5 and 60 CPU seconds
@pytest.mark.parametrize("fitted", [False, True])
def test_lengths_and_mass_that_are_wrong_cost_what_is_said_ignored_as_well_as_fitted(model, fitted):
    rng, error, length_error, mass_error, draws = np.random.default_rng(2), 3e-4, 1e-3, 5e-4, 200
    priors = np.array([length_error] * 3 + [mass_error])
    found = []
    for _ in range(draws):
        changes = rng.normal(0, priors)
        density = DENSITY * np.exp(changes[3] - changes[:3].sum())
        observed = frequencies(TRUE, SIDES * np.exp(changes[:3]), density) * np.exp(rng.normal(0, error, COUNT))
        if fitted:
            found.append(refitted_with_lengths(observed, error=error, priors=priors))
        else:
            found.append(refitted(model, observed, error=error))
    bounds = deviations(lines_of(model, TRUE, length_error=length_error, mass_error=mass_error), error)
    assert scatter_over_bound(np.std(found, axis=0), bounds.fitted if fitted else bounds.ignored) < 0.16


def test_what_the_mass_is_wrong_by_every_modulus_is_wrong_by(model):
    found = deviations(lines_of(model, TRUE, length_error=0, mass_error=0.01), 1e-3)
    for part in (found.ignored, found.fitted):
        np.testing.assert_allclose(part**2 - found.lines**2, (0.01e-9 * TRUE) ** 2, rtol=1e-6)


def test_fitting_lengths_never_costs_more_than_ignoring_them(model):
    found = deviations(lines_of(model, TRUE, length_error=2e-3, mass_error=1e-3), 1e-3)
    assert (found.lines <= found.fitted).all()
    assert (found.fitted <= found.ignored * (1 + 1e-9)).all()
    assert found.fitted[0] < 0.97 * found.ignored[0]


def test_a_multiplet_counts_once():
    slopes = np.array([[1.0, 0.0], [0.2, 0.4], [0.2, 0.4], [0.0, 1.0]])
    lines = Lines.from_modes(np.array([1.0, 2.0, 2.0, 3.0]), slopes, np.zeros((4, 0)), ("A", "EX", "EY", "B"))
    assert len(lines) == 3
    assert lines.labels == ("A", "EX+EY", "B")
    assert lines.degeneracies.tolist() == [1, 2, 1]
    expected = np.sqrt(np.diag(np.linalg.inv(slopes[[0, 1, 3]].T @ slopes[[0, 1, 3]])))
    np.testing.assert_allclose(deviations(lines, 1.0).lines, expected)


def test_what_moves_no_line_is_not_determined_and_the_rest_is():
    slopes = np.array([[0.5, 0.0, 0.1], [0.3, 0.0, 0.4], [0.2, 0.0, 0.2]])
    found = deviations(Lines.from_modes(np.arange(1.0, 4), slopes, np.zeros((3, 1)), ("",) * 3), 1e-3)
    for part in (found.lines, found.ignored, found.fitted):
        assert np.isnan(part).tolist() == [False, True, False]


def test_fewer_lines_than_quantities_leave_those_undetermined_that_only_combinations_of_are_known():
    slopes = np.array([[0.4, 0.1]])
    found = deviations(Lines.from_modes(np.ones(1), slopes, np.zeros((1, 0)), ("",)), 1e-3)
    assert np.isnan(found.lines).all()


def test_the_next_line_is_the_one_that_trying_all_finds(model):
    lines = lines_of(model, TRUE, length_error=0, mass_error=0)
    lines = replace(lines, slopes=lines.slopes * [60.0, 20.0])  # GPa, the searched ranges
    measured = np.arange(len(lines)) < 8
    first, second = next_lines(lines, measured, 1e-3, 2)

    def deviations_with(*places):
        chosen = measured.copy()
        chosen[list(places)] = True
        return np.log(deviations(lines.taken(chosen), 1e-3).lines).sum()

    left = range(8, len(lines))
    assert first == min(left, key=deviations_with)
    assert second == min((k for k in left if k != first), key=lambda k: deviations_with(first, k))
