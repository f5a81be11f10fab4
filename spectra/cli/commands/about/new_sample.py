"""``spectra samples new``: a sample file to begin with, asked for on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import completion
from spectra.cli.commands.lists import samples
from spectra.core.errors import InputError

if TYPE_CHECKING:
    from spectra.core.technique import Technique
    from spectra.views.sample_keys import Key

_HEADING = "A specimen for spectra. 'spectra techniques show {}' lists these keys and the components."
_NOTHING = "-"
_EXAMPLE = " Every value is an example: replace it."


@samples.command("new")
def new(
    technique: Annotated[
        str,
        typer.Argument(
            metavar="TECHNIQUE", help="Technique, for example rus.", autocompletion=completion.component("technique")
        ),
    ],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="File to write (yaml). Default: standard output.")
    ] = None,
) -> None:
    """Write a sample file of a technique with every key explained.

    On a terminal, each value is asked for and the whole is checked; elsewhere the values are those of an example.
    """
    if file is not None and file.exists():
        raise InputError(f"There is already a file {file}.", hint="Choose another name; nothing was written.")

    from spectra.cli.session import load
    from spectra.core.basics.arguments import write_output
    from spectra.views.sample_keys import sample_keys, template

    chosen = load().catalogue.technique(technique)
    keys = sample_keys(chosen.sample_schema.model_json_schema())
    heading = _HEADING.format(technique)
    document: Mapping[str, Any]
    if sys.stdin.isatty():
        document = _asked_until_right(chosen, technique, keys)
    else:
        document = _example(chosen, technique)
        heading += _EXAMPLE if len(document) > 1 else ""
    text = template(keys, document, heading=heading)
    if file is None:
        typer.echo(text, nl=False)
    else:
        write_output(file, text.encode())
        typer.echo(f"Written: {file}", err=True)


def _example(technique: Technique, name: str) -> Mapping[str, Any]:
    from spectra.core.errors import NotFoundError
    from spectra.core.technique import ExemplaryTechnique

    try:
        return technique.example_sample() if isinstance(technique, ExemplaryTechnique) else {"technique": name}
    except NotFoundError:  # what it would be simulated with is not installed
        return {"technique": name}


def _asked_until_right(technique: Technique, name: str, keys: Iterable[Key]) -> dict[str, Any]:
    """Ask for all keys, then again for those that are wrong, until the technique takes the sample."""
    from pydantic import ValidationError

    from spectra.cli.printing.text import printable
    from spectra.core.basics.documents import describe_validation_error

    # What has a default or, though optional, keys of its own, stands in the file as a comment.
    asked = [key for key in keys if key.name != "technique" and (key.needed or (key.plain and key.default is None))]
    document: dict[str, Any] = {"technique": name}
    wrong = asked
    while True:
        document |= {key.name: _asked(key, key.name, document.get(key.name)) for key in wrong}
        document = _without_nothing(document)
        try:
            technique.sample_schema.model_validate(document, context={"folder": Path()})
        except ValidationError as error:
            fault = describe_validation_error(error, technique.sample_schema)
            typer.echo(printable(f"This cannot be used: {fault}."), err=True)
            faulty = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            wrong = [key for key in asked if key.name in faulty] or asked
        else:
            return document


def _asked(key: Key, path: str, before: Any) -> Any:
    """Ask for the value of a key, or of each key in it; nothing stands for what is left out."""
    if not (key.keys or key.kinds):
        return _prompted(path, key.text, before, needed=key.needed, choices=key.choices)
    former = before if isinstance(before, Mapping) else {}
    values: dict[str, Any] = {}
    inner: Sequence[Key] = key.keys
    if key.kinds:
        kind = _prompted(f"{path}.{key.kind}", " | ".join(key.kinds), former.get(key.kind), choices=tuple(key.kinds))
        values, inner = {key.kind: kind}, key.kinds[kind]
    elif not any(one.needed for one in inner):  # some of them are to be chosen, such as moduli to search
        inner = _chosen(inner, path, former)
    return values | _without_nothing(
        {one.name: _asked(one, f"{path}.{one.name}", former.get(one.name)) for one in inner}
    )


def _chosen(keys: Sequence[Key], path: str, former: Mapping[str, Any]) -> Sequence[Key]:
    """Ask which keys there shall be."""
    names = [key.name for key in keys]
    while True:
        text = f"some of {', '.join(names)}, separated by commas"
        listed = _prompted(path, text, ", ".join(name for name in names if name in former) or None)
        given = [part.strip() for part in str(listed).split(",") if part.strip()]
        if set(given) <= set(names):
            return [key for key in keys if key.name in given]
        typer.echo(f"Not known: {', '.join(name for name in given if name not in names)}.", err=True)


def _prompted(path: str, text: str, before: Any, *, needed: bool = True, choices: Sequence[str] = ()) -> Any:
    """Ask for one value; an optional one may be left out."""
    leaving = "" if needed else "; Enter leaves it out" if before is None else f"; {_NOTHING} leaves it out"
    while True:
        kept = "" if before is None and not needed else before
        given = str(typer.prompt(f"{path} ({text}{leaving})", default=kept, show_default=before is not None, err=True))
        if not needed and given.strip() in ("", _NOTHING):
            return None
        if not choices or given.strip() in choices:
            return _number(given.strip())
        typer.echo(f"It is one of: {', '.join(choices)}.", err=True)


def _number(text: str) -> Any:
    """Return the number that a text is, or the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
