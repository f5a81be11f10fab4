"""The map of a prediction over its picture."""

import io

import numpy as np
import pytest
from PIL import Image

from spectra.core.store import MAP
from spectra.web.site import Site
from tests.indenter.test_maps import analyze, grains, hardness, sample, session  # noqa: F401 - fixtures
from tests.web.conftest import Client, acting, elements, text_of


@pytest.fixture(scope="module")
def mapped(session, sample, tmp_path_factory):  # noqa: F811
    """A client, a prediction with a map, and its picture."""
    picture, _ = grains(seed=5, height=50, width=80)
    path = tmp_path_factory.mktemp("pictures") / "other.png"
    Image.fromarray(picture[..., 0]).save(path)
    answer = analyze(session, sample, path, um_per_pixel=2.0)
    client = Client(Site(opened=session.registry))
    return client, answer.prediction.id, picture


def test_its_layers_are_the_quantity_its_deviation_and_the_novelty(mapped):
    client, prediction, picture = mapped
    shown = client.get(f"/records/{prediction}/map")
    options = [given["value"] for _, given in elements(shown, "option")]
    assert options == ["0", "1", "2"]
    assert "hardness (GPa) standard deviation of hardness (GPa) unlike the learned places" in text_of(shown)
    assert "50 × 80 places" in text_of(shown)
    layer = client.get(f"/records/{prediction}/map/0.json").json()
    assert (layer["rows"], layer["columns"], layer["block"], layer["um_per_step"]) == (50, 80, 1, 2.0)
    values = np.array(layer["values"]).reshape(50, 80)
    assert np.abs(values - hardness(picture)).max() < 0.05  # row 0 on top, as in the picture
    spread = client.get(f"/records/{prediction}/map/1.json").json()
    assert np.mean(spread["values"]) == pytest.approx(0.1, rel=0.2)  # the errors of what was learned from
    assert client.get(f"/records/{prediction}/map/3.json").status_code == 404


def test_the_picture_is_the_one_that_was_measured(mapped):
    client, prediction, picture = mapped
    answer = client.get(f"/records/{prediction}/map/picture.png")
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as below:
        assert np.array_equal(np.asarray(below.convert("L")), picture[..., 0])


def test_regions_are_told_in_a_table(mapped):
    client, prediction, picture = mapped
    shown = text_of(client.get(f"/records/{prediction}/map"))
    truth = hardness(picture)[:17, :27].mean()
    (told,) = [float(shown.split("top left ")[1].split()[0])]
    assert told == pytest.approx(truth, abs=0.02)


def test_the_record_leads_to_its_map_and_one_without_a_map_says_so(mapped, session):  # noqa: F811
    client, prediction, _ = mapped
    assert f'href="/records/{prediction}/map"' in client.get(f"/records/{prediction}").text
    model = session.registry.get_prediction(prediction).model_id
    assert client.get(f"/records/{model}/map").status_code == 404


def test_a_map_whose_picture_is_lost_is_shown_without_it(mapped, session, tmp_path):  # noqa: F811
    client, prediction, _ = mapped
    record = session.registry.get_prediction(prediction)
    (kept,) = [file for file in record.files if file.name == MAP]
    other = session.registry.add_prediction(
        model=session.registry.get_model(record.model_id),
        measurement=session.registry.get_measurement(record.measurement_id),
        quantities=record.quantities,
        misfit=None,
        misfit_unit="",
        report={},  # as programs of others write it: nobody knows how the picture was read
        command="",
        operator="",
        environment={},
        files={MAP: session.registry.read_artefact(kept.artefact)},
    )
    assert client.get(f"/records/{other.id}/map/picture.png").status_code == 404
    assert client.get(f"/records/{other.id}/map").status_code == 200
    assert client.get(f"/records/{other.id}/map/0.json").status_code == 200


def test_a_damaged_map_is_a_sentence(mapped, session):  # noqa: F811
    client, prediction, _ = mapped
    record = session.registry.get_prediction(prediction)
    other = session.registry.add_prediction(
        model=session.registry.get_model(record.model_id),
        measurement=session.registry.get_measurement(record.measurement_id),
        quantities=(),
        misfit=None,
        misfit_unit="",
        report={},
        command="",
        operator="",
        environment={},
        files={MAP: b"no map"},
    )
    for path in ("map", "map/0.json"):
        answer = client.get(f"/records/{other.id}/{path}")
        assert answer.status_code == 400
        assert "The map file is not an array archive of spectra" in text_of(answer)
        assert acting(answer) == []
