"""``spectra tag|note|alias|retire|delete``: what people change on record."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.store import AnnotatedRecord
    from spectra.registry.curation import Curation

Model = Annotated[str, typer.Argument(metavar="MODEL", help="Identifier of a model, or an alias: steel@production.")]


def tag(
    id: options.AnyId,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Tags.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these tags away.")] = False,
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
        str | None, typer.Argument(metavar="[TEXT]", help="The note; '' removes it. Without, it is shown.")
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Put a note on a sample, model, measurement or prediction, instead of the one that is there; or show that."""
    from spectra.cli.printing.blocks import print_line

    curation = _open(db)
    record = curation.annotated(id) if text is None else curation.set_note(id, text)
    if text is not None or json:
        _answer(record, "has a new note" if text else "has no note", json=json)
    else:
        for line in record.note.splitlines():
            print_line(line)


def alias(
    model: Model,
    name: Annotated[str, typer.Argument(metavar="NAME", help="For example production: the model is steel@production.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take this alias away.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Let SAMPLE@NAME stand for a model wherever one is asked for; a name that another model has moves to this one."""
    curation = _open(db)
    if remove:
        record = curation.remove_alias(model, name)
        _answer(record, f"is no longer {record.sample_name}@{name}", json=json)
        return
    record, before = curation.set_alias(model, name)
    instead = f" instead of {before.id}" if before else ""
    _answer(record, f"is {record.sample_name}@{name} now{instead}", json=json)


def retire(
    model: Model,
    undo: Annotated[bool, typer.Option("--undo", help="Let it be taken again.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Let a model no longer be taken for new analyses, unless --model names it. What it predicted stays."""
    curation = _open(db)
    record = curation.reinstate(model) if undo else curation.retire(model)
    names = ", ".join(f"{record.sample_name}@{alias}" for alias in record.aliases)
    retired = f"is retired, and still {names}" if names else "is retired"
    _answer(record, "is in use" if undo else retired, json=json)


def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Identifiers, or their first characters.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Delete records for good; refused while others refer to them.

    Files that nothing refers to any more stay until 'spectra db gc'.
    """
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.store import kind_of

    curation, progress = _open(db), TerminalProgress()
    if not yes:
        for record in curation.deletable(ids):
            progress.say(f"{kind_of(record)} {record.id}, made {record.created:%Y-%m-%d %H:%M} UTC")
        if not sys.stdin.isatty():
            raise UsageError("Nobody is there to confirm that these are to be deleted.", hint="Give --yes.")
        if not typer.confirm("Delete for good?", err=True):
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
