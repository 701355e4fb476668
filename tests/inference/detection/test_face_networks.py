"""`face.npz` is what MediaPipe's wheel holds, and how its files are read."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest

from inference.detection.networks import FACE_WEIGHTS, load_network
from tools import face_networks, flatbuffers
from tools.terminal import BuildError

wheel = pytest.mark.skipif(
    importlib.util.find_spec("mediapipe") is None, reason="mediapipe, whose files are read, is not installed"
)


@wheel
def test_the_same_wheel_gives_the_same_weights(tmp_path: Path) -> None:
    path = tmp_path / "face.npz"
    face_networks.save(path, *face_networks.convert(face_networks.modules_folder()))
    with (
        np.load(path) as made,
        np.load(FACE_WEIGHTS) as shipped,
    ):  # how a zip begins differs from Python to Python
        assert made.files == shipped.files
        for name in made.files:
            assert made[name].dtype == shipped[name].dtype and made[name].tobytes() == shipped[name].tobytes()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"face_detection_short_range\.tflite is missing"):
        face_networks.convert(tmp_path)


@pytest.mark.parametrize("name", face_networks.NETWORKS)
def test_the_file_holds_every_network_once(name: str) -> None:
    network = load_network(name)
    assert network is load_network(name)
    out = network.run(np.zeros((*network.size, 3), np.float32))
    assert all(np.isfinite(values).all() and values.dtype == np.float32 for values in out.values())
    assert bool(network.points) == (name == "mesh")


def test_the_card_says_whose_it_is(root: Path) -> None:
    card = (root / "checkpoints" / "face.md").read_text(encoding="utf-8")
    assert "Apache License 2.0" in card and "python -m tools.face_networks" in card
    assert "Apache License" in (root / "LICENSES" / "Apache-2.0.txt").read_text(encoding="utf-8")
    assert all(Path(file).name in card for file in face_networks.NETWORKS.values())


def test_a_table_is_read_by_its_fields() -> None:
    # A table of three fields: a number, nothing, and a text.
    fields = struct.pack("<HHHHH", 10, 12, 4, 0, 8)
    table = struct.pack("<iiI", 10, -7, 4) + struct.pack("<I", 3) + b"abc"
    data = struct.pack("<I", 4 + len(fields)) + fields + table
    root = flatbuffers.Table.root(data)
    assert root.number(0) == -7 and root.number(1, default=5) == 5 and root.number(9) == 0
    assert root.text(2) == "abc" and root.text(1) == "" and root.table(1) is None and root.tables(1) == []


def test_flexible_documents_are_read_as_they_were_written() -> None:
    flexbuffers = pytest.importorskip("flatbuffers.flexbuffers", reason="writes what is read here")
    document = {
        "numbers": [3, 70000, -5], "text": "ä", "scale": 1.5, "yes": True,
        "mixed": [1, "two", [3.5, []], {"inner": 4}],
    }  # fmt: skip
    assert flatbuffers.flexible(bytes(flexbuffers.Dumps(document))) == document
    assert flatbuffers.flexible(b"") is None
