"""Whatever the system's clock says, the engine makes the same, and its files can be written and read."""

from __future__ import annotations

from pathlib import Path

import clocks
import numpy as np
import pytest
from recordings import beginning

from inference import cli
from inference.face.retargeting.own_shapes import OwnShapes


def test_the_same_motion_on_a_day_in_1970_and_in_2370(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = beginning(tmp_path / "line.wav", 1.5)
    made = []
    for name in ("today.npz", "jumping.npz"):
        if made:
            clocks.let_jump(monkeypatch)
        command = ["animate", str(line), "-o", str(tmp_path / name)]
        assert cli.main(command) == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_shapes_are_kept_before_1980_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip file knows no day before 1980 and none after 2107."""
    clocks.let_jump(monkeypatch)
    shapes = OwnShapes(("jawOpen",), np.ones((1, 68, 3), np.float32), np.zeros((68, 3), np.float32))
    for _ in clocks.JUMPS:
        shapes.save(tmp_path / "shapes.npz")
        assert OwnShapes.load(tmp_path / "shapes.npz").names == ("jawOpen",)
