"""Two of a kind side by side."""

import math

import pytest

from spectra.core.quantities import EstimatedQuantity, final
from spectra.core.workflows.comparison import Difference, differences, leaves, pairs


def quantity(value, std=1.0, name="C11", unit="GPa", method="refined"):
    return EstimatedQuantity(name=name, unit=unit, method=method, value=value, std=std, note="" if std else "unknown")


def test_a_difference_is_measured_in_the_errors_of_both():
    (pair,) = pairs([quantity(270.0, 3.0)], [quantity(275.0, 4.0)])
    assert (pair.difference, pair.deviations) == (5.0, 1.0)


def test_units_that_convert_are_converted_and_others_are_not_compared():
    (pair,) = pairs([quantity(0.27, 0.003, unit="TPa")], [quantity(275.0, 4.0)])
    assert pair.difference == pytest.approx(0.005)
    assert pair.deviations == pytest.approx(1.0)
    (pair,) = pairs([quantity(270.0, unit="GPa")], [quantity(270.0, unit="m/s")])
    assert (pair.difference, pair.deviations) == (None, None)
    (pair,) = pairs([quantity(270.0, unit="a.u.")], [quantity(271.0, unit="counts")])
    assert pair.difference is None


def test_what_is_missing_or_without_error_has_no_deviation():
    found = pairs([quantity(270.0, None), quantity(1.0, name="nu")], [quantity(271.0), quantity(80.0, name="C44")])
    assert [(p.name, p.difference, p.deviations) for p in found] == [
        ("C11", 1.0, None),
        ("nu", None, None),
        ("C44", None, None),
    ]
    assert found[1].second is None
    assert found[2].first is None
    (exact,) = pairs([quantity(1.0, 0.0)], [quantity(1.0, 0.0)])
    assert (exact.difference, exact.deviations) == (0.0, None)


def test_facts_differ_by_their_place_and_a_missing_one_is_none():
    first = {"shape": {"cylinder": {"height": "3 mm", "diameter": "4 mm"}}, "ranges": [1, 2], "same": math.pi}
    second = {"shape": {"box": {"a": "3 mm"}}, "ranges": [1, 3], "same": math.pi}
    assert differences(first, second) == (
        Difference(key="shape.cylinder.height", first="3 mm", second=None),
        Difference(key="shape.cylinder.diameter", first="4 mm", second=None),
        Difference(key="ranges", first=[1, 2], second=[1, 3]),
        Difference(key="shape.box.a", first=None, second="3 mm"),
    )
    assert leaves({}) == {}


def test_an_answer_stands_for_refined_values_and_for_the_networks_where_there_are_none():
    refined, network = quantity(270.0), quantity(268.0, method="learned")
    alone, derived = quantity(80.0, name="C44", method="learned"), quantity(0.3, name="nu", method="derived")
    assert final([refined, network, alone, derived]) == (refined, alone, derived)
