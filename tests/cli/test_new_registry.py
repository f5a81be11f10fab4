"""A registry that ``--db`` names and that is not there: asked about on a terminal, said elsewhere."""

import io

import pytest

from spectra.cli.session import open_registry
from spectra.core.errors import InputError


class _Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def typed(monkeypatch):
    """Answer what is asked as a person at a terminal would."""
    return lambda answer: monkeypatch.setattr("sys.stdin", _Terminal(answer))


def test_on_a_terminal_a_path_that_is_not_there_is_asked_about(home, tmp_path, typed, capsys):
    (tmp_path / "laboratory.sqlite").touch()
    mistyped = tmp_path / "labratory.sqlite"
    typed("n\n")
    with pytest.raises(InputError, match="No registry was made"):
        open_registry(str(mistyped))
    assert not mistyped.exists()
    asked = capsys.readouterr().err
    assert f"There is no registry {mistyped}; the nearest is 'laboratory.sqlite'. Make it? [y/N]" in asked

    typed("y\n")
    with open_registry(str(mistyped)) as registry:
        assert not registry.list_samples()
    assert mistyped.exists()
    typed("")  # not asked again
    open_registry(str(mistyped)).close()


def test_elsewhere_it_is_made_and_said(spectra, tmp_path):
    done = spectra("samples", "list", "--json", "--db", tmp_path / "new.sqlite")
    assert done.returncode == 0
    assert done.stderr == f"There is no registry {tmp_path / 'new.sqlite'}. It is made now.\n"
    again = spectra("samples", "list", "--json", "--db", tmp_path / "new.sqlite")
    assert (again.stdout, again.stderr) == (done.stdout, "")
