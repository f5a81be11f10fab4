"""What ``spectra plugins new`` writes: a package with a small technique that works, for its author to change."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from spectra.core.errors import InputError
from spectra.core.hookspecs import API_VERSION
from spectra.core.recipe import Kind
from spectra.version import __version__

_TEMPLATES = Path(__file__).parent / "templates"
_SUFFIX = ".template"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40


@dataclass(frozen=True)
class NewPlugin:
    """A plugin that is to be written.

    Parameters
    ----------
    name
        Of the plugin and its technique: lower-case letters, digits and single hyphens, beginning with a letter. Only
        such a name goes into the code that is written.

    Raises
    ------
    InputError
        If it cannot be a name.
    """

    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST:
            raise InputError(
                f"{self.name!r} cannot be the name of a plugin.",
                hint=f"Use up to {_LONGEST} lower-case letters, digits and single hyphens, beginning with a letter.",
            )
        if self.name.split("-")[0] == "spectra":
            raise InputError(
                f"{self.name!r} begins with 'spectra', which is put before the name of the package anyway.",
                hint="Name the technique alone, such as 'raman'.",
            )

    @property
    def distribution(self) -> str:
        """What pip installs, and the folder."""
        return f"spectra-{self.name}"

    @property
    def package(self) -> str:
        """What Python imports."""
        return self.distribution.replace("-", "_")

    @property
    def components(self) -> tuple[tuple[Kind, str], ...]:
        """Kind and name of what it registers."""
        return (
            ("technique", self.name),
            ("forward model", f"{self.name}-line"),
            ("distortion", f"{self.name}-noise"),
            ("reader", f"{self.name}-text"),
        )

    def write(self, parent: Path) -> Path:
        """Write the package into a new folder of ``parent``, all of it or nothing, and return the folder.

        Raises
        ------
        InputError
            If there is such a folder, or it cannot be written.
        """
        folder = parent / self.distribution
        if folder.exists() or folder.is_symlink():
            raise InputError(f"There is already a {folder}.", hint="Move it away, or choose another name.")
        try:
            with tempfile.TemporaryDirectory(dir=parent, prefix=f".{self.distribution}.") as temporary:
                written = Path(temporary) / self.distribution
                for template in _TEMPLATES.rglob(f"*{_SUFFIX}"):
                    self._write_file(template, written)
                written.rename(folder)
        except OSError as error:
            raise InputError(f"{folder} cannot be written: {error.strerror}.") from error
        return folder

    def _write_file(self, template: Path, folder: Path) -> None:
        text = template.read_text(encoding="utf-8")
        for word, value in {
            "name": self.name,
            "distribution": self.distribution,
            "package": self.package,
            "platform": __version__,
            "api_version": str(API_VERSION),
        }.items():
            text = text.replace(f"<<{word}>>", value)
        place = template.relative_to(_TEMPLATES).as_posix().removesuffix(_SUFFIX).replace("PACKAGE", self.package)
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
