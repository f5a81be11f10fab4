"""The Python face on the toy technique: tasks as methods, answers that show themselves, TensorFlow left alone."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

import spectra
from spectra.core.errors import InputError, NotFoundError, UsageError

SLAB = {"name": "slab", "technique": "toy", "thickness": "2 mm"}
TRUTH = {"position": 0.12, "width": 0.17}


@pytest.fixture
def session(home):
    with spectra.open(home, quiet=True) as opened:
        yield opened


@pytest.fixture
def measured(tmp_path):
    """A line of known position and width, in noise."""
    x = np.linspace(-1, 1, 81)
    y = 2 * TRUTH["width"] ** 2 / ((x - TRUTH["position"]) ** 2 + TRUTH["width"] ** 2)
    path = tmp_path / "line.txt"
    np.savetxt(path, np.column_stack([x, y + np.random.default_rng(0).normal(0, 0.01, 81)]))
    return path


def test_an_analysis_is_a_line_a_view_a_frame_and_a_figure(session, measured):
    answer = session.analyze(measured, sample=SLAB, tags=["first"], conditions=["temperature=300 K"])
    for name, truth in TRUTH.items():
        assert abs(answer.quantities.loc[name, "value"] - truth) < 4 * answer.quantities.loc[name, "std"]
    assert set(answer.estimates["method"]) > {"refined", "derived"}
    assert repr(answer).startswith(f"<{answer.prediction.id}: line.txt of slab: position 0.1")
    assert len(repr(answer)) < 120
    html = answer._repr_html_()
    assert "<th" in html
    assert "position" in html
    assert isinstance(answer.figure(), Figure)
    assert answer.verdict.trusted
    assert session.show(answer.prediction.id).verdict == answer.verdict
    assert session.show(answer.model.id).verdict is None
    assert answer.prediction.command == f"Python: analyze('{measured}', sample='slab')"

    again = session.analyze(str(measured), sample=SLAB, refine=False)
    assert again.model.id == answer.model.id
    assert again.result.refinement is None
    assert again.posterior.empty
    assert list(again.posterior.columns) == ["position (mm)", "width (mm)"]


def test_a_view_in_a_notebook_holds_nothing_that_acts(session, measured):
    strange = measured.rename(measured.with_name("<script>alert(1)"))
    html = session.analyze(strange, sample=SLAB)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_what_is_on_record_is_a_data_frame(session, measured):
    answer = session.analyze(measured, sample=SLAB)
    session.analyze(measured, sample=SLAB | {"name": "other"}, refine=False)
    found = session.predictions("sample=slab")
    assert list(found.index) == [answer.prediction.id]
    assert found.loc[answer.prediction.id, "position (mm)"] == answer.quantities.loc["position", "value"]
    assert session.predictions("sample=nobody").empty
    assert len(session.models()) == 1
    assert set(session.samples()["sample"]) == {"slab", "other"}
    assert len(session.measurements()) == 2
    shown = session.show(answer.prediction.id[:5])
    assert shown.quantities.loc["width", "value"] == answer.quantities.loc["width", "value"]
    assert repr(shown).startswith(f"<{answer.prediction.id}: prediction: position")
    assert "came from" in shown._repr_html_()
    assert session.reproduce(answer.prediction.id).same
    with pytest.raises(AttributeError, match="There is no 'modes' here; tables are profile"):
        _ = answer.modes


def test_models_training_sets_and_spectra_are_answers_too(session):
    model = session.train(SLAB, seed=3)
    assert list(model.errors.index) == list(TRUTH)
    assert session.train(SLAB, seed=3).record.id == model.record.id
    assert session.train(SLAB, seed=3, again=True).record.id != model.record.id
    assert isinstance(model.figure(), Figure)
    everything = session.simulate(SLAB)
    assert len(everything.values) == len(everything.signal) == 651
    spectrum = session.simulate(SLAB, at=TRUTH)
    assert len(spectrum.spectrum) == 81
    peak = spectrum.spectrum.iloc[int(np.argmax(spectrum.signal.y[0])), 0]
    assert peak == pytest.approx(TRUTH["position"], abs=0.025)
    with pytest.raises(InputError, match="Values are given for position; needed are position, width"):
        session.simulate(SLAB, at={"position": 0.1})


def test_a_study_gives_its_scores_as_a_frame(session, tmp_path):
    (tmp_path / "sample.yaml").write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    (tmp_path / "study.yaml").write_text(
        "title: Noise\nsample: sample.yaml\nvariants: [{name: as it is}]\n"
        "conditions: [{name: ideal}]\ntest: {points: 20}\n"
    )
    answer = session.evaluate(tmp_path / "study.yaml")
    assert set(answer.scores["quantity"]) == set(TRUTH)
    assert (answer.scores["rmse"] < 0.05).all()
    assert isinstance(answer.figure(), Figure)


def test_components_and_parameters_are_given_by_role(session, measured):
    parameters = {"encoder": {"bins": 9}}
    answer = session.analyze(measured, sample=SLAB, components={"encoder": "binned"}, parameters=parameters)
    assert answer.model.recipe["encoder"]["parameters"]["bins"] == 9
    with pytest.raises(NotFoundError, match="the nearest is 'binned'"):
        session.analyze(measured, sample=SLAB, components={"encoder": "bined"})


def test_a_sample_is_a_file_its_content_or_what_was_loaded(session, measured, tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    specimen = spectra.load_sample(path)
    assert specimen.sample == spectra.load_sample(SLAB).sample
    assert session.analyze(measured, sample=specimen).model.id == session.analyze(measured, sample=SLAB).model.id
    with pytest.raises(InputError, match="does not name its technique"):
        spectra.load_sample({"name": "slab"})
    with pytest.raises(InputError, match="unknown key 'thicknes'; the nearest is 'thickness'"):
        spectra.load_sample({"name": "slab", "technique": "toy", "thicknes": "2 mm"})
    with pytest.raises(UsageError, match="is a sample for 'toy', not for 'rus'"):
        spectra.load_sample(path, technique="rus")


def test_importing_spectra_imports_nothing_heavy():
    heavy = ("numpy", "pandas", "sqlalchemy")
    code = f"import sys, spectra; print(spectra.__version__, [m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1:] == ["[]"]
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        _ = spectra.close
