"""The same commands on a cluster of two processes give the same bytes; nothing that was done is lost."""

import json
import os
import signal
import time

import numpy as np
import pytest
from PIL import Image

from tests.core.execution.conftest import ROOTS, Processes

STUDY = """\
title: A toy study
sample: sample.yaml
variants:
  - {name: default}
  - {name: quiet, distortions: []}
conditions:
  - {name: noisy, distortions: [{name: toy-noise, parameters: {size: 0.1}}]}
seeds: [0, 1]
test: {points: 20, refined: 3}
"""
SLOW = ("--set", "forward-model.seconds=0.02")


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    return path


@pytest.fixture
def grown(tmp_path):
    path = tmp_path / "grown.yaml"
    path.write_text("name: slab\ntechnique: toy-grown\nthickness: 2 mm\n")
    return path


def homes(tmp_path):
    """Return the registry of the cluster's commands and that of local ones."""
    return {"SPECTRA_HOME": str(tmp_path / "home")}, {"SPECTRA_HOME": str(tmp_path / "local")}


def document(done, key):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[key]


def parts(tmp_path):
    return list((tmp_path / "home" / "work").glob("*/part-*.npz"))


@pytest.mark.parametrize(("command", "file"), [("simulate", "sample"), ("generate", "grown")])
def test_a_training_set_is_the_same_bytes(spectra, cluster, tmp_path, request, command, file):
    path = request.getfixturevalue(file)
    there, here = homes(tmp_path)
    made = document(spectra(command, "-s", path, "--on", cluster.address, "--json", **there), "data_set")
    local = document(spectra(command, "-s", path, "--json", **here), "data_set")
    assert made["artefact"] == local["artefact"]
    assert made["environment"]["workers"]
    assert not list((tmp_path / "home" / "work").glob("*"))


def test_a_study_has_the_same_scores_and_its_models_are_on_record(spectra, cluster, sample, tmp_path):
    (tmp_path / "study.yaml").write_text(STUDY)
    there, here = homes(tmp_path)
    study = tmp_path / "study.yaml"
    found = document(spectra("evaluate", study, "--on", cluster.address, "--json", **there), "evaluation")
    local = document(spectra("evaluate", study, "--json", **here), "evaluation")
    assert found["scores"] == local["scores"]
    assert found["trained_now"] == local["trained_now"] == 4
    again = document(spectra("evaluate", study, "--on", cluster.address, "--json", **there), "evaluation")
    assert again["trained_now"] == 0


def test_old_measurements_are_answered_the_same_and_a_bad_one_alone_fails(spectra, cluster, sample, tmp_path):
    x = np.linspace(-1, 1, 81)
    there, here = homes(tmp_path)
    for number in range(3):
        line = tmp_path / f"line-{number}.txt"
        np.savetxt(line, np.column_stack([x, 2 * 0.03 / ((x - 0.1 * number) ** 2 + 0.03)]))
        for home in (there, here):
            document(spectra("analyze", line, "-s", sample, "--json", **home), "prediction")
    answers = []
    for home, on in ((there, ("--on", cluster.address)), (here, ())):
        document(spectra("train", "-s", sample, "--seed", "1", "--json", **home), "model")
        document(spectra("reanalyze", "slab", "--seed", "1", *on, "--json", **home), "reanalysis")
        listed = spectra("predictions", "list", "--json", **home)
        found = json.loads(listed.stdout)["predictions"]
        assert len(found) == 6
        answers.append({one["file_name"]: [q["value"] for q in one["quantities"]] for one in found[:3]})
        shown = spectra("show", found[0]["id"], "--figure", "again.svg", **home)
        assert shown.returncode == 0, shown.stderr
    assert answers[0] == answers[1]
    known = document(
        spectra("reanalyze", "slab", "--seed", "1", "--on", cluster.address, "--json", **there), "reanalysis"
    )
    assert all(one["known"] for one in known["measurements"])


def test_pictures_that_are_kept_are_compared_by_the_same_features(spectra, cluster, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number, values in enumerate(np.random.default_rng(0).integers(0, 255, (6, 48, 48), dtype=np.uint8)):
        Image.fromarray(values).save(pictures / f"{number}.png")
    found = []
    for home, on in zip(homes(tmp_path), (("--on", cluster.address), ()), strict=True):
        assert spectra("measurements", "add", pictures, **home).returncode == 0
        done = spectra("similar", pictures / "0.png", *on, "--json", **home)
        assert ("2 workers" in done.stderr) == bool(on), done.stderr
        found.append([(one["file_name"], one["distance"]) for one in document(done, "similar")["neighbours"]])
    assert found[0] == found[1]
    assert len(found[0]) >= 5


def test_workers_are_listed_with_what_they_have(spectra, cluster):
    found = document(spectra("workers", "check", "--on", cluster.address, "--json"), "workers")
    assert len(found["workers"]) == 2
    assert all(one["installed"]["versions"] == found["here"]["versions"] for one in found["workers"])
    assert all(one["installed"]["plugins"] == ["toy-technique 1.0"] for one in found["workers"])
    assert "2 workers" in spectra("workers", "check", "--on", cluster.address).stdout


def test_a_killed_worker_costs_nothing(started, own_cluster, grown, spectra, tmp_path):
    process = started("generate", "-s", grown, *SLOW, "--on", own_cluster.address, "--json")
    waited(lambda: parts(tmp_path), process)
    own_cluster.workers[0].kill()
    output, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    local = document(spectra("generate", "-s", grown, *SLOW, "--json", **homes(tmp_path)[1]), "data_set")
    assert json.loads(output)["data_set"]["artefact"] == local["artefact"]


@pytest.mark.parametrize("sign", [getattr(signal, "SIGKILL", None), signal.SIGINT])
def test_a_client_that_ends_is_resumed(started, cluster, grown, spectra, tmp_path, sign):
    process = started("generate", "-s", grown, *SLOW, "--on", cluster.address)
    waited(lambda: parts(tmp_path), process)
    os.kill(process.pid, sign)
    _, said = process.communicate(timeout=60)
    if sign == signal.SIGINT:
        assert process.returncode == 130
        assert "Finished parts are kept" in said
    kept = {path.name: path.stat().st_mtime_ns for path in parts(tmp_path)}
    assert kept
    done = spectra("generate", "-s", grown, *SLOW, "--on", cluster.address, "--json", **homes(tmp_path)[0])
    made = document(done, "data_set")
    local = document(spectra("generate", "-s", grown, "--json", *SLOW, **homes(tmp_path)[1]), "data_set")
    assert made["artefact"] == local["artefact"]


def test_a_lost_scheduler_is_a_sentence_and_parts_are_kept(started, own_cluster, grown, tmp_path):
    process = started("generate", "-s", grown, *SLOW, "--on", own_cluster.address)
    waited(lambda: parts(tmp_path), process)
    own_cluster.stop()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "was lost, or has no workers left" in said
    assert "Finished parts are kept" in said
    assert "Traceback" not in said
    assert parts(tmp_path)


def test_a_fault_on_a_worker_is_the_sentence_that_it_would_be_here(spectra, cluster, tmp_path):
    thick = tmp_path / "thick.yaml"
    thick.write_text("name: slab\ntechnique: toy-grown\nthickness: 7 mm\n")
    done = spectra("generate", "-s", thick, "--on", cluster.address)
    assert done.returncode == 3
    assert "No slab of 7 mm can be grown. Grow a thinner one." in " ".join(done.stderr.split())


def test_a_plugin_that_workers_lack_is_named_before_anything_is_sent(spectra, sample, tmp_path):
    (tmp_path / "bare").mkdir()
    bare = Processes(tmp_path / "bare", ROOTS[:1])
    try:
        bare.wait()
        done = spectra("simulate", "-s", sample, "--on", bare.address)
        assert done.returncode == 3
        assert "lacks plugins that this machine has: toy-technique 1.0" in done.stderr
        listed = spectra("workers", "check", "--on", bare.address)
        assert listed.returncode == 3
    finally:
        bare.stop()


def test_nobody_to_ask_is_a_sentence(spectra, sample, tmp_path):
    done = spectra("simulate", "-s", sample, "--on", tmp_path / "nowhere.json")
    assert done.returncode == 3
    assert "There is no scheduler file" in done.stderr
    done = spectra("workers", "check")
    assert done.returncode == 2
    assert "Which cluster?" in done.stderr


def waited(condition, process):
    for _ in range(600):
        if condition():
            return
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    pytest.fail("nothing happened in 30 s")
