"""Measured files find their readers, one by one or as parts of a bundle, and are read again as they were."""

from dataclasses import replace

import numpy as np
import pytest
from toy_technique.parts import Halves, ToySample

from spectra.core.basics.files import pack_arrays
from spectra.core.components import Component
from spectra.core.errors import InputError, NotFoundError, PluginError
from spectra.core.formats.bundles import pack_files
from spectra.core.inventory.catalogue import Entry
from spectra.core.measurements import RawFile
from spectra.core.progress import Silent
from spectra.core.session import Context, Specimen
from spectra.core.signals import to_arrays
from spectra.core.workflows.analyze import analyze
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.reanalyze import reanalyze
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.recorded import recorded_measurement
from spectra.core.workflows.reproduce import reproduce
from spectra.registry.archive.moving import export, import_archive
from spectra.registry.registry import Registry

SAMPLE = ToySample(name="slab", technique="toy-halves", thickness="2 mm")
CONTEXT = Context(command="spectra analyze", operator="ada")
QUIET = Silent()


@pytest.fixture
def specimen(laboratory):
    return Specimen(technique=laboratory.catalogue.technique("toy-halves"), sample=SAMPLE)


@pytest.fixture
def files(laboratory):
    """Files of both halves, the right one as an array archive and in counts of a fifth."""
    parts = Halves(SAMPLE, None).simulate(np.array([[0.12, 0.17]])).parts
    left, right = (laboratory.folder / name for name in ("left.txt", "right.npz"))
    np.savetxt(left, np.column_stack([parts["left"].x, parts["left"].y[0] / 5]))
    right.write_bytes(pack_arrays(to_arrays(parts["right"])))
    return {"left": left, "right": right}


@pytest.fixture
def read(laboratory, specimen, files):
    def read(path=None, **options):
        options.setdefault("parameters", {"left": {"scale": 5.0}})
        return read_measurement(laboratory.catalogue, specimen, path or files, **options)

    return read


def test_each_part_is_read_with_its_own_reader_and_parameters(read):
    measurement = read()
    expected = Halves(SAMPLE, None).simulate(np.array([[0.12, 0.17]]))
    assert list(measurement.signal.parts) == ["left", "right"]
    for name, part in expected.parts.items():
        assert measurement.signal.parts[name].y == pytest.approx(part.y)
    assert measurement.reader == "left=toy-columns right=toy-arrays"
    assert measurement.file.name == "left.txt+right.npz"
    assert measurement.reading.model_dump() == {
        "name": "bundle",
        "parameters": {
            "left": {"name": "toy-columns", "parameters": {"scale": 5.0}, "version": 1},
            "right": {"name": "toy-arrays", "parameters": {}, "version": 1},
        },
        "version": 1,
    }


def test_details_and_notes_say_which_part_they_are_about(read, laboratory):
    class Talking:
        def __init__(self, parameters):
            pass

        def read(self, file):
            signal = Halves(SAMPLE, None).simulate(np.array([[0.1, 0.2]])).parts["left"]
            measurement = read_measurement(laboratory.catalogue, laboratory.specimen, laboratory.measure())
            return replace(measurement, signal=signal, details={"anode": "Cu"}, notes=("It was dark.",))

    component = Component(name="talking", summary="", factory=Talking)
    laboratory.catalogue.add([Entry(kind="reader", plugin="p", source="s", component=component)])
    measurement = read(reader={"left": "talking"}, parameters=None)
    assert measurement.details == {"left": {"anode": "Cu"}, "right": {}}
    assert measurement.notes == ("left: It was dark.",)


def test_a_bundle_goes_on_record_and_every_number_comes_out_again(read, files, laboratory, specimen):
    recipe = complete_recipe(laboratory.catalogue, specimen.recipe())
    arguments = (laboratory.session(context=CONTEXT), specimen)
    prediction = analyze(*arguments, read(), recipe).prediction
    assert prediction.quantities[0].value == pytest.approx(0.12, abs=0.03)
    for path in files.values():
        path.unlink()

    stored = laboratory.registry.get_prediction(prediction.id)
    repeated = reproduce(laboratory.session(), stored)
    assert repeated.same
    assert repeated.changed == repeated.assumed == ()
    assert [q.deviations for q in repeated.quantities] == [0.0, 0.0]

    measured = laboratory.registry.get_measurement(prediction.measurement_id)
    _, (again,) = reanalyze(*arguments, [measured], recipe, seed=7)
    assert again.error == ""
    assert again.now.report["reader"] == stored.report["reader"]
    assert again.now.quantities[0].value == pytest.approx(0.12, abs=0.03)

    export(laboratory.registry, laboratory.folder / "all.zip", QUIET)
    with Registry.open(laboratory.folder / "elsewhere") as other:
        import_archive(other, laboratory.folder / "all.zip", QUIET)
        assert reproduce(laboratory.session(store=other), other.get_prediction(prediction.id)).same


def test_a_measurement_without_predictions_is_read_by_the_readers_that_its_record_names(
    read, laboratory, specimen, monkeypatch
):
    recipe = complete_recipe(laboratory.catalogue, specimen.recipe())
    arguments = (laboratory.session(context=CONTEXT), specimen)
    prediction = analyze(*arguments, read(), recipe).prediction
    measured = laboratory.registry.get_measurement(prediction.measurement_id)
    monkeypatch.setattr(Registry, "predictions_of", lambda *_: ())
    _, (again,) = reanalyze(*arguments, [measured], recipe)
    left, right = again.now.report["reader"]["parameters"].values()
    assert (left["name"], left["parameters"]) == ("toy-columns", {"scale": 1.0})
    assert right["name"] == "toy-arrays"


def test_a_newer_version_of_one_parts_reader_is_found(read, laboratory, specimen):
    recipe = complete_recipe(laboratory.catalogue, specimen.recipe())
    measurement = read()
    old = measurement.reading.model_dump()
    old["parameters"]["right"]["version"] = 0
    measurement = replace(measurement, reading=type(measurement.reading).model_validate(old))
    prediction = analyze(laboratory.session(context=CONTEXT), specimen, measurement, recipe).prediction
    repeated = reproduce(laboratory.session(), laboratory.registry.get_prediction(prediction.id))
    assert [(d.key, d.first, d.second) for d in repeated.changed] == [("reader toy-arrays", 0, 1)]


def test_a_bundle_may_be_handed_as_a_file_of_its_own(read, files, laboratory):
    packed = pack_files({part: RawFile.read(path) for part, path in files.items()})
    path = laboratory.folder / "both.zip"
    path.write_bytes(packed.content)
    measurement = read(path)
    assert measurement.file.name == "both.zip"
    assert measurement.file.digest == read().file.digest
    assert measurement.signal.parts["left"].y == pytest.approx(read().signal.parts["left"].y)


def test_the_technique_decides_whether_it_can_do_without_a_part(read, files, specimen, monkeypatch):
    left = {"left": files["left"]}
    with pytest.raises(InputError) as refusal:
        read(left)
    assert str(refusal.value) == (
        "left.txt: the measurement lacks right. Give a file for each part, as in 'left=FILE right=FILE'."
    )
    monkeypatch.setattr(type(specimen.technique), "prepare", lambda self, measurement, sample: measurement)
    assert list(read(left).signal.parts) == ["left"]


def test_parts_that_are_unknown_or_without_a_file_are_named(read, files, laboratory):
    left = {"left": files["left"]}
    with pytest.raises(InputError, match=r"no part 'lift'; the nearest is 'left'; its parts are left, right"):
        read({"lift": files["left"]})
    with pytest.raises(InputError, match=r"no part 'lift'"):
        read(parameters={"lift": {"scale": 5.0}})
    with pytest.raises(InputError, match=r"There is no file for the part 'right'"):
        read(left, reader={"right": "toy-columns"})
    with pytest.raises(
        InputError, match=r"left.txt is one file; .* parts left, right. Give them as 'left=FILE right=F"
    ):
        read(files["left"])
    with pytest.raises(
        InputError, match=r"is for one of the parts left, right. Say for which, as in 'left=toy-columns'"
    ):
        read(reader="toy-columns")
    with pytest.raises(InputError, match="The technique 'toy' takes one file"):
        read_measurement(laboratory.catalogue, laboratory.specimen, left)
    with pytest.raises(NotFoundError, match="no reader 'toy-colums'; the nearest is 'toy-columns'"):
        read(reader={"left": "toy-colums"})


def test_a_reading_on_record_that_does_not_fit_its_file_is_told(read, laboratory, specimen):
    measurement = read()
    store = laboratory.registry
    record = store.add_measurement(measurement, sample=store.add_sample(SAMPLE))
    one_more = measurement.reading.model_copy(
        update={"parameters": {**measurement.reading.parameters, "middle": {"name": "toy-columns"}}}
    )
    with pytest.raises(InputError, match="The technique has no part 'middle'"):
        recorded_measurement(laboratory.session(), specimen, record, one_more)
    with pytest.raises(InputError, match="The technique has no part 'left'; it has none"):
        recorded_measurement(laboratory.session(), laboratory.specimen, record, measurement.reading)


def test_a_file_that_nothing_understands_is_told_what_each_of_its_readers_says(read, files):
    files["right"].write_text("neither\n")
    with pytest.raises(InputError) as refusal:
        read()
    first, arrays, columns = refusal.value.message.split("\n")
    assert first == "right: No reader understands right.npz."
    assert arrays.startswith("  toy-arrays: The right.npz is not an array archive")
    assert columns == "  toy-columns: right.npz does not hold two columns of numbers."
    with pytest.raises(InputError) as refusal:
        read(reader={"right": "toy-columns"})
    assert str(refusal.value) == "right: right.npz does not hold two columns of numbers."


def test_no_plugin_may_call_its_reader_like_those_of_bundles(laboratory):
    component = Component(name="bundle", summary="", factory=object)
    with pytest.raises(PluginError, match="the reader name 'bundle' is the platform's own"):
        laboratory.catalogue.add([Entry(kind="reader", plugin="p", source="s", component=component)])
