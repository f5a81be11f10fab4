"""``spectra compare`` of more than two records."""

import json

from spectra.core.quantities import EstimatedQuantity
from spectra.registry.registry import Registry
from tests.web.conftest import Laboratory


def test_three_predictions_stand_side_by_side(spectra, home):
    with Registry.open() as registry:
        put = Laboratory(registry)
        made = []
        for run in range(3):
            value = EstimatedQuantity(name="C11", unit="GPa", method="refined", value=270.0 + run, std=0.5)
            made.append(put.measured(f"{run}.dat", 300.0, quantities=(value,)).id)
    done = spectra("compare", *made)
    assert done.returncode == 0, done.stderr
    assert "C11       GPa   270.00 ± 0.50  271.00 ± 0.50  272.00 ± 0.50" in done.stdout
    document = json.loads(spectra("compare", *made, "--json").stdout)["comparison"]
    assert document["ids"] == made
    assert {"key": "measurement.file", "values": ["0.dat", "1.dat", "2.dat"]} in document["differences"]
    assert [value["value"] for value in document["numbers"][0]["values"]] == [270, 271, 272]
