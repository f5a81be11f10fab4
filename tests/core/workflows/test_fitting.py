"""What fits together is told by descriptions: nothing is made, so no factory here can be imported."""

import pytest

from spectra.core.components import Component
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue, Entry
from spectra.core.recipe import Choice, Recipe
from spectra.core.workflows.fitting import check_recipe, suiting

COMPONENTS = [
    ("technique", "lines", {"takes": ("peaks",)}),
    ("technique", "both", {"takes": ("bundle",)}),
    ("technique", "silent", {}),
    ("forward model", "physics", {"gives": ("peaks",)}),
    ("forward model", "silent", {}),
    ("distortion", "noise", {"takes": ("profile", "bundle")}),
    ("encoder", "counts", {"takes": ("peaks",)}),
    ("encoder", "bins", {"takes": ("profile", "bundle")}),
    ("encoder", "silent", {}),
    ("regressor", "any", {}),
    ("refiner", "fit", {"takes": ("profile",)}),
    ("reader", "list", {"gives": ("peaks",)}),
    ("reader", "sweep", {"gives": ("profile",)}),
    ("reader", "camera", {"gives": ("image",)}),
    ("processor", "resonances", {"takes": ("profile",), "gives": ("peaks",)}),
    ("processor", "smooth", {"takes": ("profile",), "gives": ("profile",)}),
    ("processor", "mosaic", {"takes": ("image",), "gives": ("image",)}),
]


@pytest.fixture
def catalogue():
    made = Catalogue()
    for kind, name, said in COMPONENTS:
        component = Component(name=name, summary="", factory="no_such:thing", **said)
        made.add([Entry(kind=kind, plugin="p", source="s 1.0", component=component)])
    return made


def recipe(**names):
    return Recipe(
        forward_model=Choice(name=names.get("forward_model", "physics")),
        distortions=tuple(Choice(name=name) for name in names.get("distortions", ())),
        encoder=Choice(name=names.get("encoder", "counts")),
        regressor=Choice(name="any"),
        refiner=Choice(name=names["refiner"]) if "refiner" in names else None,
    )


def listed(catalogue, technique, kind):
    return [entry.component.name for entry in suiting(catalogue, technique) if entry.kind == kind]


@pytest.mark.parametrize(
    ("technique", "changes"),
    [
        ("lines", {}),
        ("silent", {}),
        ("lines", {"encoder": "silent"}),
        ("silent", {"forward_model": "silent", "encoder": "bins"}),
        ("both", {"forward_model": "silent", "encoder": "bins", "distortions": ("noise",)}),
    ],
)
def test_what_fits_or_does_not_say_is_taken(catalogue, technique, changes):
    check_recipe(catalogue, technique, recipe(**changes))


@pytest.mark.parametrize(
    ("technique", "changes", "sentence"),
    [
        ("both", {}, "The forward model 'physics' gives peaks, and the technique 'both' works on bundle."),
        ("lines", {"encoder": "bins"}, "'bins' takes bundle or profile, and the forward model 'physics' gives peaks"),
        ("silent", {"distortions": ("noise",)}, "The distortion 'noise' takes bundle or profile"),
        ("lines", {"refiner": "fit"}, "The refiner 'fit' takes profile"),
        ("lines", {"forward_model": "silent", "encoder": "bins"}, "and the technique 'lines' works on peaks"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_it_comes_after(catalogue, technique, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        check_recipe(catalogue, technique, recipe(**changes))


def test_readers_suit_a_technique_through_its_processors_and_a_bundle_as_parts(catalogue):
    assert listed(catalogue, "lines", "encoder") == ["counts", "silent"]
    assert listed(catalogue, "lines", "reader") == ["list", "sweep"]
    assert listed(catalogue, "lines", "processor") == ["resonances", "smooth"]
    assert listed(catalogue, "both", "encoder") == ["bins", "silent"]
    assert listed(catalogue, "both", "reader") == ["list", "sweep", "camera"]
    assert listed(catalogue, "silent", "encoder") == ["counts", "bins", "silent"]
    assert listed(catalogue, "lines", "technique") == []
