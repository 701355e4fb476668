"""`build.py quick` installs numpy and pytest: whatever else a test file needs as it is loaded, it skips without."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.checks import QUICK
from tools.environments import ROOT

_THERE = {"numpy", "pytest", "_pytest", "__future__", *sys.stdlib_module_names}
_ON_THE_PATH = ("tests", "tests/helpers", "tests/golden")
_FULL = {"torch", "av", "mediapipe", "scipy", "PIL", "cv2"}
"""What the full engine has: who has one of the first three has all."""


def at_once(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that are carried out whenever a module is loaded; what is tried may be missing."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            yield from at_once([*node.body, *node.orelse])
        elif isinstance(node, ast.With):
            yield from at_once(node.body)


def names_of(node: ast.stmt, package: list[str]) -> list[str]:
    """Dotted names of what a statement imports; of `from a import b` both `a` and `a.b`."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
    module = ".".join(part for part in (start, node.module or "") if part)
    return [module, *(f"{module}.{one.name}" for one in node.names)]


def files_of(name: str, beside: Path) -> list[Path]:
    """Files of ours that are loaded for a dotted name, its packages and itself; none where it is not ours."""
    parts = name.split(".")
    for top in (ROOT, *(ROOT / folder for folder in _ON_THE_PATH), beside):
        places = [top.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
        found = [
            path
            for place in places
            for path in (place / "__init__.py", place.with_suffix(".py"))
            if path.is_file()
        ]
        if found or places[0].is_dir():
            return found
    return []


@cache
def direct(path: Path) -> tuple[frozenset[str], frozenset[Path]]:
    """What a file itself imports as it is loaded: packages that `build.py quick` lacks, and files of ours."""
    package = list(path.relative_to(ROOT).parent.parts)
    names = {name for node in at_once(ast.parse(path.read_bytes()).body) for name in names_of(node, package)}
    ours = {name: files_of(name, path.parent) for name in names}
    firsts = {name.partition(".")[0] for name, files in ours.items() if not files}
    lacking = {first for first in firsts - _THERE if not (ROOT / first).is_dir()}
    return frozenset(lacking), frozenset(one for files in ours.values() for one in files)


def needs(path: Path) -> set[str]:
    """Packages that are loaded with a file, but for those that `build.py quick` has."""
    waiting, seen = [path], {path}
    while waiting:
        more = direct(waiting.pop())[1] - seen
        waiting += more
        seen |= more
    return {name for file in seen for name in direct(file)[0]}


def skipped_without(path: Path) -> set[str]:
    """What a test file asks for with `pytest.importorskip` before it is loaded."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.importorskip":
            asked = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
            found.add(str(asked).partition(".")[0])
    return found | _FULL if found & {"torch", "av", "mediapipe"} else found


def test_quick_loads_every_test_file_with_numpy_and_pytest_alone() -> None:
    files = [path for folder in QUICK for path in (ROOT / folder).rglob("test_*.py")]
    assert len(files) > 100
    lacking = {path.name: wanted for path in files if (wanted := needs(path) - skipped_without(path))}
    assert not lacking
