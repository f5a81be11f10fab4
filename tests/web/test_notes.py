"""Tags and notes: changed by our own pages alone, and nothing that was written is lost."""

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from spectra.core.errors import RegistryError
from spectra.web.app import create_app
from spectra.web.forms import LONGEST_FORM
from spectra.web.pages import ROUTES
from spectra.web.pages.records import fingerprint
from spectra.web.security import TOKEN_HEADER
from spectra.web.site import Site
from tests.web.conftest import ACCESS, BOTH, Client, elements, text_of

HERE = {"Origin": "http://127.0.0.1:8642"}


@pytest.fixture
def record(put):
    return put.prediction()


@BOTH
def test_tags_are_added_and_removed(client, registry, record):
    answer = client.change(f"/records/{record.id}/tag", tags="paper,  checked ,,")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/records/{record.id}#beside"
    assert registry.get_any(record.id).tags == ("checked", "paper")
    assert client.change(f"/records/{record.id}/untag", tag="paper").status_code == 303
    assert registry.get_any(record.id).tags == ("checked",)
    answer = client.change(f"/records/{record.id}/untag", tag="paper")
    assert answer.status_code == 404
    assert "has no tag 'paper'" in text_of(answer)
    answer = client.change(f"/records/{record.id}/tag", tags="a@b")
    assert answer.status_code == 400
    assert "holds a comma or an @" in text_of(answer)


@BOTH
def test_a_note_is_saved_as_it_was_written(client, registry, record):
    written = "Edges rounded.\r\n\r\n<b>Second</b> & last: Ω ≠ 0 \U0001f52c"
    answer = client.change(f"/records/{record.id}/note", note=written, before=fingerprint(""))
    assert answer.status_code == 303
    saved = registry.get_any(record.id).note
    assert saved == written.replace("\r\n", "\n")
    page = client.get(f"/records/{record.id}")
    assert "&lt;b&gt;Second&lt;/b&gt; &amp; last" in page.text
    assert elements(page, "b") == []
    assert client.change(f"/records/{record.id}/note", note="", before=fingerprint(saved)).status_code == 303
    assert registry.get_any(record.id).note == ""


def test_a_note_that_cannot_be_saved_is_shown_again(client, registry, record, monkeypatch):
    answer = client.change(f"/records/{record.id}/note", note="x" * 10_001, before=fingerprint(""))
    assert answer.status_code == 400
    assert "10,001 characters; 10,000 are allowed" in text_of(answer)
    assert "x" * 10_001 in answer.text

    def busy(*_):
        raise RegistryError("The registry is busy.", hint="Wait.")

    monkeypatch.setattr(type(registry.curation), "set_note", busy)
    answer = client.change(f"/records/{record.id}/note", note="my long thoughts", before=fingerprint(""))
    assert answer.status_code == 503
    assert "my long thoughts" in answer.text
    assert "The registry is busy. Wait." in text_of(answer)


def test_a_note_that_someone_else_has_changed_is_not_overwritten(client, registry, record):
    registry.curation.set_note(record.id, "Written by Ben.")
    answer = client.change(f"/records/{record.id}/note", note="Written by Ada.", before=fingerprint(""))
    assert answer.status_code == 400
    assert registry.get_any(record.id).note == "Written by Ben."
    said = text_of(answer)
    assert "Someone has changed the note since this page was opened" in said
    assert "Written by Ben." in said
    assert "Written by Ada." in said


def changing():
    return [route for route in ROUTES if isinstance(route, Route) and "POST" in (route.methods or ())]


def test_every_route_that_is_no_page_needs_the_token_and_our_origin(client, registry, record, site):
    assert changing()
    for route in changing():
        path = route.path.replace("{id}", record.id)
        fields = {"tags": "stolen", "tag": "stolen", "note": "stolen", "before": fingerprint("")}
        refused = (
            client.post(path, data=fields, headers=HERE),
            client.post(path, data=fields | {"token": "guessed"}, headers=HERE),
            client.post(path, data=fields | {"token": ACCESS.session}, headers=HERE),
            client.post(path, data=fields | {"token": ACCESS.form_token}),  # no browser leaves the origin out
            client.post(path, data=fields | {"token": ACCESS.form_token}, headers={"Origin": "http://evil.test"}),
            client.post(path, data=fields | {"token": ACCESS.form_token}, headers={"Origin": "null"}),
            client.post(path, data=fields | {"token": ACCESS.form_token}, headers={"Origin": "http://127.0.0.1:1"}),
            client.post(path, json=fields | {"token": ACCESS.form_token}, headers=HERE),
            client.post(path, content=b"\xff\x00", headers=HERE | {"Content-Type": "multipart/form-data"}),
        )
        for answer in refused:
            assert answer.status_code in (400, 403), (path, answer.status_code)
            assert "Traceback" not in answer.text
        stranger = TestClient(create_app(site, ACCESS), base_url="http://127.0.0.1:8642")
        assert stranger.post(path, data=fields | {"token": ACCESS.form_token}, headers=HERE).status_code == 401
    after = registry.get_any(record.id)
    assert (after.tags, after.note) == ((), "")


def test_a_program_changes_with_the_token_as_a_header(client, registry, record):
    answer = client.post(f"/records/{record.id}/tag", data={"tags": "checked"}, headers={TOKEN_HEADER: ACCESS.token})
    assert answer.status_code == 303
    assert registry.get_any(record.id).tags == ("checked",)


def test_read_only_refuses_every_change(registry, record):
    client = Client(Site(opened=registry, read_only=True))
    for route in changing():
        answer = client.change(route.path.replace("{id}", record.id), tags="a", tag="a", note="a", before="")
        assert answer.status_code == 403
        assert "--read-only: nothing can be changed here" in text_of(answer)


def test_a_form_that_is_too_long_is_refused_while_it_arrives(client, record):
    sent = 0

    def endless():
        nonlocal sent
        while sent < 100 * LONGEST_FORM:
            sent += 65536
            yield b"a" * 65536

    headers = HERE | {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/records/{record.id}/note", content=endless(), headers=headers)
    assert answer.status_code == 413
    answer = client.post(
        f"/records/{record.id}/note", content=b"a", headers=headers | {"Content-Length": "10000000000"}
    )
    assert answer.status_code == 413


def test_a_data_set_takes_neither(client, put):
    data_set = put.data_set()
    assert 'action="/records/' not in client.get(f"/records/{data_set.id}").text
    answer = client.change(f"/records/{data_set.id}/tag", tags="a")
    assert answer.status_code == 400
    assert "carries neither tags nor a note" in text_of(answer)
