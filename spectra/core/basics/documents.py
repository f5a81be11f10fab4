"""YAML files from users: read safely, validated by a schema, every fault told with its line and key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from spectra.core.basics.files import read_bounded
from spectra.core.basics.yaml_text import YamlError, parse_yaml
from spectra.core.errors import InputError

_LIMIT = 1_000_000
_MOST_FAULTS = 20
M = TypeVar("M", bound=BaseModel)


def load_document(path: Path, schema: type[M], *, what: str) -> M:
    """Read ``path`` and validate it; files that it refers to lie in its folder.

    Parameters
    ----------
    what
        What the file is, for the sentences: "sample file".

    Raises
    ------
    InputError
        If the file is missing, empty, too large, no YAML mapping, or breaks the schema; the sentence gives line and
        key and names the nearest known key for an unknown one.
    """
    content = read_bounded(path, limit=_LIMIT, what=what)
    try:
        document, node = parse_yaml(content.decode())
    except UnicodeDecodeError as error:
        raise InputError(f"The {what} {path} is not text in UTF-8.", hint="Is it the right file?") from error
    except YamlError as error:
        line = f", line {error.line}" if error.line else ""
        raise InputError(f"{path}{line}: this is not YAML: {error}.") from error
    if node is None or not isinstance(document, dict):
        raise InputError(f"{path}: a {what} holds 'key: value' lines; this one does not.")
    try:
        return schema.model_validate(document, context={"folder": path.parent})
    except ValidationError as error:
        raise InputError("\n".join(_sentences(error, path, node, schema))) from error


def describe_validation_error(error: ValidationError, schema: type[BaseModel]) -> str:
    """Say in words what a schema found wrong with parameters that stand in no file."""
    return "; ".join(_fault(fault, schema) for fault in error.errors()[:_MOST_FAULTS])


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; the nearest is 'x'" for the known name closest to ``name``, or nothing if none is close."""
    close = difflib.get_close_matches(name.lower(), {k.lower(): k for k in known}, n=1, cutoff=0.5)
    original = {k.lower(): k for k in known}
    return f"; the nearest is {original[close[0]]!r}" if close else ""


def _sentences(error: ValidationError, path: Path, node: yaml.Node, schema: type[BaseModel]) -> Iterator[str]:
    faults = error.errors()
    for fault in faults[:_MOST_FAULTS]:
        yield f"{path}, line {_line(node, fault['loc'])}: {_fault(fault, schema)}."
    if len(faults) > _MOST_FAULTS:
        yield f"{path}: there are {len(faults) - _MOST_FAULTS:,} more."


def _fault(fault: Any, schema: type[BaseModel]) -> str:
    key = ".".join(f"{part!s:.100}" for part in fault["loc"])
    match fault["type"]:
        case "extra_forbidden":
            known = sorted(_property_names(schema.model_json_schema()))
            return f"unknown key {key!r}{nearest(str(fault['loc'][-1]), known) or '; known are ' + ', '.join(known)}"
        case "missing":
            return f"the key {key!r} is missing"
        case "union_tag_invalid" | "union_tag_not_found" | "literal_error":
            expected = fault["ctx"].get("expected_tags") or fault["ctx"].get("expected") or ""
            return f"{key!r} needs one of {expected}" if expected else f"{key!r}: {fault['msg']}"
        case "value_error":
            return f"{key!r}: {fault['ctx']['error']}" if key else str(fault["ctx"]["error"])
        case _:
            return f"{key!r} is {fault['input']!r:.200}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _property_names(json_schema: Any) -> set[str]:
    """All keys that a schema knows, at any depth."""
    if isinstance(json_schema, list):
        return set().union(*map(_property_names, json_schema)) if json_schema else set()
    if not isinstance(json_schema, dict):
        return set()
    names = set(json_schema["properties"]) if isinstance(json_schema.get("properties"), dict) else set()
    return names.union(*map(_property_names, json_schema.values()))


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """Line of the deepest key of ``location`` that the file has; union tags in a location are passed over."""
    line = int(node.start_mark.line) + 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    line, node = int(key.start_mark.line) + 1, value
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = int(node.start_mark.line) + 1
    return line
