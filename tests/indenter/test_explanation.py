"""What models of the measured titanium look at, and how it is said."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.manager import load_plugins
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session
from spectra.core.signals import Places
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.specimens import load_specimen
from spectra.core.workflows.train import train
from spectra.plugins import SHARED
from spectra.plugins.images.grains import grains_of
from spectra.plugins.indenter.explanation import task
from spectra.plugins.indenter.explanation.command import add_explain
from spectra.registry.registry import Registry

TITANIUM = Path(__file__).parents[1] / "data" / "titanium" / "registered.npz"
NETWORK = {"window": 12, "filters": [4, 6], "blocks": [1, 1], "pool": 2, "epochs": 2, "zoom": [1.0, 1.0]}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    catalogue = load_plugins((*SHARED, "spectra.plugins.indenter.plugin"), {}).catalogue
    return Session(store=Registry.open(tmp_path_factory.mktemp("home")), catalogue=catalogue)


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory):
    """A sample of every third of the measured places."""
    with np.load(TITANIUM) as file:
        angles = np.stack([file["phi1_deg"], file["Phi_deg"], file["phi2_deg"]], axis=-1).astype(np.float32)
        hardness = file["hardness_GPa"].astype(np.float64)
    labels = grains_of(angles, "°").labels
    rows, columns = np.nonzero(np.isfinite(angles).all(axis=-1) & (hardness > 1.5) & (hardness < 4.8) & (labels >= 0))
    rows, columns = rows[::3], columns[::3]
    quantity = Quantity(name="hardness", unit="GPa", description="of nanoindents", lower=1.5, upper=4.8)
    data = DataSetFile(
        quantities=(quantity,),
        values=hardness[rows, columns][:, np.newaxis],
        signal=Places(
            pictures=angles[np.newaxis],
            places=np.column_stack([0 * rows, rows, columns]).astype(np.int32),
            unit="°",
            um_per_pixel=2.0,
        ),
        points=None,
        groups=labels[rows, columns].astype(np.int64),
        recipe={},
        notes=(),
        environment={},
    )
    folder = tmp_path_factory.mktemp("titanium")
    (folder / "ti.npz").write_bytes(data.to_bytes())
    (folder / "ti.yaml").write_text("name: ti\ntechnique: indenter\ndata_set: ti.npz\n")
    return folder / "ti.yaml"


def trained(session, sample_file, encoder):
    specimen = load_specimen(session.catalogue, sample_file)
    recipe = Recipe(forward_model=Choice(name="recorded-structures"), encoder=encoder, regressor=Choice(name="ridge"))
    return train(session, specimen, complete_recipe(session.catalogue, recipe, names={}, parameters={}), seed=0).id


@pytest.fixture(scope="module")
def ridge(session, sample_file):
    return trained(session, sample_file, Choice(name="surroundings"))


@pytest.fixture(scope="module")
def network(session, sample_file):
    return trained(session, sample_file, Choice(name="residual-network", parameters=NETWORK))


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(task, "_COUNTED", 6)


def test_hardness_in_the_middle_of_a_grain_follows_the_orientation_of_that_grain(session, ridge):
    """Indents of 3 mN are far smaller than grains of 50 µm."""
    found = task.explain(session, ridge, places=3)

    assert found.pieces == "grains"
    assert [place.measured for place in found.places] == sorted(place.measured for place in found.places)
    assert all(place.own > 0.9 for place in found.places)
    assert all(np.nanmax(place.occlusion) > 0.2 for place in found.places)  # GPa: H is 2.8 to 3.8 by orientation
    assert found.places[0].saliency is None
    assert found.completeness is None
    assert found.histogram.frequency.sum() == pytest.approx(1.0)


def test_a_network_is_explained_by_its_gradients_and_the_explanations_depend_on_its_weights(session, network):
    found = task.explain(session, network, places=3, filters=2)

    assert found.completeness < 0.02
    assert all(abs(found.checks[name]) < 0.6 for name in ("saliency", "contributions"))
    assert found.places[0].contributions.shape == (12, 12)
    assert {name: pictures.shape for name, pictures in found.filters.items()} == dict.fromkeys(
        ("first convolution", "stage 1", "stage 2"), (2, 48, 48, 3)
    )


def test_the_same_seed_explains_alike(session, ridge):
    one, other = (task.explain(session, ridge, places=2, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.places[1].occlusion, other.places[1].occlusion)
    assert one.checks == other.checks


@pytest.fixture
def command(session):
    app = typer.Typer()
    app.callback()(lambda: None)
    add_explain(app, lambda _database=None: session)
    return lambda *arguments: CliRunner().invoke(app, ["explain", *map(str, arguments)])


def test_the_command_prints_json_and_draws(command, network, tmp_path):
    result = command(
        network, "--places", 2, "--filters", 1, "--json", "--figure", tmp_path / "a.png", "--filter-figure",
        tmp_path / "b.svg",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert (document["kind"], document["unit"], len(document["places"])) == ("explanation", "GPa", 2)
    assert set(document["likeness_with_shuffled_weights"]) == {"occlusion", "saliency", "contributions"}
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "b.svg").read_bytes()


def test_the_table_says_what_an_explanation_is_worth(command, ridge):
    result = command(ridge, "--places", 2)
    assert result.exit_code == 0, result.output
    assert "Rank correlation with the explanation by shuffled weights" in result.stdout
    assert "GPa" in result.stdout


def test_filters_of_a_model_without_any_are_refused(command, ridge, tmp_path):
    result = command(ridge, "--places", 1, "--filters", 1, "--filter-figure", tmp_path / "b.png")
    assert isinstance(result.exception, InputError)
    assert "has no filters" in result.exception.message
