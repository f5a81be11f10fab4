"""Safe XML parser: a small tree with line numbers, without document types and so without entities.

The standard library's parser, expat, is used directly: entities, the only way in which XML refers to files or grows
without bound, need a document type, and a handler refuses that. The library's own trees neither refuse nor say where
an element stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from spectra.core.errors import InputError

_MOST_ELEMENTS = 200_000
_DEEPEST = 50


@dataclass
class Element:
    """An element, called by its name without prefix."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly within this element."""
        return "".join(self.pieces).strip()

    def find(self, *path: str) -> Element | None:
        """Return the first element at ``path`` below this one."""
        if not path:
            return self
        below = (child.find(*path[1:]) for child in self.children if child.name == path[0])
        return next((found for found in below if found is not None), None)

    def text_at(self, *path: str) -> str:
        """Return the text of the first element at ``path``, empty if there is none."""
        found = self.find(*path)
        return found.text if found else ""

    def all(self, name: str) -> Iterator[Element]:
        """Iterate over all elements of this name below this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


def parse_xml(content: bytes, name: str) -> Element:
    """Return the root element of an XML document.

    Parameters
    ----------
    name
        Name of the file, for messages.

    Raises
    ------
    InputError
        If it is not well formed, has a document type, or more elements or levels than a measurement can have.
    """
    top = Element("", {}, 1)
    open_elements = [top]
    seen = 0
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(fault: str) -> InputError:
        return InputError(f"{name}, line {parser.CurrentLineNumber}: {fault}.", hint="Is it the right file?")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        if seen > _MOST_ELEMENTS or len(open_elements) > _DEEPEST:
            raise refuse("there are more elements than a measurement has")
        element = Element(tag.rpartition(":")[2], attributes, parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def refuse_document_type(*_: object) -> None:
        raise refuse("a document type, with which entities can be declared, is not accepted")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_elements.pop()
    parser.CharacterDataHandler = lambda text: open_elements[-1].pieces.append(text)
    parser.StartDoctypeDeclHandler = refuse_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        fault = f"this is not XML: {expat.ErrorString(error.code)}"
        raise InputError(f"{name}, line {error.lineno}: {fault}.", hint="Is it the right file?") from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know, or not as a table of bytes
        raise InputError(f"{name}: its XML cannot be decoded: {error}.", hint="Is it the right file?") from error
    return top.children[0]
