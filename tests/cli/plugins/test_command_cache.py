"""The overview of commands is the same from the cache as from the plugins, and follows every change of them."""

import os

import pytest

COMMAND = """
import os, typer
from spectra.core.hookspecs import hookimpl

@hookimpl
def spectra_register_commands(cli):
    cli.command("own-first", help="What it is for.", deprecated=True)(lambda: None)
    cli.command("own-secret", hidden=True)(lambda: None)
    group = typer.Typer(help="A group of commands.")
    group.command("one")(lambda: None)
    group.command("two")(lambda: None)
    cli.add_typer(group, name="own-group", rich_help_panel="Of the plugin")
    print("loaded")
"""


@pytest.fixture
def plugin(tmp_path):
    """A plugin that is installed beside the toy: what to put on the path, and its one source file."""
    site = tmp_path / "site"
    info = site / "own-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[spectra]\nown = own_plugin\n")
    source = site / "own_plugin.py"
    source.write_text(COMMAND)
    return site, source


def overview(spectra, *paths, **environment):
    """Return the overview, and whether the plugin was loaded for it (it says so)."""
    done = spectra("--help", paths=[str(path) for path in paths], **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout, "loaded" in done.stderr


def test_the_overview_is_the_same_from_the_cache(spectra, plugin):
    first, loaded = overview(spectra, plugin[0])
    assert loaded
    again, loaded = overview(spectra, plugin[0])
    assert not loaded
    assert again == first
    for shown in ("toy-hello", "own-first", "(deprecated)", "own-group", "A group of commands.", "Of the plugin"):
        assert shown in first
    assert "own-secret" not in first
    called = spectra("own-group", "--help", paths=[str(plugin[0])])
    assert "two" in called.stdout  # a plugin's command is its own, not what the cache shows of it


def test_a_change_of_the_source_or_of_what_is_installed_is_seen_at_once(spectra, plugin):
    site, source = plugin
    overview(spectra, site)
    source.write_text(COMMAND.replace("own-first", "own-other"))
    shown, loaded = overview(spectra, site)
    assert loaded
    assert "own-other" in shown
    assert "own-other" not in overview(spectra)[0]
    assert "own-other" not in overview(spectra, site, SPECTRA_BLOCK_PLUGINS="own")[0]
    (site / "own-1.0.dist-info").rename(site / "own-1.1.dist-info")
    shown, loaded = overview(spectra, site)
    assert loaded
    assert "own-other" in shown
    assert overview(spectra, site) == (shown, False)


def test_what_fails_is_said_every_time(spectra, plugin):
    site, source = plugin
    source.write_text(COMMAND + "    1 / 0\n")
    for _ in range(2):
        done = spectra("--help", paths=[str(site)])
        assert "The commands of the plugin 'own' are missing: ZeroDivisionError" in done.stderr


def test_a_cache_that_cannot_be_written_or_read_changes_nothing(spectra, plugin, tmp_path):
    site, _ = plugin
    expected, _ = overview(spectra, site)
    (tmp_path / "file").touch()
    for _ in range(2):
        assert overview(spectra, site, XDG_CACHE_HOME=str(tmp_path / "file")) == (expected, True)
    (entry,) = (tmp_path / "cache" / "spectra" / "commands").iterdir()
    for damage in (b"", b"{", b"[]", b'{"files": {}, "commands": {"odd": 3}}', os.urandom(100)):
        entry.write_bytes(damage)
        assert overview(spectra, site) == (expected, True)
    assert overview(spectra, site) == (expected, False)
