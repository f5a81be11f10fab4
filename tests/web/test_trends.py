"""Trends: any quantity over a condition, a date or words, as a chart and as a table."""

import pytest

from spectra.web.pages import trends
from tests.web.conftest import BOTH, HOSTILE, acting, elements, text_of

MOST_STATEMENTS = 30


@pytest.fixture
def series(put):
    made = [put.measured(f"{run}.dat", 300.0 + 50 * run) for run in range(4)]
    put.measured("odd.dat", 4.0, verdict="doubtful")
    put.measured("bad.dat", 5.0, verdict="refused")
    put.registry.curation.tag(made[0].id, ["first", "checked"])
    return made


def points(answer):
    return [attributes["href"] for tag, attributes in elements(answer, "a") if attributes.get("tabindex") == "-1"]


@BOTH
def test_a_quantity_over_a_condition_is_a_chart_and_a_table_with_the_command(client, series):
    answer = client.get("/trend?query=temperature>100&y=C11&x=temperature")
    assert answer.status_code == 200
    assert points(answer) == [f"/records/{record.id}" for record in series]  # by temperature
    said = text_of(answer)
    assert "spectra plot 'temperature>100' --x temperature --y C11" in said
    assert "4 predictions" in said
    assert said.count("271.25 ± 0.12") == 8  # a title for each point, and a row
    assert acting(answer) == []


def test_without_a_choice_the_first_quantity_stands_over_the_first_condition(client, series):
    answer = client.get("/trend")
    assert "--x temperature --y C11" in text_of(answer)
    assert len(points(answer)) == 5  # the refused one is left out
    chosen = [attributes for _, attributes in elements(answer, "input") if attributes.get("name") == "y"]
    assert [it["value"] for it in chosen] == ["C11", "C44", "misfit"]


def test_dates_words_and_several_quantities(client, series):
    for x in ("created", "sample", "file", "C44", "misfit"):
        answer = client.get(f"/trend?y=C11&y=misfit&x={x}")
        assert answer.status_code == 200, x
        assert len([tag for tag, it in elements(answer, "svg") if it["class"] == "chart"]) == 2
    tagged = client.get("/trend?y=C11&x=tag")
    assert points(tagged) == 2 * [f"/records/{series[0].id}"]  # at each of its tags


def test_a_fault_is_said_above_the_form(client, series):
    for asked, said in (
        ("y=C12&x=temperature", "'C12' is no key of predictions."),
        ("y=C11&x=temprature", "Did you mean 'temperature'?"),
        ("y=sample", "has no numbers to draw"),
        ("query=C11>&y=C11", "The query cannot be read"),
    ):
        answer = client.get(f"/trend?{asked}")
        assert answer.status_code == 400, asked
        assert said in text_of(answer)
        assert elements(answer, "select")
    assert "Nothing on record matches." in text_of(client.get("/trend?query=sample=glass"))


def test_of_too_many_the_newest_are_drawn_and_that_is_said(client, series, monkeypatch):
    monkeypatch.setattr(trends, "MOST", 3)
    answer = client.get("/trend?y=C11&x=file")
    assert "More than 3 predictions match; the newest are drawn." in text_of(answer)
    assert len(points(answer)) == 2  # and one is refused


def test_markup_on_record_or_in_the_address_stays_text(client, put):
    put.measured(HOSTILE, 300.0)
    put.registry.curation.tag(put.measured("b.dat", 300.0).id, ["<script>alert(1)</script>"])
    for address in ("/trend?y=C11&x=file", "/trend?y=C11&x=tag"):
        answer = client.get(address)
        assert acting(answer) == []
        assert "&lt;script" in answer.text
    for name in ("query", "x", "y"):
        assert acting(client.get("/trend", params={name: HOSTILE})) == []


def test_statements_do_not_grow_with_the_predictions(client, put, statements):
    counted = []
    for runs in (range(3), range(3, 20)):
        for run in runs:
            put.measured(f"{run}.dat", 300.0 + run)
        statements.clear()
        client.get("/trend?y=C11&x=temperature")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= MOST_STATEMENTS, counted
