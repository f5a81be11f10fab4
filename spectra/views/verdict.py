"""Verdicts as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spectra.core.basics.verdict import DOUBTFUL, REFUSED, TRUSTED

_SAID: Mapping[str, str] = {
    TRUSTED: "Trusted: none of the technique's checks speaks against this answer.",
    DOUBTFUL: "Doubtful",
    REFUSED: "Refused, do not use these numbers",
}


def verdict_lines(word: str | None, reasons: Sequence[str]) -> Iterator[str]:
    """Yield a verdict with its reasons, a line each; nothing where nobody judged."""
    if word is None:
        return
    said = _SAID.get(word, word)
    if not reasons:
        yield said
    for reason in reasons:
        yield f"{said}: {reason}"
