"""What people upload: names that are safe in a folder and on a command line, and samples as files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from starlette.datastructures import FormData, UploadFile

from spectra.core.basics.attachments import attachments_of
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import LARGEST_FILE
from spectra.core.samples import Sample
from spectra.core.session import Specimen
from spectra.core.workflows.specimens import load_specimen

LARGEST_UPLOAD = 2 * LARGEST_FILE
"""Bytes of a request with files: those of a technique of two parts."""

_LONGEST_NAME = 80
_LONGEST_SUFFIX = 12
_UNSAFE = frozenset('/\\:*?"<>|=')


def safe_name(given: str | None, *, otherwise: str = "file") -> str:
    """Return a name that is one component of a path, no option of a command, and short.

    Examples
    --------
    >>> safe_name("../../etc/passwd")
    'passwd'
    >>> safe_name("-rf run 7.txt")
    'rf run 7.txt'
    """
    last = unicodedata.normalize("NFC", given or "").replace("\\", "/").rpartition("/")[2]
    plain = "".join("_" if letter in _UNSAFE or not letter.isprintable() else letter for letter in last)
    plain = plain.strip().lstrip(".-").strip() or otherwise
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = plain, "", ""
    return f"{stem[: _LONGEST_NAME - len(dot + suffix)]}{dot}{suffix}"


def unlike(name: str, taken: Iterable[str]) -> str:
    """Return ``name``, or one like it that is not taken, whatever the case of letters."""
    known = {other.lower() for other in taken}
    number, chosen = 1, name
    while chosen.lower() in known:
        number += 1
        stem, dot, suffix = name.rpartition(".")
        chosen = f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}"
    return chosen


def uploaded(form: FormData, field: str) -> list[tuple[str, bytes]]:
    """Return the files of a field with their safe names; a field that was left empty has none."""
    files = [item for item in form.getlist(field) if isinstance(item, UploadFile) and item.filename]
    return [(safe_name(file.filename), file.file.read()) for file in files]


def sample_files(sample: Sample) -> dict[str, bytes]:
    """Return a sample as a sample file, which comes first, and the files that it refers to."""
    files = {safe_name(f"{sample.name}.yaml", otherwise="sample.yaml"): b""}
    (own,) = files
    names: dict[str, str] = {}
    for attachment in attachments_of(sample):
        if attachment.digest not in names:
            name = names[attachment.digest] = unlike(safe_name(attachment.name), files)
            files[name] = attachment.content
    document = _with_names(sample.document(), names)
    files[own] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()
    return files


def read_sample(catalogue: Catalogue, file: tuple[str, bytes], others: Iterable[tuple[str, bytes]]) -> Specimen:
    """Read an uploaded sample file; raises like :func:`~spectra.core.workflows.specimens.load_specimen`."""
    name, content = file
    with TemporaryDirectory(prefix="spectra-web-") as folder:
        for other, attached in others:
            (Path(folder) / other).write_bytes(attached)
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return load_specimen(catalogue, path)
        except InputError as error:
            raise InputError(error.message.replace(str(path), name), hint=error.hint) from error


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Put names of files where a document on record has digests."""
    if isinstance(value, dict):
        if value.keys() == {"name", "digest"} and value["digest"] in names:
            return names[value["digest"]]
        return {key: _with_names(inner, names) for key, inner in value.items()}
    return [_with_names(inner, names) for inner in value] if isinstance(value, list) else value
