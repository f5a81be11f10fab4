"""The page in Chromium: by mouse or keyboard alone, on a small screen, in the dark, without a request outside."""

import pytest


def paths(page):
    compared = "&".join(f"id={id}" for id in page.ids[-3:])
    lists = ["/predictions", "/predictions?query=temprature>3", "/measurements", "/models", "/samples"]
    return [*lists, "/trend", "/trend?y=C11&x=file", f"/compare?{compared}"] + [
        f"/records/{id}" for id in (page.ids[-1], page.ids[-2], page.registry.get_prediction(page.ids[-1]).model_id)
    ]


@pytest.fixture(autouse=True)
def _ordinary_screen(page):
    page.look()


def test_a_query_finds_a_record_and_the_record_opens(page):
    page.open("/predictions")
    page.run("document.getElementById('query').value = 'temperature>700 K'; document.querySelector('.query').submit()")
    page.until("location.search.includes('temperature') && document.querySelectorAll('tbody tr').length == 1")
    page.run("document.querySelector('tbody a').click()")
    page.until(f"document.title.startsWith('Prediction {page.ids[9]}')")


def test_everything_can_be_done_with_the_keyboard_alone(page):
    page.open("/predictions")
    focused = []
    for _ in range(40):
        page.press("Tab")
        focused.append(page.run("document.activeElement.outerHTML.slice(0, 80)"))
        outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"no visible focus on {focused[-1]}"
        if page.run("document.activeElement.id") == "query":
            break
    assert "Skip to the content" in focused[0]
    page.press(*"sample=steel", "Enter")
    page.until("location.search.includes('sample') && !!document.querySelector('tbody a')")
    page.run("document.querySelector('tbody a').focus()")
    page.press("Enter")
    page.until("document.title.startsWith('Prediction')")
    page.run("document.getElementById('tags').focus()")
    page.press(*"keyboard", "Enter")
    page.until("!!document.querySelector('.tags li') && document.querySelector('.tags').innerText.includes('keyboard')")
    page.run("document.querySelector('.tags button').focus()")
    page.press("Enter")
    page.until("!document.querySelector('.tags')")


def test_no_page_is_wider_than_a_small_screen(page):
    page.look(360, 780)
    for path in paths(page):
        page.open(path)
        assert page.run("document.documentElement.scrollWidth") <= 360, path
        page.run("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        assert page.run("document.documentElement.scrollWidth") <= 360, path


def test_dark_pages_are_dark(page):
    page.open("/predictions")
    light = page.run("getComputedStyle(document.body).backgroundColor")
    page.look(dark=True)
    dark = page.run("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 23, 26)")


def test_no_request_leaves_the_machine_and_nothing_on_record_acts(page):
    for path in paths(page):
        page.open(path)
        page.run("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        page.browser.settle()
        asked = page.browser.requested()
        assert asked
        assert [url for url in asked if not url.startswith((page.root + "/", "data:"))] == []
        refused = [it["params"].get("entry", {}).get("text", "") for it in page.browser.complaints()]
        assert [text for text in refused if "400 (Bad Request)" not in text] == []


def test_the_figure_is_shown_and_runs_nothing(page):
    page.open(f"/records/{page.ids[-1]}")
    assert page.run("document.querySelector('figure img').naturalWidth") == 400
    page.open(f"/records/{page.ids[-1]}/figure.svg")
    assert page.run("document.documentElement.nodeName") == "svg"
