"""A clip of a corpus that is damaged, foreign or too short is named; what was begun leaves nothing half behind."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from made_clips import made_clip

from inference.errors import EngineError
from inference.training import whole_files
from inference.training.filmed_corpora.corpus import load_clip

CHANGES = {
    "fps": np.float64("nan"),
    "points": np.full((30, 68, 3), np.inf, np.float32),
    "tracked": None,
    "audio": None,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_clip_that_says_something_impossible(name: str, tmp_path: Path) -> None:
    path = tmp_path / "s2" / "c0.npz"
    made_clip(path, 30)
    with np.load(path) as data:
        arrays = dict(data)
    arrays.pop(name)
    if CHANGES[name] is not None:
        arrays[name] = CHANGES[name]
    np.savez(path, **arrays)
    with pytest.raises(
        EngineError, match=r"c0\.npz is not a file of a prepared corpus or is damaged: prepare it again\."
    ):
        load_clip(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_a_clip_that_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c0.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="is damaged: prepare it again"):
        load_clip(path)


def test_a_clip_shorter_than_a_second_has_no_figures(tmp_path: Path) -> None:
    made_clip(tmp_path / "s2" / "c0.npz", 5)
    with pytest.raises(EngineError, match=r"c0\.npz is shorter than a second \(5 frames\): take it out\."):
        load_clip(tmp_path / "s2" / "c0.npz")


def test_a_disk_that_becomes_full_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.npz"
    whole_files.save_arrays(path, a=np.arange(3))
    before = path.read_bytes()

    def full(file, **_):  # type: ignore[no-untyped-def]
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_files.np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        whole_files.save_arrays(path, a=np.arange(4))
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["kept.npz"]
