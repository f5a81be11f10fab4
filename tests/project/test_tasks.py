"""What is checked here, by people, before each commit and elsewhere is one and the same."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))


def test_the_workflow_runs_what_ci_runs():
    """The README's test command, as .ci/run finds it, and the same sessions, in an environment of the runner's."""
    (command,) = re.findall(r"^    (.*-m pytest)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert 'eval "$test_command"' in RUN
    last = RUN.strip().splitlines()[-1]
    here = [*command.split(" && "), last]
    there = [step["run"] for step in WORKFLOW["jobs"]["tests"]["steps"] if "run" in step and "if" not in step]
    assert there == [re.sub(r"^(python -m )?python ", "python ", named(words)) for words in here]


def named(command):
    """Return a command of the environment .venv as one of the environment that is active."""
    return re.sub(r"^\.venv/bin/(\S+)", r"python -m \1", command)


def test_the_workflow_covers_each_version_of_python_on_three_systems():
    matrix = WORKFLOW["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [system.partition("-")[0] for system in matrix["system"]] == ["ubuntu", "macos", "windows"]


def test_hooks_before_a_commit_are_among_the_checks():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]  # nothing is fetched
    linted = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    for hook in hooks[0]["hooks"]:
        words = [word for word in hook["entry"].split() if not word.startswith("--")]
        assert "python(session, " + ", ".join(f'"{word}"' for word in words) in linted
