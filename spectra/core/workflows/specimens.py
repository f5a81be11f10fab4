"""Specimens: from a sample file, or from the record of a sample."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from spectra.core.basics.attachments import attachments_of
from spectra.core.basics.documents import describe_validation_error, load_document
from spectra.core.errors import InputError, UsageError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.session import Session, Specimen
from spectra.core.store import SampleRecord


class _AnySample(BaseModel):
    """What tells which schema a sample file follows."""

    technique: str | None = None


def load_specimen(catalogue: Catalogue, path: Path, technique: str | None = None) -> Specimen:
    """Read a sample file for ``technique``, or for the technique that it names itself.

    Raises
    ------
    UsageError
        If file and option name different techniques.
    InputError
        If the file cannot be used.
    NotFoundError
        If there is no such technique.
    """
    if technique is not None:
        catalogue.find("technique", technique)
    named = load_document(path, _AnySample, what="sample file").technique
    if named is None and technique is None:
        raise InputError(f"{path}: the key 'technique' is missing.", hint="Add it, for example 'technique: rus'.")
    if technique is not None and named not in (None, technique):
        raise UsageError(f"{path} is a sample for '{named}', not for '{technique}'.", hint="Change --technique.")
    chosen = catalogue.technique(technique or str(named))
    sample = load_document(path, chosen.sample_schema, what="sample file")
    return Specimen(technique=chosen, sample=sample)


def specimen_of(catalogue: Catalogue, document: Mapping[str, Any], technique: str | None = None) -> Specimen:
    """Take the content of a sample file; files that it refers to lie in the current folder.

    Raises
    ------
    InputError
        If it cannot be used.
    NotFoundError
        If there is no such technique.
    """
    name = technique or document.get("technique")
    if not isinstance(name, str):
        raise InputError("The sample does not name its technique.", hint="Add it, for example 'technique': 'rus'.")
    chosen = catalogue.technique(name)
    try:
        sample = chosen.sample_schema.model_validate(dict(document), context={"folder": Path()})
    except ValidationError as error:
        fault = describe_validation_error(error, chosen.sample_schema)
        raise InputError(f"The sample cannot be used: {fault}.") from error
    return Specimen(technique=chosen, sample=sample)


def recorded_specimen(session: Session, record: SampleRecord) -> Specimen:
    """Return the sample as its file had it, with what was attached to that, and its technique.

    Raises
    ------
    NotFoundError
        If no plugin provides the technique.
    InputError
        If the technique no longer understands it, or an attachment is missing.
    """
    technique = session.catalogue.technique(record.technique)
    attached = {"artefact": session.store.read_artefact}
    try:
        sample = technique.sample_schema.model_validate(record.document, context=attached)
    except ValidationError as error:
        fault = describe_validation_error(error, technique.sample_schema)
        raise InputError(
            f"The sample {record.name!r} ({record.id}) on record can no longer be read: {fault}.",
            hint="If its technique has changed since, use the version that made the record.",
        ) from error
    return Specimen(technique=technique, sample=sample)


def sent_specimen(specimen: Specimen) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return a specimen as a document and the contents of what is attached to its sample, by digest."""
    sample = specimen.sample
    attached = {attachment.digest: attachment.content for attachment in attachments_of(sample)}
    return {"technique": sample.technique, "sample": sample.document()}, attached


def received_specimen(catalogue: Catalogue, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Specimen:
    """Return the specimen that :func:`sent_specimen` wrote.

    Raises
    ------
    NotFoundError
        If no plugin provides the technique.
    """
    technique = catalogue.technique(document["technique"])
    sample = technique.sample_schema.model_validate(document["sample"], context={"artefact": blobs.__getitem__})
    return Specimen(technique=technique, sample=sample)
