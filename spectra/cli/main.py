"""The entry point: assembles the commands and turns errors into sentences and exit codes.

Exit codes: 0 done; 1 unexpected; 2 usage; 3 input unusable; 4 technique, plugin, model or record not found; 5 registry
out of reach or of another version; 6 done, but a measurement failed, a number differs or a plugin is faulty; 130
interrupted.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import traceback
from typing import Annotated

import typer

from spectra.cli.command_cache import cached_overview, keep_overview
from spectra.cli.commands import (
    analyze,
    archives,
    compare,
    curate,
    db,
    evaluate,
    generate,
    lists,
    plugins,
    reanalyze,
    reproduce,
    show,
    simulate,
    techniques,
    train,
)
from spectra.cli.commands.about import cite, config, doctor
from spectra.cli.commands.about import new_sample as _adds_command  # noqa: F401
from spectra.cli.commands.cluster import workers
from spectra.cli.commands.designs import design
from spectra.cli.commands.series import plot, series
from spectra.cli.commands.similarity import archives as _adds_commands  # noqa: F401
from spectra.cli.commands.similarity import map as maps
from spectra.cli.commands.similarity import similar, spaces
from spectra.cli.commands.web import report, serve
from spectra.core.basics.configuration import configure
from spectra.core.errors import SpectraError
from spectra.version import __version__

# What imports allocate stays; to look through it for garbage every 700 objects takes a tenth of a short command's time.
_COLLECTED_AFTER = 400_000
_OPTIONS_WITHOUT_PLUGINS = {"--version", "--install-completion", "--show-completion"}


def build_app() -> typer.Typer:
    """Assemble the commands that ship with the platform."""
    app = typer.Typer(
        name="spectra",
        help="From a measured spectrum to physical quantities with error bars.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: 0 done, 1 unexpected, 2 usage, 3 input unusable, 4 not found, 5 registry, 6 done in part, "
        "130 interrupted.",
    )

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
        ] = False,
    ) -> None:
        pass

    app.command("analyze")(analyze.analyze)
    app.command("series")(series.series)
    app.command("train")(train.train)
    app.command("simulate")(simulate.simulate)
    app.command("generate")(generate.generate)
    app.command("design")(design.design)
    app.command("evaluate")(evaluate.evaluate)
    app.command("reanalyze")(reanalyze.reanalyze)
    app.command("reproduce")(reproduce.reproduce)
    app.command("similar")(similar.similar)
    app.command("map")(maps.map_)
    app.add_typer(spaces.spaces, name="spaces")
    app.command("show")(show.show)
    app.command("compare")(compare.compare)
    app.command("plot")(plot.plot)
    app.command("tag")(curate.tag)
    app.command("note")(curate.note)
    app.command("condition")(curate.condition)
    app.command("alias")(curate.alias)
    app.command("retire")(curate.retire)
    app.command("delete")(curate.delete)
    app.add_typer(lists.predictions, name="predictions")
    app.add_typer(lists.models, name="models")
    app.add_typer(lists.measurements, name="measurements")
    app.add_typer(lists.samples, name="samples")
    app.add_typer(db.db, name="db")
    app.command("report")(report.report)
    app.command("web")(serve.web)
    app.command("export")(archives.export)
    app.command("import")(archives.import_)
    app.add_typer(techniques.techniques, name="techniques")
    app.add_typer(plugins.plugins, name="plugins")
    app.add_typer(workers.workers, name="workers")
    app.command("cite")(cite.cite)
    app.command("doctor")(doctor.doctor)
    app.command("config")(config.config)
    return app


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_COLLECTED_AFTER)
    _use_utf_8()
    atexit.register(gc.freeze)  # else the interpreter looks for garbage before it ends, in 0.2 to 0.5 s
    app, arguments = build_app(), _arguments()
    try:
        configure()
        if _is_overview(arguments) and (overview := cached_overview()) is not None:
            app.registered_commands += overview.registered_commands
            app.registered_groups += overview.registered_groups
        elif _may_concern_a_plugin(app, arguments):
            _add_commands_of_plugins(app)
        _leave_out_others(app, arguments)
        app()
    except SpectraError as error:
        if os.environ.get("SPECTRA_DEBUG"):
            traceback.print_exception(error)
        _explain(error)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == 130:
            print(
                "Interrupted. Finished parts are kept; the same command resumes from there.",
                file=sys.stderr,
            )
        raise
    except Exception as error:
        if os.environ.get("SPECTRA_DEBUG"):
            raise
        if isinstance(error, OSError):
            from spectra.core.basics.files import refused_by_system

            if (refused := refused_by_system(error)) is not None:
                _explain(refused)
                sys.exit(refused.exit_code)
        print(f"Unexpected error: {type(error).__name__}: {error}", file=sys.stderr)
        print("This is a bug in spectra or in a plugin. SPECTRA_DEBUG=1 shows the traceback.", file=sys.stderr)
        sys.exit(1)


def _arguments() -> list[str]:
    """Return the arguments; where a shell asks how the line may go on, those before the word that is being typed."""
    if "_SPECTRA_COMPLETE" not in os.environ:
        return sys.argv[1:]
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = typed.split()
    typing = int(os.environ["COMP_CWORD"]) if "COMP_CWORD" in os.environ else len(words) - (not typed.endswith(" "))
    return words[1:typing]


def _use_utf_8() -> None:
    """Write files and pipes in UTF-8, which is not every system's encoding, unless ``PYTHONIOENCODING`` names another.

    What that, or a terminal, has no character for is escaped, as Python does on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            chosen = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=None if chosen else "utf-8", errors="backslashreplace")


def _add_commands_of_plugins(app: typer.Typer) -> None:
    """Add plugins' own commands, and say on standard error which are not there and why."""
    from spectra.cli.plugin_commands import commands_of_plugins
    from spectra.cli.printing.text import printable
    from spectra.cli.session import load

    plugins = load()
    commands, faults = commands_of_plugins(plugins, _names_of_commands(app))
    if not faults and not any(status.state == "failed" or status.notes for status in plugins.statuses):
        keep_overview(commands)
    techniques = {entry.component.name for entry in plugins.catalogue.entries("technique")}
    for added in commands.values():
        _add_tasks(added.app, techniques)
        app.registered_commands += added.app.registered_commands
        app.registered_groups += added.app.registered_groups
    for name, reason in faults.items():
        print(printable(f"The commands of the plugin {name!r} are missing: {reason}."), file=sys.stderr)


def _add_tasks(app: typer.Typer, techniques: set[str]) -> None:
    """Let a technique's group of commands have the task that is asked of techniques like it: ``indenter design``."""
    for group in app.registered_groups:
        own = group.typer_instance
        if group.name in techniques and own and "design" not in {command.name for command in own.registered_commands}:
            own.command("design")(design.design)


def _is_overview(arguments: list[str]) -> bool:
    """Say whether all commands are listed and none is called."""
    return all(word in ("--help", "-h") for word in arguments)


def _may_concern_a_plugin(app: typer.Typer, arguments: list[str]) -> bool:
    """Say whether plugins' own commands matter: for the overview, and for a command that is none of ours."""
    words = [word for word in arguments if not word.startswith("-")]
    if not words:
        return not _OPTIONS_WITHOUT_PLUGINS.intersection(arguments)
    return words[0] not in _names_of_commands(app)


def _leave_out_others(app: typer.Typer, arguments: list[str]) -> None:
    """If a command is called, leave out all others, whose signatures Typer would read, which takes 0.03 s.

    ``plugins`` needs them: it says which commands of a plugin have a name of ours.
    """
    if arguments and arguments[0] in _names_of_commands(app) - {"plugins"}:
        app.registered_commands = [command for command in app.registered_commands if command.name == arguments[0]]
        app.registered_groups = [group for group in app.registered_groups if group.name == arguments[0]]


def _names_of_commands(app: typer.Typer) -> set[str]:
    """Return the names of the commands that ship with the platform; each is given its name."""
    return {str(command.name) for command in app.registered_commands} | {
        str(group.name) for group in app.registered_groups
    }


def _explain(error: SpectraError) -> None:
    """Print an error and what to do about it, on standard error."""
    from rich.console import Console

    from spectra.cli.printing.text import printable

    console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
    console.print("Error:", style="bold red", end=" ")
    for line in f"{error.message}\n{error.hint or ''}".strip().split("\n"):
        console.print(printable(line), markup=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"spectra {__version__}")
        raise typer.Exit
