"""The keys of a technique's sample file: what each means, as a table, as a template, or to be asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_WIDTH = 78
_PLAIN = ("string", "number", "integer", "boolean")


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key of a sample file, as its JSON schema tells of it."""

    name: str
    needed: bool
    meaning: str
    """In words, without its form."""
    form: str
    """What may stand there, in short: ``{from, to}``, ``box | cylinder``, a number with a unit."""
    choices: tuple[str, ...] = ()
    """All that may stand there, if that is known."""
    default: Any = None
    plain: bool = True
    """Whether nothing but text and numbers may stand there."""
    keys: tuple[Key, ...] = ()
    """Of a mapping."""
    kinds: Mapping[str, tuple[Key, ...]] | None = None
    """Of a mapping of several kinds: the keys of each, without the one called :attr:`kind` that tells them apart."""
    kind: str = ""

    @property
    def text(self) -> str:
        """Meaning and form in a line."""
        form = "" if self.meaning and self.form == "string" else self.form
        return "; ".join(part for part in (self.meaning, form) if part)


def sample_keys(schema: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return the keys of a sample file, from the JSON schema of a technique's ``sample_schema``."""
    return _keys(schema, schema.get("$defs", {}))


def template(keys: tuple[Key, ...], document: Mapping[str, Any], *, heading: str) -> str:
    """Return a sample file with the values of ``document``, every key explained; keys without a value are comments."""
    lines = [f"# {line}" for line in textwrap.wrap(heading, _WIDTH)]
    for key in keys:
        lines.append("")
        lines += [f"# {line}" for line in textwrap.wrap(_explained(key), _WIDTH)]
        for name, of_kind in (key.kinds or {}).items():
            inner = ", ".join(one.name if one.needed else f"[{one.name}]" for one in of_kind)
            lines += textwrap.wrap(f"{name}: {inner}", _WIDTH, initial_indent="#   ", subsequent_indent="#     ")
        if key.name in document:
            lines += _written(key.name, document[key.name])
        else:
            lines.append(f"{key.name}:" if key.needed else f"# {key.name}: {_flow(key.default or '')}".rstrip())
    return "\n".join(lines) + "\n"


def _explained(key: Key) -> str:
    if key.kinds:
        return "; ".join(part for part in (key.meaning, f"{key.kind} is one of these, each with its keys:") if part)
    return key.text + ("" if key.needed else " (optional)")


def _written(name: str, value: Any) -> Iterator[str]:
    """Yield the lines of a key with its value; of a mapping a line for each key."""
    if isinstance(value, Mapping):
        yield f"{name}:"
        yield from (f"  {inner}: {_flow(held)}" for inner, held in value.items())
    else:
        yield f"{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    """Write a value in one line of YAML."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=float("inf"), allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...") if value != "" else ""


def _keys(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> tuple[Key, ...]:
    needed = schema.get("required", ())
    return tuple(_key(name, name in needed, held, definitions) for name, held in schema["properties"].items())


def _key(name: str, needed: bool, details: Mapping[str, Any], definitions: Mapping[str, Any]) -> Key:
    """Read one key; a part of the schema that stands elsewhere is looked up, and "or nothing" is left out."""
    options = [option for option in _options(details) if option.get("type") != "null"]
    one = _looked_up(options[0], definitions) if len(options) == 1 else details
    given = details.get("description", _first_sentence(one))
    form = " or ".join(_form(option, definitions) for option in options)
    kinds, kind = _kinds(one, definitions)
    return Key(
        name=name,
        needed=needed,
        meaning="" if form.startswith(given) else given,
        form=form,
        choices=tuple(map(str, one.get("enum", [one["const"]] if "const" in one else ()))),
        default=details.get("default"),
        plain=all(_looked_up(option, definitions).get("type") in _PLAIN for option in _leaves(options)),
        keys=_keys(one, definitions) if "properties" in one else (),
        kinds=kinds,
        kind=kind,
    )


def _first_sentence(details: Mapping[str, Any]) -> str:
    """Return what the docstring of a mapping's class says first, such as "the measured frequency range"."""
    said = str(details.get("description", "")).partition("\n")[0] if "properties" in details else ""
    return said.replace("``", "").removesuffix(".")


def _options(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what may stand at a key, each by itself."""
    return list(details.get("oneOf") or details.get("anyOf") or [details])


def _leaves(options: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield what options consist of, which may be options themselves."""
    for option in options:
        inner = _options(option)
        yield from [option] if inner == [option] else _leaves(inner)


def _looked_up(details: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    return definitions[details["$ref"].rpartition("/")[2]] if "$ref" in details else details


def _kinds(
    details: Mapping[str, Any], definitions: Mapping[str, Any]
) -> tuple[Mapping[str, tuple[Key, ...]] | None, str]:
    """Return the keys of each kind of a mapping that has several, and the name of the key that tells them apart."""
    if "discriminator" not in details or "mapping" not in details["discriminator"]:
        return None, ""
    kind = details["discriminator"]["propertyName"]
    found = {
        name: tuple(key for key in _keys(_looked_up({"$ref": place}, definitions), definitions) if key.name != kind)
        for name, place in details["discriminator"]["mapping"].items()
    }
    return found, kind


def _form(details: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Say in short what may stand at a key."""
    if "$ref" in details:
        inner = _looked_up(details, definitions)
        return "{" + ", ".join(inner["properties"]) + "}" if "properties" in inner else str(inner.get("type", ""))
    if "oneOf" in details or "anyOf" in details:
        return " or ".join(_form(option, definitions) for option in _options(details) if option.get("type") != "null")
    if "enum" in details:
        return " | ".join(map(str, details["enum"]))
    if "const" in details:
        return str(details["const"])
    if "examples" in details:
        return f"{details.get('description', 'text')}; for example '{details['examples'][0]}'"
    return str(details.get("type", ""))
