"""New analyses and maps in Chromium: from a dropped file to its record, from a lasso to a query."""

import pytest

from tests.web.browser.test_accessibility import AXE, violations
from tests.web.test_analyses import SAMPLE, line
from tests.web.test_maps import add_pictures


@pytest.fixture(autouse=True)
def _ordinary_screen(page):
    page.look()


@pytest.fixture(scope="module")
def pictures(page, tmp_path_factory):
    """Pictures on record that a map can show."""
    add_pictures(page.registry, tmp_path_factory.mktemp("pictures"))


def choose(page, field, *files):
    """Choose files as the browser's own dialog would."""
    page.browser.call("DOM.enable")
    root = page.browser.call("DOM.getDocument")["root"]["nodeId"]
    found = page.browser.call("DOM.querySelector", nodeId=root, selector=field)["nodeId"]
    page.browser.call("DOM.setFileInputFiles", nodeId=found, files=[str(file) for file in files])


def drop(page, field, file):
    """Drop a file from the desktop onto a field."""
    x, y = page.run(
        f"(() => {{ const it = document.querySelector('{field}'); it.scrollIntoView(); "
        "const box = it.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; })()"
    )
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        page.browser.call("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)
    page.until(f"document.querySelector('{field}').files.length == 1")


def checked(page):
    """Nothing was asked for elsewhere, nothing complained, and nothing is hard to use."""
    page.browser.settle()
    outside = [url for url in page.browser.requested() if not url.startswith((page.root + "/", "data:", "blob:"))]
    assert outside == []
    assert page.browser.complaints() == []
    page.run(AXE.read_text())
    assert violations(page) == []


def test_from_a_sample_and_a_dropped_file_to_the_record_of_the_result(page, tmp_path):
    (tmp_path / "slab.yaml").write_text(SAMPLE)
    (tmp_path / "run.txt").write_bytes(line(0.1))
    page.open("/new")
    page.run("document.querySelector('summary').click()")
    choose(page, "#sample-file", tmp_path / "slab.yaml")
    page.run("document.querySelector('form[action=\"/new/sample\"] button').click()")
    page.until("document.querySelector('h2#file-head')?.innerText == 'Measurement of slab by toy'")
    checked(page)
    drop(page, "#file-1", tmp_path / "run.txt")
    page.run("document.getElementById('conditions').focus()")
    page.press(*"temperature=5 K")
    page.press("Tab", "Tab", *"browser", "Tab", " ", " ", "Tab", "Enter")  # a tag, the box there and back, the button
    page.until("location.pathname.startsWith('/jobs/')")
    page.until("location.pathname.startsWith('/records/')")  # by itself, when it is done
    (prediction,) = page.registry.list_predictions("technique=toy,tag=browser")
    assert page.run("location.pathname") == f"/records/{prediction.id}"
    assert [condition.amount for condition in prediction.conditions] == ["5 K"]
    found = {quantity.name: quantity.value for quantity in prediction.final}
    assert found["position"] == pytest.approx(0.1, abs=1e-3)


def test_a_job_that_fails_says_so_by_itself(page, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    sample = page.registry.list_samples("technique=toy")[0].id
    page.open(f"/new?sample={sample}")
    choose(page, "#file-1", tmp_path / "empty.txt")
    page.run("document.querySelector('form[action=\"/new/analysis\"] button').click()")
    page.until("document.querySelector('.fault')?.innerText.includes('empty.txt is empty.')")
    checked(page)


def text(page, name):
    return page.run(f"document.getElementById('{name}').innerText")


def test_from_a_map_by_a_lasso_to_a_layout_of_its_own_and_to_a_query(page, pictures):
    page.open("/map")
    checked(page)
    page.run(
        "document.getElementById('where').value = 'material=*';"
        "document.getElementById('color').value = 'material';"
        "document.getElementById('features').value = 'texture';"
        "document.querySelector('form[action=\"/map\"] button').click()"
    )
    page.until("location.pathname.startsWith('/map/') && typeof plot !== 'undefined' && DATA.names.length == 24")
    page.until("!!document.getElementById('again')")
    checked(page)
    fine = page.run("DATA.names.flatMap((name, row) => (name.startsWith('fine') ? [row] : []))")
    spots = page.run(
        f"{fine}.map((row) => {{ const box = plot.canvas.getBoundingClientRect();"
        "const [x, y] = plot.toScreen(here().rows.indexOf(row)); return [box.left + x, box.top + y]; })"
    )
    (left, *_, right), (top, *_, bottom) = (sorted(along) for along in zip(*spots, strict=True))
    page.run("document.getElementById('lasso').click()")
    corners = [(left - 6, top - 6), (right + 6, top - 6), (right + 6, bottom + 6), (left - 6, bottom + 6)]
    page.browser.drag([*corners, (left - 6, top - 5)])
    assert page.run("[...selected].sort((a, b) => a - b)") == fine  # the textures lie apart
    before = page.run("[...here().x]")
    page.run("document.getElementById('again').focus()")
    page.press("Enter")
    page.until("document.getElementById('said').innerText == '12 points, laid out by themselves.'")
    assert page.run("[...here().rows].sort((a, b) => a - b)") == fine
    assert page.run("[...here().x]") != before[: len(fine)]
    assert text(page, "trail").split("\n")[-1].startswith("Laid out again (12)")
    checked(page)
    page.run("document.getElementById('all').click()")
    page.run("document.getElementById('again').click()")
    page.until("!document.getElementById('again-stop').hidden")
    page.run("document.getElementById('again-stop').click()")
    page.until("document.getElementById('said').innerText == 'Stopped.'")
    assert text(page, "trail").split("\n")[-1].startswith("Laid out again (12)")
    page.run("document.getElementById('as-list').click()")
    page.until("location.pathname == '/measurements' && document.querySelectorAll('tbody tr').length == 12")
    assert "coarse" not in page.run("document.querySelector('tbody').innerText")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["wide, light", "narrow, dark"])
def test_pages_of_jobs_and_maps_are_usable_and_fit_the_screen(page, pictures, width, dark):
    page.look(width, dark=dark)
    sample = page.registry.list_samples("technique=toy")[0].id
    jobs = [f"/jobs/{job.id}" for job in page.jobs.all()]
    toy = page.registry.list_predictions("technique=toy")[0].id
    jobs += [f"/records/{toy}/views/profile"]
    maps = [f"/map/{job.id}" for job in page.jobs.all() if job.kind == "map" and job.state == "done"]
    for path in ("/new", f"/new?sample={sample}", "/jobs", *jobs[-3:], "/map", *maps[:1]):
        page.open(path)
        page.run("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        assert page.run("document.documentElement.scrollWidth") <= width, path
        checked(page)
