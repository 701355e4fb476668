"""What figures may hold, and where they are written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.training.figures import write_figures


@dataclass(frozen=True)
class Row:
    """A row as tables have it."""

    name: str
    clip: Path
    share: np.float32
    curve: np.ndarray


def test_all_that_is_measured_can_be_written(tmp_path: Path) -> None:
    row = Row("ö", Path("a") / "b.npz", np.float32(0.5), np.array([[1.5, 2], [3, 4]]))
    content = {
        "rows": (row,),
        "count": np.int64(3),
        "passes": np.bool_(True),
        "none": None,
        "seen": np.arange(2),
    }
    path = tmp_path / "new" / "folder" / "figures.json"
    write_figures(content, path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "rows": [{"name": "ö", "clip": str(row.clip), "share": 0.5, "curve": [[1.5, 2], [3, 4]]}],
        "count": 3, "passes": True, "none": None, "seen": [0, 1],
    }  # fmt: skip


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    write_figures([1], path)
    for wrong in ({"a": Row}, {"a": {1, 2}}):
        with pytest.raises(TypeError):
            write_figures(wrong, path)
    assert json.loads(path.read_text()) == [1] and [*tmp_path.iterdir()] == [path]
    with pytest.raises(EngineError) as told:
        write_figures([2], path / "deeper" / "figures.json")
    assert told.value.code == "output_unwritable"
