"""Tags, notes, aliases, retiring and deleting: what people change on record."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from spectra.core.errors import InputError, NotFoundError
from spectra.core.store import AnnotatedRecord
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def one_of_each(registry: Registry, put: Filler) -> list[AnnotatedRecord]:
    prediction = put.prediction()
    model = registry.get_model(prediction.model_id)
    return [
        registry.get_sample(model.sample_id),
        model,
        registry.get_measurement(prediction.measurement_id),
        prediction,
    ]


def test_tags_come_and_go_on_everything_that_carries_them(registry: Registry, put: Filler) -> None:
    for record in one_of_each(registry, put):
        tagged = registry.curation.tag(record.id, ["paper", "final", "paper"])
        assert tagged.tags == ("final", "paper")
        assert registry.get_any(record.id) == tagged
        assert registry.curation.tag(record.id, ["final"]).tags == ("final", "paper")
        assert registry.curation.untag(record.id, ["paper"]).tags == ("final",)
        with pytest.raises(NotFoundError, match=r"has no tag 'papr'; its tags are 'final'\."):
            registry.curation.untag(record.id, ["final", "papr"])
        assert registry.curation.untag(record.id, ["final"]).tags == ()
        with pytest.raises(NotFoundError, match="it has none"):
            registry.curation.untag(record.id, ["final"])


def test_a_tag_taken_from_one_stays_on_the_others(registry: Registry, put: Filler) -> None:
    first, second = put.prediction(tags=("paper",)), put.prediction(tags=("paper",))
    registry.curation.untag(first.id, ["paper"])
    assert [registry.get_prediction(found.id) for found in registry.list_predictions("tag=paper")] == [second]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        " paper",
        "paper\n",
        "a,b",
        "a@b",
        "\x1b[31mred",
        "a\x00b",
        "a\u202eb",
        "x" * 101,
        b"\xfc".decode(errors="surrogateescape"),
    ],
)
def test_what_cannot_be_typed_or_listed_is_no_tag_and_no_alias(registry: Registry, put: Filler, wrong: str) -> None:
    model = put.model()
    with pytest.raises(InputError, match="The tag "):
        registry.curation.tag(model.id, ["good", wrong])
    with pytest.raises(InputError, match="The alias ") as refused:
        registry.curation.set_alias(model.id, wrong)
    assert str(refused.value).isprintable()
    assert registry.get_model(model.id) == model


def test_a_note_replaces_the_one_before(registry: Registry, put: Filler) -> None:
    hostile = "'); DROP TABLE models; --\n\x1b[31m 漢字"
    for record in one_of_each(registry, put):
        assert record.note == ""
        assert registry.curation.set_note(record.id, hostile).note == hostile
        assert registry.curation.set_note(record.id, "Remeasured.").note == "Remeasured."
        assert registry.curation.annotated(record.id).note == "Remeasured."
        assert registry.curation.set_note(record.id, "") == record
    with pytest.raises(InputError, match="10,001 characters; 10,000 are allowed"):
        registry.curation.set_note(record.id, "x" * 10_001)


def test_a_data_set_carries_neither(registry: Registry, put: Filler) -> None:
    data_set = put.data_set()
    for act in (
        lambda: registry.curation.tag(data_set.id, ["a"]),
        lambda: registry.curation.untag(data_set.id, ["a"]),
        lambda: registry.curation.set_note(data_set.id, "a"),
        lambda: registry.curation.annotated(data_set.id),
    ):
        with pytest.raises(InputError, match="is a data set, which carries neither tags nor a note"):
            act()


def test_an_alias_stands_for_its_model_and_moves(registry: Registry, put: Filler) -> None:
    sample = put.sample("steel 1.4301")
    old, new = put.model(sample, seed=1), put.model(sample, seed=2)
    name = f"{sample.name}@in use"
    named, before = registry.curation.set_alias(old.id, "in use")
    assert (named.id, named.aliases, before) == (old.id, ("in use",), None)
    assert registry.get_model(name) == registry.get_any(name) == named
    assert registry.curation.set_alias(name, "in use") == (named, None)

    moved, before = registry.curation.set_alias(new.id, "in use")
    assert before == old
    assert registry.get_model(name) == moved
    assert registry.get_model(old.id).aliases == ()
    assert registry.curation.retire(name).retired is not None

    with pytest.raises(NotFoundError, match=re.escape(f"The model {old.id} is not called '{name}'.")):
        registry.curation.remove_alias(old.id, "in use")
    assert registry.curation.remove_alias(new.id, "in use").aliases == ()
    with pytest.raises(NotFoundError, match=f"There is no model '{name}'"):
        registry.get_model(name)


def test_two_samples_have_aliases_of_their_own(registry: Registry, put: Filler) -> None:
    steel, glass = put.model(put.sample("steel")), put.model(put.sample("glass"))
    registry.curation.set_alias(steel.id, "production")
    assert registry.curation.set_alias(glass.id, "production")[1] is None
    assert registry.get_model("steel@production").id == steel.id
    assert registry.get_model("glass@production").id == glass.id
    with pytest.raises(NotFoundError, match=r"no model 'glas@production'; the nearest is 'glass@production'"):
        registry.get_model("glas@production")
    with pytest.raises(NotFoundError, match="'steel@production'"):
        registry.get_prediction("steel@production")


@pytest.mark.parametrize("name", ["@", "a@", "@a", "a@b@c", "%@%", "steel@%", "x'; DROP TABLE models; --@y"])
def test_nothing_in_an_alias_is_a_wildcard(registry: Registry, put: Filler, name: str) -> None:
    registry.curation.set_alias(put.model().id, "production")
    with pytest.raises(NotFoundError, match="There is no model "):
        registry.get_model(name)


def test_a_retired_model_is_passed_over_until_it_is_brought_back(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    wanted: Any = {"technique": "toy", "sample_digest": sample.digest, "recipe_digest": "sha256:model"}
    old, new = put.model(sample, seed=1), put.model(sample, seed=2)
    retired = registry.curation.retire(new.id)
    assert registry.find_model(**wanted) == old
    assert registry.find_model(**wanted, seed=2) is None
    assert registry.find_model(**wanted, retired=True) == retired
    assert registry.curation.retire(new.id).retired == retired.retired
    assert registry.curation.reinstate(new.id) == new
    assert registry.find_model(**wanted) == new
    assert registry.find_model(**wanted, retired=True) is None


def rows(registry: Registry) -> dict[str, int]:
    tables = ["samples", "data_sets", "models", "measurements", "predictions", "estimated_quantities", "model_aliases"]
    tables += ["sample_tags", "model_tags", "measurement_tags", "prediction_tags"]
    with registry.storage.database.reading() as session:
        return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables}


def test_what_is_deleted_is_gone_with_all_its_parts_but_for_its_files(registry: Registry, put: Filler) -> None:
    records = one_of_each(registry, put)
    sample, model, measurement, prediction = records
    for record in records:
        registry.curation.tag(record.id, ["paper"])
    before = rows(registry)
    deleted = registry.curation.delete([prediction.id[:6]])
    assert [record.id for record in deleted] == [prediction.id]
    assert rows(registry) == before | {"predictions": 0, "estimated_quantities": 0, "prediction_tags": 0}

    data_set = registry.list_data_sets()[0]
    registry.curation.delete([sample.id, model.id, measurement.id, data_set.id, model.id])
    assert set(rows(registry).values()) == {0}
    assert registry.read_artefact(data_set.artefact) == b"points and signals"


def test_what_others_refer_to_stays_and_the_command_that_deletes_those_works(registry: Registry, put: Filler) -> None:
    sample, model, measurement, prediction = one_of_each(registry, put)
    data_set = registry.list_data_sets()[0]
    before = rows(registry)
    for record, referring in (
        (measurement, f"1 prediction ({prediction.id})"),
        (model, f"1 prediction ({prediction.id})"),
        (data_set, f"1 model ({model.id})"),
        (sample, f"1 data set ({data_set.id}), 1 model ({model.id}), 1 measurement ({measurement.id})"),
    ):
        with pytest.raises(
            InputError, match=re.escape(f"{record.id} cannot be deleted: it is referred to by {referring}.")
        ) as refused:
            registry.curation.delete([record.id])
        assert refused.value.hint is not None
        command = re.fullmatch(r".*'spectra delete (.*)'\.", refused.value.hint)
        assert command is not None
        dependents = command[1].split()
    assert rows(registry) == before

    registry.curation.delete(dependents)  # the last one: everything that depends on the sample
    assert registry.curation.delete([sample.id])[0].id == sample.id
    assert set(rows(registry).values()) == {0}


def test_a_refusal_names_a_few_of_many_and_a_portion_to_delete(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    predictions = {put.prediction(sample).id for _ in range(30)}
    measurement = registry.list_measurements()[0]
    remaining = len(predictions)
    while True:
        try:
            registry.curation.delete([measurement.id])
            break
        except InputError as refused:
            named = re.search(rf"by {remaining} predictions? \((.*)\)\.", refused.message)
            assert named is not None
            assert len(named[1].split(", ")) == min(remaining, 6)  # five and an ellipsis
            assert refused.hint is not None
            portion = refused.hint.rpartition("delete ")[2].removesuffix("'.").split()
            assert set(portion) <= predictions
            registry.curation.delete(portion)
            remaining -= len(portion)
    assert remaining == 0


def test_deleting_is_all_or_nothing(registry: Registry, put: Filler) -> None:
    first, second = put.prediction(), put.prediction()
    before = rows(registry)
    with pytest.raises(InputError, match=second.id):
        registry.curation.delete([first.id, first.measurement_id])
    with pytest.raises(NotFoundError):
        registry.curation.delete([first.id, "zzzzzz"])
    assert rows(registry) == before


def test_a_model_with_a_name_is_not_deleted(registry: Registry, put: Filler) -> None:
    model = put.model()
    registry.curation.set_alias(model.id, "in use")
    with pytest.raises(InputError, match=f"{model.id} cannot be deleted: it is called 'steel@in use'") as refused:
        registry.curation.delete([model.id])
    assert f"spectra alias {model.id} 'in use' --remove" in str(refused.value)
    registry.curation.remove_alias(model.id, "in use")
    registry.curation.delete([model.id])
    assert not registry.list_models()


def test_many_who_tag_and_name_at_once_lose_nothing(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    models = [put.model(sample, seed=seed) for seed in range(4)]
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for round in range(5):
                registry.curation.tag(sample.id, ["shared", f"{number} {round}"])
                registry.curation.set_alias(models[number].id, "production")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(registry.get_sample(sample.id).tags) == 21
    assert sum(len(registry.get_model(model.id).aliases) for model in models) == 1
