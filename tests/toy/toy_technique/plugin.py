"""What the toy registers."""

from typing import Annotated

import typer

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl


@hookimpl
def spectra_register_forward_models(register):
    register(
        Component(name="toy-line", summary="A Lorentzian line", factory="toy_technique.parts:Line", gives=("profile",))
    )
    register(Component(name="toy-pair", summary="A line twice", factory="toy_technique.parts:Pair", gives=("bundle",)))
    register(
        Component(
            name="toy-halves", summary="A line in two halves", factory="toy_technique.parts:Halves", gives=("bundle",)
        )
    )
    register(
        Component(
            name="toy-grown",
            summary="Lines that come out",
            factory="toy_technique.parts:Grown",
            parameters="toy_technique.parts:GrownParameters",
            gives=("profile",),
        )
    )


@hookimpl
def spectra_register_distortions(register):
    register(
        Component(
            name="toy-noise",
            summary="White noise",
            factory="toy_technique.parts:Noise",
            parameters="toy_technique.parts:NoiseParameters",
            takes=("profile", "image", "bundle"),
        )
    )


@hookimpl
def spectra_register_encoders(register):
    register(
        Component(
            name="toy-values",
            summary="All numbers, standardised",
            factory="toy_technique.parts:Values",
            takes=("profile", "image", "bundle"),
        )
    )


@hookimpl
def spectra_register_regressors(register):
    register(Component(name="toy-ridge", summary="Ridge regression", factory="toy_technique.parts:Ridge"))


@hookimpl
def spectra_register_refiners(register):
    register(Component(name="toy-fit", summary="Least squares", factory="toy_technique.parts:Fit", takes=("profile",)))


@hookimpl
def spectra_register_readers(register):
    register(
        Component(
            name="toy-columns",
            summary="Two columns of numbers",
            factory="toy_technique.parts:Columns",
            parameters="toy_technique.parts:ColumnsParameters",
            gives=("profile",),
        )
    )
    register(
        Component(
            name="toy-arrays",
            summary="An array archive",
            factory="toy_technique.parts:Arrays",
            gives=("peaks", "profile", "image", "bundle"),
        )
    )


@hookimpl
def spectra_register_processors(register):
    register(
        Component(
            name="toy-multiply",
            summary="All ordinates times a number",
            factory="toy_technique.parts:Multiply",
            parameters="toy_technique.parts:MultiplyParameters",
            takes=("profile",),
            gives=("profile",),
        )
    )


@hookimpl
def spectra_register_techniques(register):
    register(
        Component(
            name="toy", summary="Position and width of a line", factory="toy_technique.parts:Toy", takes=("profile",)
        )
    )
    register(
        Component(
            name="toy-pair",
            summary="The same from two signals",
            factory="toy_technique.parts:ToyPair",
            takes=("bundle",),
        )
    )
    register(
        Component(
            name="toy-halves",
            summary="The same from two files",
            factory="toy_technique.parts:ToyHalves",
            takes=("bundle",),
        )
    )
    register(
        Component(
            name="toy-grown",
            summary="The same of slabs that grow",
            factory="toy_technique.parts:ToyGrown",
            takes=("profile",),
        )
    )


@hookimpl
def spectra_register_commands(cli, session):
    @cli.command("toy-hello", help="A command of a plugin's own.")
    def hello():
        print("hello from a plugin")

    @cli.command("toy-count", help="Number of predictions of the technique 'toy'.")
    def count(db: Annotated[str | None, typer.Option(help="Database URL.")] = None):
        print(len(session(db).store.list_predictions("technique=toy")))
