"""The page of a record: figure, tables, verdict, posterior, lineage, files, and what cannot be read."""

import re

import numpy as np
import pytest
from sqlalchemy import update

from spectra.core.basics.files import pack_arrays
from spectra.core.store import FIGURE, POSTERIOR
from spectra.registry.database.tables import PredictionRow, SampleRow
from spectra.web.site import Site
from tests.web.conftest import BOTH, HOSTILE, Client, acting, elements, text_of

MOST_STATEMENTS = 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'


@pytest.fixture
def whole(put):
    """A prediction with all that there can be."""
    rng = np.random.default_rng(1)
    draws = rng.normal([271.25, 130.0], [0.125, 1.0], (500, 2))
    return put.measured(
        "p2.dat",
        300.0,
        verdict="doubtful",
        report={
            "notes": ["The list ends at 1.2 MHz."],
            "reasons": ["few modes"],
            "tables": {
                "modes": {
                    "title": "Modes",
                    "units": {"measured": "MHz"},
                    "on_request": ["sensitivity"],
                    "columns": {"measured": [0.5, 0.75], "status": ["matched", "missing"], "sensitivity": [0.1, None]},
                }
            },
        },
        files={FIGURE: SVG, POSTERIOR: pack_arrays({"draws": draws})},
    )


@BOTH
def test_a_prediction_is_shown_with_everything_on_record(client, whole):
    answer = client.get(f"/records/{whole.id}")
    assert answer.status_code == 200
    said = text_of(answer)
    for part in (
        f"Prediction {whole.id}",
        "C11 271.25 ± 0.12 GPa",
        "Doubtful: few modes",
        "at the end of its range",
        "measured (MHz)",
        "All 3 columns",
        "Note: The list ends at 1.2 MHz.",
        "Posterior, 500 draws",
        "spectra analyze p2.dat",
        f"spectra show {whole.id}",
        f"spectra reproduce {whole.id}",
    ):
        assert part in said, part
    assert said.count("Doubtful: few modes") == 1
    sources = [attributes["src"] for _, attributes in elements(answer, "img")]
    assert sources == [f"/records/{whole.id}/figure.svg", f"/records/{whole.id}/posterior.svg"]
    assert all(attributes["alt"] for _, attributes in elements(answer, "img"))
    assert acting(answer) == []


@BOTH
def test_the_lineage_leads_to_every_record_and_each_has_a_page(client, whole, registry):
    model, measurement = registry.get_model(whole.model_id), registry.get_measurement(whole.measurement_id)
    related = [model.id, model.data_set_id, measurement.id, measurement.sample_id]
    links = {attributes.get("href") for _, attributes in elements(client.get(f"/records/{whole.id}"), "a")}
    assert {f"/records/{id}" for id in related} <= links
    for id in related:
        answer = client.get(f"/records/{id}")
        assert answer.status_code == 200
        assert acting(answer) == []
        assert f"/records/{whole.id}" in answer.text or id == model.data_set_id


def test_what_was_made_from_a_record_is_listed(client, put, whole, registry):
    put.measured("other.dat", 300.0)
    measurement = registry.get_measurement(whole.measurement_id)
    for record, count in ((whole.measurement_id, 1), (whole.model_id, 1), (measurement.sample_id, 2)):
        page = client.get(f"/records/{record}")
        found = [link["href"] for _, link in elements(page, "a") if link.get("href", "").startswith("/predictions?")]
        answer = client.get(found[0])
        assert answer.status_code == 200
        assert len(elements(answer, "tr")) == 1 + count


def test_a_record_has_one_address_and_is_found_by_less(client, whole, registry):
    registry.curation.set_alias(whole.model_id, "production")
    for asked, found in (
        (f"/records/{whole.id[:6]}", whole.id),
        (f"/records?id={whole.id[:6]}", whole.id),
        ("/records/steel@production", whole.model_id),
        ("/records?id=steel%40production", whole.model_id),
    ):
        answer = client.get(asked)
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/records/{found}"


@pytest.mark.parametrize("id", ["zzzzzzzzzz", "a", "no@alias", "%3Cscript%3E", "..%2F..%2Fetc%2Fpasswd"])
def test_an_unknown_record_is_a_sentence(client, put, id):
    put.prediction()
    answer = client.get(f"/records/{id}")
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert acting(answer) == []


def test_the_figure_on_record_is_a_picture_in_which_nothing_runs(client, whole):
    answer = client.get(f"/records/{whole.id}/figure.svg")
    assert answer.content == SVG
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_posterior_is_drawn_on_demand(client, whole):
    answer = client.get(f"/records/{whole.id}/posterior.svg")
    assert answer.status_code == 200
    assert answer.content.startswith(b"<?xml")
    assert b"<svg" in answer.content


def test_files_are_saved_and_never_shown(client, whole, registry):
    answer = client.get(f"/records/{whole.id}/files/{POSTERIOR}")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{whole.id}-posterior.npz"
    assert answer.headers["content-type"] == "application/octet-stream"
    answer = client.get(f"/records/{whole.measurement_id}/measured")
    assert answer.content == b"p2.dat"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''p2.dat"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "no.npz", "%00", HOSTILE.replace("/", "")]
)
def test_only_files_of_the_record_are_found(client, whole, name):
    answer = client.get(f"/records/{whole.id}/files/{name}")
    assert answer.status_code == 404
    assert acting(answer) == []


def test_a_name_of_a_file_cannot_write_a_header(client, put):
    sample = put.sample()
    name = 'a"b\r\nSet-Cookie: x=1; ä/../x'
    answer = client.get(f"/records/{put.measurement(sample, file_name=name).id}/measured")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "/" not in answer.headers["content-disposition"].partition("''")[2]


def test_what_is_missing_is_said_and_the_rest_is_shown(client, put, whole, registry):
    bare = put.prediction()
    assert client.get(f"/records/{bare.id}/figure.svg").status_code == 404
    assert "--again' makes a prediction with all" in text_of(client.get(f"/records/{bare.id}/figure.svg"))
    store = registry.storage.artefacts
    for file in whole.files:
        store.path(file.artefact).unlink()
    answer = client.get(f"/records/{whole.id}")
    assert answer.status_code == 200
    assert "Doubtful: few modes" in text_of(answer)
    assert re.search(r"The artefact \S+ is missing\. .*Import a backup again", text_of(answer))
    assert client.get(f"/records/{whole.id}/figure.svg").status_code == 503


def test_markup_on_record_stays_text(client, put, whole):
    report = dict(whole.report) | {"notes": [HOSTILE], "reasons": [HOSTILE]}
    report["tables"] = {HOSTILE: {"title": HOSTILE, "units": {}, "columns": {HOSTILE: [HOSTILE], "b": [1], "c": [2]}}}
    with put.registry.storage.database.writing() as session:
        session.execute(update(PredictionRow).values(report=report, command=HOSTILE, operator=HOSTILE, note=HOSTILE))
        session.execute(update(PredictionRow).values(verdict=HOSTILE, misfit_unit=HOSTILE, environment={"a": HOSTILE}))
        session.execute(update(SampleRow).values(name=HOSTILE, technique=HOSTILE, document={HOSTILE: HOSTILE}))
    put.registry.curation.tag(whole.id, ["<script>alert(1)</script>"])
    measurement = put.registry.get_measurement(whole.measurement_id)
    for id in (whole.id, whole.model_id, whole.measurement_id, measurement.sample_id):
        answer = client.get(f"/records/{id}")
        assert answer.status_code == 200
        assert "&lt;script" in answer.text
        assert acting(answer) == []


@BOTH
def test_a_page_takes_a_bounded_number_of_statements_however_long_its_lineage(client, put, statements):
    first = put.measured("0.dat", 300.0)
    sample = put.registry.get_measurement(first.measurement_id).sample_id
    counted = []
    for runs in (range(1, 3), range(3, 15)):
        for run in runs:
            put.measured(f"{run}.dat", 300.0 + run)
        for id in (first.id, sample):
            statements.clear()
            assert client.get(f"/records/{id}").status_code == 200
            counted.append(len(statements))
    assert max(counted) <= MOST_STATEMENTS, counted
    assert counted[:2] == counted[2:]


def test_read_only_pages_have_no_form_that_changes(registry, whole):
    registry.curation.set_note(whole.id, "edges rounded")
    answer = Client(Site(opened=registry, read_only=True)).get(f"/records/{whole.id}")
    assert [attributes for _, attributes in elements(answer, "form") if attributes.get("method")] == []
    assert "edges rounded" in text_of(answer)
