"""What JSON and CSV say of records and results."""

from __future__ import annotations

import dataclasses
import json
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

SCHEMA_VERSION = 1
"""Raised when a key of the JSON output changes its meaning or goes."""


def to_json(kind: str, content: Any) -> str:
    """Write ``{"schema": …, kind: content}``; what is not finite becomes null."""
    return _json({"schema": SCHEMA_VERSION, kind: content})


def to_json_list(kind: str, records: Iterable[Any]) -> Iterator[str]:
    """Write what :func:`to_json` would, in pieces: one record after the other."""
    yield f'{{\n  "schema": {SCHEMA_VERSION},\n  {json.dumps(kind)}: ['
    for number, record in enumerate(records):
        yield ("," if number else "") + "\n" + textwrap.indent(_json(record), "    ")
    yield "\n  ]\n}"


def plain(value: Any) -> Any:
    """Turn records, dates and numbers into what JSON holds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def as_text(value: Any) -> str:
    """Write a value of a table for a program; several are separated by ``|``, as in a query."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "|".join(map(as_text, value))
    return "" if value is None else str(value)


def _json(content: Any) -> str:
    return json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False)
