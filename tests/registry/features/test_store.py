"""Feature spaces on record: state, parts, failures; and what goes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.progress import Silent
from spectra.core.store import FailureRecord, FeatureSpaceRecord
from spectra.registry.checking import check
from spectra.registry.features.store import MOST_PARTS
from spectra.registry.garbage import collect, find_garbage
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def space(registry: Registry, digest: str = "sha256:space", state: bytes = b"state") -> FeatureSpaceRecord:
    return registry.features.add_space(
        digest=digest, document={"encoder": {"name": "toy"}}, state=state, environment={"spectra": "0.1.0"}
    )


def rows(*numbers: float) -> np.ndarray:
    return np.array([[number, -number] for number in numbers], dtype=np.float32)


def test_a_space_is_made_once_and_found_by_its_recipe(registry: Registry) -> None:
    made = space(registry)
    assert space(registry, state=b"another") == made == registry.features.find_space("sha256:space")
    assert registry.read_artefact(made.artefact) == b"state"
    assert registry.features.find_space("sha256:other") is None
    assert registry.features.get_space(made.id[:5]) == made
    with pytest.raises(NotFoundError, match="no feature space"):
        registry.features.get_space("zzzz")


def test_features_come_back_as_they_were_put(registry: Registry, reopen: Callable[[], Registry]) -> None:
    one = space(registry)
    registry.features.add_features(one, {"a": rows(1), "b": rows(2, 3)})
    registry.features.add_features(one, {"c": rows(4), "a": rows(5)})  # as of two processes at once
    with reopen() as other:
        found = other.features.features(one)
    assert {content: features.tolist() for content, features in found.items()} == {
        "a": [[5, -5]],
        "b": [[2, -2], [3, -3]],
        "c": [[4, -4]],
    }
    assert found["a"].dtype == np.float32
    assert registry.features.features(space(registry, "sha256:other")) == {}


def test_many_small_parts_are_joined_and_nothing_is_lost(registry: Registry) -> None:
    one = space(registry)
    for number in range(MOST_PARTS + 2):
        registry.features.add_features(one, {str(number): rows(number)})
    found = registry.features.features(one)
    assert [found[str(number)][0, 0] for number in range(MOST_PARTS + 2)] == list(range(MOST_PARTS + 2))
    assert registry.features.get_space(one.id).rows == MOST_PARTS + 2
    later = datetime.now(UTC) + timedelta(days=9)
    assert len(collect(registry, now=later).artefacts) == MOST_PARTS + 1  # the parts that were joined
    assert registry.features.features(one).keys() == found.keys()
    assert not check(registry, Silent()).faults


def test_failures_are_on_record_until_they_are_forgotten(registry: Registry) -> None:
    one = space(registry)
    failure = FailureRecord(content="a", name="bomb.png", reason="too large")
    registry.features.add_failures(one, [failure, FailureRecord(content="b", name="a.txt", reason="no picture")])
    registry.features.add_failures(one, [failure])
    assert [found.name for found in registry.features.failures(one)] == ["a.txt", "bomb.png"]
    assert registry.features.get_space(one.id).failed == 2
    registry.features.forget_failures(one)
    assert registry.features.failures(one) == []


def test_a_deleted_space_takes_its_features_with_it(registry: Registry) -> None:
    one = space(registry)
    registry.features.add_features(one, {"a": rows(1)})
    registry.features.add_failures(one, [FailureRecord(content="b", name="b", reason="c")])
    registry.features.delete_space(one)
    assert registry.features.spaces() == []
    assert len(find_garbage(registry).artefacts) == 2


def test_the_newest_undoubted_prediction_says_what_a_measurement_was(registry: Registry, put: Filler) -> None:
    prediction = put.prediction()
    found = registry.features.latest_quantities([prediction.measurement_id, "zzz"])
    assert {q.name: q.value for q in found[prediction.measurement_id]} == {"C11": 271.25, "C44": 130.0}
    assert list(found) == [prediction.measurement_id]


def test_labels_are_keys_of_measurements_and_their_predictions(registry: Registry, put: Filler) -> None:
    nickel = put.measurement(tags=("material=Ni-Cr", "fresh"))
    found = registry.list_measurements("material=Ni*")
    assert [record.id for record in found] == [nickel.id]
    assert not registry.list_measurements('material="Ni*"')
    assert len(registry.list_measurements("material!=Ni*")) == 0
    assert registry.list_measurements("material=Ni-Cr|steel").ids == [nickel.id]
    assert "the label material is like 'Ni*'" in registry.explain("measurements", "material=Ni*")[0]
    with pytest.raises(UsageError, match="'materail' is no key") as caught:
        registry.list_measurements("materail=Ni")
    assert "Did you mean 'material'?" in str(caught.value.hint)
    with pytest.raises(UsageError, match="cannot be sorted by 'material'"):
        registry.list_measurements(sort="material")
    prediction = put.prediction()
    assert prediction.measurement_id == nickel.id
    assert registry.list_predictions("material=Ni*").ids == [prediction.id]
