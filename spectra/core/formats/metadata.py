"""What a table or a list of documents says of files: conditions, labels, samples and notes.

A table is a CSV file with one line a file. A list of documents is JSON as DataFed keeps it of each record: ``title``,
``source``, ``description``, ``tags`` and an object ``metadata`` of any depth.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from spectra.core.basics.files import read_bounded
from spectra.core.basics.units import absolute_quantity, is_unit
from spectra.core.errors import InputError
from spectra.core.measurements import Condition
from spectra.core.store import MeasurementRecord

LARGEST = 200_000_000
"""Bytes of a table."""
_FILE_COLUMNS = ("file", "filename", "file_name", "path", "source", "name", "title")
_NAMED = re.compile(r"(?P<name>.*?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]")
_LONGEST = 100  # characters of a label with its name
_DEEPEST = 20


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What is known of one file."""

    sample: str = ""
    conditions: tuple[Condition, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""


def read_metadata(path: Path) -> Mapping[str, Metadata]:
    """Read a CSV table or a JSON list of documents: what it says by the path of each file, as written there.

    Numeric columns are conditions, with the unit in brackets behind the name (``temperature (K)``); columns of words
    are labels (``material=nickel``); ``sample``, ``tags`` (separated by semicolons) and ``note`` are what they say.

    Raises
    ------
    InputError
        If it cannot be read, has no column of file names, or names a file twice; with the line.
    """
    content = read_bounded(path, limit=LARGEST, what="table")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name} is not UTF-8 text, near byte {error.start}.", hint="Save it as UTF-8."
        ) from error
    return _documents(text, path.name) if path.suffix.lower() == ".json" else _table(text, path.name)


def found_for(known: Mapping[str, Metadata], path: Path) -> Metadata | None:
    """Return what is known of a file by its path or name, however many of its folders are written."""
    for key in ("/".join(path.parts[start:]) for start in range(len(path.parts))):
        if key in known:
            return known[key]
    return known.get(path.stem)


def datafed_document(record: MeasurementRecord) -> dict[str, Any]:
    """Return what is known of a measurement as a document like those that DataFed keeps."""
    labels = dict(tag.split("=", 1) for tag in record.tags if "=" in tag)
    conditions = {
        condition.name: {"value": condition.value, "unit": condition.unit} if condition.unit else condition.value
        for condition in record.conditions
    }
    return {
        "id": record.id,
        "title": record.file_name,
        "source": record.file_name,
        "description": record.note,
        "tags": [tag for tag in record.tags if "=" not in tag],
        "metadata": {"sample": record.sample_name, "technique": record.technique, **labels, **conditions},
    }


def _table(text: str, name: str) -> dict[str, Metadata]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}.") from error
    if not rows:
        raise InputError(f"{name} is empty.")
    _, heads = rows[0]
    files = next((k for wanted in _FILE_COLUMNS for k, head in enumerate(heads) if head.lower() == wanted), None)
    if files is None:
        raise InputError(
            f"{name}, line 1: no column is called 'file'; there are {', '.join(heads)}.",
            hint="Give the files' names in a column 'file'.",
        )
    for line, row in rows[1:]:
        if len(row) != len(heads):
            raise InputError(f"{name}, line {line}: {len(row)} columns, where the first line has {len(heads)}.")
    numeric = [all(_number(row[k]) is not None for _, row in rows[1:] if row[k]) for k in range(len(heads))]
    known: dict[str, Metadata] = {}
    for line, row in rows[1:]:
        file = _path(row[files])
        if file in known:
            raise InputError(f"{name}, line {line}: the file {file!r} stands there twice.")
        cells = [(heads[k], row[k], numeric[k]) for k in range(len(heads)) if k != files and row[k]]
        known[file] = _metadata(cells, f"{name}, line {line}")
    return known


def _metadata(cells: Sequence[tuple[str, str, bool]], where: str) -> Metadata:
    sample, note = "", ""
    conditions, tags = [], []
    for head, text, numeric in cells:
        match head.lower():
            case "sample":
                sample = text
            case "note" | "description":
                note = text
            case "tags":
                tags += [tag.strip() for tag in text.split(";") if tag.strip()]
            case _ if numeric:
                conditions.append(_condition(head, text, where))
            case _:
                tags.append(_label(head, text, where))
    return Metadata(sample=sample, note=note, conditions=tuple(conditions), tags=tuple(dict.fromkeys(tags)))


def _documents(text: str, name: str) -> dict[str, Metadata]:
    try:
        documents = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON: {error}.") from error
    documents = documents if isinstance(documents, list) else [documents]
    known: dict[str, Metadata] = {}
    for number, document in enumerate(documents, 1):
        where = f"{name}, document {number}"
        if not isinstance(document, dict):
            raise InputError(f"{where} is no object.")
        file = next((str(document[key]) for key in ("source", "file", "title") if document.get(key)), None)
        if file is None:
            raise InputError(f"{where} names no file.", hint="Give it under 'source' or 'title'.")
        if (file := _path(file)) in known:
            raise InputError(f"{where}: the file {file!r} stands there twice.")
        metadata = document.get("metadata") or {}
        if not isinstance(metadata, dict):
            raise InputError(f"{where}: 'metadata' is no object.")
        tags = document.get("tags") or []
        cells = [
            *_flattened(metadata, where),
            ("note", str(document.get("description") or ""), False),
            ("tags", ";".join(map(str, tags)) if isinstance(tags, list) else str(tags), False),
        ]
        known[file] = _metadata([cell for cell in cells if cell[1]], where)
    return known


def _flattened(document: Mapping[str, Any], where: str, prefix: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield the leaves of an object with dotted names; an object of a value and a unit is a leaf."""
    if prefix.count(".") > _DEEPEST:
        raise InputError(f"{where}: 'metadata' is nested more than {_DEEPEST} levels deep.")
    for key, value in document.items():
        name = f"{prefix}{key}"
        match value:
            case {"value": int() | float() as number, "unit": str() as unit}:
                yield f"{name} ({unit})", repr(number), True
            case dict():
                yield from _flattened(value, where, f"{name}.")
            case bool() | str():
                yield name, str(value), False
            case int() | float():
                yield name, repr(value), True
            case list():
                yield name, "; ".join(map(str, value)), False


def _path(text: str) -> str:
    return str(PurePosixPath(text.replace("\\", "/")))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _condition(head: str, text: str, where: str) -> Condition:
    match = _NAMED.fullmatch(head)
    name, unit = (match["name"], match["unit"].strip()) if match else (head, "")
    if unit and not is_unit(unit):
        raise InputError(f"{where}: {unit!r} of the column {head!r} is no unit.", hint="Write 'temperature (K)'.")
    condition = Condition.parse(f"{_word(name, where)}={text}")
    if not unit:
        return condition
    value, unit = absolute_quantity(f"{text} {unit}")
    return Condition(name=condition.name, value=value, unit=unit)


def _label(head: str, text: str, where: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in text)
    return f"{_word(head, where)}={plain.replace(',', ';').replace('@', ' at ')}"[:_LONGEST].strip()


def _word(text: str, where: str) -> str:
    """Return a name as a query can ask for it."""
    word = re.sub(r"[^\w.-]+", "_", text, flags=re.ASCII).strip("_")
    if not word or not word[0].isalpha():
        raise InputError(f"{where}: {text!r} is no name of a column that a query can ask for.", hint="Use letters.")
    return word[:60]
