"""The map of similarity: made as a job, shown live, laid out again in parts."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.session import Session
from spectra.core.similarity.adding import add_measurements
from spectra.registry.registry import Registry
from spectra.web.plugins import catalogue
from spectra.web.similarity.wanted import Wanted
from spectra.web.site import Site
from tests.web.conftest import ACCESS, HOSTILE, Client, elements, text_of
from tests.web.jobs.conftest import ended

COUNT = 24


def add_pictures(registry, folder, count=COUNT):
    """Put pictures of fine stripes and of coarse ones on record, in turn."""
    rng = np.random.default_rng(1)
    x = np.arange(48)
    for number in range(count):
        kind, period = (("fine", 5), ("coarse", 16))[number % 2]
        wave = np.sin(2 * np.pi * x / period + rng.uniform(0, 6)) + 0.2 * rng.standard_normal((48, 48))
        path = folder / f"{kind}{number:02d}.png"
        Image.fromarray(np.clip(128 + 80 * wave, 0, 255).astype(np.uint8)).save(path)
        session = Session(store=registry, catalogue=catalogue())
        (added,) = add_measurements(session, [path], tags=[f"material={kind}"])
        assert added.record is not None, added.error


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    with Registry.open(folder / "home") as registry:
        add_pictures(registry, folder)
        client = Client(Site(opened=registry))
        yield client
        client.app.app.state.jobs.close()


def finished(client, id):
    job = ended(client.app.app.state.jobs, id)
    assert job.state == "done", job.fault
    return job


@pytest.fixture(scope="module")
def made(client):
    """The address of a map of everything."""
    answer = client.change("/map", where="material=*", color="material", features="texture")
    assert answer.status_code == 303, text_of(answer)
    job = finished(client, answer.headers["location"].rpartition("/")[2])
    assert job.command == "spectra map '--where=material=*' --features=texture --color=material --html=map.html"
    shown = client.get(f"/jobs/{job.id}")
    assert f'href="/map/{job.id}"' in shown.text
    return f"/map/{job.id}"


def test_its_page_has_the_scripts_of_the_page_in_one_file_and_no_text_of_a_record(client, made):
    shown = client.get(made)
    assert shown.status_code == 200
    scripts = [given for _, given in elements(shown, "script")]
    assert all(given["src"].startswith("/static/") for given in scripts)
    assert "fine00" not in shown.text
    for address in scripts[0]["data-scripts"].split():
        assert client.get(address).status_code == 200
    policy = shown.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "img-src 'self' data:" in policy  # thumbnails


def test_its_data_are_those_of_the_page_in_one_file(client, made):
    data = client.get(f"{made}/data.json").json()
    assert len(data["names"]) == COUNT
    assert data["colour"] == "material"
    assert all(data["thumbnails"])
    saved = client.get(f"{made}/map.html")
    assert "attachment" in saved.headers["content-disposition"]
    begins = '<script type="application/json" id="data">'
    assert json.loads(saved.text.partition(begins)[2].partition("</script>")[0]) == data


def test_some_points_are_laid_out_by_themselves(client, made):
    names = client.get(f"{made}/data.json").json()["names"]
    rows = [row for row, name in enumerate(names) if name.startswith("fine")]
    answer = client.change(f"{made}/layout", rows=",".join(map(str, rows)))
    assert answer.status_code == 202, text_of(answer)
    job = finished(client, answer.json()["job"])
    laid = client.get(f"/map/{job.id}/places.json").json()
    assert sorted(laid["rows"]) == rows
    places = np.array([laid["x"], laid["y"]])
    assert places.shape == (2, len(rows))
    assert np.isfinite(places).all()
    assert np.ptp(places, axis=1).min() > 0


@pytest.mark.parametrize("rows", ["", "1,2", "1,2,3,x", "-1,2,3,4", "1,2,3,24", "1,2,999999999", "1,,2,3"])
def test_points_that_are_not_on_the_map_are_refused(client, made, rows):
    before = len(client.app.app.state.jobs.all())
    assert client.change(f"{made}/layout", rows=rows).status_code == 400
    assert len(client.app.app.state.jobs.all()) == before


def test_a_query_that_selects_nothing_is_said_as_on_the_command_line(client):
    answer = client.change("/map", where="material=none-such")
    job = ended(client.app.app.state.jobs, answer.headers["location"].rpartition("/")[2])
    assert job.state == "failed"
    assert "Nothing on record fulfils 'material=none-such'" in text_of(client.get(f"/jobs/{job.id}"))
    assert client.get(f"/map/{job.id}").status_code == 404


def test_the_form_offers_layouts_and_lists_maps(client, made):
    shown = client.get("/map?where=" + "%3Cscript%3E")
    assert "Make the map" in text_of(shown)
    assert f'href="{made}"' in shown.text
    assert "<script>" not in shown.text
    assert {"value": "symmetry"} in [given for _, given in elements(shown, "option")]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"features": "npy:/etc/passwd"}, UsageError, "lie in a file of this machine"),
        ({"features": "keras:x,texture"}, UsageError, "lie in a file of this machine"),
        ({"features": "textur"}, NotFoundError, "textur"),
        ({"layout": "--db=x"}, NotFoundError, "--db=x"),
        ({"metric": HOSTILE}, UsageError, "There is no metric"),
        ({"seed": "-1"}, UsageError, "no whole number"),
        ({"where": "x" * 5000}, UsageError, "longer than 4,000"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_runs(given, error, said):
    with pytest.raises(error, match=said):
        Wanted.of(given, catalogue())


def test_options_are_one_word_each():
    wanted = Wanted.of({"where": "--html=/tmp/x", "color": "-x"}, catalogue())
    assert wanted.words() == ["--where=--html=/tmp/x", "--color=-x"]


def test_many_ask_at_once_and_all_are_answered(client, made):
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: client.get(f"{made}/data.json").status_code, range(50)))
    assert answers == [200] * 50


def test_a_form_from_elsewhere_makes_no_map(client, made):
    for path in ("/map", f"{made}/layout"):
        answer = client.post(path, data={"token": ACCESS.form_token}, headers={"Origin": "http://evil.test"})
        assert answer.status_code == 403
