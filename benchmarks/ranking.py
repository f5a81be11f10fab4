"""Rankings of the virtual indenter on titanium: what stands in docs/indenter.md and in the README beside this.

Measured hardness and orientations of Magazzeni et al., J. Mater. Res. 2020, on one grid, as tests/data/titanium has
them. Run::

    OMP_NUM_THREADS=1 python benchmarks/ranking.py --split grains --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from spectra.core.basics.attachments import Attachment
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.manager import load_plugins
from spectra.core.quantities import Quantity
from spectra.core.session import Session, Specimen
from spectra.core.signals import Places
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.train import train
from spectra.plugins import BUILT_IN
from spectra.plugins.images.grains import grains_of
from spectra.plugins.indenter.sample import IndenterSample
from spectra.plugins.indenter.technique import Indenter
from spectra.registry.registry import Registry

TITANIUM = Path(__file__).parents[1] / "tests/data/titanium/registered.npz"
ROBUST = 5.0  # deviations, by the median absolute one, beyond which an indent has failed
SPLITS = ("grains", "blocks", "random")


def titanium(split: str) -> Specimen:
    """Return the specimen, without failed indents."""
    with np.load(TITANIUM) as file:
        angles = np.stack([file["phi1_deg"], file["Phi_deg"], file["phi2_deg"]], axis=-1)
        hardness = file["hardness_GPa"].astype(float)
    away = np.abs(hardness - np.nanmedian(hardness))
    rows, columns = np.nonzero(away < ROBUST * 1.4826 * np.nanmedian(away))
    file = DataSetFile(
        quantities=(Quantity(name="hardness", unit="GPa", description="of indents", lower=1.0, upper=5.0),),
        values=hardness[rows, columns][:, np.newaxis],
        signal=Places(
            pictures=angles[np.newaxis],
            places=np.column_stack([0 * rows, rows, columns]).astype(np.int32),
            unit="°",
            um_per_pixel=2.0,
        ),
        points=None,
        groups=grains_of(angles, "°").labels[rows, columns].astype(np.int64),
        recipe={},
        notes=(),
        environment={},
    )
    attached = Attachment(name="titanium.npz", content=file.to_bytes())
    sample = IndenterSample(name="titanium", technique="indenter", data_set=attached, split=split)
    return Specimen(technique=Indenter(), sample=sample)


def main() -> None:
    """Print a table for each split and seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=SPLITS, nargs="+", default=SPLITS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    given = parser.parse_args()
    catalogue = load_plugins(BUILT_IN, {}).catalogue
    with tempfile.TemporaryDirectory() as home:
        session = Session(store=Registry.open(Path(home)), catalogue=catalogue, jobs=1)
        for split in given.split:
            one = titanium(split)
            for seed in given.seeds:
                record = train(session, one, complete_recipe(catalogue, one.recipe()), seed=seed)
                print(f"\n{split}, seed {seed}")
                for recipe in record.metrics["ranking"]["recipes"]:
                    numbers = recipe["quantities"]["hardness"]
                    leaking = numbers["r2_leaking"]
                    print(
                        f"{recipe['name']:9s} R² {numbers['r2']:6.3f}  μ {numbers['mean_error']:+.3f}  "
                        f"σ {numbers['deviation']:.3f}  grains {numbers['r2_of_groups']:6.3f}  "
                        f"± {numbers['half_width']:.3f}  inside {100 * numbers['covered']:.1f} %  "
                        f"leaking {'' if leaking is None else f'{leaking:.3f}':5s}  {recipe['seconds']:.1f} CPU-s"
                    )


if __name__ == "__main__":
    main()
