"""Files that a sample file refers to: part of the sample, and kept with it on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from spectra.core.basics.files import digest_bytes, read_bounded
from spectra.core.errors import SpectraError

_LIMIT = 64_000_000


@dataclass(frozen=True)
class Attachment:
    """A file beside the sample file, such as the surface of a body.

    A sample file names it by its path from the sample file's folder, which it may not leave. A document on record
    names it by its digest; only that, and not the name, tells two attachments apart.

    Use it as the type of a field. Reading a sample file needs no more; reading a document on record needs
    ``context={"artefact": read}`` with a function from digest to content.
    """

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """Content address."""
        return digest_bytes(self.content)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._read,
            serialization=core_schema.plain_serializer_function_ser_schema(cls._written, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "description": "a file, by its path from the folder of the sample file"}

    @classmethod
    def _read(cls, given: Any, info: ValidationInfo) -> Attachment:
        if isinstance(given, cls):
            return given
        context = info.context or {}
        try:
            if isinstance(given, dict) and given.keys() == {"name", "digest"} and "artefact" in context:
                return cls(name=str(given["name"]), content=context["artefact"](given["digest"]))
            if not isinstance(given, str) or not given:
                raise ValueError("give the name of a file")
            if "folder" not in context:
                raise ValueError("a file can be named in a sample file only")
            folder = Path(context["folder"]).resolve()
            path = (folder / given).resolve()
            if not path.is_relative_to(folder):
                raise ValueError(f"{given} lies outside the folder of the sample file; copy it there")
            return cls(name=Path(given).name, content=read_bounded(path, limit=_LIMIT, what="file"))
        except SpectraError as error:
            raise ValueError(str(error).removesuffix(".")) from error

    @staticmethod
    def _written(value: Attachment, info: SerializationInfo) -> dict[str, str]:
        if (info.context or {}).get("only_digests"):
            return {"digest": value.digest}
        return {"name": value.name, "digest": value.digest}


def attachments_of(document: BaseModel) -> Iterator[Attachment]:
    """Yield all attachments of a document, at any depth."""
    for _, value in document:
        for item in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(item, Attachment):
                yield item
            elif isinstance(item, BaseModel):
                yield from attachments_of(item)
