"""axe-core finds nothing on any page, light or dark, wide or narrow, with everything unfolded."""

import hashlib
from pathlib import Path

import pytest

AXE = Path(__file__).with_name("axe.min.js")
SHA_256 = "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc"


def test_axe_is_the_file_that_was_published():
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == SHA_256


def violations(page):
    found = page.run("axe.run().then((found) => found.violations.map((it) => [it.id, it.nodes.map((n) => n.html)]))")
    return [(name, [html[:150] for html in nodes[:3]]) for name, nodes in found]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["wide, light", "narrow, dark"])
def test_no_page_violates_a_rule(page, width, dark):
    page.look(width, dark=dark)
    model = page.registry.get_prediction(page.ids[-1]).model_id
    addresses = ["/predictions", "/predictions?query=temprature>3", "/models", "/no/such/page"]
    addresses += [f"/records/{page.ids[-1]}", f"/records/{page.ids[-2]}", f"/records/{model}"]
    addresses += ["/trend?y=C11&y=misfit", f"/compare?id={page.ids[-1]}&id={page.ids[-2]}"]
    faults = {}
    for path in addresses:
        page.open(path)
        page.run("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        page.run(AXE.read_text())
        if found := violations(page):
            faults[path] = found
    assert faults == {}


def test_axe_would_find_what_is_wrong(page):
    page.look()
    page.open("/predictions")
    page.run(AXE.read_text())
    page.run("document.querySelector('label[for=query]').remove()")
    page.run("document.getElementById('query').placeholder = ''")
    page.run("document.querySelector('h1').style.color = '#eee'")
    assert {name for name, _ in violations(page)} == {"color-contrast", "label"}
