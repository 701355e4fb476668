"""What `tools.walk` finds fault with in the first minute; the walk itself needs a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools import walk

WELL: dict[str, Any] = {
    "clicks": ["add_demo_character", "generate", "play"],
    "faces": {"demo": True, "playing": True},
    "playing": True,
    "undone": [["scene.frame_end: 250 → 231"], [], [], []],
    "message": "'Tali' says hello.wav.",
}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"clicks": ["generate"] * 5}, "5 clicks"),
        ({"faces": {"demo": True, "playing": False}}, "not on screen: playing"),
        ({"playing": False}, "Nothing plays"),
        ({"undone": [[], ["names.actions: [] → ['Talking Tali']"]]}, "after 2 undos: names.actions"),
        ({"undone": []}, "nothing was undone"),
        ({"error": "Traceback"}, "Traceback"),
    ],
)
def test_what_is_found_fault_with(changed: dict[str, Any], told: str) -> None:
    found = " ".join(walk.faults({**WELL, **changed}))
    assert (told in found) if told else not found


def test_without_a_blender_it_says_so(tmp_path: Path) -> None:
    assert "are needed" in walk.walked("no-such-blender", tmp_path, "1280x800")["error"]
