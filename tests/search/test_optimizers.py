"""Optimizers against functions whose lowest point is known, and the genetic operators against the paper's numbers."""

import numpy as np
import pytest

from spectra.plugins.search.evolution_strategy import EvolutionStrategy, EvolutionStrategyParameters
from spectra.plugins.search.genetic import GeneticAlgorithm, GeneticParameters


def sphere(points):
    return np.sum((points - 0.3) ** 2, axis=1)


def rosenbrock(points):
    """Rosenbrock (1960): a bent valley, 0 at (1, 1, …)."""
    return np.sum(100 * (points[:, 1:] - points[:, :-1] ** 2) ** 2 + (1 - points[:, :-1]) ** 2, axis=1)


def searched(optimizer, loss, starts, *, bounded=False, seed=0, evaluations=20_000):
    """Return all points that were asked for, generation by generation."""
    optimizer.begin(np.asarray(starts, dtype=float), bounded=bounded, rng=np.random.default_rng(seed))
    asked = []
    while sum(map(len, asked)) < evaluations and len(points := optimizer.ask()):
        asked.append(points.copy())
        optimizer.tell(points, loss(points))
    return asked


def strategy(**parameters):
    return EvolutionStrategy(EvolutionStrategyParameters(prior=0, **parameters))


def genetic(**parameters):
    return GeneticAlgorithm(GeneticParameters(**parameters))


# CMA-ES


@pytest.mark.parametrize(("loss", "lowest"), [(sphere, 0.3), (rosenbrock, 1.0)])
def test_cma_finds_the_lowest_point(loss, lowest):
    asked = searched(strategy(), loss, np.full((1, 6), -1.5))
    assert asked[-1].mean(axis=0) == pytest.approx(np.full(6, lowest), abs=1e-4)


def test_cma_needs_as_many_evaluations_on_the_sphere_as_is_published():
    """Hansen, arXiv:1604.00772 and his page: about 10 n to 100 n in n dimensions, n = 20, for ten digits."""
    asked = np.concatenate(searched(strategy(), sphere, np.zeros((1, 20))))
    first = np.argmax(sphere(asked) < 1e-10 * sphere(asked[:1]))
    assert 10 * 20 < first < 200 * 20


@pytest.mark.parametrize("corner", [0.0, 1.0])
@pytest.mark.parametrize("make", [strategy, genetic])
def test_bounds_hold_and_a_lowest_point_on_them_is_found(make, corner):
    asked = np.concatenate(
        searched(
            make(), lambda points: np.sum(np.abs(points - 2 * corner + 0.5), axis=1), np.full((3, 2), 0.5), bounded=True
        )
    )
    assert asked.min() >= 0
    assert asked.max() <= 1
    assert np.abs(asked - corner).max(axis=1).min() < 1e-3


def test_the_prior_is_that_of_its_parameters():
    """Where nothing else counts, codes are pulled to ‖z‖²/d = 0.6, and no farther."""
    optimizer = EvolutionStrategy(EvolutionStrategyParameters(step=0.1))
    asked = searched(optimizer, lambda points: np.zeros(len(points)), np.full((1, 10), 2.0), evaluations=600)
    lengths = [np.mean(points**2) for points in asked]
    assert lengths[0] == pytest.approx(4)
    assert 0.2 < lengths[-1] < 0.65  # below 0.6 it is free to drift


# Genetic algorithm


def generations(count=4000, dimensions=40):
    """Return a population of known members with its generations of new structures; the losses leave it as it is."""
    rng = np.random.default_rng(1)
    members = rng.normal(0, 1, (10, dimensions))
    optimizer = genetic(generations=count).begin(members, bounded=False, rng=np.random.default_rng(2))
    assert optimizer.ask() == pytest.approx(members)
    optimizer.tell(members, np.zeros(10))
    born = [optimizer.ask() for _ in range(count)]
    assert not len(optimizer.ask())
    return members, np.array(born)


@pytest.fixture(scope="module")
def born():
    return generations()


def weights(members, children):
    """Return w of each child w P + (1 − w) Q, of the pair of members that it lies on a line with."""
    found = []
    for child in children:
        best = (np.inf, np.nan)
        for i, p in enumerate(members):
            w = ((child - members) * (p - members)).sum(axis=1) / np.maximum(((p - members) ** 2).sum(axis=1), 1e-300)
            off = ((w[:, None] * p + (1 - w[:, None]) * members - child) ** 2).sum(axis=1)
            off[i] = np.inf
            best = min(best, (off.min(), w[off.argmin()]))
        assert best[0] < 1e-18
        found.append(best[1])
    return np.array(found)


def test_children_interpolate_and_extrapolate_with_the_weights_of_the_paper(born):
    members, new = born
    inner = weights(members, new[:1000, 0])
    # P and Q are a random pair, so that w and 1 − w cannot be told apart
    assert np.sqrt(np.mean((inner - 0.5) ** 2)) == pytest.approx(0.2, abs=0.015)
    assert np.mean(np.abs(inner - 0.5)) == pytest.approx(0.2 * np.sqrt(2 / np.pi), abs=0.015)
    outer = weights(members, new[:1000, 1])
    outer = np.where(outer < 0.5, 1 - outer, outer)
    assert outer.mean() == pytest.approx(1.5, abs=0.03)
    assert outer.std() == pytest.approx(0.2, abs=0.015)


def test_specialists_are_members_times_the_factor_of_the_paper(born):
    members, new = born
    factors = (new[:, 2, None, :] * members).sum(axis=2) / (members**2).sum(axis=1)
    off = ((factors[..., None] * members - new[:, 2, None, :]) ** 2).sum(axis=2)
    which = off.argmin(axis=1)
    assert off.min(axis=1).max() < 1e-20
    factor = factors[np.arange(len(new)), which]
    assert factor.mean() == pytest.approx(1.5, abs=0.015)
    assert factor.std() == pytest.approx(0.2, abs=0.01)
    assert np.bincount(which, minlength=10) == pytest.approx(np.full(10, len(new) / 10), rel=0.2)


def test_immigrants_are_uniform_from_minus_five_to_five(born):
    _, new = born
    assert new[:, 3].min() == pytest.approx(-5, abs=0.01)
    assert new[:, 3].max() == pytest.approx(5, abs=0.01)
    assert new[:, 3].mean() == pytest.approx(0, abs=0.05)
    assert new[:, 3].std() == pytest.approx(10 / np.sqrt(12), rel=0.01)


def mutations(spread):
    """Return the share of numbers that are mutated, and by how much, in a population whose losses spread so much."""
    members = np.random.default_rng(1).normal(0, 1, (10, 200))
    optimizer = genetic(generations=500).begin(members, bounded=False, rng=np.random.default_rng(2))
    optimizer.tell(optimizer.ask(), np.linspace(0, spread, 10))
    new = np.array([optimizer.ask()[4] for _ in range(500)])
    changes = new[:, None] - members
    which = (changes == 0).sum(axis=2).argmax(axis=1)
    changes = changes[np.arange(len(new)), which]
    return np.mean(changes != 0), changes[changes != 0].std()


def test_mutation_grows_in_chance_and_size_as_the_population_converges():
    chances, sizes = zip(*map(mutations, (9.0, 1.0, 0.0)), strict=True)
    assert chances == pytest.approx((0.05, 0.25, 0.5), rel=0.05)
    assert sizes == pytest.approx((0.1, 0.5, 1.0), rel=0.05)


def test_competition_discards_the_three_least_fit_and_two_at_random_but_never_the_best():
    fates = np.zeros(15)
    for seed in range(2000):
        members = np.arange(10.0)[:, None]
        optimizer = genetic().begin(members, bounded=False, rng=np.random.default_rng(seed))
        optimizer.tell(optimizer.ask(), np.arange(10.0))
        optimizer.tell(np.arange(10.0, 15.0)[:, None], np.arange(10.0, 15.0))
        assert len(optimizer.population) == 10
        fates[optimizer.population[:, 0].astype(int)] += 1
    assert fates[0] == 2000
    assert not fates[12:].any()
    assert fates[1:12] / 2000 == pytest.approx(np.full(11, 9 / 11), abs=0.04)


def test_the_genetic_algorithm_needs_five_evaluations_in_each_of_250_generations():
    asked = searched(genetic(), sphere, np.random.default_rng(0).normal(0, 1, (10, 4)))
    assert [len(points) for points in asked] == [10] + [5] * 250


def test_the_genetic_algorithm_comes_closer_than_its_first_population():
    asked = searched(genetic(), sphere, np.random.default_rng(0).normal(0, 1, (10, 3)))
    assert sphere(np.concatenate(asked)).min() < 0.02 * sphere(asked[0]).min()


def test_missing_starts_are_filled_up_with_immigrants():
    optimizer = genetic().begin(np.zeros((2, 3)), bounded=False, rng=np.random.default_rng(0))
    assert (np.abs(optimizer.ask()).max(axis=1) > 0).tolist() == [False] * 2 + [True] * 8


# Both


@pytest.mark.parametrize("make", [strategy, genetic])
@pytest.mark.parametrize("bounded", [False, True])
def test_a_seed_repeats_a_search_and_numpys_own_generator_is_left_alone(make, bounded):
    starts = np.random.default_rng(0).random((10, 3))
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again = (
        np.concatenate(searched(make(), sphere, starts, bounded=bounded, evaluations=200)) for _ in range(2)
    )
    assert np.array_equal(first, again)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002
    other = np.concatenate(searched(make(), sphere, starts, bounded=bounded, seed=1, evaluations=200))
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("make", [strategy, genetic])
def test_one_number_can_be_searched_for_alone(make):
    asked = np.concatenate(searched(make(), sphere, np.full((1, 1), 0.9), bounded=True))
    assert np.abs(asked - 0.3).min() < 1e-3
