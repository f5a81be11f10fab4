"""Writes docs/reference.md from the code: ``python docs/write_reference.py``."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import API_VERSION
from spectra.core.inventory.catalogue import HOOK_OF_KIND
from spectra.core.manager import load_plugins
from spectra.plugins import BUILT_IN

PAGE = Path(__file__).parent / "reference.md"

_INTRODUCTION = """\
# Reference

Every hook, every protocol and every built-in component. `python docs/write_reference.py` writes this page from the
code, whose docstrings these are. [plugins.md](plugins.md) explains how they belong together, and
[tutorial.md](tutorial.md) builds a technique with them.

In signatures, `Floats` is a NumPy array of float64, `Features` one of float32, and `State` a mapping of names to
arrays. In shapes, n counts spectra, p quantities, d features.
"""

# Title, what stands below it, and the classes in the order in which a reader meets them.
_CLASSES = (
    (
        "Signals",
        "What a forward model computes, a distortion changes, an encoder reads and a measurement holds: one of five "
        "kinds, always a stack of n. They stand in `spectra.core.signals`, with `take` and `concatenate` for stacks of "
        "any kind.",
        ("signals:Peaks", "signals:Profile", "signals:Image", "signals:Places", "signals:Bundle"),
    ),
    (
        "Descriptions",
        "How a plugin describes its components, and a technique what is made of them.",
        (
            "components:Component",
            "recipe:Choice",
            "recipe:Recipe",
            "quantities:Quantity",
            "technique:Design",
        ),
    ),
    (
        "Sample files",
        "What a technique's `sample_schema` extends, and pydantic types for values with units.",
        ("samples:Sample", "samples:Document", "samples:PositiveIn", "samples:SearchRange"),
    ),
    (
        "Measurements and results",
        "What a reader makes, what regressors and refiners answer, and what a technique derives, remarks on and draws.",
        (
            "measurements:RawFile",
            "measurements:Measurement",
            "quantities:Estimate",
            "components:Refinement",
            "quantities:EstimatedQuantity",
            "technique:Result",
            "formats.views:View",
            "formats.views:Recorded",
            "formats.views:Plot",
            "formats.views:Curve",
            "formats.views:Picture",
            "formats.maps:QuantityMap",
            "tables:Column",
            "tables:Table",
        ),
    ),
    (
        "Errors",
        "What a component raises on purpose: a sentence that says what was wrong and where, and a hint that says what "
        "to do. The command line prints both and ends with the class's exit code.",
        ("errors:SpectraError", "errors:InputError", "errors:NotFoundError"),
    ),
)


def page() -> str:
    """Return the page as the code is now."""
    return "\n".join([_INTRODUCTION, *_hooks(), *_protocols(), *_classes(), *_built_in()]).rstrip() + "\n"


def _hooks() -> Iterator[str]:
    yield "## Hooks\n"
    yield (
        "A plugin is a module with functions of these names, marked by `spectra.core.hookspecs.hookimpl`. Its "
        "attribute `SPECTRA_API_VERSION` says for which version of this interface it was written; a spectra with an "
        f"older one refuses it and says what to upgrade. This is version {API_VERSION}.\n"
    )
    yield "| hook | argument | what for |"
    yield "| --- | --- | --- |"
    for node in _module("hookspecs").body:
        if isinstance(node, ast.FunctionDef):
            cells = (f"`{node.name}`", f"`{ast.unparse(node.args)}`", _markdown(ast.get_docstring(node) or ""))
            yield _row(*cells)
    yield ""


def _protocols() -> Iterator[str]:
    yield "## Protocols\n"
    yield (
        "What a component must provide; it need not inherit anything. Those that extend another are optional: what a "
        "component has more is used where it is there.\n"
    )
    for module in ("components", "progress", "technique"):
        for node in _module(module).body:
            if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
                yield from _class(module, node)


def _classes() -> Iterator[str]:
    for title, introduction, places in _CLASSES:
        yield f"## {title}\n"
        yield f"{introduction}\n"
        for place in places:
            module, _, name = place.partition(":")
            (found,) = (n for n in _module(module).body if isinstance(n, ast.ClassDef) and n.name == name)
            yield from _class(module, found)


def _built_in() -> Iterator[str]:
    yield "## Built-in components\n"
    yield (
        "Each can stand in the recipe of any technique, by its name; what cannot work with its signals says so. "
        "Optimizers and generators are arguments of `spectra design`, and layouts of `spectra map`.\n"
    )
    catalogue = load_plugins(BUILT_IN, {}).catalogue
    for kind in HOOK_OF_KIND:
        entries = [entry for entry in catalogue.entries(kind) if entry.source == "built in"]
        yield f"### {kind.capitalize()}s\n"
        yield "| name | plugin | what it does |"
        yield "| --- | --- | --- |"
        yield from (_row(f"`{e.component.name}`", e.plugin, e.component.summary) for e in entries)
        yield ""
        yield from _parameters(entry.component for entry in entries)


def _parameters(components: Iterable[Component[Any]]) -> Iterator[str]:
    """Yield a table of the parameters, if there are any; what several components share stands there once."""
    owners: dict[tuple[str, ...], list[str]] = {}
    for component in components:
        schema = component.schema
        allowed = schema.model_json_schema().get("properties", {})
        for name, field in schema.model_fields.items():
            row = (f"`{name}`", f"`{field.default!r}`", _allowed(allowed[name]), field.description or "")
            owners.setdefault(row, []).append(f"`{component.name}`")
    if owners:
        yield "| parameter | of | default | allowed | what it is |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_row(name, ", ".join(names), *rest) for (name, *rest), names in owners.items())
        yield ""


def _allowed(details: dict[str, Any]) -> str:
    """Say which values a JSON schema lets pass."""
    if "enum" in details:
        return ", ".join(f"`{value}`" for value in details["enum"])
    bounds = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
    return ", ".join(f"{sign} {details[key]:g}" for key, sign in bounds if key in details)


def _class(module: str, node: ast.ClassDef) -> Iterator[str]:
    """Yield a class: where it is, what it is, its fields and its methods."""
    yield f"### {node.name}\n"
    extends = [ast.unparse(base) for base in node.bases]
    ours = [f"`{name}`" for name in extends if name not in ("Protocol", "BaseModel", "Exception", "Generic[T]")]
    yield f"`spectra.core.{module}.{node.name}`" + (f", extends {' and '.join(ours)}" if ours else "") + "\n"
    summary, described = _split(ast.get_docstring(node) or "")
    yield f"{summary}\n"
    lines = [*_fields(node, described), *_methods(node)]
    if lines:
        yield from lines
        yield ""


def _fields(node: ast.ClassDef, described: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Yield the attributes, described by the class's docstring, one of their own, or pydantic's ``Field``."""
    for place, field in enumerate(node.body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        name, annotation = field.target.id, ast.unparse(field.annotation)
        following = node.body[place + 1] if place + 1 < len(node.body) else None
        kind, text = described.pop(f"`{name}`", ("", _own_docstring(following) or _field_description(field.value)))
        default = _default(field.value)
        shape = f", {kind.removeprefix('ndarray, ')}" if kind else ""
        yield _item(f"`{name}: {annotation}{default}`{shape}", text)
    for head, (_, text) in described.items():  # arguments of a constructor that are no fields, and what it raises
        yield _item(head, text)


def _methods(node: ast.ClassDef) -> Iterator[str]:
    for method in node.body:
        if not isinstance(method, ast.FunctionDef) or method.name.startswith("_"):
            continue
        decorators = set(map(ast.unparse, method.decorator_list))
        returns = f" -> {ast.unparse(method.returns)}" if method.returns else ""
        arguments = ast.unparse(method.args).removeprefix("self").removeprefix("cls").removeprefix(", ")
        if "property" in decorators:
            signature, returns = method.name, returns.replace(" -> ", ": ")
        else:
            signature = f"{method.name}({arguments})"
        if "classmethod" in decorators:
            signature = f"{node.name}.{signature}"
        summary, sections = _split(ast.get_docstring(method) or "")
        first, *more = summary.split("\n\n")
        yield _item(f"`{signature}{returns}`", first)
        yield from (f"\n  {paragraph}\n" for paragraph in more)
        for head, (kind, text) in sections.items():
            yield "  " + _item(head + (f", {kind}" if kind else ""), text)


def _item(head: str, text: str) -> str:
    return f"- {head}" + (f": {text}" if text else "")


def _split(docstring: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Divide a NumPy docstring into its text and what its sections list: `name` -> (type or shape, text)."""
    text, *sections = re.split(r"^(Parameters|Returns|Raises|Examples)\n-+\n", docstring, flags=re.MULTILINE)
    listed: dict[str, tuple[str, str]] = {}
    for title, content in zip(sections[::2], sections[1::2], strict=True):
        if title == "Examples":
            continue
        for entry, indented in re.findall(r"^(\S.*)\n((?:[ ]+.*\n?|\n)*)", content + "\n", flags=re.MULTILINE):
            names, _, kind = entry.partition(" : ")
            for name in names.split(", "):
                head = f"raises `{name}`" if title == "Raises" else f"`{name}`"
                listed[head] = (_markdown(kind), _markdown(indented))
    return _markdown(text), listed


def _markdown(text: str) -> str:
    """Return reStructuredText as Markdown, each paragraph on one line."""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text).replace("``", "`")
    paragraphs = [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n")]
    return "\n\n".join(filter(None, paragraphs))


def _row(*cells: str) -> str:
    return " | ".join(["", *(cell.replace("|", "\\|") for cell in cells), ""]).strip()


def _own_docstring(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return _markdown(str(node.value.value))
    return ""


def _field_description(value: ast.expr | None) -> str:
    keywords = value.keywords if isinstance(value, ast.Call) else []
    found = [k.value.value for k in keywords if k.arg == "description" and isinstance(k.value, ast.Constant)]
    return str(found[0]) if found else ""


def _default(value: ast.expr | None) -> str:
    """Return `` = value``, of a plain value or of a ``Field``'s."""
    if isinstance(value, ast.Call):
        value = next((k.value for k in value.keywords if k.arg == "default"), None)
    return f" = {ast.unparse(value)}" if value is not None else ""


def _module(name: str) -> ast.Module:
    """Return the code of a module, or that of a package's modules, one after the other."""
    found = import_module(f"spectra.core.{name}")
    parts = [import_module(f"{found.__name__}.{part.name}") for part in iter_modules(getattr(found, "__path__", []))]
    return ast.parse("\n".join(map(inspect.getsource, parts or [found])))


if __name__ == "__main__":
    PAGE.write_text(page())
