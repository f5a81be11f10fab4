"""Lists: what a query selects, in which order, by which indexes, and what it says when it cannot be understood."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text, update

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.measurements import Condition
from spectra.core.quantities import EstimatedQuantity
from spectra.core.store import PredictionRecord
from spectra.registry.database.tables import ModelAliasRow, ModelRow, ModelTagRow, PredictionRow, SampleTagRow
from spectra.registry.query import search
from spectra.registry.query.language import quote
from spectra.registry.registry import Registry
from tests.registry.conftest import Filler


def quantity(
    name: str, value: float, unit: str = "GPa", std: float | None = 1.0, method: str = "refined"
) -> EstimatedQuantity:
    return EstimatedQuantity(
        name=name, unit=unit, method=method, value=value, std=std, note="" if std is not None else "unknown"
    )


def make_older(registry: Registry, record: PredictionRecord, days: float) -> PredictionRecord:
    with registry.storage.database.writing() as session:
        made = datetime.now(UTC) - timedelta(days=days)
        session.execute(update(PredictionRow).where(PredictionRow.id == record.id).values(created=made))
    return registry.get_prediction(record.id)


def value(record: PredictionRecord, name: str, unit: str) -> float | None:
    return next((q.value for q in record.final if (q.name, q.unit) == (name, unit)), None)


def held(run: int) -> tuple[Condition, ...]:
    """The conditions of a measurement: two thirds have a temperature, and a pressure in one of two units."""
    if run % 3 == 0:
        return ()
    pressure = Condition(name="pressure", value=1.0, unit="GPa") if run % 2 else None
    pressure = pressure or Condition(name="pressure", value=500.0, unit="MPa")
    return Condition(name="temperature", value=280.0 + 5 * run, unit="K"), pressure, Condition(name="nu", value=run)


def condition(record: PredictionRecord, name: str, unit: str) -> float | None:
    return next((c.value for c in record.conditions if (c.name, c.unit) == (name, unit)), None)


def std(record: PredictionRecord, name: str) -> float | None:
    return next((q.std for q in record.final if q.name == name), None)


QUANTITIES = (
    quantity("C11", 268.0, std=6.0, method="learned"),
    quantity("C11", 271.25),
    quantity("Debye temperature", 470.0, "K", method="derived"),
    quantity("width", 1.5, "mm"),
    quantity("width", 3.0, "px", method="derived"),
    quantity("nu", 0.3, "", method="derived"),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that is asked and stays as it is."""
    home = tmp_path_factory.mktemp("laboratory")
    url = str(home / "registry.sqlite")
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.url(server.create(request.getfixturevalue("postgresql_template")))
    with Registry.open(home, url) as registry:
        yield registry


@pytest.fixture(scope="module")
def laboratory(asked: Registry) -> tuple[PredictionRecord, ...]:
    """Sixty predictions of three samples, newest first."""
    registry, put, rng = asked, Filler(asked), random.Random(1)
    samples = [put.sample("steel"), put.sample("Glass_50"), put.sample("powder", technique="xrd")]
    records = []
    for number in range(60):
        sample = samples[number % 3]
        c11 = rng.choice([200.0, 250.0, 260.0, 270.0, 300.0])
        quantities = [
            quantity("C11", c11 + rng.uniform(-20, 20), std=6.0, method="learned"),
            quantity("C11", c11, std=rng.choice([None, 0.5, 1.0, 2.0])),
            quantity("Debye temperature", rng.uniform(300, 500), "K", method="derived"),
            quantity("width", rng.uniform(1, 2), "mm" if sample.technique == "toy" else "px"),
            quantity("nu", rng.uniform(0.2, 0.4), ""),
        ]
        record = registry.add_prediction(
            model=put.model(sample),
            measurement=put.measurement(
                sample,
                content=b"%d" % (number // 4),
                file_name=f"run-{number // 4}.dat",
                conditions=held(number // 4),
            ),
            quantities=quantities[: rng.randint(2, 5)],
            misfit=rng.choice([None, 0.1, 0.2, 0.5]),
            misfit_unit="kHz",
            report={"large": "x" * 1000},
            command="spectra analyze",
            operator=rng.choice(["ada", "ben", ""]),
            environment={},
            tags=rng.sample(["paper", "checked", "figure 3"], rng.randint(0, 2)),
        )
        records.append(make_older(registry, record, days=60 - number))
    return tuple(reversed(records))


Predicate = Callable[[PredictionRecord], bool]


def conditions(records: tuple[PredictionRecord, ...]) -> list[tuple[str, Predicate]]:
    """Conditions as a query says them and as Python does."""

    def number(name: str, unit: str, holds: Callable[[float], bool]) -> Predicate:
        return lambda r: (v := value(r, name, unit)) is not None and holds(v)

    def c11_std(holds: Callable[[float], bool]) -> Predicate:
        return lambda r: (s := std(r, "C11")) is not None and holds(s)

    def under(name: str, unit: str, holds: Callable[[float], bool]) -> Predicate:
        return lambda r: (v := condition(r, name, unit)) is not None and holds(v)

    one, now = records[20], datetime.now(UTC)
    day = records[30].created.astimezone()
    return [
        ("sample=steel", lambda r: r.sample_name == "steel"),
        ("sample!=steel|powder", lambda r: r.sample_name == "Glass_50"),
        ("sample=Glass_50", lambda r: r.sample_name == "Glass_50"),
        ("sample=glass_*0", lambda r: r.sample_name == "Glass_50"),
        ("sample='glass*'", lambda r: False),
        ("sample=glass.*|glass_50|Glass", lambda r: False),
        ("sample=*e*", lambda r: r.sample_name != "Glass_50"),
        ("technique=toy", lambda r: r.technique == "toy"),
        ("technique!=toy", lambda r: r.technique == "xrd"),
        ("tag=paper", lambda r: "paper" in r.tags),
        ("tag!=paper", lambda r: "paper" not in r.tags),
        ("tag=paper|figure 3", lambda r: bool({"paper", "figure 3"} & set(r.tags))),
        ("tag=FIG*", lambda r: "figure 3" in r.tags),
        ("operator=ada", lambda r: r.operator == "ada"),
        ('operator=""', lambda r: not r.operator),
        ("file=run-3.dat|run-12.dat", lambda r: r.file_name in ("run-3.dat", "run-12.dat")),
        ("file=run-1*", lambda r: r.file_name.startswith("run-1")),
        ("file=run_1*", lambda r: False),
        ("note=*x*", lambda r: False),
        (f"id={one.id}|{records[0].id[:5]}", lambda r: r in (one, records[0])),
        (f"id!={one.id}", lambda r: r != one),
        (f"model={one.model_id[:6].upper()}", lambda r: r.model_id == one.model_id),
        (f"measurement={one.measurement_id}", lambda r: r.measurement_id == one.measurement_id),
        ("misfit<0.2", lambda r: r.misfit == 0.1),
        ("misfit>=200 Hz", lambda r: r.misfit in (0.2, 0.5)),
        ("misfit!=0.1", lambda r: r.misfit != 0.1),
        ("C11>260", number("C11", "GPa", lambda v: v > 260)),
        ("C11>=2.6e11 Pa", number("C11", "GPa", lambda v: v >= 260)),
        ("C11<0.26 TPa", number("C11", "GPa", lambda v: v < 260)),
        ("C11=250|270", number("C11", "GPa", lambda v: v in (250, 270))),
        ("C11!=250", lambda r: value(r, "C11", "GPa") != 250),
        ("240<C11<=270", number("C11", "GPa", lambda v: 240 < v <= 270)),
        ("C11.std<1", c11_std(lambda s: s < 1)),
        ("C11.std>=1000 MPa", c11_std(lambda s: s >= 1)),
        ("C11.learned>260", lambda r: any(q.value > 260 for q in r.quantities if q.method == "learned")),
        ("C11.refined>260", number("C11", "GPa", lambda v: v > 260)),
        ("Debye temperature>400", number("Debye temperature", "K", lambda v: v > 400)),
        ('"Debye temperature.derived"<350 K', number("Debye temperature", "K", lambda v: v < 350)),
        ("width>1500 um", number("width", "mm", lambda v: v > 1.5)),
        ("width<1.5 px", number("width", "px", lambda v: v < 1.5)),
        ("nu<0.3", number("nu", "", lambda v: v < 0.3)),
        ("condition.nu>=4", under("nu", "", lambda v: v >= 4)),
        ("temperature>300", under("temperature", "K", lambda v: v > 300)),
        ("temperature<=26.85 degC", under("temperature", "K", lambda v: v <= 300)),
        ("290 K<condition.temperature<310000 mK", under("temperature", "K", lambda v: 290 < v < 310)),
        ("temperature!=300", lambda r: condition(r, "temperature", "K") != 300),
        ("pressure<600 MPa", under("pressure", "MPa", lambda v: v < 600)),
        ("pressure>=0.6 GPa", under("pressure", "GPa", lambda v: v >= 0.6)),
        ("C11.network>260", lambda r: any(q.value > 260 for q in r.quantities if q.method == "learned")),
        ("age<30d", lambda r: r.created > now - timedelta(days=30)),
        ("age>=5w", lambda r: r.created < now - timedelta(weeks=5)),
        ("age>0.1y", lambda r: r.created < now - timedelta(days=36.525)),
        (f"created={day:%Y-%m-%d}", lambda r: f"{r.created.astimezone():%Y-%m-%d}" == f"{day:%Y-%m-%d}"),
        (f"created!={day:%Y-%m}", lambda r: f"{r.created.astimezone():%Y-%m}" != f"{day:%Y-%m}"),
        (f"created<={day:%Y-%m-%d}", lambda r: f"{r.created.astimezone():%Y-%m-%d}" <= f"{day:%Y-%m-%d}"),
        (f"created>{day:%Y-%m-%d}", lambda r: f"{r.created.astimezone():%Y-%m-%d}" > f"{day:%Y-%m-%d}"),
        (f"created<{one.created.isoformat()}", lambda r: r.created < one.created),
        (f"created={one.created.isoformat()}", lambda r: r == one),
    ]


Key = Callable[[PredictionRecord], Any]
ORDERS: dict[str, Key] = {
    "created": lambda r: r.created,
    "sample": lambda r: r.sample_name,
    "file": lambda r: r.file_name,
    "id": lambda r: r.id,
    "misfit": lambda r: r.misfit,
    "C11": lambda r: value(r, "C11", "GPa"),
    "C11.std": lambda r: std(r, "C11"),
    "C11.learned": lambda r: next(q.value for q in r.quantities if q.method == "learned"),
    "nu": lambda r: value(r, "nu", ""),
    "temperature": lambda r: condition(r, "temperature", "K"),
    "condition.nu": lambda r: condition(r, "nu", ""),
}


def in_order(records: list[PredictionRecord], sort: str) -> list[PredictionRecord]:
    """Sort what is newest first, which is also the order of what is equal; what has no value comes last."""
    key = ORDERS[sort.removeprefix("-")]
    having = [record for record in records if key(record) is not None]
    having = sorted(having, key=key, reverse=sort.startswith("-"))
    if sort.startswith("-"):  # sorted() keeps the order of what is equal also then
        assert having == sorted(having, key=key, reverse=True)
    return having + [record for record in records if key(record) is None]


WAYS = {
    "as it is": {},
    "no few": {"FEW": -1, "DEPTH": 1},
    "one by one": {"FEW": -1, "MANY": -1, "DEPTH": 1},
    "deep": {"FEW": -1},
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_what_python_finds(
    asked: Registry, laboratory: tuple[PredictionRecord, ...], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, most in WAYS[way].items():
        monkeypatch.setattr(search, name, most)
    monkeypatch.setattr(search, "BATCH", 7)
    known = conditions(laboratory)
    rng = random.Random(way)
    queries: list[tuple[list[tuple[str, Predicate]], str, int | None]] = [([one], "-created", None) for one in known]
    queries += [
        (
            rng.sample(known, rng.randint(0, 3)),
            rng.choice(["", "-"]) + rng.choice(list(ORDERS)),
            rng.choice([None, 1, 2, 5]),
        )
        for _ in range(30)
    ]
    matches = 0
    for chosen, sort, limit in queries:
        query = ", ".join(condition for condition, _ in chosen)
        expected = in_order([r for r in laboratory if all(holds(r) for _, holds in chosen)], sort)[:limit]
        found = asked.list_predictions(query, sort=sort, limit=limit)
        assert [r.id for r in found] == [r.id for r in expected], (query, sort, limit)
        matches += len(found)
    assert matches > 400


def test_models_measurements_samples_and_data_sets_are_asked_the_same_way(registry: Registry, put: Filler) -> None:
    steel, glass = put.sample("steel"), put.sample("glass", technique="xrd")
    first, second = put.model(steel, seed=7), put.model(glass, seed=2**62)
    measured = put.measurement(steel, file_name="a.dat", tags=("cold",))
    other = put.measurement(glass, content=b"3", file_name="b.dat", reader="columns")
    with registry.storage.database.writing() as session:
        session.add(SampleTagRow(sample_id=steel.id, tag="certified"))
        session.add(ModelTagRow(model_id=first.id, tag="good"))
        session.add(ModelAliasRow(sample_name="steel", alias="production", model_id=first.id))
        session.execute(update(ModelRow).where(ModelRow.id == second.id).values(retired=datetime.now(UTC)))
    prediction = put.prediction(steel)

    def ids(records: Any) -> list[str]:
        return [record.id for record in records]

    assert ids(registry.list_samples("tag=certified")) == [steel.id]
    assert ids(registry.list_samples("sample=gl*,technique=xrd,age<1h")) == [glass.id]
    assert ids(registry.list_models("alias=production,tag=good,sample=steel,seed<8")) == [first.id]
    assert ids(registry.list_models(f"seed={2**62}")) == [second.id]
    assert ids(registry.list_models("retired=yes")) == [second.id]
    assert second.id not in ids(registry.list_models("retired=no"))
    assert ids(registry.list_models("retired!=no")) == [second.id]
    assert ids(registry.list_models("sample=*", sort="-seed", limit=1)) == [second.id]
    assert ids(registry.list_measurements("tag=cold,file=a.dat,reader=lines,kind=peaks")) == [measured.id]
    assert ids(registry.list_measurements("technique=xrd|xyz")) == [other.id]
    assert ids(registry.list_measurements("file=*.dat,file!=a.dat|peaks.dat")) == [other.id]
    assert ids(registry.list_data_sets("technique=xrd")) == [second.data_set_id]
    assert not registry.list_predictions("model=steel@production")
    with registry.storage.database.writing() as session:
        session.execute(update(ModelAliasRow).values(model_id=prediction.model_id))
    assert ids(registry.list_predictions(f"model=glass@production|steel@production|{second.id}")) == [prediction.id]
    assert not registry.list_predictions("model!=steel@production")


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("sampel=steel", ["'sampel' is no key of predictions. Did you mean 'sample'? Keys: age, created, file"]),
        ("c11>3", ["Did you mean 'C11'?", "Quantities on record: C11, Debye temperature, nu, width."]),
        ("Debye temprature>3", ["Did you mean 'Debye temperature'?"]),
        ("qqqq=1", ["'qqqq' is no key of predictions. Keys: age"]),
        ("C11.laerned>3", ["'C11.laerned' is no key of predictions. There is C11.std, C11.learned, C11.refined."]),
        ("alias=a", ["'alias' is no key of predictions."]),
        ("sample<steel", ["'sample<steel' cannot be answered: sample is text, which has no order. Use = or !=."]),
        ("id>abc", ["id is an identifier, which has no order"]),
        ("model<steel@production", ["model is an identifier, which has no order"]),
        ("id=steel", ["In 'id=steel', 'steel' is no beginning of an identifier."]),
        ("C11>steel", ["In 'C11>steel', 'steel' is no number. Write one like 260 or 2.6e2 GPa."]),
        ("C11>nan", ["'nan' is no number"]),
        ("C11>1e999", ["'1e999' is no number"]),
        ("C11>1|2", ["'C11>1|2' has more than one value. Only = and != can have several."]),
        ("C11>260 mm", ["In 'C11>260 mm' the unit cannot be used: 'mm' cannot be converted to GPa"]),
        ("C11>260 gigapasqual", ["'gigapasqual' is not a known unit"]),
        ("Debye temperature>20 degC", ["'degC' is no multiple of K"]),
        ("width>1", ["'width>1' has no unit, and width is on record in mm and in px. Write it, for example 'width>1"]),
        ("age=3d", ["'age=3d' is no age. Write age<36h, age<30d, age>2w or age>1.5y"]),
        ("age<3", ["'age<3' is no age."]),
        ("age<3m", ["'age<3m' is no age."]),
        ("created>yesterday", ["'yesterday' is no date. Write one like 2026, 2026-01, 2026-01-31 or"]),
        ("created=2026-13", ["'2026-13' is no date."]),
        ("created=9999", ["'9999' is no date."]),
        ("created=0001-01-01T00:00+23:59", ["is no date."]),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_with_the_remedy(
    registry: Registry, put: Filler, query: str, sentences: list[str]
) -> None:
    put.prediction(quantities=QUANTITIES)
    with pytest.raises(UsageError) as caught:
        registry.list_predictions(query)
    for sentence in sentences:
        assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("sort", "sentence"),
    [
        ("c11", "Did you mean 'C11'?"),
        ("-", "'' is no key of predictions"),
        ("tag", "Predictions cannot be sorted by 'tag': there can be several."),
    ],
)
def test_an_order_that_is_not_understood_is_said(registry: Registry, put: Filler, sort: str, sentence: str) -> None:
    put.prediction(quantities=QUANTITIES)
    with pytest.raises(UsageError, match=sentence):
        registry.list_predictions(sort=sort)


def test_values_in_several_units_are_sorted_one_unit_after_the_other(
    asked: Registry, laboratory: tuple[PredictionRecord, ...]
) -> None:
    found = asked.list_predictions(sort="-width")
    widths = [(q.unit, -q.value) for r in found for q in r.final if q.name == "width"]
    assert widths == sorted(widths)
    assert {unit for unit, _ in widths} == {"mm", "px"}
    assert len(found) == len(laboratory)
    assert all(not any(q.name == "width" for q in r.final) for r in found[len(widths) :])


def test_how_a_query_is_understood_is_said(registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch) -> None:
    put.prediction(quantities=QUANTITIES)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        query = "sample=steel|g*,C11>2.6e11 Pa,C11.std<=1,tag!=paper,created<2026-03,created=2026-01-31T12:30Z"
        assert registry.explain("predictions", query, sort="-C11") == [
            "sample=steel|g*: the sample is 'steel' or like 'g*'.",
            "C11>2.6e11 Pa: C11 is greater than 260 GPa.",
            "C11.std<=1: the uncertainty of C11 is at most 1 GPa.",
            "tag!=paper: it is not so that a tag is 'paper'.",
            "created<2026-03: the date is before 2026-03-01 00:00 +0545.",
            "created=2026-01-31T12:30Z: the date is from 2026-01-31 18:15 +0545 to before 2026-01-31 18:16 +0545.",
            "Sorted by C11, descending; what has none comes last.",
        ]
        (age, order) = registry.explain("samples", "age<1d")
        yesterday = datetime.now() - timedelta(days=1)
        assert age == f"age<1d: the date is {yesterday:%Y-%m-%d %H:%M} +0545 or later, 1d ago."
        assert order == "Newest first."
    finally:
        monkeypatch.undo()
        time.tzset()


_NASTY = st.sampled_from(
    [
        "'); DROP TABLE predictions; --",
        '" OR 1=1 --',
        "%",
        "_",
        "*",
        "\\",
        "\x00",
        "\ud800",
        "C11",
        "C11.std",
        "sample",
        "age",
        "5",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    key=st.sampled_from(["sample", "tag", "note", "file", "model", "id", "misfit", "age", "created", "C11", "C11.std"])
    | _NASTY
    | st.text(max_size=8),
    operator=st.sampled_from(["=", "!=", "<", ">="]),
    values=st.lists(_NASTY | st.text(max_size=8), min_size=1, max_size=3),
    quoted=st.booleans(),
    kind=st.sampled_from(["predictions", "models", "measurements", "samples"]),
    sort=_NASTY | st.text(max_size=4),
)
def test_nothing_in_a_query_acts_on_the_database(
    registry: Registry, put: Filler, key: str, operator: str, values: list[str], quoted: bool, kind: str, sort: str
) -> None:
    if not registry.list_predictions(limit=1):
        put.prediction(tags=("paper",))
    written = [quote(v) if quoted else v for v in values]
    for query, order in ((f"{quote(key)}{operator}{'|'.join(written)}", "-created"), ("", sort)):
        try:
            getattr(registry, f"list_{kind}")(query, sort=order, limit=3)
        except UsageError as error:
            assert error.exit_code == 2
    assert len(registry.list_predictions("tag=paper")) == 1


def test_a_list_reads_no_documents_of_predictions(registry: Registry, put: Filler) -> None:
    record = put.prediction(tags=("paper",))
    statements: list[str] = []
    event.listen(
        registry.storage.database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    (summary,) = registry.list_predictions("C11>260")
    assert not any(name in statement for statement in statements for name in (".report", ".environment", ".details"))
    assert summary.id == record.id
    for name in ("quantities", "tags", "sample_name", "file_name", "misfit", "command", "created", "final"):
        assert getattr(summary, name) == getattr(record, name)


def test_what_is_deleted_between_finding_and_reading_is_left_out(registry: Registry, put: Filler) -> None:
    first, second = put.prediction(), put.prediction()
    found = registry.list_predictions()
    with registry.storage.database.writing() as session:
        session.execute(text("DELETE FROM predictions WHERE id = :id"), {"id": first.id})
    assert [record.id for record in found] == [second.id]
    assert len(found) == 2
    with pytest.raises(NotFoundError, match=f"{first.id} was deleted in the meantime"):
        found[1]


def test_a_list_is_a_sequence(registry: Registry, put: Filler) -> None:
    samples = [put.sample(name) for name in ("steel", "glass", "brass")]
    found = registry.list_samples("technique=toy", sort="created")
    assert (len(found), found[0], found[-1], list(found[:2])) == (3, samples[0], samples[2], samples[:2])
    assert samples[1] in found
    assert repr(found) == "<3 samples>"
    assert not registry.list_samples("technique=xrd")


@pytest.mark.parametrize("query", ["", "sample=steel"])
def test_pages_that_go_on_after_a_record_are_the_whole_list(
    asked: Registry, laboratory: tuple[PredictionRecord, ...], query: str
) -> None:
    for sort in ("-created", "created", "age", "sample", "-file", "C11", "-width", "-nu", "temperature", "-pressure"):
        whole = asked.list_predictions(query, sort=sort).ids
        found: list[str] = []
        while page := asked.list_predictions(query, sort=sort, limit=7, after=found[-1] if found else None).ids:
            found += page
        assert found == list(whole), sort


def test_a_page_after_a_deleted_record_is_refused(registry: Registry, put: Filler) -> None:
    gone = put.prediction()
    registry.curation.delete([gone.id])
    with pytest.raises(NotFoundError, match=f"'{gone.id}', after which the list was to go on, is not on record"):
        registry.list_predictions(after=gone.id)
