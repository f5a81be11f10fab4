"""A registry with one of everything, and clients that ask its page as a browser would."""

import shutil
from html.parser import HTMLParser

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from spectra.core.measurements import Condition
from spectra.registry.registry import Registry
from spectra.web.app import create_app
from spectra.web.security import Access
from spectra.web.site import Site
from tests.registry.conftest import Filler

ACCESS = Access(token="a token that nobody guesses", port=8642)
HOSTILE = '</td><script src="http://evil.test/x.js"></script><img src=x onerror="alert(1)">\'"&{{7*7}}'


BOTH = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])


class Laboratory(Filler):
    """Puts on record what a page shows in full, too."""

    def model(self, sample=None, *, seed=1, recipe_digest="sha256:model", tests=None):
        sample = sample or self.sample()
        quantity = {"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}
        tested = {"mape_percent": 1.25, "rmse": 3.5, "within_one_spread": 0.68}
        return self.registry.add_model(
            sample=sample,
            data_set=self.data_set(sample, digest=f"of {sample.id}"),
            recipe={
                "forward_model": {"name": "rus", "version": "1", "parameters": {"order": 10}},
                "encoder": {"name": "direct", "version": "1", "parameters": {}},
                "regressor": {"name": "dense", "version": "1", "parameters": {}},
            },
            recipe_digest=recipe_digest,
            quantities=[quantity],
            seed=seed,
            metrics={"test": {"C11": tested}, "points": {"test": 2000}},
            content=b"weights",
            environment={"numpy": "2.0"},
        )

    def data_set(self, sample=None, digest="sha256:recipe"):
        return self.registry.add_data_set(
            sample=sample or self.sample(),
            digest=digest,
            recipe={"forward_model": {"name": "rus", "version": "1", "parameters": {"order": 10}}},
            points=20_000,
            notes=("3 points without a solid were left out",),
            content=b"points and signals",
            environment={"numpy": "2.0"},
        )

    def measured(self, name, temperature, **of_prediction):
        """Put a prediction of a measurement of its own on record."""
        sample = self.sample()
        measurement = self.measurement(
            sample,
            content=name.encode(),
            file_name=name,
            conditions=(Condition(name="temperature", value=temperature, unit="K"),),
        )
        details = {"quantities": self.quantities, "verdict": "trusted", "report": {}} | of_prediction
        return self.registry.add_prediction(
            model=self.model(sample),
            measurement=measurement,
            misfit=0.12,
            misfit_unit="%",
            command=f"spectra analyze {name}",
            operator="ada",
            environment={"spectra": "0.1.0"},
            **details,
        )


class Client(TestClient):
    """Someone who has opened the address with the token."""

    def __init__(self, site):
        super().__init__(create_app(site, ACCESS), base_url="http://127.0.0.1:8642", follow_redirects=False)
        self.cookies.set(ACCESS.cookie, ACCESS.session)

    def change(self, path, **fields):
        """Send a form as one of the pages would."""
        return self.post(path, data={"token": ACCESS.form_token} | fields, headers={"Origin": "http://127.0.0.1:8642"})


@pytest.fixture
def backend():
    """The kind of database; a test that asks much of it is parametrized with both."""
    return "sqlite"


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """The home of an empty registry, to be copied: to make one takes longer than most tests here."""
    home = tmp_path_factory.mktemp("empty") / "home"
    Registry.open(home, f"sqlite:///{home}/registry.sqlite").close()
    return home


@pytest.fixture
def registry(backend, request, empty_home, tmp_path, monkeypatch):
    monkeypatch.delenv("SPECTRA_DATABASE_URL", raising=False)
    url = None if backend == "sqlite" else request.getfixturevalue("postgresql_url")
    if backend == "sqlite":
        shutil.copytree(empty_home, tmp_path / "home")
    with Registry.open(tmp_path / "home", url) as opened:
        yield opened


@pytest.fixture
def put(registry):
    return Laboratory(registry)


@pytest.fixture
def site(registry):
    return Site(opened=registry)


@pytest.fixture
def client(site):
    return Client(site)


@pytest.fixture
def statements(registry):
    """What the database is asked, one statement an entry; clear it before what is counted."""
    asked = []
    event.listen(
        registry.storage.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    return asked


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.words = [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)


def _read(answer):
    reader = _Reader()
    reader.feed(answer.text)
    return reader


def text_of(answer):
    """The text of a page as a person reads it, without its markup."""
    return " ".join(" ".join(_read(answer).words).split())


def elements(answer, *tags):
    """The elements of a page, each with its attributes."""
    return [(tag, attributes) for tag, attributes in _read(answer).elements if not tags or tag in tags]


def acting(answer):
    """Elements and attributes by which a text could act: there have to be none."""
    found = [tag for tag, _ in elements(answer, "script", "iframe", "object", "embed", "base", "style")]
    for tag, attributes in elements(answer):
        found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name == "style"]
        addresses = [attributes.get(name) or "" for name in ("href", "src", "action", "formaction")]
        found += [address for address in addresses if not (address == "" or address.startswith(("/", "#")))]
        found += [address for address in addresses if address.startswith("//")]
    return found
