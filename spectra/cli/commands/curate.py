"""``spectra tag|note|condition|alias|retire|delete``: what people change on record."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import completion, options
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.store import AnnotatedRecord
    from spectra.registry.curation import Curation

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="Identifier or alias of a model, for example steel@production.",
        autocompletion=completion.record("model"),
    ),
]


def tag(
    id: options.AnyId,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Tags to add or remove.")],
    remove: Annotated[bool, typer.Option("--remove", help="Remove these tags.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Tag a sample, model, measurement or prediction."""
    curation = _open(db)
    record = curation.untag(id, names) if remove else curation.tag(id, names)
    _answer(record, f"has the tags {', '.join(record.tags)}" if record.tags else "has no tag", json=json)


def note(
    id: options.AnyId,
    text: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", help="Text of the note; '' removes it. Without a text, the note is printed."),
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Set, replace or print the note on a sample, model, measurement or prediction."""
    from spectra.cli.printing.blocks import print_line

    curation = _open(db)
    record = curation.annotated(id) if text is None else curation.set_note(id, text)
    if text is not None or json:
        _answer(record, "has a new note" if text else "has no note", json=json)
    else:
        for line in record.note.splitlines():
            print_line(line)


def condition(
    id: Annotated[
        str,
        typer.Argument(
            metavar="MEASUREMENT",
            help="Identifier of a measurement or its beginning; name of its file.",
            autocompletion=completion.record("measurement"),
        ),
    ],
    conditions: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE...", help="Conditions, for example 'temperature=300 K'; names to remove."),
    ],
    remove: Annotated[bool, typer.Option("--remove", help="Remove the conditions of these names.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Add, correct or remove the conditions of a measurement."""
    from spectra.core.measurements import Condition

    held = [] if remove else [Condition.parse(text) for text in conditions]
    curation = _open(db)
    record = curation.remove_conditions(id, conditions) if remove else curation.set_conditions(id, held)
    listed = ", ".join(f"{one.name} {one.amount}" for one in record.conditions)
    _answer(record, f"has the conditions {listed}" if listed else "has no condition", json=json)


def alias(
    model: Model,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Alias without the sample, for example production for steel@production."),
    ],
    remove: Annotated[bool, typer.Option("--remove", help="Remove this alias.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Give a model the alias SAMPLE@NAME; if another model has it, it moves to this one."""
    curation = _open(db)
    if remove:
        record = curation.remove_alias(model, name)
        _answer(record, f"no longer has the alias {record.sample_name}@{name}", json=json)
        return
    record, before = curation.set_alias(model, name)
    instead = f", moved from {before.id}" if before else ""
    _answer(record, f"has the alias {record.sample_name}@{name}{instead}", json=json)


def retire(
    model: Model,
    undo: Annotated[bool, typer.Option("--undo", help="Put the model back into use.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Retire a model: new analyses use it only if --model names it. Its predictions stay."""
    curation = _open(db)
    record = curation.reinstate(model) if undo else curation.retire(model)
    names = ", ".join(f"{record.sample_name}@{alias}" for alias in record.aliases)
    retired = f"is retired and keeps the alias {names}" if names else "is retired"
    _answer(record, "is in use" if undo else retired, json=json)


def delete(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Identifiers or their beginnings; names of samples and files.",
            autocompletion=completion.record(),
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without confirmation.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Delete records permanently; refused while other records refer to them.

    Files that no record needs any more stay until 'spectra db gc'.
    """
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.store import kind_of

    curation, progress = _open(db), TerminalProgress()
    if not yes:
        for record in curation.deletable(ids):
            progress.say(f"{kind_of(record)} {record.id}, made {record.created:%Y-%m-%d %H:%M} UTC")
        if not sys.stdin.isatty():
            raise UsageError("Deleting needs confirmation, and this is not a terminal.", hint="Give --yes.")
        if not typer.confirm("Delete permanently?", err=True):
            progress.say("Nothing was deleted.")
            return
    deleted = curation.delete(ids)
    if json:
        print_json("deleted", [{"kind": kind_of(record), "id": record.id} for record in deleted])
    else:
        progress.say(f"Deleted: {', '.join(record.id for record in deleted)}. 'spectra db gc' frees the space.")


def _open(db: str | None) -> Curation:
    from spectra.cli.session import open_registry

    return open_registry(db).curation


def _answer(record: AnnotatedRecord, state: str, *, json: bool) -> None:
    """Tell a person what became of a record, or give it to a program."""
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.store import kind_of

    if json:
        print_json(kind_of(record), record)
    else:
        TerminalProgress().say(f"The {kind_of(record)} {record.id} {state}.")
