"""What a map is asked for: by which features, and laid out how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from spectra.core.errors import UsageError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.recipe import Choice
from spectra.core.similarity.metrics import METRICS

LAYOUT = "umap"
_MODEL = "model:"
_LONGEST = 4000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Options of ``spectra map``; empty ones mean its defaults."""

    where: str = ""
    features: str = ""
    metric: str = ""
    layout: str = LAYOUT
    color: str = ""
    seed: int = 0

    @classmethod
    def of(cls, given: Mapping[str, Any], catalogue: Catalogue) -> Wanted:
        """Read the fields of a form or an address.

        Raises
        ------
        UsageError
            If a field cannot be meant.
        NotFoundError
            If there is no such layout or encoder.
        """
        texts = {
            name: str(given.get(name) or "").strip() for name in ("where", "features", "metric", "layout", "color")
        }
        if any(len(text) > _LONGEST for text in texts.values()):
            raise UsageError(f"A field is longer than {_LONGEST:,} characters.")
        texts["layout"] = texts["layout"] or LAYOUT
        catalogue.find("layout", texts["layout"])
        for name in _names(texts["features"]):
            if name.startswith(_MODEL):
                continue
            if ":" in name:
                raise UsageError(
                    f"The features {name[:60]!r} lie in a file of this machine, which a page cannot name.",
                    hint="Use 'spectra map' on the command line.",
                )
            catalogue.find("encoder", name)
        if texts["metric"] and texts["metric"] not in METRICS:
            raise UsageError(f"There is no metric {texts['metric'][:60]!r}.", hint=f"Metrics: {', '.join(METRICS)}.")
        seed = str(given.get("seed") or "0").strip()
        if not (seed.isdecimal() and len(seed) < 10):
            raise UsageError(f"The seed {seed[:60]!r} is no whole number from 0.")
        return cls(**texts, seed=int(seed))

    @property
    def feature_names(self) -> list[str] | None:
        """Names of the encoders; None for those of the kind of signal."""
        return list(_names(self.features)) or None

    def words(self, *, where: str | None = None) -> Iterable[str]:
        """Return the options of the command."""
        chosen = {
            "where": self.where if where is None else where,
            "features": self.features,
            "metric": self.metric,
            "layout": "" if self.layout == LAYOUT else self.layout,
            "color": self.color,
            "seed": str(self.seed or ""),
        }
        return [f"--{name}={value}" for name, value in chosen.items() if value]

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


def layout_of(catalogue: Catalogue, name: str, metric: str) -> Choice:
    """Return a layout as 'spectra map' chooses it: by the metric of the search, where it has one."""
    has_metric = "metric" in catalogue.find("layout", name).schema.model_fields
    return catalogue.choose("layout", name, {"metric": metric} if has_metric else {})


def _names(text: str) -> Iterable[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
