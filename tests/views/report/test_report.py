"""The report of a prediction: one file with everything, in which nothing acts and which asks for nothing."""

import re
from base64 import b64decode

import numpy as np
import pytest
from sqlalchemy import update

from spectra.core.basics.files import pack_arrays
from spectra.core.errors import UsageError
from spectra.core.store import FIGURE, POSTERIOR
from spectra.registry.database.tables import PredictionRow
from spectra.registry.registry import Registry
from spectra.views.report.page import report_page
from tests.views.similarity.browser import Browser
from tests.web.conftest import HOSTILE, Laboratory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'


@pytest.fixture
def registry(tmp_path):
    with Registry.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def prediction(registry):
    draws = np.random.default_rng(1).normal([271.25, 130.0], [0.125, 1.0], (500, 2))
    files = {FIGURE: SVG, POSTERIOR: pack_arrays({"draws": draws})}
    return Laboratory(registry).measured("p2.dat", 300.0, files=files)


def test_it_holds_figure_tables_verdict_posterior_lineage_and_command(registry, prediction):
    text = report_page(registry, registry.lineage(prediction.id), f"spectra reproduce {prediction.id}")
    for part in (
        f"<title>Prediction {prediction.id}</title>",
        "271.25 ± 0.12",
        "Trusted: none of the technique&#x27;s checks speaks against this answer.",
        "Posterior, 500 draws",
        f"model {prediction.model_id}",
        f"<code>spectra reproduce {prediction.id}</code>",
        "spectra analyze p2.dat",
    ):
        assert part in text, part
    pictures = [b64decode(found) for found in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text)]
    assert pictures[0] == SVG
    assert len(pictures) == 2
    assert report_page(registry, registry.lineage(prediction.id), f"spectra reproduce {prediction.id}") == text


def test_it_opens_without_a_request_or_complaint_and_nothing_on_record_acts(registry, prediction, tmp_path):
    with registry.storage.database.writing() as session:
        changed = {"command": HOSTILE, "note": HOSTILE, "verdict": HOSTILE, "report": {"reasons": [HOSTILE]}}
        session.execute(update(PredictionRow).values(changed))
    text = report_page(registry, registry.lineage(prediction.id), HOSTILE)
    assert "<script" not in text
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    browser = Browser(tmp_path / "chromium")
    try:
        browser.open(f"file://{tmp_path}/report.html")
        assert {url.partition(":")[0] for url in browser.requested()} == {"file", "data"}
        assert browser.complaints() == []
        assert browser.run("document.querySelector('img').naturalWidth") == 40
        assert browser.run("getComputedStyle(document.querySelector('main')).display") == "block"
        assert browser.run("getComputedStyle(document.body).maxWidth") != "none"  # its own style is allowed
        assert browser.run("document.querySelectorAll('script, iframe, object, link').length") == 0
    finally:
        browser.close()


def test_what_is_no_prediction_has_no_report(registry, prediction):
    with pytest.raises(UsageError, match="is a model; a report is of a prediction"):
        report_page(registry, registry.lineage(prediction.model_id), None)
