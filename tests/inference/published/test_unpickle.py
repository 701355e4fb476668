"""Checkpoints of every container are read as torch reads them, and nothing in them ever runs."""

from __future__ import annotations

import io
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")

from published_files import Schedule, speaker_embeddings  # noqa: E402

from inference.errors import EngineError  # noqa: E402
from inference.published.unpickle import Inert, arrays, read_container  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]


def contents() -> dict[str, Any]:
    base = torch.arange(100.0).reshape(10, 10)
    layer = torch.nn.Linear(3, 4)
    return {
        "state": OrderedDict((f"module.{name}", values) for name, values in layer.state_dict().items()),
        "transposed view": base[2:5, ::2].T,
        "expanded": torch.ones(1).expand(5),
        "half": torch.linspace(-2, 2, 5).half(),
        "bfloat": torch.tensor([1.5, -2.25, 3e30]).bfloat16(),
        "long": torch.tensor(7),
        "bytes": torch.tensor([0, 255], dtype=torch.uint8),
        "flags": torch.tensor([True, False]),
        "double": torch.tensor([np.pi], dtype=torch.float64),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "numpy": np.arange(6.0).reshape(2, 3).T,
        "opt": torch.optim.Adam(layer.parameters()),
        "schedule": Schedule(),
        "epoch": 116,
    }


def expected(values: Any) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        values = values.detach()
        return (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    return np.asarray(values)


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "stream"])
def test_every_kind_of_tensor_is_read_as_torch_wrote_it(tmp_path: Path, legacy: bool) -> None:
    saved = contents()
    torch.save(saved, tmp_path / "x.pth", _use_new_zipfile_serialization=not legacy)
    whole = read_container(tmp_path / "x.pth")
    assert whole["epoch"] == 116
    assert isinstance(whole["opt"], Inert)
    assert isinstance(whole["schedule"], Inert)
    found = arrays(whole, tmp_path / "x.pth")
    assert set(found) == set(saved) - {"state", "opt", "schedule", "epoch"}
    for name, values in found.items():
        reference = expected(saved[name])
        assert values.dtype == reference.dtype, name
        assert np.array_equal(values, reference), name
    inner = arrays(whole["state"], tmp_path / "x.pth")
    assert list(inner) == ["module.weight", "module.bias"]
    assert np.array_equal(inner["module.weight"], expected(saved["state"]["module.weight"]))


def test_a_tensor_that_is_saved_alone_and_storages_that_are_shared(tmp_path: Path) -> None:
    base = torch.arange(12.0)
    for legacy in (False, True):
        path = tmp_path / f"{legacy}.pth"
        torch.save(
            {"a": base[:6], "b": base[6:].reshape(2, 3)}, path, _use_new_zipfile_serialization=not legacy
        )
        found = arrays(read_container(path), path)
        assert np.array_equal(found["a"], np.arange(6.0))
        assert np.array_equal(found["b"], np.arange(6.0, 12).reshape(2, 3))


@pytest.mark.parametrize("protocol", range(6))
def test_plain_pickles_of_arrays_and_tensors(tmp_path: Path, protocol: int) -> None:
    saved: dict[str, Any] = {
        "rows": np.arange(6, dtype=np.float32).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "big-endian": np.arange(3, dtype=">f8"),
        "scalar": np.float32(2.5),
        "view": torch.arange(100.0).reshape(10, 10)[:, 3],
    }
    path = tmp_path / "x.pickle"
    path.write_bytes(pickle.dumps(saved, protocol=protocol))
    found = arrays(read_container(path), path)
    assert set(found) == set(saved)
    for name, values in found.items():
        assert np.array_equal(values, expected(saved[name])), name


def test_views_into_large_storages_as_in_the_published_embeddings(tmp_path: Path) -> None:
    path = tmp_path / "emb.pickle"
    saved = speaker_embeddings()
    path.write_bytes(pickle.dumps(saved))
    assert path.stat().st_size > 10 * 67 * 256 * 4
    found = arrays(read_container(path), path)
    assert list(found) == list(saved)
    assert all(np.array_equal(found[name], saved[name].numpy()) for name in saved)


class Attack:
    """Reduces to any call."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def attacks(marker: Path) -> dict[str, Any]:
    touch = f"open({str(marker)!r}, 'w').close()"
    return {
        "os.system": Attack(os.system, f"touch '{marker}'"),
        "exec": Attack(exec, touch),
        "eval": Attack(eval, touch.replace(".close()", "")),
        "getattr": Attack(getattr, "", "format"),
        "run": Attack(subprocess.run, ["touch", str(marker)]),
        "open": Attack(open, str(marker), "w"),
        "torch.load": Attack(torch.load, str(marker)),
        "numpy.save": Attack(np.save, str(marker), np.zeros(1)),
    }


@pytest.mark.parametrize(
    "name", ["os.system", "exec", "eval", "getattr", "run", "open", "torch.load", "numpy.save"]
)
def test_calls_in_a_pickle_do_not_happen(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "ran"
    attack = attacks(marker)[name]
    for protocol in range(6):
        for payload in (attack, {"G": attack, "model": [attack]}, {"a": (attack, {"b": attack})}):
            path = tmp_path / "x.pkl"
            path.write_bytes(pickle.dumps(payload, protocol=protocol))
            read_container(path)
    for legacy in (False, True):
        torch.save({"G": attack}, tmp_path / "x.pth", _use_new_zipfile_serialization=not legacy)
        assert isinstance(read_container(tmp_path / "x.pth")["G"], Inert)
    assert not list(tmp_path.glob("ran*"))
    # The attack itself is real: an ordinary pickle.load falls for it.
    if name == "os.system":
        pickle.loads(pickle.dumps(attack))
        assert marker.exists()


def test_a_nested_storage_cannot_smuggle_one_in(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    inner = pickle.dumps(Attack(os.system, f"touch '{marker}'"))
    for _ in range(5):
        inner = pickle.dumps(Attack(torch.storage._load_from_bytes, inner))
    path = tmp_path / "x.pkl"
    path.write_bytes(inner)
    with pytest.raises(EngineError):
        read_container(path)
    assert not marker.exists()


def test_no_module_that_a_pickle_names_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    (tmp_path / "imported_by_a_pickle.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for program in (
        b"cimported_by_a_pickle\nThing\n.",
        b"\x80\x04" + text("imported_by_a_pickle") + text("Thing") + b"\x93.",
        b"\x80\x04" + text("collections") + text("OrderedDict.__init__.__globals__") + b"\x93.",
    ):
        path = tmp_path / "x.pkl"
        path.write_bytes(program)
        assert isinstance(read_container(path), type)
    assert "imported_by_a_pickle" not in sys.modules


def test_a_pickle_cannot_change_the_functions_it_calls(tmp_path: Path) -> None:
    # BUILD with a "slot state" sets attributes on whatever lies below it on the stack.
    path = tmp_path / "x.pkl"
    path.write_bytes(b"\x80\x04ctorch._utils\n_rebuild_tensor_v2\n(N}\x8c\x09_function\x4b\x01stb.")
    with pytest.raises(EngineError):
        read_container(path)
    torch.save({"a": torch.ones(2)}, tmp_path / "y.pth")
    assert arrays(read_container(tmp_path / "y.pth"), tmp_path / "y.pth")["a"].sum() == 2


@pytest.mark.parametrize(
    ("offset", "shape", "stride"),
    [
        (0, (1000,), (1,)),
        (3, (2,), (1,)),
        (0, (2, 2), (3, 1)),
        (0, (1 << 40,), (0,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
    ],
)
@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "stream"])
def test_a_tensor_cannot_reach_outside_of_its_storage(
    tmp_path: Path, legacy: bool, offset: int, shape: tuple[int, ...], stride: tuple[int, ...]
) -> None:
    storage = torch.storage.TypedStorage(
        wrap_storage=torch.arange(4.0).untyped_storage(), dtype=torch.float32, _internal=True
    )
    attack = Attack(torch._utils._rebuild_tensor_v2, storage, offset, shape, stride, False, OrderedDict())
    path = tmp_path / "x.pth"
    torch.save({"a": attack}, path, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(EngineError, match=r"x\.pth"):
        arrays(read_container(path), path)


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(pickle.dumps({"a": np.array([1, "b"], object)}))
    with pytest.raises(EngineError, match="objects"):
        arrays(read_container(path), path)


@pytest.mark.parametrize("kind", ["zip", "stream", "pickle"])
def test_damage_of_any_kind_ends_in_one_sentence(tmp_path: Path, kind: str) -> None:
    saved = {"G": {"w": torch.arange(300.0), "v": torch.ones(5).half()}, "n": np.arange(40.0), "epoch": 3}
    path = tmp_path / "x.pth"
    if kind == "pickle":
        path.write_bytes(pickle.dumps(saved))
    else:
        torch.save(saved, path, _use_new_zipfile_serialization=kind == "zip")
    whole = path.read_bytes()
    random = np.random.RandomState(0)
    damaged = [whole[: int(place)] for place in np.linspace(0, len(whole) - 1, 30)]
    for _ in range(80):
        changed = bytearray(whole)
        for place in random.randint(0, len(whole), 3):
            changed[place] = random.randint(256)
        damaged.append(bytes(changed))
    refused = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            found = read_container(path)
            if isinstance(found, dict):
                arrays(found, path)
                arrays(found.get("G"), path)
        except EngineError as error:
            refused += 1
            assert str(path) in error.message
            assert "\n" not in error.message
            assert error.code == "bad_weights"
    assert refused > 30


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    text = tmp_path / "page.pth"
    text.write_text("<html>Sign in to download</html>")
    empty = tmp_path / "empty.pth"
    empty.write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "other.pth", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    claims_much = tmp_path / "large.pth"
    claims_much.write_bytes(b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b".")
    for path in (text, empty, tmp_path / "other.pth", claims_much, tmp_path / "absent.pth"):
        with pytest.raises(EngineError, match=path.name):
            read_container(path)


def test_reading_needs_neither_torch_nor_scipy(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(3)}, tmp_path / "x.pth")
    program = (
        "import sys\nsys.modules['torch'] = sys.modules['scipy'] = None\n"
        "from inference.published.unpickle import arrays, read_container\n"
        "from inference.published.state import unavailable_reason\n"
        f"print(arrays(read_container({str(tmp_path / 'x.pth')!r}), 'x')['a'].sum())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "3.0", done.stderr


def test_a_stream_in_memory_gives_storages_too() -> None:
    # Plain pickles hold their tensors' storages as such streams.
    raw = io.BytesIO()
    storage = torch.storage.TypedStorage(
        wrap_storage=torch.arange(4.0).untyped_storage(), dtype=torch.float32, _internal=True
    )
    torch.save(storage, raw, _use_new_zipfile_serialization=False)
    from inference.published.unpickle import _read

    assert np.array_equal(_read(io.BytesIO(raw.getvalue()), None, 1).numbers(), np.arange(4.0))
