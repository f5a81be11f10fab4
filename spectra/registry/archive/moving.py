"""Moving records and their artefacts: into an archive, out of one, from one registry into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from spectra.core.progress import Progress
from spectra.registry.archive.choosing import BATCH, Selection, count, read_entries, with_origins
from spectra.registry.archive.entries import ENTRIES, RecordEntry
from spectra.registry.archive.file import Archive, writing_archive
from spectra.registry.archive.merging import Merged, merge
from spectra.registry.database.connection import retried_on_conflict
from spectra.registry.registry import Registry


def export(registry: Registry, path: Path, progress: Progress, *, chosen: Selection | None = None) -> dict[str, int]:
    """Write records, all that they came from and their artefacts into an archive, as they are at one moment.

    Parameters
    ----------
    chosen
        Identifiers by table; everything without.

    Returns
    -------
    dict
        How many records of each table there are, and how many ``artefacts``.

    Raises
    ------
    InputError
        If the archive cannot be written.
    RegistryError
        If an artefact is missing or damaged.
    """
    digests: set[str] = set()

    def noted(batches: Iterator[list[RecordEntry]]) -> Iterator[RecordEntry]:
        for batch in batches:
            for entry in batch:
                digests.update(entry.artefacts())
                yield entry
            advance(len(batch))

    with registry.storage.database.reading() as session, writing_archive(path) as archive:
        selection = None if chosen is None else with_origins(session, chosen)
        counts = {kind.table: count(session, kind, selection) for kind in ENTRIES}
        with progress.task("Writing records", sum(counts.values())) as advance:
            for kind in ENTRIES:
                archive.add_records(kind, noted(read_entries(session, kind, selection)))
        with progress.task("Writing artefacts", len(digests)) as advance:
            for digest in sorted(digests):
                archive.add_artefact(digest, registry.read_artefact(digest))
                advance(1)
        archive.finish(registry.storage.identity())
    return {**counts, "artefacts": len(digests)}


def import_archive(registry: Registry, path: Path, progress: Progress) -> Merged:
    """Put everything in an archive on record, all of it or nothing; records that are known stay as they are.

    Raises
    ------
    InputError
        If the archive cannot be used, or a record in it contradicts the one of the same identifier here.
    RegistryError
        If an artefact or record cannot be written.
    """
    with Archive(path) as archive:
        records = sum(member.count for member in archive.manifest.records.values())
        with progress.task("Checking records", records) as advance:
            _check(archive, advance)
        with progress.task("Putting artefacts", len(archive.manifest.artefacts)) as advance:
            for digest in archive.manifest.artefacts:
                registry.storage.put_artefact(archive.artefact(digest))
                advance(1)
        return _put_records(registry, archive)


def copy(source: Registry, target: Registry, progress: Progress) -> Merged:
    """Copy everything from one registry into another; records that are known there stay as they are.

    Each batch of records is one transaction, after its artefacts. An interrupted copy can be repeated.

    Raises
    ------
    InputError
        If a record contradicts the one of the same identifier in ``target``.
    RegistryError
        If an artefact is missing or damaged, or something cannot be written.
    """
    source.storage.claim_artefacts()  # the two may have one place of artefacts, where neither may remove the other's
    merged = Merged()
    with source.storage.database.reading() as session:
        total = sum(count(session, kind) for kind in ENTRIES)
        with progress.task("Copying records", total) as advance:
            for kind in ENTRIES:
                for entries in read_entries(session, kind):
                    _copy_artefacts(source, target, entries)
                    batch = _put_batch(target, entries, merged.identifiers)
                    merged.added.update(batch.added)
                    merged.known.update(batch.known)
                    merged.remarks += batch.remarks
                    advance(len(entries))
    return merged


def _check(archive: Archive, advance: Callable[[int], None]) -> None:
    """Refuse an archive whose records refer to records that it lacks, or contradict each other."""
    identifiers: dict[str, set[str]] = {}
    unused = set(archive.manifest.artefacts)
    for kind in ENTRIES:
        known = identifiers[kind.table] = set()
        keys: set[object] = set()
        for entry in archive.entries(kind):
            key = entry.own_key()
            if entry.id in known or (kind.key and key in keys):
                raise archive.unusable(f"the {kind.what} {entry.id} stands twice in it")
            known.add(entry.id)
            keys.add(key)
            for name, table in kind.refers.items():
                if getattr(entry, name) not in identifiers[table]:
                    raise archive.unusable(f"the {kind.what} {entry.id} refers to something that is not in it ({name})")
            for digest in entry.artefacts():
                size = archive.manifest.artefacts.get(digest)
                if size is None:
                    raise archive.unusable(f"an artefact of the {kind.what} {entry.id} is not in it")
                if entry.sizes().get(digest, size) != size:
                    raise archive.unusable(f"the artefact of the {kind.what} {entry.id} has another size")
                unused.discard(digest)
            advance(1)
    if unused:
        raise archive.unusable(f"no record refers to its artefact {min(unused)}")


@retried_on_conflict
def _put_records(registry: Registry, archive: Archive) -> Merged:
    merged = Merged()
    with registry.storage.database.writing() as session:
        for kind in ENTRIES:
            entries = archive.entries(kind)
            while some := list(islice(entries, BATCH)):
                merge(session, some, merged)
    return merged


def _copy_artefacts(source: Registry, target: Registry, entries: Sequence[RecordEntry]) -> None:
    """Copy the artefacts of those entries, of one kind, that are not on record yet."""
    identifier = entries[0].row_type.id
    with target.storage.database.reading() as session:
        known = set(session.scalars(select(identifier).where(identifier.in_([entry.id for entry in entries]))))
    for entry in entries:
        for digest in entry.artefacts() if entry.id not in known else ():
            target.storage.put_artefact(source.read_artefact(digest))


@retried_on_conflict
def _put_batch(registry: Registry, entries: Sequence[RecordEntry], identifiers: dict[tuple[str, str], str]) -> Merged:
    merged = Merged(identifiers=identifiers)
    with registry.storage.database.writing() as session:
        merge(session, entries, merged)
    return merged
