"""Records side by side."""

from sqlalchemy import update

from spectra.core.quantities import EstimatedQuantity
from spectra.registry.database.tables import MeasurementRow, SampleRow
from tests.web.conftest import BOTH, HOSTILE, acting, elements, text_of


def other(value):
    return (EstimatedQuantity(name="C11", unit="GPa", method="refined", value=value, std=0.5),)


@BOTH
def test_two_predictions_are_compared_with_their_difference_in_standard_deviations(client, put):
    first, second = put.measured("a.dat", 300.0), put.measured("b.dat", 400.0, quantities=other(272.25))
    answer = client.get(f"/compare?id={first.id}&id={second.id}")
    assert answer.status_code == 200
    said = text_of(answer)
    assert "2 predictions compared" in said
    assert "+1 +1.94" in said  # 1 / sqrt(0.125² + 0.5²)
    assert "measurement.file a.dat b.dat" in said
    assert f"spectra compare {first.id} {second.id}" in said
    charts = [attributes for _, attributes in elements(answer, "svg") if attributes["class"] == "chart"]
    assert len(charts) == 1
    assert acting(answer) == []


def test_of_more_the_values_stand_side_by_side(client, put):
    made = [put.measured(f"{run}.dat", 300.0 + run, quantities=other(270.0 + run)) for run in range(4)]
    answer = client.get("/compare", params=[("id", record.id) for record in made])
    said = text_of(answer)
    assert "C11 GPa 270.00 ± 0.50 271.00 ± 0.50 272.00 ± 0.50 273.00 ± 0.50" in said
    assert "measurement.file 0.dat 1.dat 2.dat 3.dat" in said
    points = [attributes["href"] for _, attributes in elements(answer, "a") if attributes.get("tabindex") == "-1"]
    assert points == [f"/records/{record.id}" for record in made]


def test_statements_are_bounded_by_the_number_of_records(client, put, statements):
    made = [put.measured(f"{run}.dat", 300.0) for run in range(4)]
    for count in (2, 4):
        statements.clear()
        client.get("/compare", params=[("id", record.id) for record in made[:count]])
        assert len(statements) <= 26 * count


def test_models_and_samples_are_compared_too(client, put, registry):
    first = put.measured("a.dat", 300.0)
    second = put.model(put.sample("glass"), seed=2)
    answer = client.get(f"/compare?id={first.model_id}&id={second.id}")
    assert "C11 mean error" in text_of(answer)
    assert "seed 1 2" in text_of(answer)
    samples = [registry.get_model(id).sample_id for id in (first.model_id, second.id)]
    answer = client.get(f"/compare?id={samples[0]}&id={samples[1]}")
    assert answer.status_code == 200
    assert "name steel glass" in text_of(answer)


def test_what_cannot_be_compared_is_said(client, put):
    made = put.measured("a.dat", 300.0)
    for asked, status, said in (
        ("", 400, "0 given: 2 to 12 different records can be compared."),
        (f"id={made.id}&id={made.id}", 400, "1 given"),
        (f"id={made.id}&id={made.model_id}", 400, "which cannot be compared"),
        (f"id={made.measurement_id}&id={made.measurement_id[:9]}", 400, "which cannot be compared"),
        (f"id={made.id}&id=zzzzzzzzzz", 404, "There is no record"),
        ("&".join(f"id={put.measured(f'{run}.dat', 1.0).id}" for run in range(13)), 400, "13 given"),
    ):
        answer = client.get(f"/compare?{asked}")
        assert answer.status_code == status, asked
        assert said in text_of(answer)


def test_markup_on_record_stays_text(client, put):
    made = [put.measured(f"{run}.dat", 300.0) for run in range(3)]
    with put.registry.storage.database.writing() as session:
        session.execute(update(SampleRow).values(name=HOSTILE, document={HOSTILE: HOSTILE}))
        session.execute(update(MeasurementRow).values(file_name=HOSTILE))
    for count in (2, 3):
        answer = client.get("/compare", params=[("id", record.id) for record in made[:count]])
        assert answer.status_code == 200
        assert "&lt;script" in answer.text
        assert acting(answer) == []
