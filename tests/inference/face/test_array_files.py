"""Arrays in files that anybody may have made."""

from __future__ import annotations

import io

import numpy as np
import pytest

from inference.face import array_files
from inference.face.array_files import read_arrays


def test_to_ask_for_a_name_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    np.savez(stream, pose=np.arange(6.0).reshape(2, 3))
    read: list[int] = []
    whole = array_files.read_array
    monkeypatch.setattr(array_files, "read_array", lambda data, size: read.append(size) or whole(data, size))
    assert read_arrays(stream, lambda arrays: "pose" in arrays and "blink" not in arrays) and not read
    assert read_arrays(stream, lambda arrays: arrays["pose"].tolist()) == [[0, 1, 2], [3, 4, 5]]
    assert len(read) == 1
