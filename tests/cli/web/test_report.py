"""``spectra report``: a file, or a sentence."""

from spectra.registry.registry import Registry
from tests.web.conftest import Laboratory


def test_a_report_is_written_with_the_command_that_repeats_it(spectra, home, tmp_path):
    with Registry.open() as registry:
        made = Laboratory(registry).measured("p2.dat", 300.0)
    done = spectra("report", made.id[:6], "--html", "report.html")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Report: report.html\n"
    text = (tmp_path / "work" / "report.html").read_text("utf-8")
    assert f"<code>spectra reproduce {made.id}</code>" in text
    done = spectra("report", made.model_id, "--html", "report.html")
    assert done.returncode == 2
    assert "a report is of a prediction" in done.stderr
