"""One search: when it ends, which point it takes, and what no other is better than."""

import numpy as np
import pytest

from spectra.core.workflows.designs.search import Aim, Found, Worth, search


class InOrder:
    """Asks for 0, 1, 2 … three at a time."""

    def begin(self, starts, *, bounded, rng):
        self.next, self.losses = 0, []
        return self

    def ask(self):
        self.population = np.arange(self.next, self.next + 3, dtype=float)[:, None]
        self.next += 3
        return self.population if self.next <= 30 else self.population[:0]

    def tell(self, points, losses):
        self.losses.append(losses)


def aim(value, **changes):
    return Aim(**({"value": value, "scale": 2.0, "tolerance": 0.1, "reach": 5.0, "evaluations": 1000} | changes))


def worth(values, distances=None):
    values = np.asarray(values, dtype=float)
    distances = np.zeros(len(values)) if distances is None else np.asarray(distances, dtype=float)
    return Worth(values=values, spreads=np.ones(len(values)), distances=distances)


def found(optimizer, evaluate, wanted):
    return search(optimizer, evaluate, np.zeros((1, 1)), aim=wanted, bounded=False, rng=np.random.default_rng(0))


def identity(points):
    return worth(points[:, 0])


@pytest.mark.parametrize(
    ("wanted", "evaluations"),
    [(aim(7.0), 9), (aim(7.5), 30), (aim(7.5, evaluations=10), 12), (aim(0.05), 3)],
)
def test_a_search_ends_with_the_generation_in_which_a_point_is_good(wanted, evaluations):
    assert found(InOrder(), identity, wanted).evaluations == evaluations


def test_a_point_that_reaches_the_target_far_from_real_ones_does_not_end_a_search():
    result = found(InOrder(), lambda points: worth(points[:, 0] % 10, 10 - points[:, 0] / 3), aim(2.0))
    assert result.evaluations == 24  # 2 is too far, 12 is not (6 …), 22 is near
    assert result.points[aim(2.0).best(result.worth)] == 22


def test_losses_are_deviations_in_units_of_the_scale_and_finite():
    optimizer = InOrder()
    found(optimizer, lambda points: worth(np.where(points[:, 0] == 1, np.nan, points[:, 0])), aim(5.0, evaluations=3))
    assert optimizer.losses[0][[0, 2]].tolist() == [2.5, 1.5]
    assert optimizer.losses[0][1] > 1e3


def test_the_trace_has_mean_and_deviation_of_each_population():
    trace = found(InOrder(), identity, aim(5.0)).trace
    assert trace == pytest.approx(np.array([[3, 1, np.std([0, 1, 2])], [6, 4, np.std([0, 1, 2])]]))


def test_of_points_that_reach_the_target_the_most_real_one_is_taken_else_the_closest():
    points = worth([1.0, 3.05, 2.94, 3.2], [0.0, 4.0, 3.0, 1.0])
    assert aim(3.0).best(points) == 2
    assert aim(3.0, tolerance=0.01).best(points) == 1
    assert aim(4.0).best(points) == 3
    assert aim(9.0).best(worth([np.nan, 1.0])) == 1


def test_the_front_holds_what_no_other_is_better_than_in_both():
    points = worth([3.5, 3.2, 3.4, 3.0, 3.1, np.nan], [1.0, 2.0, 3.0, 4.0, 5.0, 0.0])
    result = Found(points=np.zeros((6, 1)), worth=points, trace=np.zeros((1, 3)))
    assert result.front(aim(3.0)).tolist() == [0, 1, 3]


def test_a_search_survives_a_file():
    result = found(InOrder(), identity, aim(5.0))
    again = Found.from_arrays(result.to_arrays())
    assert again.to_arrays().keys() == result.to_arrays().keys()
    assert all(np.array_equal(again.to_arrays()[name], array) for name, array in result.to_arrays().items())
