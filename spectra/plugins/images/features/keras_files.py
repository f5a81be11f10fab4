"""Keras networks out of files that nobody vouches for: known layers and numbers only, no code.

Keras' own safe mode refuses Lambda layers, but was passed several times by configurations that name other functions
(CVE-2025-1550, CVE-2025-8747) or layers that read files (CVE-2025-12058). So everything that a configuration names is
compared with a list of what networks for pictures are made of, before Keras sees it.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from spectra.core.components import Features
from spectra.core.errors import InputError
from spectra.plugins.learning.keras_loading import load_keras

_CONFIGURATION, _WEIGHTS = "config.json", "model.weights.h5"
_MEMBERS = {"metadata.json", _CONFIGURATION, _WEIGHTS}
_LARGEST_TEXT, _LARGEST_WEIGHTS = 20_000_000, 2_000_000_000  # bytes
_LARGEST_SIDE, _USUAL_SIDE = 2048, 224  # pixels
_MODULES = {"keras", "keras.layers", "keras.models", "keras.src.models.functional", "keras.src.models.sequential"}
_PARTS_OF_LAYERS = {"keras.initializers", "keras.regularizers", "keras.constraints", "keras.dtype_policies"}
_NAMES = {
    *("Functional", "Sequential", "DTypePolicy", "InputLayer", "Rescaling", "Normalization", "Resizing"),
    *("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "Dense", "EinsumDense", "Embedding"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization"),
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
    *("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "UpSampling2D"),
    *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot", "Identity"),
    *("Flatten", "Reshape", "Permute", "RepeatVector", "ZeroPadding2D", "Cropping2D", "CenterCrop"),
    *("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout"),
    *("MultiHeadAttention", "Attention"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class KerasNetwork:
    """A network for pictures.

    Parameters
    ----------
    model
        Of Keras.
    shape
        Height, width and channels of its input.
    """

    model: Any
    shape: tuple[int, int, int]

    @classmethod
    def read(cls, content: bytes, layer: str | None = None) -> Self:
        """Read a ``.keras`` file, and cut the network off after a layer.

        Raises
        ------
        InputError
            If it is none, names what is no ordinary layer, takes no pictures, or has no such layer.
        """
        checked_archive(content)
        keras = load_keras(seed=0)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.keras"
            path.write_bytes(content)
            _check_weights(content)
            try:
                model = keras.saving.load_model(path, compile=False, safe_mode=True)
                inputs, outputs = model.inputs, model.outputs
            except Exception as error:  # Keras has many ways to fail on a file that somebody made up
                raise InputError(f"Keras cannot load the network: {_first_line(error)}.") from error
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].shape[3] not in (1, 3):
            raise InputError(
                f"The network's input has shape {' and '.join(str(tuple(one.shape)) for one in inputs)}; one of (n, "
                "height, width, 1 or 3) is needed."
            )
        if layer is not None:
            names = [one.name for one in model.layers]
            if layer not in names:
                raise InputError(f"The network has no layer {layer!r}.", hint=f"Its last are {', '.join(names[-6:])}.")
            outputs = [model.get_layer(layer).output]
        if len(outputs) != 1 or isinstance(outputs[0], list):
            raise InputError("The network has several outputs.", hint="Name one layer by the parameter 'layer'.")
        height, width, channels = (int(side or _USUAL_SIDE) for side in inputs[0].shape[1:])
        if max(height, width) > _LARGEST_SIDE:
            raise InputError(f"The network's input has {width} × {height} pixels; at most {_LARGEST_SIDE} are allowed.")
        return cls(model=keras.Model(inputs[0], outputs[0]), shape=(height, width, channels))

    def answers(self, pictures: Features) -> Features:
        """Return the output for pictures (n, height, width, channels), shape (n, d).

        Raises
        ------
        InputError
            If it is not finite.
        """
        found = np.asarray(self.model(pictures, training=False), dtype=np.float32)
        rows: Features = found.mean(axis=(1, 2)) if found.ndim == 4 else found.reshape(len(found), -1)
        if not np.isfinite(rows).all():
            raise InputError("A network's answer is not finite.", hint="Set the parameter 'shades' as it needs.")
        return rows


def checked_archive(content: bytes) -> None:
    """Refuse a ``.keras`` file that holds anything but a network of known layers and its weights.

    Raises
    ------
    InputError
        With what it holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
            if len(sizes) < len(archive.infolist()) or set(sizes) != _MEMBERS:
                raise InputError(f"The network's file should hold {', '.join(sorted(_MEMBERS))}; {_held(sizes)}.")
            if sizes.pop(_WEIGHTS) > _LARGEST_WEIGHTS or max(sizes.values()) > _LARGEST_TEXT:
                raise InputError("The network's file would unpack to more than 2 GB.")
            configuration = json.loads(archive.read(_CONFIGURATION))
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and json have many ways to fail on bytes that somebody made up
        raise InputError(
            f"The network's file is no .keras file: {_first_line(error)}.",
            hint="Save it with model.save('network.keras'); .h5 files and folders can hold code and are not read.",
        ) from error
    if strange := sorted(_strange(configuration)):
        raise InputError(
            f"The network has {', '.join(strange[:3])}, which is no ordinary layer; only those are loaded, since "
            "others can run code.",
            hint="Compute its features elsewhere, and give them as a table, npy:FILE.",
        )


def _strange(part: Any) -> set[str]:
    """Return what a configuration names and is not on the list."""
    found: set[str] = set()
    pending = [part]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, dict):
            pending.extend(one.values())
            if "class_name" in one and not _known(one):
                found.add(f"{one.get('module')}.{one['class_name']}")
    return found


def _known(one: dict[str, Any]) -> bool:
    module, name, registered = one.get("module"), one["class_name"], one.get("registered_name")
    if registered not in (None, name):
        return False
    if name == "__keras_tensor__":
        return module is None
    if module in _PARTS_OF_LAYERS:
        return name != "function"
    return module in _MODULES and name in _NAMES


def _check_weights(content: bytes) -> None:
    """Refuse weights that point out of their file: HDF5 can name others."""
    import h5py

    def check(group: Any) -> None:
        for name in group:
            if isinstance(group.get(name, getlink=True), h5py.ExternalLink | h5py.SoftLink):
                raise InputError("The network's weights point to another file.")
            member = group[name]
            if isinstance(member, h5py.Group):
                check(member)
            elif member.external or member.is_virtual:
                raise InputError("The network's weights point to another file.")

    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            h5py.File(io.BytesIO(archive.read(_WEIGHTS)), "r") as file,
        ):
            check(file)
    except OSError as error:
        raise InputError(f"The network's weights cannot be read: {_first_line(error)}.") from error


def _held(sizes: dict[str, int]) -> str:
    return f"it holds {', '.join(sorted(sizes)[:5])}" if sizes else "it is empty"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
