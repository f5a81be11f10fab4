"""A prediction as one file of HTML: to be sent, archived, printed, and opened years later.

It has no script and asks for nothing outside. A policy in it says so, too: what stands in a record cannot act.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from spectra.core.errors import UsageError
from spectra.core.store import FIGURE, POSTERIOR, PredictionRecord, kind_of
from spectra.version import __version__
from spectra.views.charts.lineage import lineage_svg
from spectra.views.html import page_html
from spectra.views.report.record import RecordParts, has_file, posterior_of, record_parts, recorded_file

if TYPE_CHECKING:
    from spectra.registry.lineage import Lineage
    from spectra.registry.registry import Registry

_OWN_STYLE = (
    "body { max-width: 68rem; margin: 0 auto; padding: 1rem; } .scroll { max-height: none; } "
    ".lineage { max-width: 100%; height: auto; }"
)


@cache
def theme() -> str:
    """Return the style sheet that reports and pages share."""
    return (files(__package__) / "theme.css").read_text("utf-8")


def report_page(registry: Registry, lineage: Lineage, command: str | None) -> str:
    """Return the report of a prediction as HTML.

    Parameters
    ----------
    command
        The command that repeats it.

    Raises
    ------
    UsageError
        If it is no prediction.
    RegistryError
        If an artefact is missing or damaged.
    """
    record = lineage.record
    if not isinstance(record, PredictionRecord):
        raise UsageError(f"{record.id} is a {kind_of(record)}; a report is of a prediction.")
    parts = record_parts(record)
    style = theme() + _OWN_STYLE
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    sections = [
        f"<h1>{escape(parts.title)}</h1><p>{escape(parts.label)}</p>",
        verdict_html(parts),
        *_figure(registry, record, parts),
        page_html(parts.blocks),
        *_posterior(registry, record, parts),
        f'<h2>Lineage</h2><div class="scroll graph" tabindex="0">{lineage_svg(lineage)}</div>',
        f"<h2>Record</h2>{page_html([parts.facts])}",
    ]
    if command is not None:
        sections.append(f"<p>Repeat it with: <code>{escape(command)}</code></p>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(parts.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'{"".join(sections)}\n</main>\n<footer><p class="remark">Written by spectra {__version__}.</p></footer>\n'
        "</body>\n</html>\n"
    )


def verdict_html(parts: RecordParts) -> str:
    """Write a verdict in a box; nothing where nobody judged."""
    if not parts.verdict:
        return ""
    word = parts.word if parts.word in ("trusted", "doubtful", "refused") else ""
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in parts.verdict)
    return f'<div class="verdict {word}">{sentences}</div>'


def _figure(registry: Registry, record: PredictionRecord, parts: RecordParts) -> list[str]:
    if not has_file(record, FIGURE):
        return []
    return [_picture(recorded_file(registry, record, FIGURE, "figure"), f"Figure of {parts.label}")]


def _posterior(registry: Registry, record: PredictionRecord, parts: RecordParts) -> list[str]:
    if not has_file(record, POSTERIOR):
        return []
    from spectra.views.figures.canvas import figure_bytes
    from spectra.views.figures.posterior import corner_figure, posterior_table

    sample = posterior_of(registry, record)
    drawn = figure_bytes(corner_figure(*sample), "svg")
    picture = _picture(drawn, f"Corner plot of the posterior of {parts.label}")
    return ["<h2>Posterior</h2>", page_html([posterior_table(*sample)]), picture]


def _picture(svg: bytes, text: str) -> str:
    """Embed a drawing as a picture, in which browsers run nothing and load nothing."""
    source = f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"
    return f'<figure><img src="{source}" alt="{escape(text)}"></figure>'
