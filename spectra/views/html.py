"""Blocks as HTML: facts, tables and sentences for a notebook or a page, with nothing in them that acts.

A notebook has no style sheet of ours, a page allows no style but that of ``report/theme.css``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from spectra.core.tables import Column, Table
from spectra.views.layout import Block

IDENTIFIER = "identifier"
"""Name of a column of identifiers of records."""
_SHORT = 20  # letters, of cells that are not broken into lines
_NUMBER = re.compile(r"[-+−]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?( ± \d\S*)?")


def blocks_html(blocks: Iterable[Block]) -> str:
    """Write blocks one below the other."""
    return f'<div class="spectra">{"".join(map(_block, blocks))}</div>'


def page_html(blocks: Iterable[Block], address: Callable[[str], str] | None = None) -> str:
    """Write blocks for a page; wide and long tables scroll in a box of their own.

    Parameters
    ----------
    address
        Returns the address of the record with an identifier, for columns of these.
    """
    return "".join(_page_block(block, address) for block in blocks)


def _page_block(block: Block, address: Callable[[str], str] | None) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Table():
            return _page_tables(block, address)
        case _:
            facts = "".join(
                f"<div><dt>{escape(name)}</dt><dd>{_text(value)}</dd></div>"
                for name, value in block.items()
                if value is not None
            )
            return f'<dl class="fact-list">{facts}</dl>'


def _page_tables(table: Table, address: Callable[[str], str] | None) -> str:
    """Write a table, and once more with the columns that are for those who ask for them."""
    short = [column for column in table.columns if not column.on_request]
    title = table.title or f"Table of {', '.join(column.name for column in short)}"
    written = _page_table(short, title, table.title, address)
    if len(short) < len(table.columns):
        whole = _page_table(table.columns, f"{title}, whole", table.title, address)
        written += f"<details><summary>All {len(table.columns)} columns</summary>{whole}</details>"
    return written + "".join(f'<p class="remark">{escape(note)}</p>' for note in table.notes)


def _page_table(columns: Sequence[Column], label: str, caption: str, address: Callable[[str], str] | None) -> str:
    heads, cells = "", []
    for column in columns:
        texts = [_number(value, column.digits) for value in column.values]
        if not any(texts) and len(columns) > 2:
            continue
        short = all(len(text) <= _SHORT for text in texts)
        kind = ' class="number"' if _are_numbers(texts) else ' class="short"' if short else ""
        head = f"{column.name} ({column.unit})" if column.unit else column.name
        heads += f'<th scope="col"{kind}>{escape(head)}</th>'
        if address is not None and column.name == IDENTIFIER:
            texts = [f'<a href="{escape(address(str(value)))}">{_text(value)}</a>' for value in column.values]
        cells.append([f"<td{kind}>{text}</td>" for text in texts])
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
        f"{f'<caption>{escape(caption)}</caption>' if caption else ''}"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _are_numbers(texts: Sequence[str]) -> bool:
    """Say whether a column is read as numbers: those with an uncertainty, too."""
    return any(texts) and all(_NUMBER.fullmatch(text) for text in texts if text)


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
