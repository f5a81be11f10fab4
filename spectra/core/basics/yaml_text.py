"""YAML from users as plain data: text, numbers, truth values, lists and mappings, and nothing else.

PyYAML splits the text and builds its nodes; what they mean is decided here. Its own constructors fail in a dozen ways
on what people write (dates that do not exist, tags, numbers of thousands of digits), and YAML 1.1 reads the specimen
0123 as 83, the time 12:30 as 750 and the compound NO as false. Here these three stay text, and so do dates.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_SPECIAL = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
_LARGEST = 2**63  # of whole numbers: what arrays and databases can hold
_DIGITS = 30


class YamlError(Exception):
    """What is wrong with a text, as a clause; ``line`` counts from 1 and is ``None`` where it is unknown."""

    def __init__(self, fault: str, line: int | None = None) -> None:
        super().__init__(fault)
        self.line = line


class _Loader(yaml.SafeLoader):
    """Nodes without aliases, which can expand without bound."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _fault("aliases (*) are not accepted", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def parse_yaml(text: str) -> tuple[Any, yaml.Node | None]:
    """Read one YAML document.

    Returns
    -------
    document : dict, list, str, int, float, bool or None
        Each key of a mapping stands once in it.
    node
        The root of PyYAML's tree, which knows the lines; ``None`` if the text is empty.

    Raises
    ------
    YamlError
        If the text is not YAML, or uses aliases, tags that are none of JSON's types, keys that are lists or mappings,
        repeated keys, whole numbers of more than 64 bits, or characters that are none.

    Examples
    --------
    >>> parse_yaml("{name: 0123, length: 4.5, measured: 2026-11-29, polished: true}")[0]
    {'name': '0123', 'length': 4.5, 'measured': '2026-11-29', 'polished': True}
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        return (None if node is None else _value(node)), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(error.problem or error.context or "", mark.line + 1 if mark else None) from error
    except RecursionError as error:
        raise YamlError("it is nested too deeply") from error
    except yaml.YAMLError as error:  # characters that are not allowed
        raise YamlError(str(error).replace("\n", " ")) from error
    except (ValueError, OverflowError) as error:  # out of PyYAML's scanner: chr() of "\UFFFFFFFF"
        raise YamlError("an escape sequence stands for no character") from error


def _value(node: yaml.Node) -> Any:
    kind = node.tag.removeprefix(_TAG)
    match node:
        case yaml.ScalarNode():
            return _scalar(node, kind)
        case yaml.SequenceNode() if kind == "seq":
            return [_value(item) for item in node.value]
        case yaml.MappingNode() if kind == "map":
            return _mapping(node)
    raise _fault(f"the tag {node.tag!r:.100} is not accepted", node.start_mark)


def _mapping(node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _fault("a key is a list or a mapping", key_node.start_mark)
        key = _value(key_node)
        if key in found:
            raise _fault(f"the key {key!r:.100} stands twice", key_node.start_mark)
        found[key] = _value(value_node)
    return found


def _scalar(node: yaml.ScalarNode, kind: str) -> str | int | float | bool | None:
    text = node.value
    match kind:
        case "null":
            return None
        case "bool" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "int" if _WHOLE.fullmatch(text):
            if len(text) > _DIGITS or not -_LARGEST <= int(text) < _LARGEST:
                raise _fault(f"the number {text:.20}… has too many digits", node.start_mark)
            return int(text)
        case "float" if text.lower() in _SPECIAL:
            return float(_SPECIAL[text.lower()])
        case "float" if _DECIMAL.fullmatch(text):
            return float(text.replace("_", ""))
        case "str" | "bool" | "int" | "float" | "timestamp" | "merge" | "value":
            if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
                raise _fault("a text holds a character that is none", node.start_mark)
            return text
    raise _fault(f"the tag {node.tag!r:.100} is not accepted", node.start_mark)


def _fault(problem: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
