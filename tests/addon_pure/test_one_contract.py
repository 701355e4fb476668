"""What both halves call things stands in `inference/face/names.py` and nowhere else: everyone else imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product

import pytest

from inference.face.names import ARKIT_NAMES, LANDMARK_GROUPS, MOUTH_SHAPES, POSES, VISEMES

HOME = "inference/face/names.py"
FOLDERS = ("blender_addon", "inference", "tools")
TABLES = {"ARKIT_NAMES": ARKIT_NAMES, "VISEMES": VISEMES, "MOUTH_SHAPES": MOUTH_SHAPES, "POSES": POSES}
SETS = {name: frozenset(table) for name, table in TABLES.items()}
MOST = 0.75  # a list with more of a table's names than this is the table, in whatever order

# From the first point of a group to the last one of this or a later group; from 0 on a range may mean anything.
STRETCHES = {
    (first, end)
    for (first, _), (_, end) in product(LANDMARK_GROUPS.values(), LANDMARK_GROUPS.values())
    if 0 < first < end
}


def _words(node: ast.AST) -> list[str]:
    """The words that a literal spells out: of a tuple, list or set, or of a text that is taken apart."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        constants = [part.value for part in node.elts if isinstance(part, ast.Constant)]
        return [value for value in constants if isinstance(value, str)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value.split() if " " in node.value else list(node.value)
        return words if len(words) == len(set(words)) else []  # a list of names has each once
    return []


def _stretch(node: ast.AST) -> tuple[int, int] | None:
    """The two whole numbers that range, arange or slice are called with."""
    if not isinstance(node, ast.Call) or len(node.args) != 2:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    values = [part.value for part in node.args if isinstance(part, ast.Constant)]
    if name not in {"range", "arange", "slice"} or [type(value) for value in values] != [int, int]:
        return None
    return values[0], values[1]


def _texts(tree: ast.AST) -> set[int]:
    """Docstrings and other texts that stand alone, by the identity of their nodes."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def second_writings(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each table of the contract, or stretch of landmarks, that a source writes out."""
    tree = ast.parse(source)
    texts = _texts(tree)
    for node in ast.walk(tree):
        words = () if id(node) in texts else _words(node)
        for name, table in SETS.items():
            if not MOST * len(table) < len(words) < 2 * len(table):
                continue
            if sum(word in table for word in words) > MOST * len(table):
                yield node.lineno, name
        stretch = _stretch(node)
        if stretch in STRETCHES:
            yield node.lineno, f"{stretch[0]} to {stretch[1]}"


@pytest.mark.parametrize(
    "source",
    [
        f"NAMES = {ARKIT_NAMES!r}",
        f"NAMES = {sorted(ARKIT_NAMES)!r}",
        f"NAMES = {VISEMES!r}",
        'POSES = ["generated", "replayed", "still"]',
        'SHAPES = set("ABCDEFGHX")',
        'SHAPES = "A B C D E F G H X".split()',
        "BROW = np.arange(17, 22)",
        "LIPS = slice(48, 68)",
    ],
)
def test_a_second_writing_is_seen(source):
    assert [line for line, _ in second_writings(source)] == [1]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring: generated replayed still."""',
        'RECIPE = {"sil": "sil", "PP": "pp", "FF": "ff"}',
        'MOUTH = ("jawOpen", "mouthClose")',
        "for number in range(1, 17): pass",
    ],
)
def test_what_is_none_is_left_alone(source):
    assert list(second_writings(source)) == []


def test_names_are_written_once(root):
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            for line, name in second_writings(path.read_text(encoding="utf-8")):
                if place != HOME:
                    found.append(f"{place}:{line} {name}")
    assert not found, "import from the contract: " + ", ".join(found)
