"""What programs read: numbers that are not finite, dates, and a list that is written piece by piece."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from spectra.views.documents import as_text, plain, to_json, to_json_list


@dataclass(frozen=True)
class Record:
    name: str
    value: float
    tags: tuple[str, ...] = ()


def test_what_is_not_finite_becomes_null_and_a_date_keeps_its_zone():
    moment = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
    assert plain({"a": Record("steel", float("nan"), ("good",)), 1: [moment, float("inf"), 0.5]}) == {
        "a": {"name": "steel", "value": None, "tags": ["good"]},
        "1": ["2026-01-31T12:30:00+00:00", None, 0.5],
    }


def test_a_list_in_pieces_is_the_document_that_it_is_as_a_whole():
    for records in ([], [Record("a", 1.0)], [Record("a", 1.0), Record("ü\n", float("nan"), ("x", "y"))]):
        written = "".join(to_json_list("models", records))
        assert json.loads(written) == json.loads(to_json("models", records))
        assert json.loads(written)["schema"] == 1


def test_a_cell_of_csv_has_all_digits_and_several_values_as_a_query_writes_them():
    assert as_text(0.1 + 0.2) == "0.30000000000000004"
    assert as_text(("good", "paper")) == "good|paper"
    assert as_text(None) == ""
