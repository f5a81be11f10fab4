"""What the site of the documentation promises; 'sphinx' itself, with every script and tutorial, runs in '.ci/run'."""

import doctest
import importlib
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import spectra

ROOT = Path(spectra.__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "generated" not in path.parts)
ELSEWHERE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md")]
# of which 'python -m doctest' has something to run
WITH_EXAMPLES = sorted(path for path in (ROOT / "spectra").rglob("*.py") if ">>> " in path.read_text(encoding="utf-8"))


def relative(path):
    return str(path.relative_to(ROOT))


def anchors(page):
    """Return the anchors of a page's headings, as a repository's browser and MyST make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_command_has_a_page_with_what_it_takes():
    pages = runpy.run_path(str(DOCS / "write_commands.py"))["pages"]()
    code = "import sys; sys.argv[0] = 'spectra'; from spectra.cli.main import main; main()"
    command = [sys.executable, "-c", code, "--help"]
    overview = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    names = set(re.findall(r"^│ ([a-z][\w-]*) ", overview, re.MULTILINE))
    assert {"analyze", "db", "peaks", "indenter", "doctor"} < names
    assert names - {"toy"} <= pages.keys()
    assert "`-s, --sample <path>`" in pages["analyze"]
    assert "\n## `spectra db backup`\n" in pages["db"]
    assert "\n## `spectra indenter design`\n" in pages["indenter"]
    assert all(
        f"({name}.md)" in pages["index"] and f"\n{name} <{name}>\n" in pages["index"] for name in names & pages.keys()
    )


def test_every_page_is_in_the_table_of_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    trees = "".join(re.findall(r"^```\{toctree\}\n(.*?)^```$", index, re.MULTILINE | re.DOTALL))
    entries = {re.sub(r".*<(.*)>", r"\1", line) for line in trees.splitlines() if line and not line.startswith(":")}
    missing = {path.relative_to(DOCS).with_suffix("").as_posix() for path in PAGES} - entries - {"index"}
    assert not missing, f"docs/index.md names no {', '.join(missing)}"


@pytest.mark.parametrize("page", [*PAGES, *ELSEWHERE], ids=relative)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(found), f"{target} has no heading {anchor}"


def test_every_picture_is_shown():
    shown = {
        name for page in [*PAGES, *ELSEWHERE] for name in re.findall(r"\w+\.png", page.read_text(encoding="utf-8"))
    }
    assert {path.name for path in DOCS.glob("*.png")} <= shown


def test_scripts_of_pictures_are_those_of_the_gallery():
    pictures = runpy.run_path(str(DOCS / "write_pictures.py"))["PICTURES"]
    assert pictures.keys() <= {path.stem for path in (DOCS / "gallery").glob("*.py")}
    assert all((DOCS / picture).exists() for picture in pictures.values())


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=relative)
def test_examples_in_docstrings_give_what_they_say(path):
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    tried = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried.attempted > 0
    assert tried.failed == 0
