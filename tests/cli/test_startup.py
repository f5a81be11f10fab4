"""What a command does not need, it does not import."""

import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "matplotlib", "scipy", "sqlalchemy", "alembic", "pint")
OF_PLUGINS = ("numpy", "pydantic", "pluggy", "spectra.plugins")


def imported(arguments, home, looked_for=HEAVY):
    code = (
        "import sys; sys.argv = ['spectra', *sys.argv[1:]]\n"
        "from spectra.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', [m for m in {looked_for!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return done.stderr.rpartition("HEAVY ")[2].strip()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--help"], "[]"),
        (["--version"], "[]"),
        (["analyze", "--help"], "[]"),
        (["plugins", "list"], "[]"),
        (["techniques", "list"], "[]"),
        (["predictions", "list"], "['sqlalchemy', 'alembic']"),  # alembic makes the registry the first time
    ],
)
def test_heavy_libraries_are_imported_only_where_used(arguments, expected, home):
    assert imported(arguments, home) == expected


def test_registry_queries_import_nothing_but_sqlalchemy(home):
    imported(["predictions", "list"], home)
    assert imported(["predictions", "list"], home) == "['sqlalchemy']"


def test_the_overview_imports_no_plugin_once_their_commands_are_known(home):
    assert imported(["--help"], home, OF_PLUGINS) == str(list(OF_PLUGINS))
    assert imported(["--help"], home, OF_PLUGINS) == "[]"
    assert imported([], home, OF_PLUGINS) == "[]"
