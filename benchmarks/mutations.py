"""Whether tests notice small faults: changes one place of the code at a time and runs the tests of its mirrored folder.

    python benchmarks/mutations.py --count 20 --seed 0 spectra/core/basics spectra/plugins/learning/ridge.py

Places and changes are drawn at random: a comparison, an operation or a truth value the other way round, another number,
a condition negated, a statement left out. Messages, annotations and what stands outside of functions stay as they are.
The code is that of the last commit, in a worktree of its own. What survives is a fault that nobody would see, unless
the change means nothing (``<`` for ``<=`` between measured numbers).
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 120  # of the processor, after which a change that makes an endless loop is noticed
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.MatMult: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, help="modules or folders below spectra/")
    parser.add_argument("--count", type=int, default=20, help="number of changes")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    modules = [module for path in options.paths for module in ([path] if path.suffix else sorted(path.rglob("*.py")))]
    places = [(module, number) for module in modules for number in range(len(list(changes(module.read_text()))))]
    chosen = rng.sample(places, min(options.count, len(places)))
    _import_what_does_not_change()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="spectra-mutations-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", tree, "HEAD"], cwd=ROOT, check=True)
        try:
            for tests in {tuple(mirrored(module)) for module, _ in chosen}:
                if _fails(tree, list(tests)):
                    said = (tree.parent / "said").read_text()
                    raise SystemExit(f"Without any change, {' '.join(tests)} fail:\n{said[-2000:]}")
            for module, number in sorted(chosen):
                source = (tree / module).read_text()
                line, said, changed = list(changes(source))[number]
                (tree / module).write_text(changed)
                noticed = _fails(tree, mirrored(module))
                (tree / module).write_text(source)
                outcomes["killed" if noticed else "survived"] += 1
                print(f"{'killed  ' if noticed else 'SURVIVED'} {module}:{line}: {said}", flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
    print(
        f"{outcomes['killed']} of {outcomes.total()} changes were noticed (seed {options.seed}, {len(places):,} places)"
    )
    return 0


def mirrored(module: Path) -> list[str]:
    """Return the tests of a module: in the mirrored folder those named for it, else those that import it, else all."""
    folder = Path("tests", *(part for part in module.parent.parts[1:] if part != "plugins"))
    while not (ROOT / folder).is_dir():
        folder = folder.parent
    tests = sorted((ROOT / folder).rglob("test_*.py"))
    imported = f"{'.'.join(module.with_suffix('').parts)} import"
    own = [path for path in tests if path.stem.startswith(f"test_{module.stem}")]
    own = own or [path for path in tests if imported in path.read_text()]
    return [str(path.relative_to(ROOT)) for path in own] or [str(folder)]


def changes(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield every change of a module: its line, what it is, and the module with it."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        # columns count bytes
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    for node, other in _nodes(ast.parse(source)):
        begin, end = offset(node.lineno, node.col_offset), offset(node.end_lineno or 0, node.end_col_offset or 0)
        text = ast.unparse(other) if isinstance(other, ast.stmt) else f"({ast.unparse(other)})"
        old = " ".join(source[begin:end].split())
        yield node.lineno, f"{old[:70]} -> {text[:70]}", source[:begin] + text + source[end:]


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, ast.expr | ast.stmt]]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner = {id(below) for one in functions for below in ast.walk(one) if below is not one}
    for function in functions:
        if id(function) not in inner:
            for statement in function.body:
                yield from _below(statement)


def _below(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, ast.expr | ast.stmt]]:
    """Yield the changes of a node and what is in it, without messages, annotations and documentation."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPPED:
            other = copy.deepcopy(node)
            other.ops = [SWAPPED[type(operator)]()]  # type: ignore[list-item]
            yield node, other
        case ast.BinOp() | ast.BoolOp() if type(node.op) in SWAPPED:
            swapped = copy.deepcopy(node)
            swapped.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
            yield node, swapped
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node, node.operand
        case ast.Constant(value=bool() as value):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield node, ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield node, ast.Constant(1.5 * value if value else 1.0)
        case ast.If() | ast.While() | ast.IfExp():
            yield node.test, ast.UnaryOp(ast.Not(), node.test)
        case ast.Expr() | ast.AugAssign():
            yield node, ast.Pass()
        case ast.Continue() | ast.Break():
            yield node, ast.Pass()
        case _:
            pass
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns", "decorator_list", "slice", "keywords" if _is_message(node) else ""):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _below(child)


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(keyword.arg == "hint" for keyword in node.keywords)


def _import_what_does_not_change() -> None:
    for name in ("numpy", "pydantic", "pytest", "scipy.linalg", "scipy.optimize", "sqlalchemy.orm"):
        importlib.import_module(name)


def _fails(tree: Path, tests: list[str]) -> bool:
    """Say whether tests fail in another process, which has only what this one has imported."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    code = 2
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.chdir(tree)
        sys.path[:] = [str(tree), *(path for path in sys.path if Path(path or ".").resolve() != ROOT / "benchmarks")]
        os.environ["PYTHONPATH"] = str(tree)
        with (tree.parent / "said").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        import pytest

        quick = ["-k", "not postgresql", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
        code = pytest.main(["-q", "-x", "-m", "not slow", "--import-mode=importlib", *quick, *tests])
        sys.stdout.flush()
    finally:
        os._exit(int(code))


if __name__ == "__main__":
    sys.exit(main())
