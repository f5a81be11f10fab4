"""Components for pictures. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.images"
_KERAS = ("tensorflow", "keras")
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_generators(register: Register) -> None:
    """Register spaces of pictures."""
    register(
        Component(
            name="pca",
            summary="Principal components of pictures, or of windows around places",
            factory=f"{_HERE}.generators.principal_components:PrincipalComponents",
            parameters=f"{_HERE}.generators.principal_components:PrincipalComponentsParameters",
            takes=("image", "places"),
            quick={"size": 9, "components": 8},
        )
    )
    register(
        Component(
            name="vae",
            summary="Convolutional variational autoencoder of pictures, or of windows around places",
            factory=f"{_HERE}.generators.variational:VariationalAutoencoder",
            parameters=f"{_HERE}.generators.variational:VariationalAutoencoderParameters",
            takes=("image", "places"),
            trained_with=_KERAS,
            quick={"size": 9, "latent": 4, "channels": [4], "epochs": 150, "patience": 150, "learning_rate": 0.01},
        )
    )


@hookimpl
def spectra_register_distortions(register: Register) -> None:
    """Register the distortion of pictures."""
    register(
        Component(
            name="turns",
            summary="Random quarter turns and mirror images of pictures, for quantities without direction",
            factory=f"{_HERE}.distortions:Turns",
            parameters=f"{_HERE}.distortions:TurnsParameters",
            takes=("image",),
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the encoders of pictures and of places in them."""
    register(
        Component(
            name="pixels",
            summary="Pixels of a picture, or means over equal areas, standardised per data set or per picture",
            factory=f"{_HERE}.pixels:Pixels",
            parameters=f"{_HERE}.pixels:PixelsParameters",
            takes=("image",),
        )
    )
    register(
        Component(
            name="surroundings",
            summary="Orientation, shades and boundaries at places in pictures and around them, at several scales",
            factory=f"{_HERE}.surroundings:Surroundings",
            parameters=f"{_HERE}.surroundings:SurroundingsParameters",
            takes=("places",),
        )
    )
    register(
        Component(
            name="residual-network",
            summary="Residual network on windows around places, as in Lew et al. (2023), over whole pictures at once",
            factory=f"{_HERE}.windows.network:WindowNetwork",
            parameters=f"{_HERE}.windows.training:WindowNetworkParameters",
            takes=("places",),
            trained_with=_KERAS,
            quick={"window": 8, "filters": [4], "blocks": [1], "pool": 2, "epochs": 2},
        )
    )
    register(
        Component(
            name="map-network",
            summary="Fully convolutional network on whole maps, trained at the places; its answer is the feature",
            factory=f"{_HERE}.map_network:MapNetwork",
            parameters=f"{_HERE}.map_training:MapNetworkParameters",
            takes=("places",),
            trained_with=_KERAS,
            quick={"filters": [8, 8], "hidden": 8, "steps": 20},
        )
    )
    register(
        Component(
            name="residual-map-network",
            summary="Ridge on 'surroundings' and a 'map-network' for what it leaves; their sum is the feature",
            factory=f"{_HERE}.residual_network:ResidualMapNetwork",
            parameters=f"{_HERE}.map_training:MapNetworkParameters",
            takes=("places",),
            trained_with=_KERAS,
            quick={"filters": [8, 8], "hidden": 8, "steps": 20},
        )
    )
    register(
        Component(
            name="texture",
            summary="Texture of a picture: strength, unevenness and direction of its waves at seven scales",
            factory=f"{_HERE}.features.texture:Texture",
            takes=("image",),
        )
    )
    register(
        Component(
            name="network-features",
            summary="Answers of a network of your own, out of a Keras file or a table of features",
            factory=f"{_HERE}.features.network:NetworkFeatures",
            parameters=f"{_HERE}.features.network:NetworkFeaturesParameters",
            takes=("image",),
            packages=("pillow", *_KERAS),
            needs="a file",
        )
    )


@hookimpl
def spectra_register_readers(register: Register) -> None:
    """Register the readers of picture files and of orientation maps."""
    register(
        Component(
            name="picture",
            summary="PNG, TIFF and JPEG files, grey or in colour, whole or a region of them",
            factory=f"{_HERE}.picture:PictureReader",
            parameters=f"{_HERE}.picture:PictureParameters",
            gives=("image",),
            packages=("pillow",),
        )
    )
    register(
        Component(
            name="orientation-map",
            summary="Orientation maps: .ctf (Oxford Instruments), .ang (EDAX), CSV with Bunge angles",
            factory=f"{_HERE}.maps.reader:OrientationMapReader",
            parameters=f"{_HERE}.maps.reader:OrientationMapParameters",
            gives=("image",),
        )
    )
