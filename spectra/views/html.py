"""Blocks as HTML: facts, tables and sentences for a notebook or a page, with nothing in them that acts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from spectra.core.tables import Table
from spectra.views.layout import Block


def blocks_html(blocks: Iterable[Block]) -> str:
    """Write blocks one below the other."""
    return f'<div class="spectra">{"".join(map(_block, blocks))}</div>'


def _block(block: Block) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Table():
            return _table(block)
        case _:
            return _facts(block)


def _facts(facts: Mapping[str, Any]) -> str:
    rows = (
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left">{_text(value)}</td></tr>'
        for name, value in facts.items()
        if value is not None
    )
    return f"<table>{''.join(rows)}</table>"


def _table(table: Table) -> str:
    heads = (f"{column.name} ({column.unit})" if column.unit else column.name for column in table.columns)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    columns = [[_number(value, column.digits) for value in column.values] for column in table.columns]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in zip(*columns, strict=True))
    caption = f'<caption style="text-align:left">{escape(table.title)}</caption>' if table.title else ""
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"


def _number(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return f"{value:.{digits}f}" if math.isfinite(value) else ""
    return _text(value)


def _text(value: Any) -> str:
    return "" if value is None else escape(str(value))
