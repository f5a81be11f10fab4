"""What is checked before a change lands; people, .ci/run and the workflow share these sessions.

``nox -l`` lists them, ``nox`` runs the short ones, ``nox -s package`` runs one. All run in the environment that nox is
installed in, so that nothing is downloaded twice.
"""

import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.4"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tests"]

ROOT = Path(__file__).parent
COVERED = 95  # percent of the lines, by what is not slow
# What may differ once it is installed: data in the package, scripts of migrations, entry points.
INSTALLED = [
    "tests/pins",
    "tests/registry/test_opening.py",
    "tests/cli/about",
    "tests/images/symmetry/test_classifier.py",
]
# What the packages below it are most likely to break where they are old: units, arrays, schemas, SQL, tables, figures.
OLDEST = [
    "tests/core/basics",
    "tests/core/test_model.py",
    "tests/core/test_signals.py",
    "tests/core/test_metadata.py",
    "tests/pins",
    "tests/interactive",
    "tests/registry/query",
    "tests/registry/test_records.py",
    "tests/views/test_figures.py",
    "tests/images/maps",
    "tests/rus/test_forward_model.py",
    "tests/web/test_lists.py",
]


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, types, and that imports point one way."""
    python(session, "ruff", "check")
    python(session, "ruff", "format", "--check")
    python(session, "mypy")
    session.run(str(Path(sys.executable).with_name("lint-imports")), external=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests but the slow ones; arguments after '--' go to pytest."""
    python(session, "pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and count the lines that they run, which takes a third longer."""
    python(session, "pytest", "--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVERED}")


@nox.session(venv_backend="venv", python="3.11")
def minimum(session: nox.Session) -> None:
    """Install the lowest versions that are allowed, in an environment of its own, and run a part of the tests; by hand.

    Warnings are no failures: old packages use what newer ones below them call deprecated.
    """
    tools = "hypothesis", "pytest-xdist", "httpx2"
    extras = ".[cluster,postgresql,remote,table,testing,web]"
    session.install("-c", "constraints-minimum.txt", "-e", extras, *tools)
    session.run("python", "-m", "pytest", "-q", "-n", "0", "-o", "filterwarnings=default", *OLDEST)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation, with every tutorial and every script of the gallery; a warning is a failure."""
    python(session, "pip", "install", "-q", "-c", "constraints.txt", "-e", ".[docs]")
    python(session, "sphinx", "-W", "--keep-going", "-q", "docs", "build/site")


@nox.session
def package(session: nox.Session) -> None:
    """Build the source distribution and, from it, the wheel; install the wheel elsewhere and test it there."""
    scratch = Path(session.create_tmp()).resolve()
    shutil.rmtree(scratch)
    python(session, "build", "-q", "--outdir", str(scratch), str(ROOT))
    (wheel,), (source,) = scratch.glob("*.whl"), scratch.glob("*.tar.gz")
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "spectra").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    if missing := files - set(zipfile.ZipFile(wheel).namelist()):
        session.error(f"The wheel lacks {', '.join(sorted(missing))}.")
    python(session, "pip", "install", "-q", "--no-deps", "--target", str(scratch / "site"), str(wheel))
    with tarfile.open(source) as archive:
        archive.extractall(scratch, filter="data")
    unpacked = scratch / source.name.removesuffix(".tar.gz")
    shutil.rmtree(unpacked / "spectra")  # so that there is none but the installed one
    with session.chdir(unpacked):
        python(session, "pytest", "-q", *INSTALLED, env={"PYTHONPATH": str(scratch / "site")})


@nox.session
def plugin(session: nox.Session) -> None:
    """Test what 'spectra plugins new' writes, with both wheels installed, and analyze its example."""
    scratch = Path(session.create_tmp()).resolve()
    shutil.rmtree(scratch)
    scratch.mkdir()
    site = scratch / "site"
    environment = {"PYTHONPATH": str(site), "SPECTRA_HOME": str(scratch / "home")}

    def install(folder: Path, name: str) -> None:
        python(session, "pip", "wheel", "-q", "--no-deps", "-w", str(scratch), str(folder))
        (wheel,) = scratch.glob(f"{name}-*.whl")
        python(session, "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel))

    install(ROOT, "spectra_platform")
    with session.chdir(scratch):
        python(session, "spectra.cli", "plugins", "new", "example", env=environment)
    install(scratch / "spectra-example", "spectra_example")
    with session.chdir(scratch / "spectra-example"):
        python(session, "pytest", "-q", env=environment)
        python(session, "spectra.cli", "analyze", "spectrum.txt", "--sample", "sample.yaml", env=environment)


def python(session: nox.Session, module: str, *arguments: str, env: dict[str, str] | None = None) -> None:
    """Run a module with the Python that runs nox."""
    session.run(sys.executable, "-m", module, *arguments, env=os.environ | (env or {}), external=True)
