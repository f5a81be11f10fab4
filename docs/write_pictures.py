"""Draws the pictures of the README and of these pages by the gallery's scripts: ``python docs/write_pictures.py``."""

from __future__ import annotations

import io
import os
import runpy
import tempfile
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parent
PICTURES = {
    "plot_analysis": "steel.png",
    "plot_modes": "rus_modes.png",
    "plot_sensitivities": "rus_sensitivities.png",
    "plot_series": "series.png",
    "plot_wrong_height": "wrong_height.png",
    "plot_young": "rus_young.png",
}


def write() -> None:
    """Run the scripts on a registry of their own, and save what they draw."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SPECTRA_HOME"] = home
        for script, picture in PICTURES.items():
            figure = runpy.run_path(str(DOCS / "gallery" / f"{script}.py"))["figure"]
            drawn = io.BytesIO()
            figure.savefig(drawn, dpi=150)
            Image.open(drawn).convert("RGB").quantize(256).save(DOCS / picture, optimize=True)


if __name__ == "__main__":
    write()
