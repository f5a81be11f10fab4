"""Who is let in: the host name, the token, the origin of changes, and what answers allow a browser to do."""

import sqlite3
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from spectra.registry.database import connection
from spectra.registry.registry import Registry
from spectra.web.app import create_app
from spectra.web.security import TOKEN_HEADER
from spectra.web.site import Site
from tests.web.conftest import ACCESS, Client

HERE = "http://127.0.0.1:8642"


@pytest.fixture
def stranger(site):
    """Someone without a cookie."""
    return TestClient(create_app(site, ACCESS), base_url=HERE, follow_redirects=False)


def test_without_the_token_nothing_of_the_registry_is_said(stranger, put):
    put.sample("secret alloy")
    for path in ("/", "/samples", "/records/abc", "/no/such/page"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert "secret" not in answer.text
        assert "with its token" in answer.text


def test_the_token_of_the_address_becomes_a_cookie_that_other_sites_cannot_send(stranger):
    answer = stranger.get("/samples?query=tag%3Da%26b&token=" + ACCESS.token)
    assert answer.status_code == 200  # no redirect: a browser would keep the cookie back where another site led here
    assert '<meta http-equiv="refresh" content="0; url=/samples?query=tag%3Da%26b">' in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert ACCESS.token not in cookie
    assert ACCESS.token not in answer.text
    assert stranger.get("/samples").status_code == 200


def test_a_program_gives_the_token_as_a_header(stranger):
    assert stranger.get("/samples", headers={TOKEN_HEADER: ACCESS.token}).status_code == 200
    for wrong in ("", "no", ACCESS.session, ACCESS.form_token, "ä"):
        assert stranger.get("/samples", headers={TOKEN_HEADER: wrong.encode()}).status_code == 401


def test_a_wrong_token_or_cookie_is_refused(stranger):
    answer = stranger.get("/samples?token=guessed")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    stranger.cookies.set(ACCESS.cookie, ACCESS.token)
    assert stranger.get("/samples").status_code == 401


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8642", "127.0.0.1.evil.test", "localhost@evil.test", ""])
def test_a_foreign_host_name_is_refused_even_with_the_token(client, host):
    assert client.get("/samples", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8642", "LOCALHOST:8642", "127.0.0.1", "[::1]:8642"])
def test_names_of_this_machine_are_accepted(client, host):
    assert client.get("/samples", headers={"Host": host, TOKEN_HEADER: ACCESS.token}).status_code == 200


def test_two_host_names_are_none(client):
    headers = [("Host", "127.0.0.1:8642"), ("Host", "evil.test"), (TOKEN_HEADER, ACCESS.token)]
    assert client.get("/samples", headers=headers).status_code == 403


def test_every_answer_forbids_scripts_of_others_and_frames(client, stranger, put):
    put.sample()
    for answer in (
        client.get("/samples"),
        client.get("/samples?query=nonsense"),
        client.get("/no/such/page"),
        client.get("/static/spectra.css"),
        stranger.get("/samples"),
        client.get("/samples", headers={"Host": "evil.test"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"  # with "no-referrer", forms would have Origin: null


def test_pages_are_kept_by_no_cache_and_our_own_files_are(client):
    assert client.get("/samples").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/spectra.css").headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/static/..%2fapp.py", "/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/x"]
)
def test_no_path_leads_out_of_our_own_files(client, path):
    assert client.get(path).status_code == 404


def test_methods_that_no_page_has_are_refused(client):
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        headers = {"Origin": HERE, TOKEN_HEADER: ACCESS.token}
        assert client.request(method, "/samples", headers=headers).status_code == 405


def test_a_fault_in_our_code_is_a_sentence(site, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(site.opened), "list_samples", broken)
    app = create_app(site, ACCESS)
    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    answer = client.get("/samples", headers={TOKEN_HEADER: ACCESS.token})
    assert answer.status_code == 500
    assert "Unexpected error: ZeroDivisionError." in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]


def test_a_registry_that_has_gone_is_said_with_a_remedy(client, registry, put):
    put.sample()
    registry.locations.database.unlink()
    answer = client.get("/samples")
    assert answer.status_code == 503
    assert "is not there any more." in answer.text
    assert "Traceback" not in answer.text


def test_a_locked_registry_is_said_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    with Registry.open(tmp_path / "home") as opened:
        client = Client(Site(opened=opened))
        assert client.get("/samples").status_code == 200
        opened.storage.database.engine.dispose()
        with closing(sqlite3.connect(opened.locations.database, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            answer = client.get("/samples")
            assert answer.status_code == 503
            assert "is busy: another process has been writing to it" in answer.text
            assert "Wait until that has finished and try again." in answer.text
            other.execute("ROLLBACK")
        assert client.get("/samples").status_code == 200
