"""Designs of pictures whose quantity is linear in them, so that what a design should be is known exactly."""

import json
from typing import Literal

import numpy as np
import pytest

from spectra.core.basics.attachments import Attachment
from spectra.core.basics.files import unpack_arrays
from spectra.core.components import Component
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.inventory.catalogue import Entry
from spectra.core.manager import load_plugins
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.session import Session
from spectra.core.signals import Image, from_arrays, take, within
from spectra.core.technique import Design
from spectra.core.workflows.designs.file import designs_file
from spectra.core.workflows.designs.structures import Plan, design_structures, in_unit
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.specimens import specimen_of
from spectra.plugins import SHARED
from spectra.plugins.learning.recorded_structures import structures_of
from spectra.registry.registry import Registry

SIDE, COUNT = 8, 240
WEIGHTS = np.random.default_rng(5).normal(0, 1, (SIDE, SIDE))
STRENGTH = Quantity(name="strength", unit="GPa", description="linear in the picture", lower=-9.0, upper=9.0)


class PictureSample(Sample):
    """A material with a data set file of pictures."""

    technique: Literal["pictures"]
    data_set: Attachment

    def measured_part(self, signal):
        return signal


class Pictures:
    """What a linear model says of pictures."""

    sample_schema = PictureSample
    readers = ("picture",)

    def quantities(self, sample):
        return structures_of(sample).quantities

    def recipes(self, sample):
        recipe = Recipe(
            forward_model=Choice(name="recorded-structures"),
            encoder=Choice(name="pixels"),
            regressor=Choice(name="ridge"),
        )
        return {"default": recipe}

    def design(self, sample):
        file = structures_of(sample)
        return Design(points=np.arange(len(file.values), dtype=float)[:, None], groups=file.groups)

    def prepare(self, measurement, sample):
        return measurement

    def derive(self, sample, refinement):
        return []

    def remarks(self, result):
        return []

    def draw(self, result, figure):
        pass


def strength(pixels):
    """Return the truth, shape (n,)."""
    return ((pixels[..., 0] - 0.5) * WEIGHTS).sum(axis=(1, 2))


def pictures():
    """Return pictures (n, side, side, 1) that six patterns make, each with shares of its own."""
    rng = np.random.default_rng(0)
    patterns = rng.normal(0, 0.05, (6, SIDE * SIDE))
    return (0.5 + rng.normal(0, 1, (COUNT, 6)) @ patterns).reshape(COUNT, SIDE, SIDE, 1).astype(np.float32)


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    catalogue = load_plugins(SHARED, {}).catalogue
    component = Component(name="pictures", summary="What pictures say", factory=Pictures, takes=("image",))
    catalogue.add([Entry(kind="technique", plugin="pictures", source="these tests", component=component)])
    pixels = pictures()
    file = DataSetFile(
        quantities=(STRENGTH,),
        values=strength(pixels)[:, None],
        signal=Image(pixels=pixels, unit="1"),
        points=None,
        groups=np.arange(COUNT) // 2,
        recipe={},
        notes=(),
        environment={},
    )
    attached = Attachment(name="pictures.npz", content=file.to_bytes())
    specimen = specimen_of(catalogue, {"name": "p", "technique": "pictures", "data_set": attached})
    with Registry.open(tmp_path_factory.mktemp("home")) as registry:
        session = Session(store=registry, catalogue=catalogue, jobs=1)
        recipe = complete_recipe(catalogue, specimen.recipe())
        yield session, specimen, recipe


def plan(session, *targets, optimizer="cma", parameters=None, **changes):
    return Plan(
        **{
            "quantity": None,
            "targets": targets,
            "optimizer": session.catalogue.choose("optimizer", optimizer, parameters),
            "generator": session.catalogue.choose("generator", "pca", {"components": 6}),
            "starts": 2,
        }
        | changes
    )


def fitted(session, choice):
    """Return the generator that designs were made with."""
    generator = session.catalogue.generator(choice)
    return generator.fit(Image(pixels=pictures(), unit="1"), rng=np.random.default_rng(0), progress=session.progress)


@pytest.mark.parametrize("optimizer", ["cma", "genetic"])
def test_designs_have_the_strength_that_was_asked_for(laboratory, optimizer):
    """The model is ridge on pixels, so that it knows the linear truth: no other program says what a design has."""
    session, specimen, recipe = laboratory
    designs = design_structures(session, specimen, recipe, plan(session, 0.2, -0.5, optimizer=optimizer))
    assert [design.verdict.word for design in designs.designs] == ["trusted"] * 4
    truth = strength(designs.signal.pixels)
    spread = strength(pictures()).std()
    assert truth == pytest.approx([0.2, 0.2, -0.5, -0.5], abs=0.04 * spread)
    assert [design.value for design in designs.designs] == pytest.approx(truth, abs=0.005 * spread)
    assert all(design.found.evaluations < 400 for design in designs.designs)


def test_a_search_of_a_linear_model_ends_at_its_exact_solution(laboratory):
    """Of all codes z with a + b·z = t the prior likes the shortest best, z = (t − a) b / ‖b‖²."""
    session, specimen, recipe = laboratory
    target = float(np.quantile(strength(pictures()), 0.9))
    wanted = plan(session, target, parameters={"free": 0.0, "prior": 0.1}, starts=1, tolerance=0.0, evaluations=3000)
    designs = design_structures(session, specimen, recipe, wanted)
    codes = fitted(session, designs.plan.generator).encode(Image(pixels=pictures(), unit="1"))
    *slope, level = np.linalg.lstsq(np.column_stack([codes, np.ones(COUNT)]), strength(pictures()), rcond=None)[0]
    exact = (target - level) * np.array(slope) / np.dot(slope, slope)
    assert designs.designs[0].found.points[-20:].mean(axis=0) == pytest.approx(exact, abs=0.01)


def test_a_design_is_its_code(laboratory):
    session, specimen, recipe = laboratory
    designs = design_structures(session, specimen, recipe, plan(session, 0.2))
    generator = fitted(session, designs.plan.generator)
    for place, design in enumerate(designs.found):
        assert generator.decode(design.code[None]).pixels == pytest.approx(
            take(designs.signal, slice(place, place + 1)).pixels, abs=1e-5
        )


def test_a_seed_repeats_designs_whatever_other_targets_there_are(laboratory):
    session, specimen, recipe = laboratory
    alone = design_structures(session, specimen, recipe, plan(session, 0.2))
    among = design_structures(session, specimen, recipe, plan(session, -0.5, 0.2))
    assert [d.code.tolist() for d in alone.designs] == [d.code.tolist() for d in among.designs[2:]]
    other = design_structures(session, specimen, recipe, plan(session, 0.2, seed=1))
    assert [d.code.tolist() for d in alone.designs] != [d.code.tolist() for d in other.designs]


def test_targets_outside_of_what_was_measured_are_refused_and_not_searched(laboratory):
    session, specimen, recipe = laboratory
    designs = design_structures(session, specimen, recipe, plan(session, 50.0, 0.2))
    refused, *found = designs.designs
    assert (refused.verdict.word, refused.found, refused.value) == ("refused", None, None)
    assert "50 GPa lies outside of what was measured" in refused.verdict.reasons[0]
    assert len(found) == 2
    assert len(designs.signal) == 2


def test_a_target_that_is_not_reached_is_doubtful_and_says_what_was(laboratory):
    session, specimen, recipe = laboratory
    highest = float(strength(pictures()).max())
    designs = design_structures(session, specimen, recipe, plan(session, highest, starts=1, evaluations=20))
    (design,) = designs.designs
    assert design.verdict.word == "doubtful"
    assert "The target was not reached: after 20 evaluations" in design.verdict.reasons[0]
    assert f"{design.value:.4g} GPa" in design.verdict.reasons[0]


def test_what_is_far_from_everything_real_is_doubtful(laboratory, monkeypatch):
    session, specimen, recipe = laboratory
    monkeypatch.setattr("spectra.core.workflows.designs.realism.SHARE", 1)
    designs = design_structures(
        session, specimen, recipe, plan(session, 0.9 * float(strength(pictures()).max()), starts=1, evaluations=200)
    )
    assert any("unlike anything real" in reason for reason in designs.designs[0].verdict.reasons)


def test_controls_are_answers_to_the_mean_colour_and_to_scrambled_pictures(laboratory):
    session, specimen, recipe = laboratory
    designs = design_structures(session, specimen, recipe, plan(session, 0.2))
    assert list(designs.controls) == ["mean colour", "scrambled"]
    flat = (designs.signal.pixels.mean(axis=(1, 2, 3)) - 0.5) * WEIGHTS.sum()
    answers = [design.controls["mean colour"] for design in designs.designs]
    assert answers == pytest.approx(flat, abs=0.5)
    assert designs.pictures["scrambled"].shape == (2, SIDE, SIDE, 3)


def test_finished_searches_are_kept_when_a_task_is_interrupted(laboratory, monkeypatch):
    session, specimen, recipe = laboratory
    whole = design_structures(session, specimen, recipe, plan(session, 0.2, -0.5))
    made = []

    def counting(choice):
        made.append(choice)
        if len(made) == 3:
            raise KeyboardInterrupt
        return original(choice)

    original = session.catalogue.optimizer
    monkeypatch.setattr(session.catalogue, "optimizer", counting)
    with pytest.raises(KeyboardInterrupt):
        design_structures(session, specimen, recipe, plan(session, 0.2, -0.5))
    monkeypatch.setattr(session.catalogue, "optimizer", lambda choice: made.append(choice) or original(choice))
    again = design_structures(session, specimen, recipe, plan(session, 0.2, -0.5))
    assert len(made) == 3 + 2  # two of the four were kept
    assert [d.code.tolist() for d in again.designs] == [d.code.tolist() for d in whole.designs]


def test_the_file_holds_structures_searches_and_all_that_repeats_them(laboratory):
    session, specimen, recipe = laboratory
    designs = design_structures(session, specimen, recipe, plan(session, 50.0, 0.2))
    arrays = unpack_arrays(designs_file(session, designs), what="designs", limit=10**8)
    about = json.loads(str(arrays["about"]))
    assert (about["model"], about["quantity"], about["seed"]) == (designs.model.id, "strength", 0)
    assert about["optimizer"]["parameters"]["prior"] == 0.3
    assert about["sample_document"]["name"] == "p"
    assert "numpy" in about["environment"]
    assert np.array_equal(from_arrays(within(arrays, "structures")).pixels, designs.signal.pixels)
    assert np.array_equal(arrays["searches/1/points"], designs.designs[1].found.points)
    assert "searches/0/points" not in arrays  # it was refused


def test_targets_are_read_in_the_unit_of_the_quantity(laboratory):
    _, specimen, _ = laboratory
    assert in_unit(specimen.quantities, None, (1.0, 2.0), "MPa") == pytest.approx((1e-3, 2e-3))
    with pytest.raises(InputError, match="The target of strength cannot be read: 'mm' cannot be converted"):
        in_unit(specimen.quantities, "strength", (1.0,), "mm")


def test_a_generator_of_something_else_is_refused_before_anything_is_trained(laboratory, monkeypatch):
    session, specimen, recipe = laboratory
    component = Component(name="notes", summary="", factory="nowhere:Notes", takes=("peaks",))
    entry = Entry(kind="generator", plugin="p", source="s 1.0", component=component)
    monkeypatch.setattr(session.catalogue, "_entries", session.catalogue._entries | {("generator", "notes"): entry})
    with pytest.raises(InputError, match="'notes' makes peaks, and the technique 'pictures' works on image"):
        design_structures(session, specimen, recipe, plan(session, 0.2, generator=Choice(name="notes")))


def test_a_quantity_that_the_model_does_not_predict_is_refused(laboratory):
    session, specimen, recipe = laboratory
    with pytest.raises(InputError, match="does not predict 'hardness'; it predicts strength"):
        design_structures(session, specimen, recipe, plan(session, 0.2, quantity="hardness"))
