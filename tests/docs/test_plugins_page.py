"""The encoder that docs/plugins.md writes is installed as it stands there, and keeps what plugins promise."""

import os
import re
import subprocess
import sys
from pathlib import Path

import spectra

ROOT = Path(spectra.__file__).parents[1]


def test_the_encoder_of_the_page_passes_the_checks(tmp_path):
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    files = re.findall(r"^```python\n# (my_package/\w+\.py)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in files] == ["my_package/plugin.py", "my_package/moments.py"]
    (entry_points,) = re.findall(
        r"^```toml\n\[project\.entry-points\.spectra\]\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    )
    described = tmp_path / "my_plugin-1.0.dist-info"
    for folder in (tmp_path / "my_package", described):
        folder.mkdir()
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.0\n", encoding="utf-8")
    (described / "entry_points.txt").write_text(f"[spectra]\n{entry_points.replace(chr(34), '')}", encoding="utf-8")
    command = [sys.executable, "-m", "spectra.cli", "plugins", "check", "my-plugin"]
    paths = os.pathsep.join([str(ROOT), str(tmp_path)])
    environment = os.environ | {"SPECTRA_HOME": str(tmp_path / "home"), "PYTHONPATH": paths, "COLUMNS": "300"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^encoder moments +its state works in a new process +passed", done.stdout, re.MULTILINE), (
        done.stdout
    )
