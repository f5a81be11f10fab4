"""*New*: a sample, an uploaded file, the analysis as a job, and the record that it leads to."""

import json
import re
import shlex
import sqlite3
import time
from contextlib import closing, contextmanager

import numpy as np
import pytest

from spectra.registry.database import connection
from spectra.registry.registry import Registry
from spectra.web.jobs.job import FILE
from spectra.web.security import TOKEN_HEADER
from spectra.web.site import Site
from tests.web.conftest import ACCESS, HOSTILE, Client, acting, elements, text_of
from tests.web.jobs.conftest import ended, until

HERE = {"Origin": "http://127.0.0.1:8642"}
SAMPLE = "name: slab\ntechnique: toy\nthickness: 2 mm\n"


def line(position=0.1, width=0.2, thickness=2.0):
    x = np.linspace(-1, 1, 81)
    y = thickness * width**2 / ((x - position) ** 2 + width**2)
    return "".join(f"{a:.6f} {b:.6f}\n" for a, b in zip(x, y, strict=True)).encode()


@pytest.fixture
def registry(tmp_path, monkeypatch):
    monkeypatch.delenv("SPECTRA_DATABASE_URL", raising=False)
    with Registry.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client(registry):
    client = Client(Site(opened=registry))
    yield client
    jobs_of(client).close()


def jobs_of(client):
    return client.app.app.state.jobs


def upload(client, path, fields, **files):
    """Send a form with files as a browser does."""
    return client.post(path, data={"token": ACCESS.form_token} | fields, files=files, headers=HERE)


def put_sample(client, text=SAMPLE):
    answer = upload(client, "/new/sample", {}, file=("slab.yaml", text.encode()))
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].partition("sample=")[2]


def finished(client, answer):
    assert answer.status_code == 303, text_of(answer)
    return ended(jobs_of(client), answer.headers["location"].rpartition("/")[2])


def test_from_a_sample_file_and_a_measured_file_to_a_prediction_on_record(client, registry):
    assert "Sample file (YAML)" in client.get("/new").text
    sample = put_sample(client)
    asked = client.get(f"/new?sample={sample}")
    assert "Measurement of slab by toy" in text_of(asked)
    fields = {
        "sample": sample,
        "conditions": "temperature=27 degC\n",
        "tags": "first, second",
        "settings": "reader.scale=1.0",
    }
    answer = upload(client, "/new/analysis", fields, file=("run 7.txt", line()))
    job = finished(client, answer)
    assert job.state == "done", job.fault
    (prediction,) = registry.list_predictions("")
    found = {quantity.name: quantity.value for quantity in prediction.final}
    assert found["position"] == pytest.approx(0.1, abs=1e-3)  # what the line was made with
    assert found["width"] == pytest.approx(0.2, abs=1e-3)
    assert job.result == prediction.id
    assert list(prediction.tags) == ["first", "second"]
    assert prediction.sample_name == "slab"
    assert [condition.amount for condition in prediction.conditions] == ["300.15 K"]
    assert [record.id for record in registry.list_samples("")] == [sample]  # the same sample, not one more
    options = [
        "--sample=slab.yaml",
        "--set=reader.scale=1.0",
        "--condition=temperature=27 degC",
        "--tag=first",
        "--tag=second",
    ]
    assert shlex.split(prediction.command) == ["spectra", "analyze", "run 7.txt", *options, "--json"]
    shown = client.get(answer.headers["location"])
    assert {"Simulating", "Fitting"} <= {stage.task.split()[0] for stage in job.stages}
    assert f'href="/records/{prediction.id}"' in shown.text
    assert shlex.split(job.command) == shlex.split(prediction.command)[:-1]
    assert job.command in text_of(shown)
    assert prediction.id in client.get("/jobs").text


def test_a_doubtful_answer_is_a_result(client, registry):
    job = finished(
        client, upload(client, "/new/analysis", {"sample": put_sample(client)}, file=("edge.txt", line(0.28)))
    )
    assert (job.state, registry.get_prediction(job.result).verdict) == ("done", "doubtful")


def test_what_cannot_be_read_is_said_as_on_the_command_line(client):
    job = finished(
        client, upload(client, "/new/analysis", {"sample": put_sample(client)}, file=("p.txt", b"no numbers"))
    )
    shown = client.get(f"/jobs/{job.id}")
    assert job.state == "failed"
    assert "p.txt does not hold two columns of numbers." in text_of(shown)
    assert "Traceback" not in shown.text


def test_a_technique_of_several_parts_has_a_file_for_each(client, registry):
    sample = put_sample(client, SAMPLE.replace("toy", "toy-halves"))
    names = [given.get("name") for tag, given in elements(client.get(f"/new?sample={sample}"), "input")]
    assert {"file-left", "file-right"} <= set(names)
    x = np.linspace(-1, 1, 81)
    rows = line().splitlines(keepends=True)
    left, right = (b"".join(row for row, a in zip(rows, x, strict=True) if side(a)) for side in (_left, _right))
    files = {"file-left": ("a.txt", left), "file-right": ("a.txt", right)}
    job = finished(client, upload(client, "/new/analysis", {"sample": sample}, **files))
    assert job.state == "done", job.fault
    assert shlex.split(registry.get_prediction(job.result).command)[2:4] == ["left=a.txt", "right=a-2.txt"]
    answer = upload(client, "/new/analysis", {"sample": sample}, **{"file-left": ("a.txt", left)})
    assert answer.status_code == 400
    assert "No file was chosen for right." in text_of(answer)


def _left(a):
    return a < 0


def _right(a):
    return a >= 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"conditions": "temperature"}, "The condition 'temperature' cannot be read."),
        ({"tags": "a@b"}, "holds a comma or an @"),
        ({"recipe": "default --db=x"}, "has no recipe 'default --db=x'"),
        ({"reader": "--db=x"}, "has no reader '--db=x'"),
        ({"settings": "um_per_pixel=2"}, "The setting 'um_per_pixel=2' cannot be read."),
        ({"conditions": "a=1\n" * 60}, "There are 60 conditions; 50 are allowed."),
    ],
)
def test_what_is_wrong_with_a_field_is_said_before_anything_runs(client, fields, said):
    answer = upload(client, "/new/analysis", {"sample": put_sample(client)} | fields, file=("p.txt", line()))
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert jobs_of(client).all() == []


def test_a_file_is_asked_for(client):
    answer = upload(client, "/new/analysis", {"sample": put_sample(client)}, other=("p.txt", b"1"))
    assert "No file was chosen. Choose a measured file." in text_of(answer)
    assert upload(client, "/new/analysis", {"sample": "zzz"}, file=("p.txt", b"1")).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\n", "slab.yaml: the key 'technique' is missing."),
        ("name: x\ntechnique: nonsense\n", "nonsense"),
        ("name: x\ntechnique: toy\nthickness: -2 mm\n", "slab.yaml, line 3"),
        ("\x00", "slab.yaml: this is not YAML"),
    ],
)
def test_a_sample_file_that_cannot_be_used_is_said_with_its_line(client, registry, text, said):
    answer = upload(client, "/new/sample", {}, file=("slab.yaml", text.encode()))
    assert answer.status_code in (400, 404)
    assert said in text_of(answer)
    assert "/tmp" not in answer.text
    assert list(registry.list_samples("")) == []


def test_no_name_leads_out_of_the_folder_of_a_job_and_no_text_acts(client, registry, tmp_path):
    before = {path for path in tmp_path.rglob("*") if "jobs" not in path.parts}
    for name in ("../../../evil.txt", HOSTILE):
        answer = upload(client, "/new/analysis", {"sample": put_sample(client)}, file=(name, b"nonsense"))
        job = finished(client, answer)
        assert job.state == "failed"
        shown = client.get(answer.headers["location"])
        assert acting(shown) == []
        assert [path.name for path in jobs_of(client).folder(job.id).iterdir()] == [FILE]
    after = {path for path in tmp_path.rglob("*") if "jobs" not in path.parts}
    assert not {path for path in after - before if "evil" in path.name}
    assert acting(client.get("/jobs")) == []


@pytest.mark.parametrize("name", ["slab.yaml", ".job.json", "SLAB.yaml"])
def test_a_file_called_like_one_of_the_jobs_own_takes_no_ones_place(client, registry, name):
    job = finished(client, upload(client, "/new/analysis", {"sample": put_sample(client)}, file=(name, line())))
    assert job.state == "done", job.fault
    assert registry.get_prediction(job.result).file_name.lower() in ("slab-2.yaml", "job.json")


def test_forms_without_a_token_or_from_elsewhere_change_nothing(client, registry):
    sample = put_sample(client)
    for headers, token in (({"Origin": "http://evil.test"}, ACCESS.form_token), (HERE, "wrong"), ({}, "wrong")):
        for path in ("/new/analysis", "/new/sample", "/jobs/abc/stop"):
            answer = client.post(
                path, data={"token": token, "sample": sample}, files={"file": ("a", b"1")}, headers=headers
            )
            assert answer.status_code == 403
    assert jobs_of(client).all() == []


def test_a_server_that_is_read_only_starts_nothing(registry):
    client = Client(Site(opened=registry, read_only=True))
    for path in ("/new/sample", "/new/analysis", "/jobs/abc/stop"):
        assert upload(client, path, {}, file=("slab.yaml", SAMPLE.encode())).status_code == 403
    assert "--read-only" in text_of(client.get("/new"))
    for path in ("/new", "/map"):
        assert [given for _, given in elements(client.get(path), "form") if given.get("method") == "post"] == []
    assert not (registry.locations.home / "jobs").exists()


def test_a_job_can_be_stopped_from_its_page_and_survives_a_reload(client):
    sample = put_sample(client, SAMPLE.replace("toy", "toy-grown"))
    answer = upload(client, "/new/analysis", {"sample": sample}, file=("p.txt", line()))
    address = answer.headers["location"]
    shown = client.get(address)
    assert any(given.get("action") == f"{address}/stop" for _, given in elements(shown, "form"))
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown.text
    assert client.change(f"{address}/stop").headers["location"] == address
    job = ended(jobs_of(client), address.rpartition("/")[2])
    assert job.state == "stopped"
    again = client.get(address)
    assert "Stopped; what it had finished is kept." in text_of(again)
    assert "refresh" not in again.text
    assert json.loads(client.get(f"{address}.json").text)["state"] == "stopped"
    assert client.get("/jobs/nonsense").status_code == 404


def test_the_child_works_on_the_registry_that_the_server_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_HOME", str(tmp_path / "another"))
    monkeypatch.chdir(tmp_path)
    with Registry.open(url="lab.sqlite") as registry:
        client = Client(Site(opened=registry, db="lab.sqlite"))
        job = finished(client, upload(client, "/new/analysis", {"sample": put_sample(client)}, file=("p.txt", line())))
        jobs_of(client).close()
        assert job.state == "done", job.fault
        command = registry.get_prediction(job.result).command
        assert f"--db={tmp_path / 'lab.sqlite'}" in shlex.split(command)
        assert job.command.endswith(" --db lab.sqlite")
    assert not (tmp_path / "another").exists()


def test_a_password_stands_in_no_command(postgresql_url, tmp_path):
    with Registry.open(tmp_path / "home", postgresql_url) as registry:
        client = Client(Site(opened=registry, db=postgresql_url))
        answer = upload(client, "/new/analysis", {"sample": put_sample(client)}, file=("p.txt", line()))
        job = finished(client, answer)
        jobs_of(client).close()
        assert job.state == "done", job.fault
        prediction = registry.get_prediction(job.result)
    for text in (prediction.command, job.command, (tmp_path / "home" / "jobs" / job.id / FILE).read_text()):
        assert not re.search(r"secret|postgresql:", text)


def test_a_request_that_is_too_long_is_refused_before_it_is_read(client):
    headers = HERE | {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(10**10)}
    answer = client.post("/new/analysis", content=iter([b"--b\r\n"]), headers=headers)
    assert answer.status_code == 413


def test_a_field_of_text_may_not_be_as_long_as_a_file(client):
    answer = upload(client, "/new/analysis", {"sample": "x" * 1_000_000}, file=("p.txt", b"1"))
    assert answer.status_code == 400


def test_a_program_uploads_with_the_token_as_a_header(client, registry):
    answer = client.post(
        "/new/sample", files={"file": ("slab.yaml", SAMPLE.encode())}, headers={TOKEN_HEADER: ACCESS.token}
    )
    assert answer.status_code == 303
    assert [record.name for record in registry.list_samples("")] == ["slab"]


def test_a_sample_leads_to_a_new_analysis_of_it(client):
    sample = put_sample(client)
    assert f'href="/new?sample={sample}"' in client.get(f"/records/{sample}").text


def test_measurements_lead_to_their_map(client, registry):
    sample = put_sample(client)
    finished(client, upload(client, "/new/analysis", {"sample": sample}, file=("p.txt", line())))
    shown = client.get("/measurements?query=file%3D%22p.txt%22")
    (address,) = [given["href"] for _, given in elements(shown, "a") if given["href"].startswith("/map?")]
    assert 'value="file=&#34;p.txt&#34;"' in client.get(address).text


def test_a_locked_registry_is_said_and_nothing_is_half_on_record(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    with Registry.open(tmp_path / "home") as registry:
        client = Client(Site(opened=registry))
        sample = put_sample(client)
        registry.storage.database.engine.dispose()
        with closing(sqlite3.connect(registry.locations.database, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            for path, name in (("/new/sample", "other.yaml"), ("/new/analysis", "run.txt")):
                content = SAMPLE.replace("slab", "other").encode()
                answer = upload(client, path, {"sample": sample}, file=(name, content))
                assert answer.status_code == 503
                assert "is busy: another process has been writing to it" in text_of(answer)
            other.execute("ROLLBACK")
        assert [record.name for record in registry.list_samples("")] == ["slab"]
        assert jobs_of(client).all() == []


@contextmanager
def written_by_another(registry):
    """A transaction of another process that writes."""
    with closing(sqlite3.connect(registry.locations.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_an_analysis_waits_until_another_process_has_written(client, registry):
    sample = put_sample(client)
    with written_by_another(registry):
        answer = upload(client, "/new/analysis", {"sample": sample}, file=("line.txt", line()))
        job = answer.headers["location"].rpartition("/")[2]
        until(jobs_of(client), job, lambda job: job.stages)  # it has read the registry, and works
        time.sleep(1)
        assert jobs_of(client).get(job).going_on
    assert finished(client, answer).state == "done"
    assert len(registry.list_predictions("")) == 1


def test_an_analysis_that_has_waited_in_vain_says_so_and_the_next_one_runs(client, registry, tmp_path, monkeypatch):
    (tmp_path / "impatient").mkdir()
    patience = "from spectra.registry.database import connection; connection.BUSY_SECONDS = 0.2\n"
    (tmp_path / "impatient" / "sitecustomize.py").write_text(patience)  # in the child; this process has started
    monkeypatch.syspath_prepend(tmp_path / "impatient")
    sample = put_sample(client)
    with written_by_another(registry):
        job = finished(client, upload(client, "/new/analysis", {"sample": sample}, file=("line.txt", line())))
    assert job.state == "failed"
    assert "is busy: another process has been writing to it" in job.fault
    assert "Traceback" not in job.fault
    assert not registry.list_predictions("")
    again = finished(client, upload(client, "/new/analysis", {"sample": sample}, file=("line.txt", line())))
    assert again.state == "done", again.fault
