"""Views that techniques add: data of theirs, drawn by our renderers; nothing of them breaks a page."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from toy_technique import parts

from spectra.core.errors import InputError
from spectra.core.formats.views import Curve, Picture, Plot, View
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.tables import Column, Table
from spectra.registry.registry import Registry
from spectra.web.pages import views
from spectra.web.plugins import catalogue
from tests.web.conftest import HOSTILE, acting, elements, text_of

UNEQUAL = Table(name="t", title="t", columns=(Column(name="a", values=[1]), Column(name="b", values=[])))


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def registry(tmp_path):
    with Registry.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def prediction(registry, put):
    """A prediction of the technique 'toy', as its analysis would put it on record."""
    sample = registry.add_sample(parts.ToySample(name="slab", technique="toy", thickness="2 mm"))
    x = [0.0, 1.0, 2.0]
    columns = {"x": x, "measured": [1.0, 3.0, 2.0], "computed": [1.5, 2.5, 2.0]}
    table = Table(
        name="profile", title="Profile", columns=tuple(Column(name=name, values=of) for name, of in columns.items())
    )
    return registry.add_prediction(
        model=put.model(sample),
        measurement=put.measurement(sample, file_name="run.txt"),
        quantities=put.quantities,
        misfit=0.25 + 1e-9,
        misfit_unit="1",
        report={"tables": {"profile": table.document()}},
        command="",
        operator="",
        environment={},
    )


def showing(monkeypatch, **shown):
    """Give the toy other views, each by what its function returns or raises."""

    def view(result):
        def show(recorded):
            if isinstance(result, Exception):
                raise result
            return result(recorded) if callable(result) else result

        return View(title="A view", show=show)

    monkeypatch.setattr(parts.Toy, "views", {name: view(result) for name, result in shown.items()})


def test_a_record_leads_to_the_views_of_its_technique(client, prediction):
    shown = client.get(f"/records/{prediction.id}")
    address = f"/records/{prediction.id}/views/profile"
    assert f'href="{address}"' in shown.text
    view = client.get(address)
    assert "Measured and computed" in text_of(view)
    assert "misfit 0.25" in text_of(view)
    assert acting(view) == []


def test_curves_are_drawn_where_their_numbers_lie(client, prediction):
    view = client.get(f"/records/{prediction.id}/views/profile").text
    (line,) = re.findall(r'<path class="bar s0" d="M([^"]+)"/>', view)[-1:]
    at = np.array([list(map(float, pair.split())) for pair in line.split("L")])
    assert np.diff(at[:, 0]) == pytest.approx(at[1, 0] - at[0, 0])  # x in equal steps
    down = at[:, 1] - at[0, 1]
    assert down / down[2] == pytest.approx([0, 2, 1], abs=0.01)  # 1.5, 2.5, 2.0
    assert view.count('<circle class="sign') == 0  # the second series has squares
    assert view.count('<polygon class="sign s1"') == 3 + 1  # and one in the legend


def test_pictures_are_sent_as_they_are(client, prediction, monkeypatch):
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    showing(monkeypatch, pictures=["a sentence", Picture(title="Grains", pixels=pixels)])
    view = client.get(f"/records/{prediction.id}/views/pictures")
    (given,) = [given for _, given in elements(view, "img")]
    assert given["alt"] == "Grains"
    with Image.open(io.BytesIO(client.get(given["src"]).content)) as sent:
        assert np.array_equal(np.asarray(sent), pixels)
    assert client.get(given["src"].replace("1.png", "0.png")).status_code == 404
    assert client.get(given["src"].replace("1.png", "7.png")).status_code == 404


def test_no_text_of_a_view_acts(client, prediction, monkeypatch):
    blocks = [
        HOSTILE,
        {HOSTILE: HOSTILE},
        Table(name=HOSTILE, title=HOSTILE, columns=(Column(name=HOSTILE, unit=HOSTILE, values=[HOSTILE]),)),
        Plot(title=HOSTILE, x_label=HOSTILE, y_label=HOSTILE, curves=[Curve(name=HOSTILE, x=[1, 2], y=[1, 2])]),
        Picture(title=HOSTILE, pixels=np.zeros((2, 2), np.uint8)),
    ]
    showing(monkeypatch, hostile=blocks)
    view = client.get(f"/records/{prediction.id}/views/hostile")
    assert view.status_code == 200
    assert acting(view) == []
    assert text_of(view).count("{{7*7}}") > 8


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (ZeroDivisionError("by nought"), "The view failed: ZeroDivisionError: by nought."),
        (InputError("No map.", hint="Make one."), "No map. Make one."),
        (lambda recorded: [recorded.file("map.npz")], "map.npz"),
        (lambda recorded: [recorded.measurement()], "too old to tell how its file was read"),
        (3, "The view failed: TypeError"),
        ([3], "The view returned int as number 0"),
        ([Table(name="t", title="t", columns=(Column(name="a", values=range(9999)),))], "has 9,999 rows"),
        ([UNEQUAL], "Number 0 of the view cannot be drawn"),
        ([Plot(title="t", x_label="x", y_label="y", curves=[Curve(name="c", x=["a"], y=["b"])])], "cannot be drawn"),
        (lambda _: [Curve(name="c", x=[1, 2], y=[1])], "give one length"),
        (
            lambda _: [Picture(title="p", pixels=np.zeros((2, 2)))],  # type: ignore[arg-type]
            "is float64 of shape (2, 2)",
        ),
    ],
)
def test_a_fault_in_a_view_is_a_sentence_on_its_page(client, prediction, monkeypatch, result, said):
    showing(monkeypatch, faulty=result)
    view = client.get(f"/records/{prediction.id}/views/faulty")
    assert view.status_code == 200
    assert said in text_of(view)
    assert "Traceback" not in view.text
    assert client.get(f"/records/{prediction.id}").status_code == 200


def test_a_technique_whose_views_are_at_fault_has_none(client, prediction, monkeypatch):
    for faulty in (property(lambda _: 1 / 0), 3, {"ok": 3}, {"../x": parts.Toy.views["profile"]}, {3: None}):
        monkeypatch.setattr(parts.Toy, "views", faulty)
        shown = client.get(f"/records/{prediction.id}")
        assert shown.status_code == 200
        assert "/views/" not in shown.text
    assert client.get(f"/records/{prediction.id}/views/profile").status_code == 404


def test_curves_with_gaps_and_very_long_ones_are_drawn(client, prediction, monkeypatch):
    x = np.arange(100_000.0)
    y = np.where(x == 77_777, 9.0, np.sin(x))
    curves = [Curve(name="long", x=x, y=y), Curve(name="gaps", x=[1, np.nan, 3], y=[1, 2, np.inf], marks="points")]
    showing(monkeypatch, plots=[Plot(title="t", x_label="x", y_label="y", curves=curves)])
    view = client.get(f"/records/{prediction.id}/views/plots")
    assert len(view.text) < 200_000
    (line,) = re.findall(r'<path class="bar s0" d="M([^"]+)"/>', view.text)[-1:]
    at = np.array([list(map(float, pair.split())) for pair in line.split("L")])
    assert at[at[:, 1].argmin(), 0] == pytest.approx(np.interp(77_777, [0, 99_999], at[[0, -1], 0]), abs=1)  # the peak
    assert "nan" not in view.text.lower()


def test_a_record_of_a_technique_that_is_not_installed_has_no_views(client, put):
    made = put.measured("old.dat", 300.0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(views, "catalogue", lambda: Catalogue())
        assert client.get(f"/records/{made.id}").status_code == 200
        assert "has no view" in text_of(client.get(f"/records/{made.id}/views/profile"))


def test_names_of_built_in_views_stay():
    """They stand in addresses that people have kept: add to them, and change none."""
    found = {
        entry.component.name: list(views.views_of(entry.component.name))
        for entry in catalogue().entries("technique")
        if entry.plugin != "toy-technique"
    }
    assert {name: names for name, names in found.items() if names and not name.startswith("toy")} == {
        "rus": ["differences"]
    }
