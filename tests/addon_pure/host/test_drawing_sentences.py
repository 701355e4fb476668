"""What is said of drawings is said in German, too: every sentence of the modules that say it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import blender_addon
from blender_addon.host import texts_with_gaps
from blender_addon.rigs.drawing_charts import FEATURES

_TARGETS = Path(blender_addon.__file__).parent / "targets"
_SAYING = [
    *(f"grease_pencil/{name}.py" for name in ("drawing", "finding", "frames", "keys")),
    "swap/target.py",
    "cut_out/target.py",
    "mapped_values.py",
]


def sentences(path: Path) -> list[str]:
    """The f-strings of a module that are sentences, "7" for each of their values."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [
        "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    ]
    return [text for text in texts if text.endswith(".") and ": " in text and len(text) > 10]


@pytest.mark.parametrize("module", _SAYING)
def test_every_sentence_has_german_words(module: str):
    found = sentences(_TARGETS / module)
    assert found
    for text in found:
        told = texts_with_gaps.with_gaps(text, "de_DE", str)
        assert told != text and told.count("7") == text.count("7"), text


@pytest.mark.parametrize("feature", FEATURES.values())
def test_how_many_drawings_there_are_is_told_in_german(feature: str):
    told = texts_with_gaps.with_gaps(f"7 {feature.lower()} drawings", "de_DE", str)
    assert told.startswith("7 ") and "drawings" not in told
