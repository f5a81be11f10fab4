"""How the documentation site is built; CONTRIBUTING.md has the command.

The pages are the Markdown files of this folder, which a repository's browser shows as well. What is made while building
lies in ``docs/generated``, which git ignores: a page for each command from its own help, the gallery from the scripts
in ``docs/gallery``, and copies of the README and its like. Tutorials and gallery run with a registry of their own.
"""

from __future__ import annotations

import logging
import os
import posixpath
import re
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx_gallery.scrapers import figure_rst

from spectra.version import __version__

DOCS = Path(__file__).parent
ROOT, GENERATED, HOME = DOCS.parent, DOCS / "generated", DOCS.parent / "build" / "site-home"

# Pages that stand elsewhere in the repository, and what they are called here.
ELSEWHERE = {
    "README.md": "generated/readme.md",
    "CONTRIBUTING.md": "generated/contributing.md",
    "SECURITY.md": "generated/security.md",
    "CHANGELOG.md": "generated/changelog.md",
    "benchmarks/README.md": "generated/benchmarks.md",
}
GALLERY = "docs/gallery/GALLERY_HEADER.rst", "docs/generated/gallery/index.rst"

project = "spectra"
author = "The spectra authors"
project_copyright = author
version = release = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_gallery.gen_gallery"]
exclude_patterns = ["gallery", "generated/gallery/*.ipynb"]
root_doc = "index"
smartquotes = False  # two hyphens are an option
suppress_warnings = ["config.cache"]  # a function in the gallery's settings
nitpicky = True
nitpick_ignore_regex = [("py:(class|exc)", ".*")]  # types in signatures lead nowhere; all other references must

html_title = "spectra"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False

myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = False
napoleon_use_rtype = False


def figures_of(block: Any, variables: dict[str, Any], conf: dict[str, Any]) -> str:
    """Save the figure that a block of a gallery script drew; the gallery itself looks for pyplot's only."""
    figure = variables["example_globals"].get("figure")
    if not isinstance(figure, Figure) or "figure" not in block[1]:
        return ""
    path = next(variables["image_path_iterator"])
    figure.savefig(path, dpi=120)
    return str(figure_rst([path], conf["src_dir"]))


sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "generated/gallery",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "image_scrapers": (figures_of,),
    "remove_config_comments": True,
    "within_subsection_order": "FileNameSortKey",
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
}


def setup(app: Sphinx) -> None:
    """Make what is generated, and let links lead to the copies."""
    shutil.rmtree(HOME, ignore_errors=True)
    for name in ("alembic", "traitlets"):  # what makes registries and runs notebooks says each step
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("SPECTRA_DATABASE_URL", "SPECTRA_ARTEFACTS"):
        os.environ.pop(name, None)
    os.environ["SPECTRA_HOME"] = str(HOME)
    os.environ["SPECTRA_CONFIG"] = ""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    runpy.run_path(str(DOCS / "write_commands.py"))["write"](GENERATED / "commands")
    for source, page in ELSEWHERE.items():
        text = (ROOT / source).read_text(encoding="utf-8").replace("# spectra\n", "# Install, and a first result\n", 1)
        (DOCS / page).write_text(_with_links(text, source, f"docs/{page}"), encoding="utf-8")
    app.connect("source-read", _link_copies)


def _link_copies(_: Sphinx, name: str, content: list[str]) -> None:
    """Let the links of a page lead to the copies."""
    if not name.startswith("generated/"):
        content[0] = _with_links(content[0], f"docs/{name}.md", f"docs/{name}.md")


def _with_links(text: str, source: str, page: str) -> str:
    """Return the text of a file with the relative links that it needs as a page; both are paths in the repository."""

    def link(match: re.Match[str]) -> str:
        target, anchor = match.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        path = f"docs/{ELSEWHERE[path]}" if path in ELSEWHERE else path.replace(*GALLERY)
        return f"]({posixpath.relpath(path, posixpath.dirname(page))}{anchor})"

    return re.sub(r"\]\((?!\w+:|#)([^)#\s]+)((?:#[^)\s]*)?)\)", link, text)
