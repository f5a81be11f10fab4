"""Recipes: roles as data, and digests that stay what they are on record."""

from __future__ import annotations

import hashlib
import json

from spectra.core import recipe as recipes
from spectra.core.recipe import ROLES, Choice, Recipe, Role
from spectra.core.studies.study import RecipeChanges

RECIPE = Recipe(
    forward_model=Choice(name="line", parameters={"slope": 2.0}, version=3),
    distortions=(Choice(name="shift"), Choice(name="missing")),
    encoder=Choice(name="direct"),
    regressor=Choice(name="dense"),
    refiner=Choice(name="posterior"),
)


def test_roles_recipes_and_study_files_have_the_same_fields():
    fields = [role.field for role in ROLES]
    assert list(Recipe.model_fields) == fields
    assert set(RecipeChanges.model_fields) == set(fields)


def test_the_digest_is_taken_over_all_but_the_refiner_also_without_distortions():
    plain = RECIPE.model_copy(update={"distortions": ()})
    document = (
        '{"distortions":[],"encoder":{"name":"direct","parameters":{},"version":1},'
        '"forward_model":{"name":"line","parameters":{"slope":2.0},"version":3},'
        '"regressor":{"name":"dense","parameters":{},"version":1}}'
    )
    assert plain.digest == "sha256:" + hashlib.sha256(document.encode()).hexdigest()
    assert plain.model_copy(update={"refiner": None}).digest == plain.digest != RECIPE.digest


def test_a_role_that_came_later_changes_no_digest_while_it_is_empty(monkeypatch):
    class LaterRecipe(Recipe):
        screen: Choice | None = None

    before = RECIPE.digest
    monkeypatch.setattr(recipes, "ROLES", (*ROLES, Role(field="screen", kind="encoder")))
    later = LaterRecipe(**RECIPE.model_dump())
    assert later.digest == before
    assert later.model_copy(update={"screen": Choice(name="direct")}).digest != before


def test_components_come_in_the_order_in_which_a_datum_meets_them():
    assert [(role.kind, choice.name) for role, choice in RECIPE.choices()] == [
        ("forward model", "line"),
        ("distortion", "shift"),
        ("distortion", "missing"),
        ("encoder", "direct"),
        ("regressor", "dense"),
        ("refiner", "posterior"),
    ]
    assert RECIPE.mapped(lambda _, choice: choice) == RECIPE
    doubled = RECIPE.mapped(lambda role, choice: choice.model_copy(update={"name": f"{role.field} {choice.name}"}))
    assert json.loads(doubled.model_dump_json())["distortions"][1]["name"] == "distortions missing"
